"""What people ask to have made of a film, and their view of the queue that it goes through."""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from watchparty.domain.errors import Conflict, NotFound
from watchparty.domain.job import OPERATIONS, Job, JobStatus, Queue, WantedJobs
from watchparty.domain.operation import cleaned, made_by
from watchparty.domain.permission import owns
from watchparty.domain.user import Person
from watchparty.domain.video import Video
from watchparty.media.convert import Target, convert, encodes
from watchparty.media.extract import extract
from watchparty.media.nice import return_memory
from watchparty.services.attempt import Attempt
from watchparty.services.audit import Audit
from watchparty.services.cells import Film
from watchparty.services.clock import Clock
from watchparty.services.films import Films
from watchparty.services.ids import new_id
from watchparty.services.jobs import Jobs
from watchparty.services.pool import Pool
from watchparty.services.videos import Videos
from watchparty.storage.database import Database
from watchparty.storage.jobs import JobStore
from watchparty.storage.objects import ObjectStore

# Seconds between two tellings of how far an operation is.
TELL_EVERY = 0.5

Hold = Callable[[], bool]
"""Called every frame or so: waits while others go first, and answers False when the work is to end."""


@dataclass(frozen=True)
class Shown:
    """A job as its owner sees it. `speed` is film seconds per second, and both are None unless it runs."""

    job: Job
    title: str
    speed: float | None = None
    seconds_left: float | None = None


@dataclass(frozen=True)
class JobPage:
    """Some of a list; `after` leads to the next page, where there is one."""

    jobs: list[Shown]
    after: tuple[float, str] | None


