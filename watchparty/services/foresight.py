"""What rooms will need in the next half minute is made before anybody asks for it, and not evicted meanwhile."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable
from typing import Protocol

from watchparty.domain.errors import Problem
from watchparty.services.cells import Cells, Playhead
from watchparty.services.films import Films

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5
"""Seconds: after a jump nothing must be made for long of where the room was."""


class Rooms(Protocol):
    """Who knows what will be watched soon: the live rooms, or their queues."""

    def playheads(self) -> Iterable[tuple[str, float, bool]]:
        """Video, position in seconds, and whether it plays; of each room that has a film."""


class Foresight:
    """Looks at the rooms twice a second; `rooms` may be several sources."""

    def __init__(self, rooms: Iterable[Rooms], films: Films, cells: Cells) -> None:
        self._rooms = [*rooms]
        self._films = films
        self._cells = cells

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Foresight"]:
        """Looks until left."""
        looking = asyncio.create_task(self._look_on(), name="look ahead of rooms")
        try:
            yield self
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)

    async def look(self) -> None:
        """Tell the engine where the rooms are at this moment."""
        films = {}
        for video_id in {video_id for video_id, _, _ in self._playheads()}:
            with contextlib.suppress(Problem):  # a film that is not ready yet, or gone
                films[video_id] = await self._films.open(video_id)
        # Asked again, for a film may have been deleted meanwhile, of which nothing must be made any more.
        self._cells.foresee(Playhead(films[video], at, on) for video, at, on in self._playheads() if video in films)

    def _playheads(self) -> list[tuple[str, float, bool]]:
        return [place for rooms in self._rooms for place in rooms.playheads()]

    async def _look_on(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("what rooms will need could not be foreseen")
            await asyncio.sleep(LOOK_EVERY)
