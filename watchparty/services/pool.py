"""The threads that do media work: short pieces at once, encodings at most as many as there are cores."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from enum import IntEnum
from typing import TypeVar

from watchparty.domain.errors import Busy
from watchparty.media.nice import return_memory

_T = TypeVar("_T")

TURN_SECONDS = 10.0
"""After so long a piece of work lets others go that are as urgent and wait for a core."""
_SHORT_THREADS = 4
_MOST_WAITING = 64
_CORES_OF_A_HEAD = 4
"""As many a head has use for that decodes, scales and encodes several rungs for somebody who waits."""


class Priority(IntEnum):
    """Who is served first."""

    WAITED = 0
    """Somebody waits for what it makes."""
    AHEAD = 1
    """Somebody will want it within half a minute."""
    BACKGROUND = 2
    """It can be made whenever nothing else is to be done."""


class Ticket:
    """One encoding's place in the queue, and the way to stop it from any thread."""

    def __init__(self, priority: Priority, *, patient: bool = False) -> None:
        self.priority = priority
        self.patient = patient
        """Whether it holds still while others go first, instead of ending."""
        self.since = 0.0
        """When its turn began, on the monotonic clock."""
        self.called = asyncio.Event()
        """Set once it is its turn, or it was stopped before."""
        self._stopped = threading.Event()
        self._going = threading.Event()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def stop(self) -> None:
        """From the loop's thread. The encoding ends within a frame or two."""
        self._stopped.set()
        self.go()

    def go(self) -> None:
        """It is its turn, or its turn again."""
        self.since = time.monotonic()
        self.called.set()
        self._going.set()

    def pause(self) -> None:
        """Have `wait` wait until `go`."""
        self._going.clear()

    def wait(self) -> None:
        """On the work's own thread: return once it is its turn, or it was stopped."""
        self._going.wait()


