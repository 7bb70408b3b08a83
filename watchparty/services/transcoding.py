"""What happens to a film once its bytes are here: looked at, made watchable, given a poster, prepared further."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import msgspec

from watchparty.domain.errors import Problem, StorageFull
from watchparty.domain.job import MOST_ATTEMPTS, Job, JobStatus
from watchparty.domain.ladder import Rendition
from watchparty.domain.source import Unplayable
from watchparty.domain.video import Status, Video
from watchparty.media.child import Look
from watchparty.media.inspect import Inspection
from watchparty.media.poster import poster
from watchparty.services.cells import Cells, Film
from watchparty.services.clock import Clock
from watchparty.services.films import Films, film_of
from watchparty.services.ids import new_id
from watchparty.services.keeping import make_everything, queue_keeping
from watchparty.services.progress import Progress, Work
from watchparty.services.videos import Videos
from watchparty.storage.database import Database, Tx
from watchparty.storage.jobs import JobStore
from watchparty.storage.objects import ObjectStore
from watchparty.storage.videos import VideoStore

log = logging.getLogger(__name__)
T = TypeVar("T")

# Looking at a new film is quick and never waits behind the preparing of another.
WORKERS = {"prepare": 2, "poster": 1, "fill": 1, "keep": 1}
# Seconds between looks for jobs nobody announced: those that a full disk put back.
LOOK_EVERY = 30.0
# Seconds to wait when the disk is full.
LOOK_AGAIN = 5.0
KILLER = "The server stopped each time it worked on this file, so it was set aside."


class Transcoding:
    """`background` says whether films that must be encoded are prepared before anybody watches them."""

    def __init__(
        self,
        database: Database,
        jobs: JobStore,
        store: VideoStore,
        videos: Videos,
        films: Films,
        cells: Cells,
        objects: ObjectStore,
        progress: Progress,
        clock: Clock,
        *,
        background: bool,
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._store = store
        self._videos = videos
        self._films = films
        self._cells = cells
        self._objects = objects
        self._progress = progress
        self._clock = clock
        self._background = background
        self._news = {kind: asyncio.Event() for kind in WORKERS}
        self._steps = {
            "prepare": self._prepare,
            "poster": self._make_poster,
            "fill": self._fill,
            "keep": self._make_all,
        }
        self._running: dict[str, tuple[Job, asyncio.Task[None]]] = {}

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Transcoding"]:
        """Goes on with what the last stop interrupted, then works until left."""
        await self._recover()
        workers = [
            asyncio.create_task(self._work(kind), name=f"{kind} worker")
            for kind, count in WORKERS.items()
            for _ in range(count)
        ]
        try:
            yield self
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    def look(self) -> None:
        """There may be new jobs."""
        for news in self._news.values():
            news.set()

    async def forget(self, video_id: str) -> None:
        """The film was deleted: stop working on it."""
        await self._stop(lambda job: job.video_id == video_id)

    async def cancel(self, kind: str, video_id: str) -> None:
        """Jobs of this kind are not wanted any more for this film; returns when none is under way."""
        now = self._clock.time()
        await self._keep(lambda tx: self._jobs.cancel(tx, kind, video_id, now))
        await self._stop(lambda job: (job.kind, job.video_id) == (kind, video_id))

    async def _stop(self, chosen: Callable[[Job], bool]) -> None:
        tasks = [task for job, task in self._running.values() if chosen(job)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _recover(self) -> None:
        for job in await self._database.read(self._jobs.running):
            if job.attempts >= MOST_ATTEMPTS:
                await self._fail(job, KILLER)
            else:
                await self._database.write(lambda tx, job=job: self._jobs.requeue(tx, job.id))  # type: ignore[misc]

    async def _work(self, kind: str) -> None:
        news = self._news[kind]
        while True:
            news.clear()
            # The attempt is on disk before it begins: should it take the server down, the next start knows.
            job = await self._keep(lambda tx: self._jobs.claim(tx, kind, self._clock.time()))
            if job is None:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), LOOK_EVERY)
                continue
            task = asyncio.create_task(self._attempt(job), name=f"{kind} {job.video_id}")
            self._running[job.id] = (job, task)
            try:
                await asyncio.wait([task])
            finally:
                task.cancel()
                await asyncio.wait([task])
                del self._running[job.id]

    async def _attempt(self, job: Job) -> None:
        try:
            await self._steps[job.kind](job)
        except StorageFull as full:
            await self._put_back(job, full)
        except (Unplayable, Problem) as refusal:
            await self._fail(job, str(refusal))
        except asyncio.CancelledError:
            # An orderly stop is not the file's doing: this attempt does not count.
            await self._database.write(lambda tx: self._jobs.release(tx, job.id))
            raise
        except Exception:
            log.exception("job %s (%s) failed", job.id, job.kind)
            await self._fail(job, "Something went wrong while this file was being read. It is in the server's log.")
        else:
            now = self._clock.time()
            await self._keep(lambda tx: self._jobs.finish(tx, job.id, JobStatus.DONE, None, now))

    async def _put_back(self, job: Job, full: StorageFull) -> None:
        """No room now: a film waits until there is some, and is prepared further when somebody watches it."""
        if job.kind == "fill":
            return await self._fail(job, full.detail)
        log.warning("job %s (%s) waits: %s", job.id, job.kind, full.detail)
        await self._keep(lambda tx: self._jobs.release(tx, job.id))
        return await asyncio.sleep(LOOK_AGAIN)

    async def _keep(self, work: Callable[[Tx], T]) -> T:
        """Write, however long it takes until there is room for it."""
        while True:
            try:
                return await self._database.write(work)
            except StorageFull as full:
                log.warning("the queue of jobs waits: %s", full.detail)
                await asyncio.sleep(LOOK_AGAIN)

    async def _prepare(self, job: Job) -> None:
        video = await self._database.read(lambda tx: self._store.get(tx, job.video_id))
        if video is None:
            return
        path = self._videos.path(video)
        await self._set_status(video.id, Status.PROCESSING, "Looking at the file")
        look = Look(str(path))
        try:
            inspection = await asyncio.to_thread(look.take)
        except asyncio.CancelledError:
            look.give_up()
            raise
        await self._make_ready(video, path, inspection)

    async def _make_ready(self, video: Video, path: Path, inspection: Inspection) -> None:
        """From here on the film can be watched; whatever else is made of it may fail without undoing that."""
        source, now = inspection.source, self._clock.time()
        ready = replace(
            video,
            status=Status.READY,
            duration=source.duration,
            width=source.video.display_width if source.video else None,
            height=source.video.display_height if source.video else None,
            mime_type=source.mime_type,
            updated_at=now,
        )
        film = film_of(str(path), video.id, inspection)
        text = msgspec.json.encode(inspection).decode()
        fills = self._background and first_rung(film) is not None

        def keep(tx: Tx) -> None:
            self._store.set_inspection(tx, ready, text)
            for kind in [*(["poster"] if source.video else []), *(["fill"] if fills else [])]:
                self._jobs.add(tx, Job(new_id(), kind, video.id, now))
            if (current := self._store.get(tx, video.id)) is not None and current.keep_ready:
                queue_keeping(tx, self._jobs, current, now)

        await self._database.write(keep)
        await self._films.forget(video.id)
        self._progress.tell(Work(video.id, Status.READY, 0.0 if fills else 1.0))
        self.look()

    async def _make_poster(self, job: Job) -> None:
        film = await self._films.open(job.video_id)
        picture = await asyncio.to_thread(poster, film.path, film.source)
        key = f"posters/{film.video_id}/{new_id()}.jpg"
        await self._objects.put(key, _whole(picture))
        await self._database.write(lambda tx: self._store.set_poster(tx, film.video_id, key))

    async def _fill(self, job: Job) -> None:
        """Make the lowest rung ahead of viewers, who come first whenever there are any."""
        film = await self._films.open(job.video_id)
        rung = first_rung(film)
        if rung is None:
            return
        activity = f"Preparing {rung.name}: {film.grid.copy_refusal or 'this film has to be encoded.'}"

        def tell(done: float, speed: float) -> None:
            left = (1 - done) * film.source.duration / speed if speed > 0 else None
            self._progress.tell(Work(film.video_id, Status.READY, done, activity, None, speed, left))

        tell(0.0, 0.0)
        await self._cells.fill(film, rung.name, tell)
        self._progress.tell(Work(film.video_id, Status.READY, 1.0))

    async def _make_all(self, job: Job) -> None:
        await make_everything(await self._films.open(job.video_id), self._cells, self._progress)

    async def _fail(self, job: Job, reason: str) -> None:
        """A film that can be watched stays so, whatever was to be done with it besides."""
        now = self._clock.time()

        def keep(tx: Tx) -> bool:
            self._jobs.finish(tx, job.id, JobStatus.FAILED, reason, now)
            if job.kind != "prepare":
                return False
            self._store.set_status(tx, job.video_id, Status.FAILED, reason, now)
            return True

        if await self._keep(keep):
            await self._films.forget(job.video_id)
            self._progress.tell(Work(job.video_id, Status.FAILED, 0.0, reason=reason))

    async def _set_status(self, video_id: str, status: Status, activity: str) -> None:
        now = self._clock.time()
        await self._database.write(lambda tx: self._store.set_status(tx, video_id, status, None, now))
        self._progress.tell(Work(video_id, status, 0.0, activity))


def first_rung(film: Film) -> Rendition | None:
    """The rendition to prepare unasked: the lowest picture of a film that cannot be copied; None for all others."""
    pictures = [rendition for rendition in film.renditions if rendition.kind == "video"]
    if not pictures or any(rendition.mode == "copy" for rendition in pictures):
        return None
    return min(pictures, key=lambda rendition: rendition.bit_rate)


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content
