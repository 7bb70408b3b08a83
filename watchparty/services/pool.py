"""The threads that do media work: short pieces at once, encodings at most as many as there are cores."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from enum import IntEnum
from typing import TypeVar

from watchparty.domain.errors import Busy
from watchparty.media.nice import return_memory

_T = TypeVar("_T")

_SHORT_THREADS = 4
_MOST_WAITING = 64


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

    def __init__(self, priority: Priority) -> None:
        self.priority = priority
        self._stopped = threading.Event()
        self.called = asyncio.Event()
        """Set once it is its turn, or it was stopped before."""

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def stop(self) -> None:
        """From the loop's thread. The encoding ends within a frame or two."""
        self._stopped.set()
        self.called.set()


class Pool:
    """Open with `async with`; at the end everything under way is stopped."""

    def __init__(self, encodings: int | None = None) -> None:
        self._most = encodings or os.cpu_count() or 1
        self._waiting: list[Ticket] = []
        self._active: list[Ticket] = []
        self._short = ThreadPoolExecutor(_SHORT_THREADS, thread_name_prefix="media")
        self._long = ThreadPoolExecutor(self._most, thread_name_prefix="encode")

    async def __aenter__(self) -> Pool:
        return self

    async def __aexit__(self, *_: object) -> None:
        for ticket in [*self._waiting, *self._active]:
            ticket.stop()
        for threads in (self._short, self._long):
            threads.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._finish)

    def _finish(self) -> None:
        for threads in (self._short, self._long):
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
                await _to_the_end(ticket, loop.run_in_executor(self._long, _drive, ticket, steps, take))
        finally:
            for tickets in (self._waiting, self._active):
                if ticket in tickets:
                    tickets.remove(ticket)
            self._call()

    def crowded(self, priority: Priority) -> bool:
        """Whether somebody more urgent waits for a thread."""
        return any(ticket.priority < priority for ticket in self._waiting)

    async def _turn(self, ticket: Ticket) -> None:
        if len(self._waiting) >= _MOST_WAITING:
            raise Busy("The server is preparing too many films at once.", retry_after=5.0)
        self._waiting.append(ticket)
        self._make_way(ticket)
        self._call()
        await ticket.called.wait()

    def _make_way(self, ticket: Ticket) -> None:
        """Background work stops as soon as anybody waits; work ahead of viewers does when there is no room."""
        for other in self._active:
            if other.priority is Priority.BACKGROUND and ticket.priority < other.priority:
                other.stop()
        running = [other for other in self._active if not other.stopped]
        if len(running) >= self._most:
            last = max(running, key=lambda other: other.priority)
            if ticket.priority < last.priority:
                last.stop()

    def _call(self) -> None:
        """Whose turn it is. Background work runs only where nothing else does."""
        while self._waiting and len(self._active) < self._most:
            ticket = min(self._waiting, key=lambda each: each.priority)
            if ticket.priority is Priority.BACKGROUND and any(
                other.priority is not Priority.BACKGROUND for other in self._active
            ):
                return
            self._waiting.remove(ticket)
            self._active.append(ticket)
            ticket.called.set()


async def _to_the_end(ticket: Ticket, running: asyncio.Future[None]) -> None:
    """Waits for the thread also when the caller is cancelled, for it has the file open."""
    try:
        await asyncio.shield(running)
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