class Pool:
    """Open with `async with`; at the end everything under way is stopped. `encodings` is how many run at once."""

    def __init__(self, encodings: int | None = None, turn_seconds: float = TURN_SECONDS) -> None:
        self._most = encodings or os.cpu_count() or 1
        self._turn_seconds = turn_seconds
        self._waiting: list[Ticket] = []
        self._active: list[Ticket] = []
        self._short = ThreadPoolExecutor(_SHORT_THREADS, thread_name_prefix="media")
        self._long = ThreadPoolExecutor(self._most, thread_name_prefix="encode")
        # Work that holds still keeps its thread, so there is one for each that is admitted.
        # How long encoders ran in all, and how many seconds of film they made, each size counted for itself.
        self.encoding_seconds = self.film_seconds = 0.0
        self._patient = ThreadPoolExecutor(_MOST_WAITING + self._most, thread_name_prefix="work")

    async def __aenter__(self) -> Pool:
        return self

    async def __aexit__(self, *_: object) -> None:
        for ticket in [*self._waiting, *self._active]:
            ticket.stop()
        for threads in (self._short, self._long, self._patient):
            threads.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._finish)

    def _finish(self) -> None:
        for threads in (self._short, self._long, self._patient):
            threads.shutdown(wait=True)

    async def run(self, work: Callable[..., _T], *arguments: object) -> _T:
        """A short piece of work on a thread; when the caller leaves before it began, it is not done."""
        return await asyncio.get_running_loop().run_in_executor(self._short, lambda: work(*arguments))

    async def encode(
        self, ticket: Ticket, steps: Callable[[], Iterator[_T | None]], take: Callable[[_T], None]
    ) -> None:
        """Runs `steps` on a thread when the ticket's turn comes, and hands each result to `take` on that thread.

        Returns at the end or soon after the ticket was stopped; a caller that leaves stops it. Raises Busy when too
        many wait already.
        """
        try:
            await self._turn(ticket)
            if not ticket.stopped:
                loop = asyncio.get_running_loop()
                begun = time.monotonic()
                try:
                    await _to_the_end(ticket, loop.run_in_executor(self._long, _drive, ticket, steps, take))
                finally:
                    self.encoding_seconds += time.monotonic() - begun
        finally:
            self._leave(ticket)

    async def work(self, work: Callable[[Callable[[], bool]], _T], priority: Priority = Priority.BACKGROUND) -> _T:
        """Long work that cannot be taken up in the middle, on a thread of its own, when a core's turn is its.

        `work` is handed a function to call on that thread every frame or so. It blocks for as long as somebody more
        urgent needs the core, or others as urgent have their turn, and answers False once the work is to end because
        nobody wants it any more: a caller that is cancelled returns only when the thread has. Raises Busy when too
        many wait already, or the server stops.
        """
        ticket, loop = Ticket(priority, patient=True), asyncio.get_running_loop()

        def hold() -> bool:
            if self.must_yield(ticket):
                loop.call_soon_threadsafe(self._give_way, ticket)
            ticket.wait()
            return not ticket.stopped

        try:
            await self._turn(ticket)
            if not ticket.stopped:
                result = await _to_the_end(ticket, loop.run_in_executor(self._patient, work, hold))
            if ticket.stopped:
                raise Busy("The server is stopping.", retry_after=5.0)
            return result
        finally:
            self._leave(ticket)

    def must_yield(self, ticket: Ticket) -> bool:
        """Whether somebody more urgent waits for a core, or somebody as urgent when this one has had its turn."""
        over = time.monotonic() - ticket.since >= self._turn_seconds
        last = ticket.priority if over else ticket.priority - 1
        return any(other.priority <= last for other in [*self._waiting] if other is not ticket)

    def urge(self, ticket: Ticket, priority: Priority) -> None:
        """What the ticket stands for is more urgent now, or less."""
        if ticket.priority is not priority:
            ticket.priority = priority
            if ticket in self._waiting:
                self._make_way(ticket)
            self._call()

    async def _turn(self, ticket: Ticket) -> None:
        if len(self._waiting) >= _MOST_WAITING:
            raise Busy("The server is preparing too many films at once.", retry_after=5.0)
        self._waiting.append(ticket)
        self._make_way(ticket)
        self._call()
        await ticket.called.wait()

    def _leave(self, ticket: Ticket) -> None:
        for tickets in (self._waiting, self._active):
            if ticket in tickets:
                tickets.remove(ticket)
        self._call()

    def _make_way(self, ticket: Ticket) -> None:
        """Background work ends or holds still for anybody else; work ahead of viewers does when there is no room."""
        if ticket.priority is not Priority.BACKGROUND:
            for other in self._running(Priority.BACKGROUND)[::-1]:
                if not self._fits_background(1 + len(self._urgent()), len(self._running(Priority.BACKGROUND))):
                    self._interrupt(other)
        running = self._running()
        if len(running) >= self._most:
            last = max(running, key=lambda other: other.priority)
            if ticket.priority < last.priority:
                self._interrupt(last)

    def _give_way(self, ticket: Ticket) -> None:
        """A turn is over: back to the end of the queue, unless all the others have gone meanwhile."""
        if ticket in self._active and not ticket.stopped and self.must_yield(ticket):
            self._interrupt(ticket)
            self._call()

    def _interrupt(self, ticket: Ticket) -> None:
        if not ticket.patient:
            return ticket.stop()
        ticket.pause()
        self._active.remove(ticket)
        return self._waiting.append(ticket)

    def _call(self) -> None:
        """Whose turn it is."""
        while self._waiting and len(self._active) < self._most:
            ticket = min(self._waiting, key=lambda each: each.priority)
            background = len(self._active) - len(self._urgent()) + 1
            if ticket.priority is Priority.BACKGROUND and not self._fits_background(len(self._urgent()), background):
                return
            self._waiting.remove(ticket)
            self._active.append(ticket)
            ticket.go()

    def _fits_background(self, urgent: int, background: int) -> bool:
        """Whether so much background work may run beside so much that is urgent."""
        return urgent * _CORES_OF_A_HEAD + background <= self._most

    def _urgent(self) -> list[Ticket]:
        return [other for other in self._active if other.priority is not Priority.BACKGROUND]

    def _running(self, priority: Priority | None = None) -> list[Ticket]:
        """Those that have a core and are not about to leave it."""
        return [other for other in self._active if not other.stopped and priority in {None, other.priority}]


async def _to_the_end(ticket: Ticket, running: asyncio.Future[_T]) -> _T:
    """Waits for the thread also when the caller is cancelled, for it has the file open."""
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        ticket.stop()
        with suppress(Exception):
            await running
        raise


def _drive(ticket: Ticket, steps: Callable[[], Iterator[_T | None]], take: Callable[[_T], None]) -> None:
    iterator = steps()
    try:
        while not ticket.stopped:
            try:
                result = next(iterator)
            except StopIteration:
                return
            if result is not None:
                take(result)
    finally:
        close = getattr(iterator, "close", None)
        if close is not None:
            close()
        return_memory()
