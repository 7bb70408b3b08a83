"""Films that are kept ready: every segment of every size and sound made beforehand, and never evicted."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Protocol

from watchparty.domain.errors import Conflict, Problem, StorageFull
from watchparty.domain.job import Job
from watchparty.domain.user import Person
from watchparty.domain.video import Status, Video
from watchparty.services.cells import Cells, Film
from watchparty.services.clock import Clock
from watchparty.services.films import Films
from watchparty.services.ids import new_id
from watchparty.services.progress import Progress, Work
from watchparty.services.videos import Videos
from watchparty.storage.database import Database, Tx
from watchparty.storage.jobs import JobStore
from watchparty.storage.videos import VideoStore

KIND = "keep"


class Queue(Protocol):
    """What works off the jobs."""

    def look(self) -> None:
        """There may be new jobs."""

    async def cancel(self, kind: str, video_id: str) -> None:
        """Jobs of this kind are not wanted any more; returns when none is under way."""


class Keeping:
    def __init__(
        self,
        database: Database,
        store: VideoStore,
        jobs: JobStore,
        videos: Videos,
        films: Films,
        cells: Cells,
        queue: Queue,
        clock: Clock,
    ) -> None:
        self._database = database
        self._store = store
        self._jobs = jobs
        self._videos = videos
        self._films = films
        self._cells = cells
        self._queue = queue
        self._clock = clock

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Keeping"]:
        """At the start, has made what is missing of kept films, should somebody have emptied the cache."""
        looking = asyncio.create_task(self._recover(), name="look for what kept films lack")
        try:
            yield self
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)

    async def set(self, person: Person, video_id: str, on: bool) -> Video:
        """Keep a film ready from now on, or no longer. One that is not ready yet is kept as soon as it is.

        Asking again has what could not be made before tried again. Raises NotFound, or NotAllowed for those who may
        only watch it.
        """
        video = await self._videos.find_own(person, video_id)
        now = self._clock.time()

        def keep(tx: Tx) -> Video | None:
            self._store.set_keep_ready(tx, video.id, on)
            changed = self._store.get(tx, video.id)
            if on and changed is not None and changed.status is Status.READY:
                queue_keeping(tx, self._jobs, changed, now)
            return changed

        changed = await self._database.write(keep)
        await self._cells.keep(video.id, on and changed is not None)
        if on:
            self._queue.look()
        else:
            await self._queue.cancel(KIND, video.id)
        return changed or video

    async def _recover(self) -> None:
        for video_id in await self._database.read(self._store.kept_ready):
            with contextlib.suppress(Problem):  # not ready yet
                if self._cells.lacks(await self._films.open(video_id)):
                    await self._database.write(lambda tx, video_id=video_id: self._queue_again(tx, video_id))  # type: ignore[misc]
        self._queue.look()

    def _queue_again(self, tx: Tx, video_id: str) -> None:
        video = self._store.get(tx, video_id)
        if video is not None and video.keep_ready:
            queue_keeping(tx, self._jobs, video, self._clock.time())


def queue_keeping(tx: Tx, jobs: JobStore, video: Video, now: float) -> None:
    """Have everything of a film made that is missing, unless that waits or runs already."""
    if not jobs.has_open(tx, KIND, video.id):
        jobs.add(tx, Job(new_id(), KIND, video.id, now, video.owner_id))


async def make_everything(
    film: Film, cells: Cells, progress: Progress, told: Callable[[float, float, float | None], None] = lambda *_: None
) -> None:
    """The job itself: what is there already is not made again, so that it goes on where it was interrupted.

    `told` hears how much is done (0 to 1), how fast (seconds of film a second) and how many seconds are left, where
    that is known. Raises Conflict when the disk has no more room than is to be left free.
    """
    names = [rendition.name for rendition in film.encoded]
    activity = "Making every size of this film, to keep it ready"

    def tell(done: float, speed: float) -> None:
        left = (1 - done) * film.source.duration / speed if speed > 0 else None
        told(done, speed, left)
        progress.tell(Work(film.video_id, Status.READY, done, activity, None, speed, left))

    ended = None
    tell(0.0, 0.0)
    try:
        await cells.tidy(film)
        await cells.fill(film, names, tell)
    except StorageFull as full:
        ended = "The disk has no room to keep all of this film ready."
        # Not tried again by itself: that would fill up whatever somebody makes room for.
        raise Conflict(ended) from full
    finally:
        progress.tell(Work(film.video_id, Status.READY, 1.0, ended))
