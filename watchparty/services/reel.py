"""One film in the segment engine: where each of its cells comes from, and where it is kept."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from watchparty.domain import playlist
from watchparty.domain.demand import AHEAD_SECONDS, Foreseen, Viewer
from watchparty.domain.errors import NotFound
from watchparty.domain.grid import Grid
from watchparty.domain.ladder import Rendition
from watchparty.domain.source import TICKS, Source, Unplayable
from watchparty.media.encode import REVISION, Made, encoded_init, encoded_pictures
from watchparty.media.nice import BACKGROUND, VIEWER
from watchparty.media.remux import copied_pictures, picture_init
from watchparty.media.sound import sound_init, sounds
from watchparty.services.flights import Flights
from watchparty.services.heads import Heads
from watchparty.services.pool import Pool, Priority
from watchparty.services.sounds import Sounds
from watchparty.storage.cells import CellCache

_T = TypeVar("_T")

_SPARED_SECONDS = {Priority.WAITED: 0.0, Priority.AHEAD: 60.0, Priority.BACKGROUND: 3600.0}
"""No cell goes for another that is not more urgent when it was used no longer ago: it would only be made again."""


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

    def cells(self, rendition: Rendition) -> int:
        """How many cells a rendition has."""
        return len(self.boundaries(rendition)) - 1

    def boundaries(self, rendition: Rendition) -> tuple[int, ...]:
        """Where a rendition's cells begin and, last, where they end, in ticks."""
        is_copied_picture = rendition.kind == "video" and rendition.mode == "copy"
        return self.grid.copy if is_copied_picture else self.grid.encode

    @property
    def encoded(self) -> tuple[Rendition, ...]:
        """What has to be made and kept: all that is not copied."""
        return tuple(rendition for rendition in self.renditions if rendition.mode == "encode")


class _Shelf:
    """The film's cells in the cache."""

    def __init__(self, cache: CellCache, film: Film) -> None:
        self._cache, self._video_id = cache, film.video_id
        self._folders = {rendition.name: _folder(film, rendition) for rendition in film.encoded}

    def get(self, rung: str, index: int) -> Path | None:
        return self._cache.get(self._video_id, self._folders[rung], index)

    def has(self, rung: str, index: int) -> bool:
        return self._cache.has(self._video_id, self._folders[rung], index)

    def put(self, rung: str, index: int, data: bytes, priority: Priority) -> Path | None:
        unasked, sparing = priority is Priority.BACKGROUND, _SPARED_SECONDS[priority]
        return self._cache.put(self._video_id, self._folders[rung], index, data, unasked=unasked, sparing=sparing)

    def miss(self, rung: str, index: int) -> None:
        self._cache.miss(self._video_id, self._folders[rung], index)

    def count(self, rung: str) -> int:
        return self._cache.count(self._video_id, self._folders[rung])

    def bytes_of(self, rung: str) -> int:
        return self._cache.bytes_of(self._video_id, self._folders[rung])

    def tidy(self) -> None:
        self._cache.retain(self._video_id, self._folders.values())


