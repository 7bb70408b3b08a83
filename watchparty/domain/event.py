"""What has happened in the library, the queue, the rooms and among the people, for whoever has to hear of it."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from watchparty.domain.job import Job
from watchparty.domain.room import Admission, Room
from watchparty.domain.user import Person, User
from watchparty.domain.video import Status, Video, Visibility

_ENVELOPE = {"subject", "owner_id", "at", "seq", "people"}


@dataclass(frozen=True, kw_only=True)
class Event:
    """`subject` is the id of what it happened to, `owner_id` the account it belongs to; `people` may know of it too.

    `at` (Unix seconds) and `seq` (which grows with every event, 0 for those that are not kept) are filled in when it
    is told.
    """

    subject: str
    owner_id: str | None
    people: tuple[str, ...] = ()
    at: float = 0.0
    seq: int = 0

    @property
    def kind(self) -> str:
        """Its name on the wire."""
        return type(self).__name__

    @property
    def is_open(self) -> bool:
        """Whether everybody with an account may know of it."""
        return False

    def fields(self) -> dict[str, Any]:
        """What it says besides where it belongs: JSON values by name."""
        return {
            field.name: getattr(self, field.name) for field in dataclasses.fields(self) if field.name not in _ENVELOPE
        }


@dataclass(frozen=True, kw_only=True)
class VideoEvent(Event):
    """A film, as it is from then on; a deleted one as it was."""

    title: str
    visibility: Visibility
    status: Status
    reason: str | None = None

    @classmethod
    def of(cls, video: Video) -> Self:
        return cls(
            subject=video.id,
            owner_id=video.owner_id,
            title=video.title,
            visibility=video.visibility,
            status=video.status,
            reason=video.reason,
        )

    @property
    def is_open(self) -> bool:
        return self.visibility is Visibility.PUBLIC and self.status is Status.READY


class VideoCreated(VideoEvent):
    """Its words are known; its bytes may be still to come."""


class VideoUploaded(VideoEvent):
    """Its bytes are whole."""


class VideoProcessed(VideoEvent):
    """It can be watched, at any position."""


class VideoFailed(VideoEvent):
    """It cannot be watched; `reason` says why."""


class VideoChanged(VideoEvent):
    """Something else is said of it, or it has a poster now, is being looked at, went missing, came back."""


class VideoDeleted(VideoEvent):
    """It is no longer in the library."""


@dataclass(frozen=True, kw_only=True)
class JobEvent(Event):
    """Work on a film. `subject` is the job's id, `owner_id` the film's owner."""

    video_id: str
    job: str
    """The job's kind."""

    @classmethod
    def of(cls, job: Job, owner_id: str | None, **more: Any) -> Self:
        return cls(subject=job.id, owner_id=owner_id, video_id=job.video_id, job=job.kind, **more)


class JobQueued(JobEvent):
    """It waits for its turn: for the first time, or once more."""


class JobStarted(JobEvent):
    """It is being worked on."""


class JobCompleted(JobEvent):
    """It is done."""


class JobCancelled(JobEvent):
    """Somebody ended it."""


@dataclass(frozen=True, kw_only=True)
class JobFailed(JobEvent):
    """It came to nothing; `error` says why, in a sentence."""

    error: str | None


@dataclass(frozen=True, kw_only=True)
class JobProgressed(JobEvent):
    """How far it is: 0 to 1, film seconds per second, and seconds left. Told now and then, and not kept."""

    progress: float
    speed: float | None = None
    seconds_left: float | None = None


@dataclass(frozen=True, kw_only=True)
class RoomEvent(Event):
    """A room; `people` are the accounts that belong to it, `owner_id` is its host's."""

    name: str
    admission: Admission

    @classmethod
    def of(cls, room: Room, people: tuple[str, ...] = ()) -> Self:
        return cls(subject=room.id, owner_id=room.host_id, people=people, name=room.name, admission=room.admission)

    @property
    def is_open(self) -> bool:
        return self.admission is not Admission.INVITE


class RoomCreated(RoomEvent):
    """It can be entered."""


class RoomEnded(RoomEvent):
    """It was closed for good."""


@dataclass(frozen=True, kw_only=True)
class UserRegistered(Event):
    """There is a new account, its own owner."""

    username: str
    display_name: str

    @classmethod
    def of(cls, user: User) -> Self:
        return cls(subject=user.id, owner_id=user.id, username=user.username, display_name=user.display_name)


KINDS: Mapping[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        VideoCreated,
        VideoUploaded,
        VideoProcessed,
        VideoFailed,
        VideoChanged,
        VideoDeleted,
        JobQueued,
        JobStarted,
        JobProgressed,
        JobCompleted,
        JobFailed,
        JobCancelled,
        RoomCreated,
        RoomEnded,
        UserRegistered,
    )
}
"""Every kind of event, by its name on the wire."""


def may_hear(person: Person, event: Event) -> bool:
    """Whether somebody may know that this happened; administrators may know everything, guests nothing."""
    if person.is_guest:
        return False
    return person.is_admin or person.id == event.owner_id or person.id in event.people or event.is_open


def restored(kind: str, envelope: Mapping[str, Any], said: Mapping[str, Any]) -> Event:
    """The event that was kept under this name, with the `fields` it had then."""
    made = KINDS[kind]
    known = {field.name: _TYPES.get(field.name, lambda value: value) for field in dataclasses.fields(made)}
    return made(**envelope, **{name: known[name](value) for name, value in said.items() if name in known})


_TYPES: Mapping[str, Any] = {"visibility": Visibility, "status": Status, "admission": Admission}
