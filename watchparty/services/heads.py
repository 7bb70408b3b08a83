"""The encoding heads of one film: they start where somebody waits, run a little ahead, and stop where cells exist."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from watchparty.domain.demand import Cell, Demand, Foreseen, Run, Viewer
from watchparty.domain.errors import NotFound, Problem, StorageFull
from watchparty.domain.source import TICKS, Unplayable
from watchparty.media.encode import Made
from watchparty.services.pool import Pool, Priority, Ticket

log = logging.getLogger(__name__)

_GONE = "This video is gone."

Steps = Callable[[int, frozenset[str], Priority], Iterator[Made | None]]
"""Makes cells of some rungs from a given one on, decoding once, as nicely as a priority asks."""


class Shelf(Protocol):
    """Where the cells of one film are kept."""

    def get(self, rung: str, index: int) -> Path | None: ...
    def has(self, rung: str, index: int) -> bool: ...
    def put(self, rung: str, index: int, data: bytes, priority: Priority) -> Path | None: ...


@dataclass
class _Wait:
    future: asyncio.Future[bytes | Path]
    waiters: int = 0


@dataclass(eq=False)
class _Filling:
    """Somebody's wish to have every cell of some rungs."""

    rungs: frozenset[str]
    told: Callable[[Made], None]


@dataclass(eq=False)
class _Head:
    run: Run
    ticket: Ticket
    filling: _Filling | None = None
    """What it works for, if not for viewers."""
    successor: Run | None = None
    """What is to go on where it ends, with other rungs."""
    made: int = 0
    refused: bool = False
    """Whether a cell of its could not be kept for want of room."""


