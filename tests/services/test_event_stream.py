"""The stream's own rules, with lines that only remember what was written."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from watchparty.domain.event import Event, JobStarted
from watchparty.domain.job import Job
from watchparty.domain.server_event import HEARTBEAT, frame
from watchparty.domain.user import Person, Role
from watchparty.services import event_stream
from watchparty.services.clock import SystemClock
from watchparty.services.event_stream import EventStream
from watchparty.services.metrics import Metrics
from watchparty.services.sessions import Sessions
from watchparty.services.tokens import AccessTokens
from watchparty.storage.database import Database
from watchparty.storage.events import EventStore
from watchparty.storage.migrations import migrate
from watchparty.storage.rooms import RoomStore
from watchparty.storage.sessions import SessionStore
from watchparty.storage.videos import VideoStore

ANN, BOB = Person("ann", "Ann", Role.USER, "s1"), Person("bob", "Bob", Role.USER, "s2")


class Line:
    """Takes what is written; `full` makes it one that does not keep up."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.full = self.ended = self.dropped = False
        self.news = asyncio.Event()

    def write(self, data: bytes) -> bool:
        if not self.full:
            self.written.append(data)
            self.news.set()
        return not self.full

    def end(self) -> None:
        self.ended = True

    def drop(self) -> None:
        self.dropped = True


@pytest.fixture
async def stream(tmp_path: Path) -> AsyncIterator[EventStream]:
    migrate(tmp_path / "watchparty.db", tmp_path / "backups")
    async with Database.open(tmp_path / "watchparty.db") as database:
        sessions = Sessions(database, SessionStore(), AccessTokens(b"k" * 32), SystemClock())
        yield EventStream(database, EventStore(), VideoStore(), RoomStore(), sessions, Metrics().events)


def event(seq: int) -> Event:
    return JobStarted(subject="job", owner_id="ann", at=1.0, seq=seq, video_id="film", job=Job("job", "x", "f", 1).kind)


async def listening(stream: EventStream, person: Person) -> Line:
    line = Line()
    await stream.begin(stream.join(person, line), None)
    line.written.clear()
    return line


async def test_who_does_not_keep_up_is_cut_and_the_others_hear_on(stream: EventStream) -> None:
    slow, quick = await listening(stream, ANN), await listening(stream, ANN)
    slow.full = True
    stream.hear(event(1))
    stream.hear(event(2))
    assert slow.dropped and len(quick.written) == 2


async def test_one_event_is_written_down_once_for_everybody(stream: EventStream) -> None:
    lines = [await listening(stream, ANN) for _ in range(3)]
    stream.hear(event(1))
    assert len({id(line.written[0]) for line in lines}) == 1


async def test_an_event_that_comes_twice_is_written_once(stream: EventStream) -> None:
    line = await listening(stream, ANN)
    for seq in (5, 5, 4, 6):
        stream.hear(event(seq))
    assert [data.split(b"\n")[0] for data in line.written] == [b"id: 5", b"id: 6"]


async def test_what_happens_before_the_first_word_waits_for_it(stream: EventStream) -> None:
    line = Line()
    reader = stream.join(ANN, line)
    stream.hear(event(7))
    assert line.written == []
    await stream.begin(reader, None)
    assert [data.split(b"\n")[0] for data in line.written] == [b"retry: 2000", b"id: 7"]


async def test_what_is_sent_to_some_reaches_them_alone(stream: EventStream) -> None:
    ann, bob = await listening(stream, ANN), await listening(stream, BOB)
    stream.send({"ann"}, "notification", {"unread": 3})
    assert ann.written == [frame("notification", {"unread": 3})] and bob.written == []


async def test_a_session_that_ends_before_the_first_word_hears_none(stream: EventStream) -> None:
    line = Line()
    reader = stream.join(ANN, line)
    stream.end_session("s1")
    stream.hear(event(1))
    assert line.ended
    stream.leave(reader)


async def test_a_line_on_which_nothing_happens_is_kept_alive(
    stream: EventStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "HEARTBEAT_EVERY", 0.01)
    line = await listening(stream, ANN)
    line.news.clear()
    async with stream.open():
        async with asyncio.timeout(20):
            await line.news.wait()
        assert line.written[0] == HEARTBEAT
    assert line.ended
