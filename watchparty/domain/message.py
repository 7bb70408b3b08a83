"""What a seat says on the party socket: JSON text frames, each an object whose `type` is one of the classes below.

The answers are in news.py. Optional fields may be left out or be null; fields not named here are ignored, so that
older servers understand newer players. Times are milliseconds of the server's monotonic clock (`pong` tells it),
positions are seconds of media. `seen` is the revision of the timeline the sender was looking at. `at` is the sender's
estimate of the server's time at the moment of the gesture; what is none, or more than two seconds off, counts as left
out. `position` is where in the film, 0 being its beginning.

The published schema and the page about it are made of this file: what a field may be is what its annotation says, and
what it means are the sentences here, or above, that name it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar, get_args

from watchparty.domain.fields import (
    BadMessage,
    Count,
    Emoji,
    Guess,
    Needs,
    Number,
    Prose,
    Word,
    check_needs,
    fields_of,
    read_object,
)
from watchparty.domain.timeline import FASTEST_RATE, SLOWEST_RATE

LONGEST_CHAT = 1_000
# Characters: a kiss between two people of two colours has ten, the flag of a county up to fourteen.
LONGEST_EMOJI = 16

Revision = Annotated[int, Count("bad_seen")]
Position = Annotated[float, Number(least=0, code="bad_position")]
Speed = Annotated[float, Number(SLOWEST_RATE, FASTEST_RATE, code="bad_rate")]
Estimate = Annotated[float | None, Guess()]


class State(StrEnum):
    """What a player is doing. `hidden` and `idle` (chat only, or nothing loaded) are never waited for."""

    READY = "ready"
    PLAYING = "playing"
    STARVING = "starving"
    HIDDEN = "hidden"
    IDLE = "idle"


class QueueOp(StrEnum):
    ADD = "add"
    REMOVE = "remove"
    MOVE = "move"
    NEXT = "next"
    VOTE = "vote"
    STAY = "stay"


class MemberOp(StrEnum):
    PROMOTE = "promote"
    DEMOTE = "demote"
    KICK = "kick"
    MUTE = "mute"  # lets speak again whoever was muted
    BAN = "ban"
    UNBAN = "unban"


class WaitOp(StrEnum):
    PLAY_NOW = "play_now"


@dataclass(frozen=True)
class Hello:
    """The first message. `resume` is the token of the welcome before, within 60 s of having lost the connection."""

    type: ClassVar[str] = "hello"
    resume: str | None


@dataclass(frozen=True)
class Ping:
    """A question for the time, answered before anything else. `t0` is the sender's own clock and comes back.

    `rtt` is the round trip the sender has measured, in ms: starts are scheduled late enough for the slowest line.
    """

    type: ClassVar[str] = "ping"
    t0: float
    rtt: Estimate = None


@dataclass(frozen=True)
class Play:
    """Go on from where the timeline stands; from the end of the film, start again."""

    type: ClassVar[str] = "play"
    seen: Revision
    at: Estimate


@dataclass(frozen=True)
class Pause:
    """Stop for everyone. `position` is where: best a moment ahead of the timeline, far enough for every player to hear
    of it before it gets there, so that nobody has to go back; it is believed within a second of where the room is."""

    type: ClassVar[str] = "pause"
    seen: Revision
    position: Position | None
    at: Estimate


@dataclass(frozen=True)
class Seek:
    """Everyone to `position`, playing or standing as before."""

    type: ClassVar[str] = "seek"
    seen: Revision
    position: Position
    at: Estimate


@dataclass(frozen=True)
class Rate:
    """Everyone at `rate`, 0.25 to 4."""

    type: ClassVar[str] = "rate"
    seen: Revision
    rate: Speed


@dataclass(frozen=True)
class Load:
    """Another film for the room: `video_id`, one the sender may see."""

    type: ClassVar[str] = "load"
    seen: Revision
    video_id: str


@dataclass(frozen=True)
class Status:
    """How a player is doing, once a second and on change.

    `revision` is that of the timeline it follows. `state` is `ready`, `playing`, `starving` (nothing left to show),
    `hidden` or `idle`; the last two are never waited for. `ready` means: standing on the position of `revision`, with
    enough buffered to play from there at once. `buffered` is seconds ahead of `position`. `drift_ms` and `rtt_ms` are
    what the player measures itself, shown to the others. `silenced`: the browser lets the film play without sound only,
    or not at all, until its person presses something.
    """

    type: ClassVar[str] = "status"
    revision: Revision
    position: Position
    buffered: float
    state: State
    drift_ms: Estimate = None
    rtt_ms: Estimate = None
    silenced: bool = False


@dataclass(frozen=True)
class Chat:
    """Something said: `text`, where given in answer to the line `reply_to`, one of this room.

    `client_id` is the sender's name for it: repeated after a lost connection, it is said once.
    """

    type: ClassVar[str] = "chat"
    text: Annotated[str, Prose(LONGEST_CHAT)]
    client_id: str
    reply_to: str | None


@dataclass(frozen=True)
class Reaction:
    """One `emoji`, to be seen over everybody's picture."""

    type: ClassVar[str] = "reaction"
    emoji: Annotated[str, Emoji(LONGEST_EMOJI)]


@dataclass(frozen=True)
class Unsay:
    """Take back the line with this `id`: one's own, or, for those who may, anybody's."""

    type: ClassVar[str] = "unsay"
    id: str


@dataclass(frozen=True)
class Typing:
    """Whether the sender is writing: `on` every few seconds while they do."""

    type: ClassVar[str] = "typing"
    on: bool


@dataclass(frozen=True)
class Queue:
    """What comes next: `op` says what to do with it, `video_id` what to add, `item_id` what to remove or to move.

    `add` with the `item_id` of what one has just removed brings that back. `next` goes on to `item_id`, or to the
    first; `stay` calls off the countdown; `vote` says by `on` whether one wants the next film.

    `index` is where to move it, 0 being next.
    """

    type: ClassVar[str] = "queue"
    needs: ClassVar[Needs] = {
        "add": (("video_id",), ("item_id",)),
        "remove": (("item_id",),),
        "move": (("item_id", "index"),),
        "vote": (("on",),),
    }
    op: QueueOp
    video_id: str | None = None
    item_id: str | None = None
    index: int | None = None
    on: bool = True


@dataclass(frozen=True)
class Membership:
    """`member`: a host changes what somebody may do here; `op` says what, `member_id` whose."""

    type: ClassVar[str] = "member"
    op: MemberOp
    member_id: str


@dataclass(frozen=True)
class Wait:
    """A host will not wait for the members named in `waiting_for`: the only `op` is `play_now`."""

    type: ClassVar[str] = "wait"
    op: WaitOp


Message = (
    Hello
    | Ping
    | Play
    | Pause
    | Seek
    | Rate
    | Load
    | Status
    | Chat
    | Unsay
    | Reaction
    | Typing
    | Queue
    | Membership
    | Wait
)


def parse(text: str) -> Message:
    """What a seat said. Raises BadMessage."""
    values = read_object(text)
    kind = _KINDS.get(Word().read(values.get("type"), "type"))
    if kind is None:
        raise BadMessage("unknown_type", "There is no message of this type.")
    check_needs(kind, values)
    return kind(**{field.name: field.read(values) for field in _FIELDS[kind]})


_KINDS: dict[str, type[Message]] = {kind.type: kind for kind in get_args(Message)}
_FIELDS = {kind: fields_of(kind) for kind in get_args(Message)}
