"""What the server says on the party socket: JSON text frames, each an object whose `type` is one of those below.

What seats say is in message.py. A player must ignore types and fields that it does not know. Times are milliseconds of
the server's monotonic clock, positions seconds of media. `id` and other ids are opaque; `member_id` is that of the
member concerned, `video_id` that of the film, null where there is none. `name` and `display_name` are for people to
read. `revision` counts the timeline's changes, each being the next. `position` is where in the film. `members` is the
whole list, in the order they came. `code` is for programs, `text` and `detail` are sentences for people. `role` is what
somebody is in this room.

The published schema and the page about it are made of this file: what a field means are the sentences here, or in the
docstring of its class, that name it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from watchparty.domain.party_event import Changed
from watchparty.domain.queue import Item
from watchparty.domain.rights import Control, Rights, RoomRole
from watchparty.domain.room import Admission, ChatLine, RoomCard
from watchparty.domain.timeline import Cause


@dataclass(frozen=True)
class Named:
    """An account, for people to read."""

    id: str
    display_name: str


@dataclass(frozen=True)
class Present:
    """One member as the others see them.

    `state` is a player's state, `joining` before its first, or `away` while a lost connection may still come back.
    `drift_ms` is how far ahead of the timeline they are, while they play along. `rtt_ms` is the round trip to them.
    `muted`: a host has. `silenced`: their browser keeps the sound, or the film, back until they press something.
    """

    id: str
    name: str
    role: RoomRole
    state: str
    drift_ms: float | None
    rtt_ms: float | None
    muted: bool = False
    silenced: bool = False


@dataclass(frozen=True)
class TimelineNews:
    """`timeline`: the whole of where playback stands; the newest one is the truth, whatever came before.

    At the time `at`, which may lie ahead, playback stands at `position`; while `playing` it goes on from there, `rate`
    seconds of film a second. `cause` is why it is what it is. `by` is a member's id, or null when nobody did it.
    `starting` says that the room wants to play, and will as soon as everybody is ready; `waiting_for` are the ids of
    the members who keep it. When those change the timeline is told once more under the same `revision`.
    """

    type: ClassVar[str] = "timeline"
    revision: int
    video_id: str | None
    position: float
    rate: float
    playing: bool
    at: float
    cause: Cause
    by: str | None
    starting: bool = False
    waiting_for: Sequence[str] = ()

    @classmethod
    def of(cls, changed: Changed) -> "TimelineNews":
        timeline = changed.timeline
        return cls(
            revision=timeline.revision,
            video_id=timeline.video_id,
            position=timeline.position,
            rate=timeline.rate,
            playing=timeline.playing,
            at=milliseconds(timeline.at),
            cause=timeline.cause,
            by=timeline.by,
            starting=changed.starting,
            waiting_for=changed.waiting_for,
        )


@dataclass(frozen=True)
class Said:
    """`chat`: something said. To its sender it also means that it is kept for good.

    `text` is as it was typed: show it as text. `client_id` is the sender's own name for it, `reply_to` the `id` of the
    line that it answers. `at` is RFC 3339, UTC. `mentions` are the ids of the members who are meant by name. What was
    taken back has no text and names in `unsaid_by` who did that; a line told once more under the same `id` takes the
    place of the first.
    """

    type: ClassVar[str] = "chat"
    id: str
    member_id: str
    name: str
    text: str
    client_id: str
    reply_to: str | None
    at: str
    mentions: Sequence[str] = ()
    unsaid_by: str | None = None

    @classmethod
    def of(cls, line: ChatLine) -> "Said":
        at = datetime.fromtimestamp(line.created_at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return cls(
            line.id,
            line.member_id,
            line.name,
            line.text,
            line.client_id,
            line.reply_to,
            at,
            line.mentions,
            line.unsaid_by,
        )


@dataclass(frozen=True)
class UnsaidNews:
    """`unsaid`: the line `id` was taken back by the member `by`. Its text is to be forgotten."""

    type: ClassVar[str] = "unsaid"
    id: str
    by: str


@dataclass(frozen=True)
class RoomFacts:
    """The room: `host` is whom it belongs to, `admission` how one comes in; `has_password`: the door asks for one.

    `rights` names for each action the least role that may. `control` is their shorthand: `hosts` when nobody else may
    play and pause. `slow_mode` is in seconds, 0 when nobody has to wait.
    """

    id: str
    name: str
    admission: Admission
    control: Control
    has_password: bool
    host: Named
    rights: Rights
    slow_mode: int = 0

    @classmethod
    def of(cls, card: RoomCard) -> "RoomFacts":
        room, host = card.room, Named(card.room.host_id, card.host_name)
        has_password = room.password_hash is not None
        return cls(room.id, room.name, room.admission, room.control, has_password, host, room.rights, room.slow_mode)


@dataclass(frozen=True)
class You:
    """Who one is in this room."""

    id: str
    name: str
    role: RoomRole


@dataclass(frozen=True)
class Welcome:
    """The answer to hello: everything one needs to take part. Its timeline replaces whatever was known before.

    `you` is the member one is, `room` what it is like, `timeline` where playback stands. `messages` are the latest
    ones, oldest first, `queue` is what comes next. `resume` is the token for the next hello. `server_time` is the time.
    """

    type: ClassVar[str] = "welcome"
    you: You
    room: RoomFacts
    timeline: TimelineNews
    members: Sequence[Present]
    messages: Sequence[Said]
    server_time: float
    resume: str
    queue: Sequence[Item] = ()


@dataclass(frozen=True)
class Pong:
    """The answer to ping: `t0` as it came, `t1` when it was received and `t2` when this was sent, in ms."""

    type: ClassVar[str] = "pong"
    t0: float
    t1: float
    t2: float


@dataclass(frozen=True)
class Prepare:
    """Seek to `position`, stay paused, buffer, and say `ready` for `revision`: the room is about to play from there."""

    type: ClassVar[str] = "prepare"
    revision: int
    position: float


@dataclass(frozen=True)
class Presence:
    """Who is here, whole, at most once a second."""

    type: ClassVar[str] = "presence"
    members: Sequence[Present]


@dataclass(frozen=True)
class Reacted:
    """`reaction`: somebody's `emoji`, to be let rise over the picture."""

    type: ClassVar[str] = "reaction"
    member_id: str
    name: str
    emoji: str


