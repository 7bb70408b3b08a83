"""Any cell of any rendition, made when somebody wants it: once for all who do, and kept as long as there is room."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from watchparty.domain.errors import NotFound
from watchparty.media.encoders import LIBX264
from watchparty.media.shelf import put_away
from watchparty.services.pool import Pool
from watchparty.services.reel import Film, Reel
from watchparty.storage.cells import CellCache, Usage

__all__ = ["Cells", "Film", "Playhead"]

TRIM_EVERY = 2.0
"""Seconds between looks whether the cache has to give way to others on the disk."""
_REELS = 64


@dataclass(frozen=True)
class Playhead:
    """Where a room is in a film, in seconds."""

    film: Film
    seconds: float
    playing: bool


class Cells:
    """The segment engine. Open with `async with`.

    `folder` holds produced cells, at most `most_bytes` of them, leaving `least_free` bytes of the disk to others; the
    cells of `kept` videos stay and do not count. At most `encodings` run at once (None: one per core), with the H.264
    encoder that `encoder` names. `pool` is where other long work may ask for a core.
    """

    def __init__(
        self,
        folder: Path,
        most_bytes: int,
        *,
        least_free: int = 2 << 30,
        kept: Iterable[str] = (),
        encodings: int | None = None,
        encoder: Callable[[], str] = lambda: LIBX264,
    ) -> None:
        self.pool = Pool(encodings)
        self._cache_settings = (folder, most_bytes, least_free, kept)
        self._encoder = encoder
        self._stack = AsyncExitStack()
        self._reels: dict[str, Reel] = {}
        self._retiring: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Cells:
        self._cache = await asyncio.to_thread(CellCache, *self._cache_settings)
        await self._stack.enter_async_context(self.pool)
        self._trimming = asyncio.create_task(self._trim(), name="trim the cache of segments")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._trimming.cancel()
        await asyncio.gather(self._trimming, *self._retiring, return_exceptions=True)
        for reel in self._reels.values():
            await reel.stop()
        await self._stack.aclose()
        put_away()

    async def init(self, film: Film, rendition: str) -> bytes:
        """The init segment of a rendition; raises NotFound when there is no such or the file cannot be read."""
        return await self._reel(film).init(film.rendition(rendition))

    async def cell(self, film: Film, rendition: str, index: int, viewer: str | None = None) -> bytes | Path:
        """A cell's bytes, or where they lie; made if need be. Raises NotFound, or Busy when too much is under way.

        Where it is known who asks, nothing more is made of what they have left.
        """
        found = film.rendition(rendition)
        if not 0 <= index < film.cells(found):
            raise NotFound("This video has no such segment.")
        return await self._reel(film).cell(found, index, viewer)

    def ready(self, film: Film) -> dict[str, int]:
        """How many cells of each rendition are there to be sent; of a copied one, all."""
        return {rendition.name: self._reel(film).ready(rendition) for rendition in film.renditions}

    def stored(self, film: Film) -> dict[str, int]:
        """How many bytes of each rendition lie on the disk."""
        return {rendition.name: self._reel(film).stored_bytes(rendition) for rendition in film.renditions}

    def stored_by_video(self) -> dict[str, int]:
        """How many bytes each video takes, by its id."""
        return self._cache.by_video()

    @property
    def tally(self) -> Mapping[str, int]:
        """How often a cell was there already (hits) or not (misses), and how many had to go (evictions)."""
        return self._cache.tally

    async def usage(self) -> Usage:
        """What the cache takes of the disk, and what it may."""
        return await asyncio.to_thread(self._cache.usage)

    def limit(self, most_bytes: int, least_free: int) -> None:
        """From now on cells take at most so many bytes, and leave so many to others; what is too much goes soon."""
        self._cache.limit(most_bytes, least_free)

    @property
    def busy(self) -> bool:
        """Whether anything is being encoded, or waits for its turn."""
        return any(not reel.idle for reel in self._reels.values())

    async def fill(
        self, film: Film, renditions: str | Collection[str], progress: Callable[[float, float], None]
    ) -> None:
        """Makes every cell of these renditions that is missing, whenever nobody waits for anything; cancel it to stop.

        `progress` hears how much is done (0 to 1) and how fast (seconds of film a second, in all renditions). Raises
        StorageFull when there is no room, NotFound when the film cannot be read.
        """
        names = [renditions] if isinstance(renditions, str) else renditions
        encoded = [rendition for rendition in map(film.rendition, names) if rendition.mode == "encode"]
        if encoded:
            await self._reel(film).fill(encoded, progress)
        progress(1.0, 0.0)

    def lacks(self, film: Film) -> bool:
        """Whether anything of it would have to be made first."""
        return any(self._reel(film).ready(rendition) < film.cells(rendition) for rendition in film.encoded)

    async def tidy(self, film: Film) -> None:
        """Deletes what was made of this film before it was cut or encoded as it is now."""
        await self._reel(film).tidy()

    async def keep(self, video_id: str, on: bool) -> None:
        """Whether a video's cells stay for good, or only as long as there is room."""
        await asyncio.to_thread(self._cache.keep, video_id, on)

    def foresee(self, playheads: Iterable[Playhead]) -> None:
        """Where all rooms are now: what they are about to need is made, and stays; never waits."""
        places: dict[str, list[Playhead]] = defaultdict(list)
        for playhead in playheads:
            places[playhead.film.video_id].append(playhead)
        for video_id in self._reels.keys() - places.keys():
            self._reels[video_id].foresee(())
        self._cache.protect(
            {
                video_id: self._reel(there[0].film).foresee([(each.seconds, each.playing) for each in there])
                for video_id, there in places.items()
            }
        )

    async def forget(self, video_id: str) -> None:
        """Drops everything of a video that is deleted, and stops what is being made of it."""
        reel = self._reels.pop(video_id, None)
        if reel is not None:
            await reel.stop()
        await asyncio.to_thread(self._cache.forget, video_id)
        await asyncio.to_thread(put_away)

    def _reel(self, film: Film) -> Reel:
        reel = self._reels.get(film.video_id)
        if reel is not None and not reel.follows(film):
            self._retire(reel)
            reel = None
        if reel is None:
            self._drop_idle_reels()
            reel = self._reels[film.video_id] = Reel(film, self._cache, self.pool, self._encoder)
        return reel

    def _retire(self, reel: Reel) -> None:
        """The film is cut anew."""
        task = asyncio.get_running_loop().create_task(reel.stop())
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    def _drop_idle_reels(self) -> None:
        if len(self._reels) >= _REELS:
            self._reels = {video_id: reel for video_id, reel in self._reels.items() if not reel.idle}

    async def _trim(self) -> None:
        """The cap and the free space hold also while nothing is being made."""
        while True:
            await asyncio.sleep(TRIM_EVERY)
            with suppress(OSError):
                await asyncio.to_thread(self._cache.trim)
