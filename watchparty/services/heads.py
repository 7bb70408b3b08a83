"""Encoding heads of one rendition: they start where somebody waits, run a little ahead, and stop where cells exist."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from watchparty.domain.errors import NotFound, Problem, StorageFull
from watchparty.domain.source import TICKS, Unplayable
from watchparty.media.encode import Made
from watchparty.services.pool import Pool, Priority, Ticket

log = logging.getLogger(__name__)

AHEAD_SECONDS = 30
"""How far past the last request a head runs on."""
_START_AHEAD_SECONDS = 15
"""With less than this made after the last request, a head starts although nobody waits yet."""
_REMEMBERED_SECONDS = 30
_NEAR_CELLS = 3
"""A head this many cells before a wanted one will be there sooner than a new one."""


class Shelf(Protocol):
    """Where the cells of one rendition are kept."""

    def get(self, index: int) -> Path | None: ...
    def has(self, index: int) -> bool: ...
    def put(self, index: int, data: bytes) -> Path | None: ...


@dataclass(eq=False)
class _Head:
    position: int
    """The cell it makes next."""
    ticket: Ticket
    made: int = 0
    refused: bool = False
    """Whether a cell of its could not be kept for want of room."""


@dataclass
class _Wait:
    future: asyncio.Future[bytes | Path]
    waiters: int = 0


@dataclass
class Lane:
    """One encoded rendition of one film. `steps` makes its cells from a given one on, as nicely as a priority asks."""

    boundaries: tuple[int, ...]
    steps: Callable[[int, Priority], Iterator[Made | None]]
    shelf: Shelf
    pool: Pool
    _waits: dict[int, _Wait] = field(default_factory=dict)
    _heads: list[_Head] = field(default_factory=list)
    _requests: dict[int, float] = field(default_factory=dict)
    """When a cell was last asked for, by the loop's clock."""
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)
    """Set whenever a head has ended."""
    _closed: bool = False

    async def cell(self, index: int) -> bytes | Path:
        """The cell, made if need be. Whoever leaves does not disturb others who wait for the same."""
        self._requests[index] = asyncio.get_running_loop().time()
        path = self.shelf.get(index)
        if path is not None:
            self._run_ahead()
            return path
        wait = self._waits.setdefault(index, _Wait(asyncio.get_running_loop().create_future()))
        wait.waiters += 1
        self._cover(index)
        try:
            return await asyncio.shield(wait.future)
        except asyncio.CancelledError:
            self._requests.pop(index, None)
            raise
        finally:
            wait.waiters -= 1
            if not wait.waiters and self._waits.get(index) is wait:
                del self._waits[index]
                self._release()

    async def fill(self, progress: Callable[[int], None]) -> None:
        """Makes every missing cell in the background; `progress` hears of each.

        Raises StorageFull when there is no room, NotFound when the film cannot be read, or is deleted meanwhile.
        """
        last = len(self.boundaries) - 1
        index = 0
        while (index := self._missing(index, last)) < last:
            head = _Head(index, Ticket(Priority.BACKGROUND))
            await self._run(head, lambda made: progress(made.index))
            if head.refused:
                raise StorageFull("There is no room to prepare this film further.")
            if self._closed or not (head.made or head.ticket.stopped):
                raise NotFound("The film cannot be prepared further.")
            index = head.position

    async def stop(self) -> None:
        """Stops every head for good; those who wait are told that the film is gone."""
        self._closed = True
        for wait in self._waits.values():
            _fail(wait, NotFound("This video is gone."))
        self._waits.clear()
        self._requests.clear()
        for head in self._heads:
            head.ticket.stop()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        while self._heads:  # a filling runs in its caller's task
            self._ended.clear()
            await self._ended.wait()

    @property
    def idle(self) -> bool:
        return not self._heads and not self._waits

    def _cover(self, index: int) -> None:
        """Sees to it that a head is on its way to the cell."""
        for head in self._heads:
            live = not head.ticket.stopped and head.ticket.priority is not Priority.BACKGROUND
            if live and head.position <= index <= head.position + _NEAR_CELLS:
                head.ticket.priority = Priority.WAITED
                return
        self._start(index, Priority.WAITED)

    def _run_ahead(self) -> None:
        """Goes on before anybody has to wait, as long as what is watched comes near the end of what is made."""
        if self._heads or not self._requests:
            return
        latest = max(self._requests, key=lambda index: self._requests[index])
        index = self._missing(latest, len(self.boundaries) - 1)
        if index < len(self.boundaries) - 1 and self._distance(latest, index) < _START_AHEAD_SECONDS:
            self._start(index, Priority.AHEAD)

    def _start(self, index: int, priority: Priority) -> None:
        task = asyncio.get_running_loop().create_task(self._run(_Head(index, Ticket(priority)), lambda made: None))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, head: _Head, told: Callable[[Made], None]) -> None:
        first, priority = head.position, head.ticket.priority
        loop = asyncio.get_running_loop()
        self._heads.append(head)

        def take(made: Made) -> None:
            kept = self.shelf.put(made.index, made.data)
            loop.call_soon_threadsafe(self._made, head, made, kept, told)

        try:
            await self.pool.encode(head.ticket, lambda: self.steps(first, priority), take)
            if not head.made and not head.ticket.stopped:
                self._failed(head, NotFound("The film cannot be read at this place."))
        except Problem as problem:
            self._failed(head, problem)
        except Unplayable as error:
            self._failed(head, NotFound(error.reason))
        except Exception:
            log.exception("a head failed at cell %d", head.position)
            self._failed(head, NotFound("The film's file cannot be read."))
        finally:
            self._heads.remove(head)
            self._ended.set()
            for index in sorted(self._waits):
                self._cover(index)

    def _made(self, head: _Head, made: Made, kept: Path | None, told: Callable[[Made], None]) -> None:
        head.position = made.index + 1
        head.made += 1
        head.refused = head.refused or kept is None
        wait = self._waits.pop(made.index, None)
        if wait is not None and not wait.future.done():
            wait.future.set_result(kept or made.data)
        told(made)
        self._reconsider(head)

    def _failed(self, head: _Head, problem: Problem) -> None:
        """Those whom the head was to serve hear why not."""
        for index in [index for index in self._waits if head.position <= index <= head.position + _NEAR_CELLS]:
            _fail(self._waits.pop(index), problem)

    def _release(self) -> None:
        """Somebody left: heads nobody needs any more end."""
        for head in self._heads:
            self._reconsider(head)

    def _reconsider(self, head: _Head) -> None:
        index = head.position
        if index >= len(self.boundaries) - 1 or head.ticket.stopped:
            return
        if head.ticket.priority is Priority.BACKGROUND:
            wanted = not head.refused
        else:
            wanted = self._wanted(index)
            waited = any(index <= each <= index + _NEAR_CELLS for each in self._waits)
            head.ticket.priority = Priority.WAITED if waited else Priority.AHEAD
        if self.shelf.has(index) or not wanted or self.pool.must_yield(head.ticket):
            head.ticket.stop()

    def _wanted(self, index: int) -> bool:
        """Whether somebody asked lately for this cell or for one shortly before it."""
        now = asyncio.get_running_loop().time()
        for asked, at in list(self._requests.items()):
            if now - at > _REMEMBERED_SECONDS and asked not in self._waits:
                del self._requests[asked]
        return any(asked <= index and self._distance(asked, index) < AHEAD_SECONDS for asked in self._requests)

    def _distance(self, asked: int, index: int) -> float:
        """Seconds of film between the end of one cell and the beginning of another."""
        return (self.boundaries[index] - self.boundaries[asked + 1]) / TICKS

    def _missing(self, index: int, last: int) -> int:
        while index < last and self.shelf.has(index):
            index += 1
        return index


def _fail(wait: _Wait, problem: Problem) -> None:
    if not wait.future.done():
        wait.future.set_exception(problem)
        with suppress(BaseException):
            # Looked at once, for nobody may be left to hear it.
            wait.future.exception()
