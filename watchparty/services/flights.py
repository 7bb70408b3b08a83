"""Single flight: who asks for the same meanwhile gets the same, and work nobody waits for any more is dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

_T = TypeVar("_T")


class _Flight(Generic[_T]):
    def __init__(self, work: Awaitable[_T]) -> None:
        self.task = asyncio.ensure_future(work)
        self.waiters = 0


class Flights(Generic[_T]):
    """Pieces of work under way, each by what it makes."""

    def __init__(self) -> None:
        self._flights: dict[object, _Flight[_T]] = {}

    async def share(self, key: object, work: Callable[[], Awaitable[_T]]) -> _T:
        """What `work` gives, or what is being made for the same key already."""
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight(work())
            flight.task.add_done_callback(lambda _: self._flights.pop(key, None))
        flight.waiters += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiters -= 1
            if not flight.waiters and not flight.task.done():
                flight.task.cancel()

    def stop(self) -> None:
        """Drops everything; those who wait are cancelled."""
        for flight in self._flights.values():
            flight.task.cancel()
