"""Who may see and change what."""

from watchparty.domain.user import Person, Role
from watchparty.domain.video import Status, Video, Visibility


def owns(person: Person, video: Video) -> bool:
    """Owners and administrators see a film in every state, edit it and delete it."""
    return not person.is_guest and (person.is_admin or person.id == video.owner_id)


def may_see(person: Person, video: Video, *, opened_by_room: bool) -> bool:
    """`opened_by_room`: the person sits in a room where this film is loaded or queued.

    Whether anybody at all is let in who has no session is decided before this is asked.
    """
    if owns(person, video):
        return True
    if video.status is not Status.READY:
        return False
    if person.is_anybody:
        return video.visibility is Visibility.PUBLIC
    return opened_by_room or (not person.is_guest and video.visibility is not Visibility.PRIVATE)


def may_upload(person: Person) -> bool:
    return person.role in {Role.ADMIN, Role.USER}
