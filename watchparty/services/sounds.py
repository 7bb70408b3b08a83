"""One sound track that has to be encoded: cells cheap enough to be made one by one, but not for nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from watchparty.domain.errors import NotFound, Problem, StorageFull
from watchparty.domain.source import Unplayable
from watchparty.services.flights import Flights
from watchparty.services.heads import Shelf
from watchparty.services.pool import Pool, Priority


class Sounds:
    """`make` makes one cell, on a thread."""

    def __init__(self, name: str, make: Callable[[int], bytes], shelf: Shelf, pool: Pool) -> None:
        self._name, self._make, self._shelf, self._pool = name, make, shelf, pool
        self._flights: Flights[bytes | Path] = Flights()
        self._ahead: asyncio.Task[None] | None = None

    async def cell(self, index: int) -> bytes | Path:
        """The cell, made if need be. Raises NotFound when the sound cannot be read."""
        path = self._shelf.get(self._name, index)
        return path if path is not None else await self._shared(index, Priority.WAITED)

    def run_ahead(self, cells: Iterable[int]) -> None:
        """Somebody will want these soon, in this order."""
        missing = [index for index in cells if not self._shelf.has(self._name, index)]
        if missing and self.idle:
            self._ahead = asyncio.create_task(self._make_ahead(missing))

    async def fill(self, cells: int, told: Callable[[int], None]) -> None:
        """Makes every cell that is missing, of so many, while nobody waits for anything; `told` hears of each.

        Raises StorageFull when there is no room, NotFound when the sound cannot be read.
        """
        loop = asyncio.get_running_loop()

        def work(hold: Callable[[], bool]) -> None:
            for index in range(cells):
                if self._shelf.has(self._name, index):
                    continue
                if not hold():
                    return
                if self._shelf.put(self._name, index, self._make(index), Priority.BACKGROUND) is None:
                    raise StorageFull("There is no room to prepare this film further.")
                loop.call_soon_threadsafe(told, index)

        try:
            await self._pool.work(work)
        except (Unplayable, OSError) as error:
            raise _not_found(error) from error

    @property
    def idle(self) -> bool:
        return self._ahead is None or self._ahead.done()

    async def stop(self) -> None:
        """Drops everything under way."""
        self._flights.stop()
        if self._ahead is not None:
            self._ahead.cancel()
            await asyncio.gather(self._ahead, return_exceptions=True)

    async def _shared(self, index: int, priority: Priority) -> bytes | Path:
        return await self._flights.share(index, lambda: self._made(index, priority))

    async def _made(self, index: int, priority: Priority) -> bytes | Path:
        try:
            data = await self._pool.run(self._make, index)
        except (Unplayable, OSError) as error:
            raise _not_found(error) from error
        return await self._pool.run(self._shelf.put, self._name, index, data, priority) or data

    async def _make_ahead(self, cells: Iterable[int]) -> None:
        with suppress(Problem):  # whoever comes to it will be told why
            for index in cells:
                if isinstance(await self._shared(index, Priority.AHEAD), bytes):
                    return  # there is no room to keep it


def _not_found(error: Unplayable | OSError) -> NotFound:
    return NotFound(error.reason if isinstance(error, Unplayable) else "The film's file cannot be read.")
