"""How values are written on the wire."""

from datetime import UTC, datetime

import msgspec

from watchparty.domain.user import Person, User


def rfc3339(at: float) -> str:
    """Unix seconds as RFC 3339 in UTC, to the millisecond."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class PublicUser(msgspec.Struct):
    """What everybody may know of an account."""

    id: str
    username: str
    display_name: str
    role: str
    avatar_url: str | None = None
    bio: str = ""


class Owner(msgspec.Struct):
    """Whose something is."""

    id: str
    display_name: str
    avatar_url: str | None = None


def public(user: User) -> PublicUser:
    return PublicUser(user.id, user.username, user.display_name, user.role, avatar_url(user), user.bio)


def owner(user: User) -> Owner:
    return Owner(user.id, user.display_name, avatar_url(user))


def avatar_url(user: User) -> str | None:
    """Where somebody's picture is; another one has another address. None stands for their initials."""
    return None if user.avatar is None else f"/avatars/{user.avatar}"


def of_person(person: Person, username: str = "") -> PublicUser:
    return PublicUser(person.id, username, person.name, person.role)