class Operations:
    """`pool` lends cores for encoding; what only copies packets or encodes sound does without."""

    def __init__(
        self,
        jobs: Jobs,
        database: Database,
        store: JobStore,
        videos: Videos,
        films: Films,
        pool: Pool,
        objects: ObjectStore,
        clock: Clock,
        audit: Audit,
    ) -> None:
        self._audit = audit
        self._jobs = jobs
        self._database = database
        self._store = store
        self._videos = videos
        self._films = films
        self._pool = pool
        self._objects = objects
        self._clock = clock
        for kind in OPERATIONS:
            jobs.teach(kind, self._make)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Operations"]:
        """Clears away what the last stop left half-made. To be entered before the queue is."""
        wanted = await self._database.read(self._store.outputs)
        for kept in await self._objects.list("outputs"):
            if kept.key not in wanted:
                await self._objects.delete(kept.key)
        self._threads = ThreadPoolExecutor(self._jobs.workers, thread_name_prefix="operation")
        try:
            yield self
        finally:
            await asyncio.to_thread(self._threads.shutdown)

    async def start(
        self, person: Person, kind: str, video_id: str, options: Mapping[str, Any], pointer: str = ""
    ) -> Shown:
        """Queue an operation on a film. `pointer` is where its options stand in what was sent.

        Raises NotFound, NotAllowed for all but owner and administrators, Conflict while the film is not ready, and
        Invalid for options that do not go together or not with this film.
        """
        video = await self._videos.find_own(person, video_id)
        film = await self._films.open(video.id)
        clean = cleaned(kind, options, film.source, pointer)
        job = Job(new_id(), kind, video.id, self._clock.time(), person.id, clean)
        await self._jobs.add(job)
        return Shown(job, video.title)

    async def find(self, person: Person, job_id: str) -> Shown:
        """Raises NotFound unless it is a job on a film of this person's; administrators see all."""
        job, video = await self._find(person, job_id)
        return self._shown(job, video.title)

    async def page(self, person: Person, wanted: WantedJobs) -> JobPage:
        """Jobs on this person's own films, newest first; administrators see all."""
        wanted = replace(wanted, owner_id=None if person.is_admin else person.id)
        found = await self._database.read(lambda tx: self._store.page(tx, wanted))
        last = found[-1][0] if len(found) == wanted.limit else None
        jobs = [self._shown(job, title) for job, title in found]
        return JobPage(jobs, None if last is None else (last.created_at, last.id))

    async def cancel(self, person: Person, job_id: str) -> Shown:
        """End a job, within a second. Raises NotFound, or Conflict when it had ended before."""
        await self._find(person, job_id)
        await self._jobs.cancel(job_id)
        return await self.find(person, job_id)

    async def retry(self, person: Person, job_id: str) -> Shown:
        """Queue a failed or cancelled job anew. Raises NotFound, or Conflict for any other."""
        await self._find(person, job_id)
        await self._jobs.retry(job_id)
        return await self.find(person, job_id)

    async def delete(self, person: Person, job_id: str) -> None:
        """Forget a job that has ended, with the file it made. Raises NotFound, or Conflict while it waits or runs."""
        job, _ = await self._find(person, job_id)
        if not await self._database.write(lambda tx: self._store.delete(tx, job_id)):
            raise Conflict("This job has not ended yet. Cancel it first.")
        if job.result is not None:
            await self._objects.delete(job.result["key"])

    async def queue(self) -> Queue:
        return await self._jobs.queue()

    @property
    def paused(self) -> bool:
        """Whether background work is."""
        return self._jobs.paused

    async def pause(self, person: Person, on: bool) -> None:
        """Have no background work begin, or have it go on; for administrators."""
        if on == self._jobs.paused:
            return
        self._jobs.pause(on)
        deed = "queue.paused" if on else "queue.resumed"
        await self._database.write(lambda tx: self._audit.note(tx, person, deed, "queue"))

    @property
    def workers(self) -> int:
        return self._jobs.workers

    async def _find(self, person: Person, job_id: str) -> tuple[Job, Video]:
        job = await self._database.read(lambda tx: self._store.get(tx, job_id))
        if job is not None:
            with contextlib.suppress(NotFound):
                video = await self._videos.find(person, job.video_id)
                if owns(person, video):
                    return job, video
        raise NotFound("There is no such job.")

    def _shown(self, job: Job, title: str) -> Shown:
        attempt = self._jobs.under_way(job.id)
        if attempt is None or job.status is not JobStatus.RUNNING:
            return Shown(job, title)
        return Shown(attempt.job, title, attempt.speed, attempt.seconds_left)

    async def _make(self, attempt: Attempt) -> Mapping[str, Any]:
        """The step of every operation: a new file, whole and checked before anybody hears of it."""
        job = attempt.job
        film = await self._films.open(job.video_id)
        video = await self._database.read(lambda tx: self._videos.stored(tx, job.video_id))
        if video is None or not await asyncio.to_thread(Path(film.path).is_file):
            raise Conflict("The film's file is not there.")
        made = made_by(job.kind, job.options, pictured=film.source.video is not None)
        async with self._objects.draft() as out:
            await self._run(attempt, film, partial(_steps, film, job, str(out)))
            kept = await self._objects.adopt(out, f"outputs/{film.video_id}/{job.id}.{made.extension}")
        return {
            "key": kept.key,
            "size": kept.size,
            "filename": made.filename(video.title),
            "mime_type": made.mime_type,
        }

    async def _run(self, attempt: Attempt, film: Film, steps: Callable[[], Iterator[float]]) -> None:
        loop, job = asyncio.get_running_loop(), attempt.job
        seconds = film.source.duration

        def tell(done: float, speed: float) -> None:
            left = (seconds - done) / speed if speed > 0 else None
            loop.call_soon_threadsafe(attempt.tell, min(done / seconds, 1.0), speed, left)

        work = partial(_drive, steps, tell)
        if job.kind != "extract-audio" and encodes(film.source, _target(job)):
            await self._pool.work(work)
        else:
            await self._beside(work)

    async def _beside(self, work: Callable[[Hold], None]) -> None:
        """On a thread that takes no encoder's place; it has ended when this returns, cancelled or not."""
        stopped = threading.Event()
        running = asyncio.get_running_loop().run_in_executor(self._threads, work, lambda: not stopped.is_set())
        try:
            await asyncio.shield(running)
        except asyncio.CancelledError:
            stopped.set()
            await asyncio.wait([running])
            raise


def _target(job: Job) -> Target:
    options = job.options
    if job.kind == "resize":
        return Target("mp4", "h264", "aac", options["height"])
    return Target(options["container"], options["video_codec"], options["audio_codec"])


def _steps(film: Film, job: Job, out: str) -> Iterator[float]:
    if job.kind == "extract-audio":
        return extract(film.path, film.source, job.options["format"], out)
    return convert(film.path, film.source, _target(job), out)


def _drive(steps: Callable[[], Iterator[float]], tell: Callable[[float, float], None], hold: Hold) -> None:
    """Step after step on a worker thread; tells the seconds done and how many of them it does a second."""
    began = told = time.monotonic()
    running = steps()
    try:
        for done in running:
            paused = time.monotonic()
            if not hold():
                return
            now = time.monotonic()
            began += now - paused
            if now - told >= TELL_EVERY:
                told = now
                tell(done, done / max(now - began, 1e-3))
    finally:
        running.close()  # type: ignore[attr-defined]
        return_memory()