@dataclass(eq=False)
class Heads:
    """`rungs` are the encoded renditions of the film's picture, `boundaries` where its cells begin."""

    boundaries: tuple[int, ...]
    rungs: Collection[str]
    steps: Steps
    shelf: Shelf
    pool: Pool
    _waits: dict[Cell, _Wait] = field(default_factory=dict)
    _heads: list[_Head] = field(default_factory=list)
    _fillings: list[_Filling] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _landing: set[Cell] = field(default_factory=set)
    """Put on the shelf by a thread, but not yet heard of here: until then their heads are still at them."""
    _ended: asyncio.Event = field(default_factory=asyncio.Event)
    """Set whenever a head or a filling has ended."""
    _deciding: bool = False
    _closed: bool = False
    demand: Demand = field(init=False)

    def __post_init__(self) -> None:
        self.demand = Demand(self.boundaries, self.rungs, self._has, self._waits.keys())

    async def cell(self, rung: str, index: int, viewer: Viewer | None = None) -> bytes | Path:
        """The cell, made if need be. Whoever leaves does not disturb others who wait for the same."""
        if self._closed:
            raise NotFound(_GONE)
        self.asked(rung, index, viewer)
        path = self.shelf.get(rung, index)
        if path is not None:
            return path
        cell = (rung, index)
        wait = self._waits.setdefault(cell, _Wait(asyncio.get_running_loop().create_future()))
        wait.waiters += 1
        try:
            return await asyncio.shield(wait.future)
        finally:
            wait.waiters -= 1
            if not wait.waiters and self._waits.get(cell) is wait:
                del self._waits[cell]
                self.demand.withdraw(rung, index)
                self._review()

    def asked(self, rendition: str, index: int, viewer: Viewer | None = None) -> None:
        """Somebody watches this cell, of whatever rendition, by its number among the encoded ones."""
        self.demand.ask(rendition, index, _now(), viewer)
        self._decide_soon()

    def foresee(self, foreseen: Sequence[Foreseen]) -> None:
        """Where rooms are that show the film; from now on there alone."""
        self.demand.foresee(foreseen)
        self._decide_soon()

    async def fill(self, rungs: Collection[str], told: Callable[[Made], None]) -> None:
        """Makes every missing cell of these rungs in the background, decoding once; `told` hears of each.

        Raises StorageFull when there is no room, NotFound when the film cannot be read, or is deleted meanwhile.
        """
        filling = _Filling(frozenset(rungs), told)
        self._fillings.append(filling)
        try:
            await self._fill(filling)
        finally:
            self._fillings.remove(filling)
            self._ended.set()

    async def stop(self) -> None:
        """Stops every head for good; those who wait are told that the film is gone."""
        self._closed = True
        for wait in self._waits.values():
            _fail(wait, NotFound(_GONE))
        self._waits.clear()
        self.demand.forget_everybody()
        for head in self._heads:
            head.ticket.stop()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        while self._heads or self._fillings:  # a filling runs in its caller's task
            await self._something_ends()

    @property
    def idle(self) -> bool:
        return not self._heads and not self._waits and not self._fillings

    # Viewers.

    def _decide_soon(self) -> None:
        """Once for all that are asking at this moment, so that one head serves them together."""
        if not self._deciding and not self._closed:
            self._deciding = True
            asyncio.get_running_loop().call_soon(self._decide)

    def _decide(self) -> None:
        self._deciding = False
        self._review()
        while not self._closed:
            coming = [head.successor for head in self._heads if head.successor is not None]
            run = self.demand.next_run([*coming, *(head.run for head in self._for_viewers())], _now())
            if run is None:
                return
            self._start(run)

    def _review(self) -> None:
        """Heads nobody needs any more end; the others are as urgent as those who want what they make."""
        for head in self._for_viewers():
            if self.demand.is_needed(head.run, _now()):
                self.pool.urge(head.ticket, self._priority(head.run))
            else:
                head.ticket.stop()

    def _start(self, run: Run) -> None:
        head = _Head(run, Ticket(self._priority(run)))
        self._heads.append(head)
        task = asyncio.get_running_loop().create_task(self._run(head))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _priority(self, run: Run) -> Priority:
        return Priority.WAITED if self.demand.is_waited_for(run) else Priority.AHEAD

    def _for_viewers(self) -> list[_Head]:
        return [head for head in self._heads if head.filling is None and not head.ticket.stopped]

    def _renew(self, head: _Head, before: Run) -> None:
        """Between two cells: other rungs from here on, or others' turn."""
        run, filling = head.run, head.filling
        if filling is not None:
            rungs = self._rungs_to_fill(run, filling)
        else:
            others = [other.run for other in self._for_viewers() if other is not head]
            rungs = self.demand.rungs_from_here(run, others, _now())
        if rungs != run.rungs and filling is None:
            head.successor = Run.at(run.position, rungs) if rungs else None
        useless = head.refused and not self.demand.is_waited_for(run)
        if useless and filling is None:
            self.demand.give_up(before.position, _now())
        if rungs != run.rungs or useless or self.pool.must_yield(head.ticket):
            head.ticket.stop()

    # All heads.

    async def _run(self, head: _Head) -> None:
        first, rungs, priority = head.run.position, head.run.rungs, head.ticket.priority
        loop = asyncio.get_running_loop()

        def take(made: Made) -> None:
            cell = (made.rendition, made.index)
            self._landing.add(cell)
            usual = Priority.BACKGROUND if head.filling else Priority.AHEAD
            kept = self.shelf.put(*cell, made.data, Priority.WAITED if cell in self._waits else usual)
            loop.call_soon_threadsafe(self._made, head, made, kept)

        try:
            await self.pool.encode(head.ticket, lambda: self.steps(first, rungs, priority), take)
            if not head.made and not head.ticket.stopped:
                self._failed(head, NotFound("The film cannot be read at this place."))
        except Problem as problem:
            self._failed(head, problem)
        except Unplayable as error:
            self._failed(head, NotFound(error.reason))
        except OSError as error:
            # Somebody moved the file, or the disk it is on has gone: nothing is wrong with the program.
            log.warning("a film's file cannot be read: %s", error)
            self._failed(head, NotFound("The film's file cannot be read."))
        except Exception:
            log.exception("a head failed at cell %d", head.run.position)
            self._failed(head, NotFound("The film's file cannot be read."))
        finally:
            self._heads.remove(head)
            self._ended.set()
            self._succeed(head)

    def _succeed(self, head: _Head) -> None:
        if head.successor is not None and not self._closed and self.demand.is_needed(head.successor, _now()):
            self._start(head.successor)
        self._decide_soon()

    def _made(self, head: _Head, made: Made, kept: Path | None) -> None:
        self._landing.discard((made.rendition, made.index))
        before, head.run = head.run, head.run.made(made.rendition, made.index)
        head.made += 1
        self.pool.film_seconds += (self.boundaries[made.index + 1] - self.boundaries[made.index]) / TICKS
        if kept is None:
            head.refused = True
        wait = self._waits.pop((made.rendition, made.index), None)
        if wait is not None and not wait.future.done():
            wait.future.set_result(kept or made.data)
        if head.filling is not None:
            head.filling.told(made)
        if head.run.position > before.position and not head.ticket.stopped:
            self._renew(head, before)
        self._review()

    def _failed(self, head: _Head, problem: Problem) -> None:
        """Those whom the head was to serve hear why not. Filling tells its caller itself."""
        if head.filling is not None:
            return
        self.demand.give_up(head.run.position, _now())
        for cell in [cell for cell in self._waits if head.run.comes_to(*cell)]:
            _fail(self._waits.pop(cell), problem)

    def _has(self, rung: str, index: int) -> bool:
        return (rung, index) not in self._landing and self.shelf.has(rung, index)

    # Filling.

    async def _fill(self, filling: _Filling) -> None:
        index = 0
        while True:
            await self._turn_to_fill(filling)
            while index < self.demand.cells and not self._missing(filling, index):
                index += 1
            if index >= self.demand.cells:
                return
            head = _Head(Run.at(index, self._missing(filling, index)), Ticket(Priority.BACKGROUND), filling)
            self._heads.append(head)
            await self._run(head)
            if head.refused:
                raise StorageFull("There is no room to prepare this film further.")
            if not (head.made or head.ticket.stopped):
                raise NotFound("The film cannot be prepared further.")
            # Looked through from where it began, for it may have passed cells that are missing in other rungs. What it
            # made itself and is not there has been taken away, and would be again.
            while any(head.run.next.get(rung, 0) > index for rung in self._missing(filling, index)):
                index += 1

    async def _turn_to_fill(self, filling: _Filling) -> None:
        """One filling at a time, that of most rungs first: the others will find their cells made."""
        while any(head.filling for head in self._heads) or self._is_outdone(filling):
            await self._something_ends()
        if self._closed:
            raise NotFound(_GONE)

    def _is_outdone(self, filling: _Filling) -> bool:
        return any(filling.rungs < each.rungs for each in self._fillings)

    def _rungs_to_fill(self, run: Run, filling: _Filling) -> frozenset[str]:
        """What a head should make from its next cell on; none when another filling makes that and more."""
        if run.position >= self.demand.cells:
            return run.rungs
        if self._is_outdone(filling):
            return frozenset()
        there = {rung for rung, index in run.next.items() if index < self.demand.cells and self._has(rung, index)}
        return (run.rungs | self._missing(filling, run.position)) - there

    def _missing(self, filling: _Filling, index: int) -> frozenset[str]:
        return frozenset(rung for rung in filling.rungs if not self._has(rung, index))

    async def _something_ends(self) -> None:
        self._ended.clear()
        await self._ended.wait()


def _now() -> float:
    return asyncio.get_running_loop().time()


def _fail(wait: _Wait, problem: Problem) -> None:
    if not wait.future.done():
        wait.future.set_exception(problem)
        with suppress(BaseException):
            # Looked at once, for nobody may be left to hear it.
            wait.future.exception()
