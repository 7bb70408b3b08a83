"""Storyboards: made once for every film that has a picture, kept, and found again."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from watchparty.domain.errors import NotFound
from watchparty.domain.job import Job
from watchparty.domain.storyboard import VTT, cues, sheet_name, storyboard
from watchparty.domain.video import Video
from watchparty.media.storyboard import Sheet, sheets
from watchparty.services.clock import Clock
from watchparty.services.films import Films
from watchparty.services.ids import new_id
from watchparty.storage.database import Database, Tx
from watchparty.storage.jobs import JobStore
from watchparty.storage.objects import ObjectStore, whole
from watchparty.storage.videos import VideoStore

KIND = "storyboard"
FOLDER = "storyboards"


class Storyboards:
    def __init__(
        self, database: Database, store: VideoStore, jobs: JobStore, films: Films, objects: ObjectStore, clock: Clock
    ) -> None:
        self._database = database
        self._store = store
        self._jobs = jobs
        self._films = films
        self._objects = objects
        self._clock = clock

    async def recover(self) -> None:
        """Delete what belongs to no film, and have a film that came before there were storyboards get its own."""
        wanted = await self._database.read(self._store.storyboard_keys)
        for kept in await self._objects.list(FOLDER):
            if kept.key.rsplit("/", 1)[0] not in wanted:
                await self._objects.delete(kept.key)
        await self.queue_next()

    async def queue_next(self) -> bool:
        """Queue the newest film that lacks a storyboard, unless one is queued already; whether there was one.

        One at a time, so that a new film never waits behind the whole library.
        """

        def queue(tx: Tx) -> bool:
            video_id = None if self._jobs.waits(tx, KIND) else self._store.without_storyboard(tx)
            if video_id is not None:
                self._jobs.add(tx, Job(new_id(), KIND, video_id, self._clock.time()))
            return video_id is not None

        return await self._database.write(queue)

    async def make(self, video_id: str, progress: Callable[[float], None]) -> None:
        """Make and keep a film's storyboard; `progress` hears how much is done, 0 to 1. Cancel it to stop.

        Raises NotFound or Conflict when the film cannot be watched (any more), Unplayable when its picture cannot be
        decoded, and StorageFull.
        """
        film = await self._films.open(video_id)
        track = film.source.video
        if track is None:
            return
        board = storyboard(film.source.duration, track.display_width, track.display_height)
        key = f"{FOLDER}/{video_id}/{new_id()}"
        async for step in _steps(sheets(film.path, film.source, board)):
            if isinstance(step, Sheet):
                await self._objects.put(f"{key}/{_flat(sheet_name(step.number))}", whole(step.data))
            else:
                progress(step)
        await self._objects.put(f"{key}/{VTT}", whole(cues(board).encode()))
        await self._database.write(lambda tx: self._store.set_storyboard(tx, video_id, key))
        for kept in await self._objects.list(f"{FOLDER}/{video_id}"):
            if not kept.key.startswith(f"{key}/"):
                await self._objects.delete(kept.key)

    async def path(self, video: Video, file: str) -> Path:
        """Where a file of the film's storyboard lies. Raises NotFound."""
        if video.storyboard_key is None:
            raise NotFound("This video has no storyboard yet.")
        key = f"{video.storyboard_key}/{_flat(file)}"
        await self._objects.stat(key)
        return self._objects.path(key)


async def _steps(steps: Iterator[Sheet | float]) -> AsyncIterator[Sheet | float]:
    """Each step on a thread; whoever stops waits for the one under way, which has the film open."""
    while True:
        step = asyncio.ensure_future(asyncio.to_thread(next, steps, None))
        try:
            made = await asyncio.shield(step)
        except asyncio.CancelledError:
            await asyncio.wait([step])
            raise
        if made is None:
            return
        yield made


def _flat(name: str) -> str:
    return name.rsplit("/", 1)[-1]
