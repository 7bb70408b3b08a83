"""Events on a real database: kept with the deed, told in order, told again after a crash."""

import asyncio
import contextlib
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.services.bus import events as made
from watchparty.domain.errors import Conflict
from watchparty.domain.event import Event, JobProgressed, JobQueued, JobStarted
from watchparty.domain.job import Job
from watchparty.services import events as bus
from watchparty.services.clock import SystemClock
from watchparty.services.events import Events
from watchparty.storage.database import Database, Tx
from watchparty.storage.events import EventStore
from watchparty.storage.migrations import migrate


def event(subject: str = "a", text: str = "") -> JobQueued:
    return JobQueued(subject=subject, owner_id="ann", video_id="film", job=text)


class Ear:
    """A listener that remembers, and fails as often as it is told to."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self.failures: dict[str, int] = {}
        self.shut: dict[str, asyncio.Event] = {}
        self._news = asyncio.Condition()

    async def hear(self, event: Event) -> None:
        if self.failures.get(event.subject, 0) > 0:
            self.failures[event.subject] -= 1
            raise OSError("no line")
        if event.subject in self.shut:
            await self.shut[event.subject].wait()
        async with self._news:
            self.heard.append(event)
            self._news.notify_all()

    async def until(self, so: Callable[[list[Event]], bool]) -> None:
        async with asyncio.timeout(20), self._news:
            await self._news.wait_for(lambda: so(self.heard))

    def words(self, subject: str | None = None) -> list[str]:
        return [each.fields()["job"] for each in self.heard if subject in {None, each.subject}]


@contextlib.asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Database]:
    migrate(folder / "watchparty.db", folder / "backups")
    async with Database.open(folder / "watchparty.db") as database:
        yield database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with opened(tmp_path) as database:
        yield database


@pytest.fixture
def events(database: Database) -> Events:
    return made(database, SystemClock())


async def tell(database: Database, events: Events, *told: Event) -> None:
    def deed(tx: Tx) -> None:
        for each in told:
            events.tell(tx, each)

    await database.write(deed)


async def kept(database: Database) -> list[Event]:
    return await database.read(lambda tx: EventStore().pending(tx, 0, 1000))


async def test_what_was_committed_is_told_to_those_who_asked_for_its_kind(database: Database, events: Events) -> None:
    everything, queued, started = Ear(), Ear(), Ear()
    events.listen(Event, everything.hear)
    events.listen(JobQueued, queued.hear)
    events.listen(JobStarted, started.hear)
    async with events.open():
        before = time.time()
        await tell(database, events, event("a", "one"), event("b", "two"))
        await everything.until(lambda heard: len(heard) == 2)
        await queued.until(lambda heard: len(heard) == 2)
    assert [each.seq for each in everything.heard] == [1, 2]
    assert all(before <= each.at <= time.time() for each in everything.heard)
    assert queued.words() == ["one", "two"] and started.heard == []
    assert await kept(database) == []


async def test_of_a_deed_that_failed_nothing_is_told(database: Database, events: Events) -> None:
    ear = Ear()
    events.listen(Event, ear.hear)

    def fail(tx: Tx) -> None:
        events.tell(tx, event("a", "never"))
        raise Conflict("No.")

    async with events.open():
        with pytest.raises(Conflict):
            await database.write(fail)
        await tell(database, events, event("a", "now"))
        await ear.until(bool)
    assert ear.words() == ["now"]


async def test_what_nobody_had_heard_before_a_stop_is_told_at_the_next_start(tmp_path: Path) -> None:
    async with opened(tmp_path) as database:
        await tell(database, made(database, SystemClock()), event("a", "one"), event("a", "two"))
    async with opened(tmp_path) as database:
        again, ear = made(database, SystemClock()), Ear()
        again.listen(Event, ear.hear)
        async with again.open():
            await ear.until(lambda heard: len(heard) == 2)
        assert ear.words() == ["one", "two"]


async def test_a_listener_interrupted_by_a_stop_hears_it_again_and_nothing_twice_that_it_heard(tmp_path: Path) -> None:
    async with opened(tmp_path) as database:
        first, ear = made(database, SystemClock()), Ear()
        ear.shut["b"] = asyncio.Event()
        first.listen(Event, ear.hear)
        async with first.open():
            await tell(database, first, event("a", "heard"), event("b", "missed"))
            await ear.until(bool)
        assert ear.words() == ["heard"]
    async with opened(tmp_path) as database:
        second, ear = made(database, SystemClock()), Ear()
        second.listen(Event, ear.hear)
        async with second.open():
            await ear.until(bool)
        assert ear.words() == ["missed"]


async def test_a_listener_that_fails_is_told_again_and_holds_up_nobody_else(
    database: Database, events: Events, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bus, "FIRST_DELAY", 0.01)
    poor, good = Ear(), Ear()
    poor.failures["a"] = 3
    poor.shut["stuck"] = asyncio.Event()
    for ear in (poor, good):
        events.listen(Event, ear.hear)
    async with events.open():
        told = [event("stuck"), event("a", "1"), event("b", "2"), event("a", "3")]
        await tell(database, events, *told)
        await good.until(lambda heard: len(heard) == 4)
        await poor.until(lambda heard: len(heard) == 3)
        assert poor.words("a") == ["1", "3"] and poor.words("b") == ["2"]
        assert events.pending()[0] == 1  # the one that is stuck
    assert caplog.text.count("was not heard") == 3
    assert [each.subject for each in await kept(database)] == ["stuck"]


async def test_every_subject_is_heard_in_order_however_much_is_going_on(database: Database, events: Events) -> None:
    chance, slow, quick = random.Random(5), Ear(), Ear()

    async def hear_slowly(event: Event) -> None:
        await asyncio.sleep(chance.random() / 500)
        await slow.hear(event)

    events.listen(Event, hear_slowly)
    events.listen(Event, quick.hear)
    told: dict[str, list[str]] = defaultdict(list)

    def deed(tx: Tx, subject: str, number: int) -> None:
        told[subject].append(str(number))  # on the writer's thread: the order of commits
        events.tell(tx, event(subject, str(number)))
        if number % 10 == 0:
            raise Conflict("This one is taken back.")

    async with events.open():
        work = [(f"subject {chance.randrange(20)}", number) for number in range(1, 1001)]
        await asyncio.gather(
            *(database.write(lambda tx, each=each: deed(tx, *each)) for each in work),  # type: ignore[misc]
            return_exceptions=True,
        )
        for ear in (slow, quick):
            await ear.until(lambda heard: len(heard) == 900)
    for subject, numbers in told.items():
        lasting = [number for number in numbers if int(number) % 10]
        assert quick.words(subject) == slow.words(subject) == lasting


async def test_more_than_is_taken_in_hand_waits_on_disk_and_is_told_all_the_same(
    database: Database, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus, "BATCH", 4)
    monkeypatch.setattr(bus, "MOST_IN_HAND", 6)
    ear = Ear()
    ear.shut["shut"] = asyncio.Event()
    events.listen(Event, ear.hear)
    async with events.open():
        await tell(database, events, *(event("shut", str(number)) for number in range(30)))
        async with asyncio.timeout(20):
            while events.pending()[0] < 6:
                await asyncio.sleep(0.01)
        ear.shut["shut"].set()
        await ear.until(lambda heard: len(heard) == 30)
    assert ear.words() == [str(number) for number in range(30)]


async def test_what_was_heard_is_remembered_for_a_while_and_what_was_not_for_ever(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, clock = EventStore(), SystemClock()
    events = made(database, clock)
    await tell(database, events, *(event(str(number)) for number in range(10)))
    await database.write(lambda tx: store.deliver(tx, [1, 2, 3, 4, 6, 7, 8, 9], clock.time()))
    await database.write(lambda tx: store.prune(tx, 3, clock.time() - 60))
    left = await database.read(lambda tx: store.after(tx, 0, 100))
    assert [each.seq for each in left] == [5, 8, 9, 10]
    await database.write(lambda tx: store.prune(tx, 3, clock.time() + 60))
    assert [each.seq for each in await kept(database)] == [5, 10]


async def test_progress_is_told_at_once_seldom_enough_and_never_kept(database: Database, events: Events) -> None:
    ear = Ear()
    events.listen(JobProgressed, ear.hear)
    async with events.open():
        for number in range(5):
            for subject in ("a", "b"):
                job = Job(subject, "convert", "film", 1.0)
                events.tell_now(JobProgressed.of(job, "ann", progress=number / 5))
        await ear.until(lambda heard: len(heard) == 2)
        await tell(database, events, event())
    assert [(each.subject, each.seq) for each in ear.heard] == [("a", 0), ("b", 0)]
    assert [each.kind for each in await database.read(lambda tx: EventStore().after(tx, 0, 10))] == ["JobQueued"]


async def test_a_listener_that_fails_to_hear_of_progress_is_not_told_again(
    database: Database, events: Events, caplog: pytest.LogCaptureFixture
) -> None:
    ear = Ear()
    ear.failures["job"] = 1
    events.listen(Event, ear.hear)
    async with events.open():
        events.tell_now(JobProgressed.of(Job("job", "convert", "film", 1.0), "ann", progress=0.5))
        await tell(database, events, event("job", "after"))
        await ear.until(bool)
    assert ear.words() == ["after"] and caplog.text.count("was not heard") == 1
