"""What a seat says on the party socket: JSON text frames, each an object whose `type` is one of the classes below.

The answers are in news.py. Optional fields may be left out or be null; fields not named here are ignored, so that
older servers understand newer players. Times are milliseconds of the server's monotonic clock (`pong` tells it),
positions are seconds of media. `seen` is the revision of the timeline the sender was looking at; `at` is the sender's
estimate of the server's time at the moment of the gesture.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from watchparty.domain.emoji import is_emoji
from watchparty.domain.fields import BadMessage, Fields
from watchparty.domain.timeline import is_position, is_rate

LONGEST_CHAT = 1_000
# Characters: a kiss between two people of two colours has ten, the flag of a county up to fourteen.
LONGEST_EMOJI = 16


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

    resume: str | None


@dataclass(frozen=True)
class Ping:
    """A question for the time, answered before anything else. `t0` is the sender's own clock and comes back.

    `rtt` is the round trip the sender has measured, in ms: starts are scheduled late enough for the slowest line.
    """

    t0: float
    rtt: float | None = None


@dataclass(frozen=True)
class Play:
    """Go on from where the timeline stands; from the end of the film, start again."""

    seen: int
    at: float | None


@dataclass(frozen=True)
class Pause:
    """Stop for everyone. `position` is the frame the sender froze on."""

    seen: int
    position: float | None
    at: float | None


@dataclass(frozen=True)
class Seek:
    """Everyone to `position`, playing or standing as before."""

    seen: int
    position: float
    at: float | None


@dataclass(frozen=True)
class Rate:
    """Everyone at `rate`, 0.25 to 4."""

    seen: int
    rate: float


@dataclass(frozen=True)
class Load:
    """Another film for the room, one the sender may see."""

    seen: int
    video_id: str


@dataclass(frozen=True)
class Status:
    """How a player is doing, once a second and on change.

    `ready` means: standing on the position of `revision`, with enough buffered to play from there at once. `buffered`
    is seconds ahead of `position`. `drift_ms` and `rtt_ms` are what the player measures itself, shown to the others.
    `silenced`: the browser lets the film play without sound only, or not at all, until its person presses something.
    """

    revision: int
    position: float
    buffered: float
    state: State
    drift_ms: float | None = None
    rtt_ms: float | None = None
    silenced: bool = False


@dataclass(frozen=True)
class Chat:
    """Something said. `client_id` is the sender's name for it: repeated after a lost connection, it is said once.

    `reply_to` is the id of the line it answers, one of this room.
    """

    text: str
    client_id: str
    reply_to: str | None


@dataclass(frozen=True)
class Reaction:
    """One emoji, to be seen over everybody's picture."""

    emoji: str


@dataclass(frozen=True)
class Unsay:
    """Take back the line with this id: one's own, or, for those who may, anybody's."""

    id: str


@dataclass(frozen=True)
class Typing:
    on: bool


@dataclass(frozen=True)
class Queue:
    """What comes next: `video_id` to add, `item_id` to remove, and with `index`, from 0, to move.

    `add` with the `item_id` of what one has just removed brings that back. `next` goes on to `item_id`, or to the
    first; `stay` calls off the countdown; `vote` says by `on` whether one wants the next film.
    """

    op: QueueOp
    video_id: str | None = None
    item_id: str | None = None
    index: int | None = None
    on: bool = True


@dataclass(frozen=True)
class Membership:
    """`member` on the wire: a host changes what somebody may do here."""

    op: MemberOp
    member_id: str


@dataclass(frozen=True)
class Wait:
    """A host will not wait for the members named in `waiting_for`."""

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
    fields = Fields.of(text)
    read = _READERS.get(fields.word("type"))
    if read is None:
        raise BadMessage("unknown_type", "There is no message of this type.")
    return read(fields)


def _word(fields: Fields, name: str) -> str | None:
    return fields.word(name) if fields.has(name) else None


def _seen(fields: Fields) -> int:
    return fields.count("seen", "bad_seen")


def _position(fields: Fields) -> float:
    position = fields.number("position", "bad_position")
    if not is_position(position, None):
        raise BadMessage("bad_position", "position must not be negative.")
    return position


def _rate(fields: Fields) -> float:
    rate = fields.number("rate", "bad_rate")
    if not is_rate(rate):
        raise BadMessage("bad_rate", "rate must be 0.25 to 4.")
    return rate


def _pause(fields: Fields) -> Pause:
    position = _position(fields) if fields.has("position") else None
    return Pause(_seen(fields), position, fields.any_number("at"))


def _status(fields: Fields) -> Status:
    return Status(
        revision=fields.count("revision", "bad_seen"),
        position=_position(fields),
        buffered=max(0.0, fields.number("buffered")),
        state=fields.one_of("state", State),
        drift_ms=fields.any_number("drift_ms"),
        rtt_ms=fields.any_number("rtt_ms"),
        silenced=fields.has("silenced") and fields.flag("silenced"),
    )


def _reaction(fields: Fields) -> Reaction:
    emoji = fields.prose("emoji", LONGEST_EMOJI)
    if not is_emoji(emoji):
        raise BadMessage("bad_emoji", "A reaction is one emoji.")
    return Reaction(emoji)


def _queue(fields: Fields) -> Queue:
    op = fields.one_of("op", QueueOp)
    if op is QueueOp.ADD and not fields.has("item_id"):
        return Queue(op, video_id=fields.word("video_id"))
    if op in {QueueOp.ADD, QueueOp.REMOVE, QueueOp.MOVE}:
        return Queue(op, item_id=fields.word("item_id"), index=fields.count("index") if op is QueueOp.MOVE else None)
    return Queue(op, item_id=_word(fields, "item_id"), on=fields.flag("on") if op is QueueOp.VOTE else True)


_READERS: dict[str, Callable[[Fields], Message]] = {
    "hello": lambda fields: Hello(_word(fields, "resume")),
    "ping": lambda fields: Ping(fields.number("t0"), fields.any_number("rtt")),
    "play": lambda fields: Play(_seen(fields), fields.any_number("at")),
    "pause": _pause,
    "seek": lambda fields: Seek(_seen(fields), _position(fields), fields.any_number("at")),
    "rate": lambda fields: Rate(_seen(fields), _rate(fields)),
    "load": lambda fields: Load(_seen(fields), fields.word("video_id")),
    "status": _status,
    "chat": lambda fields: Chat(
        fields.prose("text", LONGEST_CHAT), fields.word("client_id"), _word(fields, "reply_to")
    ),
    "unsay": lambda fields: Unsay(fields.word("id")),
    "reaction": _reaction,
    "typing": lambda fields: Typing(fields.flag("on")),
    "queue": _queue,
    "member": lambda fields: Membership(fields.one_of("op", MemberOp), fields.word("member_id")),
    "wait": lambda fields: Wait(fields.one_of("op", WaitOp)),
}
