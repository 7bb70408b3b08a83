"""One example of each message of the party socket, and an evening of two people, line by line."""

import json
from dataclasses import dataclass

from watchparty.domain import message, news
from watchparty.domain.message import MemberOp, Message, QueueOp, State, WaitOp
from watchparty.domain.news import News
from watchparty.domain.queue import Item, Standing
from watchparty.domain.rights import Control, Rights, RoomRole
from watchparty.domain.room import Admission
from watchparty.domain.timeline import Cause

_ANN = news.Present("u-ann", "Ann", RoomRole.HOST, "playing", 1.5, 0.8)
_GUS = news.Present("g-gus", "Gus", RoomRole.GUEST, "starving", None, 24.0)
_ROOM = news.RoomFacts(
    "r-friday", "Friday", Admission.OPEN, Control.EVERYONE, False, news.Named("u-ann", "Ann"), Rights()
)
_STANDING = news.TimelineNews(41, "v-film", 754.2, 1.0, False, 5_000_000.0, Cause.PAUSE, "u-ann")
_GETTING_READY = news.TimelineNews(42, "v-film", 754.2, 1.0, False, 5_030_000.0, Cause.PLAY, "g-gus", starting=True)
_WAITING = news.TimelineNews(
    42, "v-film", 754.2, 1.0, False, 5_030_000.0, Cause.PLAY, "g-gus", starting=True, waiting_for=["u-ann"]
)
_PLAYING = news.TimelineNews(43, "v-film", 754.2, 1.0, True, 5_031_480.0, Cause.PLAY, "g-gus")
_STOPPED = news.TimelineNews(44, "v-film", 760.04, 1.0, False, 5_037_320.0, Cause.PAUSE, "u-ann")
_ITEM = Item("q-1", "v-next", "The next film", 5_400.0, "u-ann", "Ann", Standing.READY)
_SAID = news.Said("m-7", "g-gus", "Gus", "Who is that?", "c-1", None, "2026-02-03T20:15:30.250Z")
_WELCOME = news.Welcome(
    you=news.You("g-gus", "Gus", RoomRole.GUEST),
    room=_ROOM,
    timeline=_STANDING,
    members=[_ANN],
    messages=[],
    server_time=5_020_000.0,
    resume="t-1",
)

EXAMPLES: tuple[Message | News, ...] = (
    message.Hello(resume=None),
    message.Ping(t0=1_200.5, rtt=24.0),
    message.Play(seen=41, at=5_029_988.0),
    message.Pause(seen=43, position=760.04, at=5_037_310.0),
    message.Seek(seen=44, position=60.0, at=5_040_000.0),
    message.Rate(seen=44, rate=1.25),
    message.Load(seen=44, video_id="v-film"),
    message.Status(revision=43, position=756.1, buffered=9.5, state=State.PLAYING, drift_ms=-3.2, rtt_ms=24.0),
    message.Chat(text="Who is that?", client_id="c-1", reply_to=None),
    message.Unsay(id="m-7"),
    message.Reaction(emoji="🎉"),
    message.Typing(on=True),
    message.Queue(op=QueueOp.ADD, video_id="v-film", item_id=None, index=None),
    message.Membership(op=MemberOp.PROMOTE, member_id="g-gus"),
    message.Wait(op=WaitOp.PLAY_NOW),
    _WELCOME,
    news.Pong(t0=1_200.5, t1=5_020_012.0, t2=5_020_012.1),
    _PLAYING,
    news.Prepare(revision=42, position=754.2),
    news.Presence([_ANN, _GUS]),
    _SAID,
    news.UnsaidNews(id="m-7", by="g-gus"),
    news.Reacted("u-ann", "Ann", "🎉"),
    news.TypingNews("g-gus", "Gus", on=True),
    news.Notice("excused", "Going on without Gus, who will catch up."),
    news.VideoNews("v-film", "processing", 0.25),
    news.QueueNews([_ITEM], votes=["g-gus"], needed=2, next_at=None),
    news.RoomNews(_ROOM),
    news.Error("already_paused", "It is paused already.", _STOPPED),
)


@dataclass(frozen=True)
class Line:
    """A message of the evening, seen from Gus's player, and why it is said."""

    said: Message | News
    why: str


EVENING = (
    Line(message.Hello(resume=None), "The socket is open. Gus, a guest, takes a seat."),
    Line(_WELCOME, "Ann's film stands at 754.2 s. Gus's player loads it and seeks there."),
    Line(message.Ping(t0=1_200.5), "What time is it? Asked ten times, 50 ms apart, then every two seconds."),
    Line(news.Pong(t0=1_200.5, t1=5_020_012.0, t2=5_020_012.1), "It came back at 1,224.6: the round trip took 24 ms."),
    Line(
        message.Status(revision=41, position=754.2, buffered=10.0, state=State.READY),
        "The player stands where revision 41 stands, with enough buffered.",
    ),
    Line(message.Play(seen=41, at=5_029_988.0), "Gus presses play."),
    Line(_GETTING_READY, "Ann's player has not said that it is ready: the room wants to play and stands still."),
    Line(news.Prepare(revision=42, position=754.2), "Everybody stands on the position once more, exactly."),
    Line(
        message.Status(revision=42, position=754.2, buffered=10.0, state=State.READY),
        "Gus's player does.",
    ),
    Line(_WAITING, "A second later Ann's has not: she is named, and the room waits for her, but not for long."),
    Line(_PLAYING, "She is ready. The start lies 0.4 s ahead: at 5,031,480 ms every picture begins to move."),
    Line(
        message.Status(revision=43, position=756.1, buffered=9.5, state=State.PLAYING, drift_ms=-3.2),
        "Once a second: how the player is doing.",
    ),
    Line(message.Chat(text="Who is that?", client_id="c-1", reply_to=None), "Gus asks."),
    Line(_SAID, "It is on the server's disk; the others have read it already."),
    Line(_STOPPED, "Ann has paused. Stop at once, then seek to 760.04: everybody sees the frame that she stopped on."),
    Line(message.Pause(seen=43, position=760.02, at=5_037_318.0), "Gus meant to pause in the same moment."),
    Line(news.Error("already_paused", "It is paused already.", _STOPPED), "Nobody else hears of it."),
)


def written(said: Message | News) -> str:
    """A message as a frame. What a player would leave out is left out."""
    if isinstance(said, Message):
        values = {"type": said.type, **{name: value for name, value in vars(said).items() if value is not None}}
    else:
        values = json.loads(news.encode(said))
    return json.dumps(values, ensure_ascii=False)
