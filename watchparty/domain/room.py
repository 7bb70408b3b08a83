"""What is kept of a room: its settings, who belongs to it, how one gets in, and what was said and done there."""

from dataclasses import dataclass, replace
from enum import StrEnum

from watchparty.domain.rights import Control, Rights, RoomRole
from watchparty.domain.user import Person


class Admission(StrEnum):
    """Who may come in without being invited: everybody, those a host lets in, nobody."""

    OPEN = "open"
    APPROVAL = "approval"
    INVITE = "invite"


@dataclass(frozen=True)
class Room:
    """A room's settings. `host_id` is the account it belongs to; times are Unix seconds.

    `slow_mode` is how long, in seconds, somebody who is no host waits between two lines of chat; 0 is not at all.
    """

    id: str
    name: str
    host_id: str
    admission: Admission
    rights: Rights
    password_hash: str | None
    video_id: str | None
    created_at: float
    updated_at: float
    slow_mode: int = 0

    @property
    def control(self) -> Control:
        """Who steers, in one word."""
        return self.rights.control


def owns(person: Person, room: Room) -> bool:
    """Whether this is the room's host, or an administrator: who decides on rights and co-hosts, and deletes it."""
    return person.is_admin or person.id == room.host_id


@dataclass(frozen=True)
class RoomCard:
    """A room as lists show it; `members` counts those who belong to it, here or not."""

    room: Room
    host_name: str
    members: int


@dataclass(frozen=True)
class Member:
    """Somebody who belongs to a room: a person with an account (`id` is the account's) or a guest.

    Whoever was shown out keeps their line, so that an open door does not let them straight back in; whoever was banned
    (`banned_at`) is let in by no door.
    """

    room_id: str
    id: str
    name: str
    role: RoomRole
    joined_at: float
    muted: bool = False
    removed_at: float | None = None
    banned_at: float | None = None

    @property
    def is_guest(self) -> bool:
        return self.role is RoomRole.GUEST

    @property
    def is_in(self) -> bool:
        return self.removed_at is None


@dataclass(frozen=True)
class Invite:
    """A way in, by link or PIN. `role` is what people with an account become; `uses` counts up to `max_uses`."""

    id: str
    room_id: str
    role: RoomRole
    created_by: str
    created_at: float
    expires_at: float
    max_uses: int | None = None
    uses: int = 0
    email: str | None = None

    def is_open(self, now: float) -> bool:
        return now < self.expires_at and (self.max_uses is None or self.uses < self.max_uses)


class RequestStatus(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"


@dataclass(frozen=True)
class AccessRequest:
    """Somebody knocking. `person_id` is the account's id, or the id the guest will have."""

    id: str
    room_id: str
    person_id: str
    is_guest: bool
    name: str
    message: str
    status: RequestStatus
    created_at: float
    decided_at: float | None = None
    decided_by: str | None = None


@dataclass(frozen=True)
class ChatLine:
    """Something said. `client_id` is the sender's own name for it, `mentions` the members it means.

    One that was taken back (`unsaid_by`) has no text any more.
    """

    id: str
    room_id: str
    member_id: str
    name: str
    text: str
    client_id: str
    reply_to: str | None
    created_at: float
    mentions: tuple[str, ...] = ()
    unsaid_by: str | None = None

    def unsaid(self, by: str) -> "ChatLine":
        """What remains of it once it is taken back."""
        return replace(self, text="", mentions=(), unsaid_by=by)


@dataclass(frozen=True)
class RoomEvent:
    """One line of a room's log: who did what to whom, where in which film (seconds), and when (Unix seconds).

    `name`, `target_name` and `title` are as they were then. `detail` is a speed, a role, the settings that changed.
    """

    room_id: str
    kind: str
    member_id: str | None
    name: str | None
    position: float | None
    at: float
    session_id: str | None = None
    video_id: str | None = None
    title: str | None = None
    from_position: float | None = None
    target_id: str | None = None
    target_name: str | None = None
    detail: str | None = None
