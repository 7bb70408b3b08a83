"""Any cell of any rendition, made when somebody wants it: once for all who do, and kept as long as there is room."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from watchparty.domain import playlist
from watchparty.domain.errors import NotFound, StorageFull
from watchparty.domain.grid import Grid
from watchparty.domain.ladder import Rendition
from watchparty.domain.source import Source, Unplayable
from watchparty.media.encode import REVISION, Made, encoded_init, encoded_pictures
from watchparty.media.nice import BACKGROUND, VIEWER
from watchparty.media.remux import copied_pictures, picture_init
from watchparty.media.shelf import put_away
from watchparty.media.sound import sound_init, sounds
from watchparty.services.heads import Lane
from watchparty.services.pool import Pool, Priority
from watchparty.storage.cells import CellCache

_T = TypeVar("_T")

_LANES = 64


@dataclass(frozen=True)
class Film:
    """What the engine has to know of a video: its file, what is in it, where it is cut, and how it is offered."""

    video_id: str
    path: str
    source: Source
    grid: Grid
    renditions: tuple[Rendition, ...]

    def rendition(self, name: str) -> Rendition:
        """The rendition of that name; raises NotFound."""
        found = next((rendition for rendition in self.renditions if rendition.name == name), None)
        if found is None:
            raise NotFound("This video has no such rendition.")
        return found


class _Flight:
    """A piece of work several may wait for; it is dropped when the last of them has left."""

    def __init__(self, work: Awaitable[bytes | Path]) -> None:
        self.task = asyncio.ensure_future(work)
        self.waiters = 0


class _Shelf:
    """The cells of one rendition in the cache."""

    def __init__(self, cache: CellCache, video_id: str, folder: str) -> None:
        self._cache, self._video_id, self.folder = cache, video_id, folder

    def get(self, index: int) -> Path | None:
        return self._cache.get(self._video_id, self.folder, index)

    def has(self, index: int) -> bool:
        return self._cache.has(self._video_id, self.folder, index)

    def miss(self, index: int) -> None:
        self._cache.miss(self._video_id, self.folder, index)

    def put(self, index: int, data: bytes) -> Path | None:
        return self._cache.put(self._video_id, self.folder, index, data)

    def count(self) -> int:
        return self._cache.count(self._video_id, self.folder)


class Cells:
    """The segment engine. Open with `async with`.

    `folder` holds produced cells, at most `most_bytes` of them, leaving `least_free` bytes of the disk to others;
    at most `encodings` run at once (None: one per core).
    """

    def __init__(
        self, folder: Path, most_bytes: int, *, least_free: int = 2 << 30, encodings: int | None = None
    ) -> None:
        self._cache_settings = (folder, most_bytes, least_free)
        self._pool = Pool(encodings)
        self._stack = AsyncExitStack()
        self._flights: dict[tuple[str, str, int], _Flight] = {}
        self._lanes: dict[tuple[str, str], Lane] = {}
        self._inits: dict[tuple[str, str], bytes] = {}
        self._shelves: dict[tuple[str, str], tuple[Film, _Shelf]] = {}

    async def __aenter__(self) -> Cells:
        self._cache = await asyncio.to_thread(CellCache, *self._cache_settings)
        await self._stack.enter_async_context(self._pool)
        return self

    async def __aexit__(self, *_: object) -> None:
        for lane in self._lanes.values():
            await lane.stop()
        for flight in self._flights.values():
            flight.task.cancel()
        await self._stack.aclose()
        put_away()

    async def init(self, film: Film, rendition: str) -> bytes:
        """The init segment of a rendition; raises NotFound when there is no such or the file cannot be read."""
        key = (film.video_id, rendition)
        if key not in self._inits:
            found = film.rendition(rendition)
            self._inits[key] = await _answered(self._pool.run(_make_init, film, found))
        return self._inits[key]

    async def cell(self, film: Film, rendition: str, index: int) -> bytes | Path:
        """A cell's bytes, or where they lie; made if need be. Raises NotFound, or Busy when too much is under way."""
        found = film.rendition(rendition)
        if not 0 <= index < len(playlist.durations(found, film.grid)):
            raise NotFound("This video has no such segment.")
        if found.mode == "copy":
            return await self._shared(film, found, index, partial(self._pool.run, _make, film, found, index))
        made = await self._encoded(film, found, index)
        if isinstance(made, Path) and not await self._pool.run(made.is_file):
            # The folder is anybody's to empty, and a cell may be evicted between two looks.
            self._shelf(film, found).miss(index)
            made = await self._encoded(film, found, index)
        return made

    def ready(self, film: Film) -> dict[str, int]:
        """How many cells of each rendition are there to be sent; of a copied one, all."""
        return {rendition.name: self._ready(film, rendition) for rendition in film.renditions}

    @property
    def busy(self) -> bool:
        """Whether anything is being encoded, or waits for its turn."""
        return any(not lane.idle for lane in self._lanes.values())

    async def fill(self, film: Film, rendition: str, progress: Callable[[float, float], None]) -> None:
        """Makes every cell of a rendition that is missing, whenever nobody waits for anything; cancel it to stop.

        `progress` hears how much is done (0 to 1) and how fast (seconds of film a second). Raises StorageFull when
        there is no room, NotFound when the film cannot be read.
        """
        found = film.rendition(rendition)
        durations = playlist.durations(found, film.grid)
        began, made = time.monotonic(), 0.0

        def told(index: int) -> None:
            nonlocal made
            made += durations[index]
            progress((index + 1) / len(durations), made / max(time.monotonic() - began, 1e-3))

        if found.mode == "encode" and found.kind == "video":
            await self._lane(film, found).fill(told)
        elif found.mode == "encode":
            await self._fill_sound(film, found, len(durations), told)
        progress(1.0, 0.0)

    async def forget(self, video_id: str) -> None:
        """Drops everything of a video that is deleted, and stops what is being made of it."""
        for key in [key for key in self._lanes if key[0] == video_id]:
            await self._lanes.pop(key).stop()
        for flight_key in [key for key in self._flights if key[0] == video_id]:
            self._flights[flight_key].task.cancel()
        for kept in (self._inits, self._shelves):
            for key in [key for key in kept if key[0] == video_id]:
                del kept[key]
        await asyncio.to_thread(self._cache.forget, video_id)
        await asyncio.to_thread(put_away)

    async def _shared(
        self, film: Film, rendition: Rendition, index: int, work: Callable[[], Awaitable[bytes | Path]]
    ) -> bytes | Path:
        """Single flight: who asks for the same meanwhile gets the same."""
        key = (film.video_id, rendition.name, index)
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight(_answered(work()))
            flight.task.add_done_callback(lambda _: self._flights.pop(key, None))
        flight.waiters += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiters -= 1
            if not flight.waiters and not flight.task.done():
                flight.task.cancel()

    async def _encoded(self, film: Film, rendition: Rendition, index: int) -> bytes | Path:
        if rendition.kind == "audio":
            return await self._shared(film, rendition, index, partial(self._kept, film, rendition, index))
        return await self._lane(film, rendition).cell(index)

    async def _kept(self, film: Film, rendition: Rendition, index: int) -> bytes | Path:
        """A cell that is cheap to make but not free: from the cache, or made and put there."""
        shelf = self._shelf(film, rendition)
        path = shelf.get(index)
        if path is not None:
            return path
        data = await self._pool.run(_make, film, rendition, index)
        return await self._pool.run(shelf.put, index, data) or data

    async def _fill_sound(self, film: Film, rendition: Rendition, cells: int, told: Callable[[int], None]) -> None:
        shelf = self._shelf(film, rendition)
        for index in range(cells):
            if not shelf.has(index):
                made = await self.cell(film, rendition.name, index)
                if isinstance(made, bytes):
                    raise StorageFull("There is no room to prepare this film further.")
                told(index)

    def _lane(self, film: Film, rendition: Rendition) -> Lane:
        key = (film.video_id, rendition.name)
        shelf = self._shelf(film, rendition)
        lane = self._lanes.get(key)
        if lane is None or lane.shelf is not shelf:
            self._drop_idle_lanes()
            lane = self._lanes[key] = Lane(film.grid.encode, partial(_steps, film, rendition), shelf, self._pool)
        return lane

    def _drop_idle_lanes(self) -> None:
        if len(self._lanes) >= _LANES:
            self._lanes = {key: lane for key, lane in self._lanes.items() if not lane.idle}

    def _shelf(self, film: Film, rendition: Rendition) -> _Shelf:
        key = (film.video_id, rendition.name)
        known, shelf = self._shelves.get(key, (None, None))
        if shelf is None or known is not film:
            folder = _folder(film, rendition)
            if shelf is None or shelf.folder != folder:
                shelf = _Shelf(self._cache, film.video_id, folder)
            self._shelves[key] = film, shelf
        return shelf

    def _ready(self, film: Film, rendition: Rendition) -> int:
        if rendition.mode == "copy":
            return len(playlist.durations(rendition, film.grid))
        return self._shelf(film, rendition).count()