@dataclass(frozen=True)
class TypingNews:
    """`typing`: whether somebody is writing. Forget that they are `on` it after 5 s without another."""

    type: ClassVar[str] = "typing"
    member_id: str
    name: str
    on: bool


@dataclass(frozen=True)
class Notice:
    """Something to tell people; nothing has to be done about it."""

    type: ClassVar[str] = "notice"
    code: str
    text: str


@dataclass(frozen=True)
class VideoNews:
    """`video`: how far the room's film is, at most once a second.

    It can be watched from `status` ready on. `progress` is 0 to 1. `reason` says why it failed.
    """

    type: ClassVar[str] = "video"
    video_id: str
    status: str
    progress: float
    reason: str | None = None


@dataclass(frozen=True)
class QueueNews:
    """`queue`: what comes next, whole: `items`. `next_at` is when the first of them begins by itself, or null.

    `votes` are the ids of the members who want the next film now; it comes when there are `needed` of them.
    """

    type: ClassVar[str] = "queue"
    items: Sequence[Item]
    votes: Sequence[str]
    needed: int
    next_at: float | None


@dataclass(frozen=True)
class RoomNews:
    """`room`: the settings of the `room` have changed."""

    type: ClassVar[str] = "room"
    room: RoomFacts


@dataclass(frozen=True)
class Error:
    """To one seat alone: what it said was not taken. For a refused command `timeline` says how things stand.

    For something that was not said after all, `client_id` is its sender's name for it, and for one who talks too fast,
    `retry_after` says in how many seconds it may be tried again.
    """

    type: ClassVar[str] = "error"
    code: str
    detail: str
    timeline: TimelineNews | None = None
    client_id: str | None = None
    retry_after: float | None = None


# Fields of an error that stand there only when they say something.
_OPTIONAL = ("timeline", "client_id", "retry_after")

News = (
    TimelineNews
    | Said
    | UnsaidNews
    | Welcome
    | Pong
    | Prepare
    | Presence
    | Reacted
    | TypingNews
    | Notice
    | VideoNews
    | QueueNews
    | RoomNews
    | Error
)


def encode(news: News) -> str:
    """The text of the frame. Encode once and write the same to every seat."""
    values = {"type": news.type, **vars(news)}
    if isinstance(news, Error):
        values = {name: value for name, value in values.items() if value is not None or name not in _OPTIONAL}
    return json.dumps(values, default=vars, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def milliseconds(seconds: float) -> float:
    """Seconds as they are written on the wire: milliseconds, to the microsecond."""
    return round(seconds * 1000, 3)
