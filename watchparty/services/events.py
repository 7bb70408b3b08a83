"""Tells what happened to whoever listens: kept with the deed itself, and delivered once that is on disk."""

import asyncio
import contextlib
import logging
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from watchparty.domain.errors import Problem
from watchparty.domain.event import Event
from watchparty.services.clock import Clock
from watchparty.services.event_metrics import EventMetrics
from watchparty.storage.database import Database, Tx
from watchparty.storage.events import EventStore

log = logging.getLogger(__name__)
E = TypeVar("E", bound=Event)
Callback = Callable[[E], Awaitable[None]]

# Events read at once, and the most that are being delivered at a time; the others wait on disk.
BATCH = 500
MOST_IN_HAND = 10_000
# Seconds between writes of what has been heard. Whatever was heard since the last is told again after a crash.
KEEP_EVERY = 1.0
# Seconds before a listener that failed is told again: doubling, up to the longest.
FIRST_DELAY, LONGEST_DELAY = 0.5, 60.0
# Seconds between two tellings of one subject by `tell_now`.
TELL_EVERY = 0.5
# How many events, and for how many seconds, are remembered for pages that were away.
REMEMBERED, REMEMBERED_FOR = 10_000, 7 * 24 * 3600.0


@dataclass(frozen=True)
class Listener:
    """Somebody who wants to hear of events of this kind, and of those more special."""

    kind: type[Event]
    callback: Callback[Any]


class Events:
    """Every listener hears of each subject in the order of commits, at least once, whatever happens in between.

    One that fails is told again until it does not, and holds up nothing but its own hearing of that subject. A crash
    may have listeners told twice, never not at all: they are to bear the same event a second time.
    """

    def __init__(self, database: Database, store: EventStore, metrics: EventMetrics, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._metrics = metrics
        self._clock = clock
        self._listeners: list[Listener] = []
        self._followers: list[Callable[[Event], None]] = []
        # Set on the writer's thread, looked at by the loop when what it belongs to is on disk.
        self._told = False
        self._news = asyncio.Event()
        self._lanes: dict[tuple[int, str], deque[Event]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._owed: dict[int, _Owed] = {}
        self._heard: list[int] = []
        self._to_keep = asyncio.Event()
        self._last_told: dict[str, float] = {}
        database.after_commit(self._committed)
        metrics.watch(self.pending)

    def listen(self, kind: type[E], callback: Callback[E]) -> None:
        """Have `callback` awaited with every event of this kind (`Event` for all). To be called before `open`."""
        self._listeners.append(Listener(kind, callback))

    def follow(self, callback: Callable[[Event], None]) -> None:
        """Have `callback` called with every event as soon as it is on disk, in the order of `seq`.

        For what is shown at the moment: it must not wait, fail, or matter when the server dies. To be called before
        `open`.
        """
        self._followers.append(callback)

    def tell(self, tx: Tx, event: Event) -> None:
        """Within the transaction of the deed: told once it is on disk, and never if it is not."""
        self._store.add(tx, event, self._clock.time())
        self._told = True

    def tell_now(self, event: Event) -> None:
        """Told at once and not kept; of what follows too closely on another about the same subject, nothing is told."""
        now = self._clock.monotonic()
        if now - self._last_told.get(event.subject, -TELL_EVERY) < TELL_EVERY:
            return
        if len(self._last_told) >= BATCH:
            self._last_told = {key: at for key, at in self._last_told.items() if now - at < TELL_EVERY}
        self._last_told[event.subject] = now
        self._hand_to_listeners(replace(event, at=self._clock.time()))

    def pending(self) -> tuple[int, float]:
        """How many events somebody has still to hear of, and the seconds since the oldest of them."""
        oldest = next(iter(self._owed.values()), None)
        return len(self._owed), 0.0 if oldest is None else max(0.0, self._clock.time() - oldest.event.at)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Events"]:
        """Delivers until left, beginning with what the last stop left undelivered."""
        serving = [
            asyncio.create_task(self._hand_out(), name="events"),
            asyncio.create_task(self._keep_heard(), name="events: heard"),
        ]
        try:
            yield self
        finally:
            tasks = [*serving, *self._tasks]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._write_heard()

    def _committed(self) -> None:
        if self._told:
            self._told = False
            self._news.set()

    async def _hand_out(self) -> None:
        last = 0
        while True:
            self._news.clear()
            limit = min(BATCH, MOST_IN_HAND - len(self._owed))
            found = await self._read(last, limit)
            for event in found:
                last = event.seq
                self._metrics.published.labels(event.kind).inc()
                self._hand_to_listeners(event)
            if len(found) < limit or len(self._owed) >= MOST_IN_HAND:
                await self._news.wait()

    async def _read(self, last: int, limit: int) -> list[Event]:
        while True:
            try:
                return await self._database.read(lambda tx: self._store.pending(tx, last, limit))
            except sqlite3.Error:
                log.exception("events could not be read; they are looked for again")
                await asyncio.sleep(FIRST_DELAY)

    def _hand_to_listeners(self, event: Event) -> None:
        for callback in self._followers:
            callback(event)
        lanes = [(i, listener) for i, listener in enumerate(self._listeners) if isinstance(event, listener.kind)]
        if event.seq:
            self._owed[event.seq] = _Owed(event, len(lanes))
            self._hears(event, 0)
        for number, listener in lanes:
            lane = self._lanes.get((number, event.subject))
            if lane is not None:
                lane.append(event)
                continue
            self._lanes[number, event.subject] = deque([event])
            task = asyncio.create_task(self._deliver(number, event.subject, listener), name=f"tell of {event.subject}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, number: int, subject: str, listener: Listener) -> None:
        """One listener's events of one subject, one after the other."""
        lane = self._lanes[number, subject]
        while lane:
            await self._until_heard(listener, lane[0])
            self._hears(lane.popleft(), 1)
        del self._lanes[number, subject]

    async def _until_heard(self, listener: Listener, event: Event) -> None:
        for seconds in _delays():
            try:
                return await listener.callback(event)
            except Exception:
                log.exception("%s of %s was not heard", event.kind, event.subject)
            if not event.seq:
                return None
            await asyncio.sleep(seconds)

    def _hears(self, event: Event, listeners: int) -> None:
        owed = self._owed.get(event.seq)
        if owed is None:
            return
        owed.listeners -= listeners
        if not owed.listeners:
            del self._owed[event.seq]
            self._metrics.delivered.inc()
            self._heard.append(event.seq)
            self._to_keep.set()
            if len(self._owed) == MOST_IN_HAND - 1:
                self._news.set()  # there is room again for what waits on disk

    async def _keep_heard(self) -> None:
        while True:
            await self._to_keep.wait()
            await asyncio.sleep(KEEP_EVERY)
            self._to_keep.clear()
            await self._write_heard()

    async def _write_heard(self) -> None:
        heard, now = self._heard, self._clock.time()
        self._heard = []

        def keep(tx: Tx) -> None:
            self._store.deliver(tx, heard, now)
            self._store.prune(tx, REMEMBERED, now - REMEMBERED_FOR)

        try:
            if heard:
                await self._database.write(keep)
        except (Problem, sqlite3.Error) as error:
            log.warning("what was heard could not be written down: %s", error)
            self._heard += heard  # with the next
        except asyncio.CancelledError:
            self._heard += heard
            raise


@dataclass
class _Owed:
    """An event, and how many have still to hear of it."""

    event: Event
    listeners: int


def _delays() -> Iterator[float]:
    seconds = FIRST_DELAY
    while True:
        yield seconds
        seconds = min(seconds * 2, LONGEST_DELAY)