class Reel:
    """`encoder` names the H.264 encoder to be used."""

    def __init__(self, film: Film, cache: CellCache, pool: Pool, encoder: Callable[[], str]) -> None:
        self.film = film
        self._cache, self._pool, self._encoder = cache, pool, encoder
        self._shelf = _Shelf(cache, film)
        self._copies: Flights[bytes] = Flights()
        self._inits: dict[str, bytes] = {}
        rungs = [rendition.name for rendition in film.encoded if rendition.kind == "video"]
        self._heads = Heads(film.grid.encode, rungs, self._steps, self._shelf, pool)
        self._sounds = {
            rendition.name: Sounds(rendition.name, partial(self._make, rendition), self._shelf, pool)
            for rendition in film.encoded
            if rendition.kind == "audio"
        }

    def follows(self, film: Film) -> bool:
        """Whether this is the same film, whose file may have another name now; a head under way keeps it open."""
        if film is not self.film and replace(film, path=self.film.path) != self.film:
            return False
        self.film = film
        return True

    @property
    def idle(self) -> bool:
        return self._heads.idle and all(sound.idle for sound in self._sounds.values())

    async def init(self, rendition: Rendition) -> bytes:
        if rendition.name not in self._inits:
            self._inits[rendition.name] = await _answered(self._pool.run(_make_init, self.film, rendition))
        return self._inits[rendition.name]

    async def cell(self, rendition: Rendition, index: int, viewer_id: str | None = None) -> bytes | Path:
        """A cell, made if need be."""
        viewer = None if viewer_id is None else Viewer(viewer_id, rendition.kind)
        if rendition.mode == "copy":
            self._heads.asked(rendition.name, self._encoded_index(rendition, index), viewer)
            work = partial(self._pool.run, self._make, rendition, index)
            return await self._copies.share((rendition.name, index), lambda: _answered(work()))
        made = await self._encoded(rendition, index, viewer)
        if isinstance(made, Path) and not await self._pool.run(self._cache.touch, made):
            # The folder is anybody's to empty, and a cell may be evicted between two looks.
            self._shelf.miss(rendition.name, index)
            made = await self._encoded(rendition, index, viewer)
        return made

    def ready(self, rendition: Rendition) -> int:
        """How many cells are there to be sent; of a copied rendition, all."""
        return self.film.cells(rendition) if rendition.mode == "copy" else self._shelf.count(rendition.name)

    def stored_bytes(self, rendition: Rendition) -> int:
        return 0 if rendition.mode == "copy" else self._shelf.bytes_of(rendition.name)

    async def fill(self, renditions: Collection[Rendition], progress: Callable[[float, float], None]) -> None:
        """Makes every cell of these encoded renditions that is missing; `progress` as in `Cells.fill`."""
        cells = {rendition.name: self.film.cells(rendition) for rendition in renditions}
        seconds = {rendition.name: playlist.durations(rendition, self.film.grid) for rendition in renditions}
        began, made, total = time.monotonic(), 0.0, sum(cells.values())

        def told(name: str, index: int) -> None:
            nonlocal made
            made += seconds[name][index] / len(renditions)
            ready = sum(min(self._shelf.count(each), cells[each]) for each in cells)
            progress(ready / total, made / max(time.monotonic() - began, 1e-3))

        pictures = [rendition.name for rendition in renditions if rendition.kind == "video"]
        if pictures:
            await self._heads.fill(pictures, lambda made: told(made.rendition, made.index))
        for name in cells.keys() - set(pictures):
            await self._sounds[name].fill(cells[name], partial(told, name))

    async def tidy(self) -> None:
        """Deletes cells that were made for another grid or by an encoder of old."""
        await asyncio.to_thread(self._shelf.tidy)

    def foresee(self, places: Sequence[tuple[float, bool]]) -> list[range]:
        """Rooms are at these seconds, playing or not; answers the cells they are about to need."""
        foreseen: list[Foreseen] = []
        needed = []
        for seconds, playing in places:
            cells = range(self._index_at(seconds), self._index_at(seconds + AHEAD_SECONDS) + 1)
            needed.append(cells)
            foreseen += [Foreseen(rung, cells.start, playing) for rung in self._rungs_watched(cells.start)]
            for name in self._sounds_watched(cells.start):
                self._sounds[name].run_ahead(cells)
        self._heads.foresee(foreseen)
        return needed

    async def stop(self) -> None:
        """Stops everything for good; those who wait are told that the film is gone."""
        await self._heads.stop()
        self._copies.stop()
        for each in self._sounds.values():
            await each.stop()

    async def _encoded(self, rendition: Rendition, index: int, viewer: Viewer | None) -> bytes | Path:
        if rendition.kind == "audio":
            self._heads.asked(rendition.name, index, viewer)
            return await self._sounds[rendition.name].cell(index)
        return await self._heads.cell(rendition.name, index, viewer)

    def _steps(self, first: int, rungs: frozenset[str], priority: Priority) -> Iterator[Made | None]:
        film, nice = self.film, BACKGROUND if priority is Priority.BACKGROUND else VIEWER
        assert film.source.video is not None
        renditions = [rendition for rendition in film.encoded if rendition.name in rungs]
        what = (film.path, film.source.video, film.source.start, film.grid.encode, renditions, first, nice)
        return encoded_pictures(*what, encoder=self._encoder())

    def _make(self, rendition: Rendition, index: int) -> bytes:
        """A copied cell, or one of sound."""
        film, source = self.film, self.film.source
        if rendition.kind == "video":
            return copied_pictures(film.path, rendition.track, source.start, film.grid.copy, index)
        track = next(track for track in source.audios if track.index == rendition.track)
        return sounds(film.path, track, source.start, rendition, film.grid, index)

    def _rungs_watched(self, index: int) -> list[str]:
        """The encoded pictures that people about there watch; where nobody does yet, what they will begin with."""
        pictures = [rendition for rendition in self.film.renditions if rendition.kind == "video"]
        rungs = [rendition for rendition in pictures if rendition.mode == "encode"]
        watched = self._watched(pictures, index)
        if watched:
            return [rung.name for rung in rungs if rung.name in watched]
        if any(each.mode == "copy" and each.universal for each in pictures):
            return []
        return [rung.name for rung in sorted(rungs, key=lambda rung: rung.bit_rate)[:1]]

    def _sounds_watched(self, index: int) -> list[str]:
        tracks = [rendition for rendition in self.film.renditions if rendition.kind == "audio"]
        if not tracks:
            return []
        heard = self._watched(tracks, index) or {playlist.default(tracks).name}
        return [name for name in heard if name in self._sounds]

    def _watched(self, renditions: Sequence[Rendition], index: int) -> frozenset[str]:
        names = {rendition.name for rendition in renditions}
        return self._heads.demand.watched(names, index, asyncio.get_running_loop().time())

    def _index_at(self, seconds: float) -> int:
        grid = self.film.grid.encode
        return min(max(bisect_right(grid, round(seconds * TICKS)) - 1, 0), len(grid) - 2)

    def _encoded_index(self, rendition: Rendition, index: int) -> int:
        """Sounds are cut where encoded pictures are, and each copied cell begins where one of those does."""
        return (
            index if rendition.kind == "audio" else bisect_right(self.film.grid.encode, self.film.grid.copy[index]) - 1
        )


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