def _folder(film: Film, rendition: Rendition) -> str:
    """Where a rendition's cells lie: elsewhere once the grid or the encoding is another, for they go together."""
    what = f"{REVISION} {rendition!r} {film.grid.encode!r}"
    return f"{rendition.name}-{sha256(what.encode()).hexdigest()[:12]}"


async def _answered(work: Awaitable[_T]) -> _T:
    """What the media floor has to say, in the words of requests."""
    try:
        return await work
    except Unplayable as error:
        raise NotFound(error.reason) from error
    except OSError as error:
        raise NotFound("The film's file cannot be read.") from error


def _make_init(film: Film, rendition: Rendition) -> bytes:
    if rendition.kind == "audio":
        return sound_init(film.path, rendition)
    return picture_init(film.path, rendition.track) if rendition.mode == "copy" else encoded_init(rendition)


def _make(film: Film, rendition: Rendition, index: int) -> bytes:
    """A copied cell, or one of sound."""
    source = film.source
    if rendition.kind == "video":
        return copied_pictures(film.path, rendition.track, source.start, film.grid.copy, index)
    track = next(track for track in source.audios if track.index == rendition.track)
    return sounds(film.path, track, source.start, rendition, film.grid, index)


def _steps(film: Film, rendition: Rendition, first: int, priority: Priority) -> Iterator[Made | None]:
    nice = BACKGROUND if priority is Priority.BACKGROUND else VIEWER
    assert film.source.video is not None
    return encoded_pictures(film.path, film.source.video, film.source.start, film.grid.encode, [rendition], first, nice)
