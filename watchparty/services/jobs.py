"""The queue: whose job is next, how often one is tried, how far it is, and what has become of it."""

import asyncio
import contextlib
import errno
import itertools
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from watchparty.domain.errors import Busy, Conflict, NotFound, Problem, StorageFull
from watchparty.domain.event import (
    JobCancelled,
    JobCompleted,
    JobEvent,
    JobFailed,
    JobProgressed,
    JobQueued,
    JobStarted,
)
from watchparty.domain.job import MOST_DEATHS, MOST_RETRIES, Job, JobStatus, Queue, delay, next_of, wait_for_room
from watchparty.domain.source import Unplayable
from watchparty.services.attempt import Attempt
from watchparty.services.clock import Clock
from watchparty.services.events import Events
from watchparty.services.job_metrics import JobMetrics
from watchparty.services.tracing import Tracing, job_span
from watchparty.storage.database import Database, Tx
from watchparty.storage.jobs import JobStore

log = logging.getLogger(__name__)
T = TypeVar("T")

LOOKING, PICTURES, WORK = "looking", "pictures", "work"
"""Lanes: what is in one never waits for what is in another. A new film is looked at at once, whatever else is done."""
_SLOTS = {LOOKING: 2, PICTURES: 1}

Step = Callable[[Attempt], Awaitable[Mapping[str, Any] | None]]
"""Does a job and answers what it made; cancelled, it ends within a second and leaves nothing."""

# Seconds between looks for jobs nobody announced, and between writes of how far each is.
LOOK_EVERY = 30.0
KEEP_EVERY = 5.0
# Seconds a cancelled job has to end before it is said that it did.
PATIENCE = 0.8
# Seconds to wait when the queue itself cannot be written because the disk is full.
LOOK_AGAIN = 5.0
# Jobs of each ending that are remembered.
REMEMBERED = 1_000
KILLER = "The server stopped each time it worked on this file, so it was set aside."
_FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True)
class Kind:
    """A kind of job: of a lane's waiting jobs, those of the lowest `rank` go first; at most `most` run at once.

    When one fails or is cancelled, `ending` belongs to the transaction that keeps that; `ended` is awaited after it.
    """

    name: str
    step: Step
    lane: str
    rank: int
    most: int | None
    ending: Callable[[Tx, Job], None] | None
    ended: Callable[[Job], Awaitable[None]] | None


class Jobs:
    """`workers` jobs run at once, besides those that look at new films and make their pictures."""

    def __init__(
        self,
        database: Database,
        store: JobStore,
        events: Events,
        clock: Clock,
        *,
        workers: int,
        chance: Callable[[], float] = random.random,
        metrics: JobMetrics | None = None,
        tracing: Tracing | None = None,
    ) -> None:
        self._tracing = tracing
        self._metrics = metrics or JobMetrics(None)
        self._database = database
        self._store = store
        self._events = events
        self._clock = clock
        self._chance = chance
        self._slots = {**_SLOTS, WORK: workers}
        self._news = {lane: asyncio.Event() for lane in self._slots}
        self._kinds: dict[str, Kind] = {}
        self._running: dict[str, Attempt] = {}
        # Held from the claim of a job until it is among the running, so that nobody misses it there.
        self._claiming = asyncio.Lock()
        self._turns = itertools.count(1)
        self._served: dict[str | None, int] = {}
        self.paused = False
        """Whether nothing begins but looking at new films; what runs goes on. Not kept: a restart lets go of it."""

    @property
    def workers(self) -> int:
        return self._slots[WORK]

    def teach(
        self,
        name: str,
        step: Step,
        *,
        lane: str = WORK,
        rank: int = 0,
        most: int | None = None,
        ending: Callable[[Tx, Job], None] | None = None,
        ended: Callable[[Job], Awaitable[None]] | None = None,
    ) -> None:
        """Have jobs of this kind done by `step`; the rest is said at Kind. To be called before `open`."""
        self._kinds[name] = Kind(name, step, lane, rank, most, ending, ended)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Jobs"]:
        """Goes on with what the last stop interrupted, then works until left."""
        await self._recover()
        serving = [asyncio.create_task(self._serve(lane), name=f"jobs: {lane}") for lane in self._slots]
        serving.append(asyncio.create_task(self._keep_progress(), name="jobs: progress"))
        try:
            yield self
        finally:
            await _ended(serving)
            await _ended([attempt.task for attempt in self._running.values() if attempt.task])

    def pause(self, on: bool) -> None:
        """Have no background work begin from now on, or have it go on."""
        self.paused = on
        self.look()

    def look(self) -> None:
        """There may be new jobs."""
        for news in self._news.values():
            news.set()

    async def add(self, job: Job) -> None:
        """Queue a job; durable when it returns. Raises NotFound when its film has just been deleted."""
        if job.kind not in self._kinds:
            raise ValueError(f"nobody taught how to do {job.kind!r}")

        def keep(tx: Tx) -> None:
            self._store.add(tx, job)
            self._tell(tx, job, JobQueued)

        await self._database.write(keep)
        self.look()

    def under_way(self, job_id: str) -> Attempt | None:
        """The job as it runs at this moment, if it does."""
        return self._running.get(job_id)

    async def queue(self) -> Queue:
        now = self._clock.time()
        return await self._database.read(lambda tx: self._store.queue(tx, now))

    async def cancel(self, job_id: str) -> None:
        """End a job, waiting or running; within a second that is written down. Raises Conflict when it had ended."""
        async with self._claiming:
            attempt = self._running.get(job_id)
            if attempt is None:
                return await self._cancel_waiting(job_id)
            if attempt.over or attempt.task is None:
                raise Conflict("This job has come to its end already.")
            attempt.cancelled = True
            attempt.task.cancel()
        ended, _ = await asyncio.wait([attempt.task], timeout=PATIENCE)
        if not ended:
            # Its thread is in the middle of a large picture, which nobody has to wait for to be told.
            await self._end(attempt.job, JobStatus.CANCELLED, None)
        return None

    async def retry(self, job_id: str) -> None:
        """Queue a job that failed or was cancelled once more. Raises Conflict for any other."""
        now, attempt = self._clock.time(), self._running.get(job_id)
        if attempt is not None and attempt.cancelled and attempt.task is not None:
            await asyncio.wait([attempt.task])

        def keep(tx: Tx) -> bool:
            changed = self._store.anew(tx, job_id, now)
            if changed and (job := self._store.get(tx, job_id)) is not None:
                self._tell(tx, job, JobQueued)
            return changed

        if not await self._database.write(keep):
            raise Conflict("Only a job that failed or was cancelled can be tried again.")
        self.look()

    async def withdraw(self, kind: str, video_id: str) -> None:
        """Jobs of this kind are not wanted any more for this film; none is under way when this returns."""
        for job_id in await self._database.read(lambda tx: self._store.open_of(tx, kind, video_id)):
            with contextlib.suppress(Conflict, NotFound):  # it has just come to its end
                await self.cancel(job_id)

    async def forget(self, video_id: str) -> None:
        """The film was deleted: stop working on it."""
        async with self._claiming:
            tasks = [each.task for each in self._running.values() if each.job.video_id == video_id and each.task]
        await _ended(tasks)

    async def _recover(self) -> None:
        for job in await self._database.read(self._store.running):
            if job.deaths + 1 >= MOST_DEATHS:
                await self._end(job, JobStatus.FAILED, KILLER)
        await self._database.write(self._store.died)

    async def _serve(self, lane: str) -> None:
        news = self._news[lane]
        while True:
            news.clear()
            try:
                asked_at = self._clock.time()
                while await self._start_next(lane):
                    asked_at = self._clock.time()
                pause = await self._pause(lane, asked_at)
            except (StorageFull, Busy) as fault:
                log.warning("the queue of jobs waits: %s", fault.detail)
                await asyncio.sleep(LOOK_AGAIN)
                continue
            with contextlib.suppress(TimeoutError):
                # Not wait_for, which before Python 3.12 may lose the cancellation that ends this task.
                async with asyncio.timeout(pause):
                    await news.wait()

    async def _start_next(self, lane: str) -> bool:
        if self.paused and lane != LOOKING:
            return False
        async with self._claiming:
            running = Counter(each.job.kind for each in self._running.values())
            kinds = [kind for kind in self._kinds.values() if kind.lane == lane]
            if sum(running[kind.name] for kind in kinds) >= self._slots[lane]:
                return False
            # The attempt is on disk before it begins: should it take the server down, the next start knows.
            claimed = await self._claim([kind for kind in kinds if kind.most is None or running[kind.name] < kind.most])
            if claimed is None:
                return False
            job, owner_id = claimed
            self._served[job.created_by] = next(self._turns)
            attempt = self._running[job.id] = Attempt(
                job, lambda attempt: self._events.tell_now(_progressed(attempt, owner_id))
            )
            attempt.task = asyncio.create_task(self._attempt(attempt), name=f"{job.kind} {job.video_id}")
            attempt.task.add_done_callback(lambda _: self._leave(attempt))
            return True

    async def _claim(self, kinds: list[Kind]) -> tuple[Job, str | None] | None:
        now, ranks = self._clock.time(), {kind.name: kind.rank for kind in kinds}
        busy = Counter(each.job.created_by for each in self._running.values())

        def claim(tx: Tx) -> tuple[Job, str | None] | None:
            waiting = [job for kind in kinds for job in self._store.waiting(tx, kind.name, now)]
            job = next_of(waiting, ranks, busy, self._served)
            if job is None:
                return None
            self._tell(tx, job, JobStarted)
            return self._store.begin(tx, job.id, now), self._store.owner(tx, job)

        return await self._database.write(claim)

    def _leave(self, attempt: Attempt) -> None:
        del self._running[attempt.job.id]
        self._news[self._kinds[attempt.job.kind].lane].set()

    async def _pause(self, lane: str, asked_at: float) -> float:
        """Seconds until something is to be done, as far as is known.

        Counted from `asked_at`, when the queue was last asked: a job that has become due since was not seen then.
        """
        kinds = [kind.name for kind in self._kinds.values() if kind.lane == lane]
        dues = await self._database.read(lambda tx: [self._store.next_due(tx, kind, asked_at) for kind in kinds])
        now = self._clock.time()
        return min([LOOK_EVERY, *(max(due - now, 0.0) for due in dues if due is not None)])

    async def _attempt(self, attempt: Attempt) -> None:
        job, begun = attempt.job, self._clock.monotonic()
        try:
            with job_span(self._tracing, job):
                result = await self._kinds[job.kind].step(attempt)
        except asyncio.CancelledError:
            attempt.over = True
            if not attempt.cancelled:
                await self._release(job)
                raise
            await self._end(job, JobStatus.CANCELLED, None)
        except Exception as error:
            attempt.over = True
            await self._went_wrong(job, error)
        else:
            attempt.over = True
            await self._end(job, JobStatus.DONE, None, result)
        finally:
            self._metrics.took(job.kind, self._clock.monotonic() - begun)

    async def _went_wrong(self, job: Job, error: Exception) -> None:
        """Faults that may pass are waited for; what is wrong with the film, or with us, is not."""
        if isinstance(error, StorageFull):
            await self._try_later(job, error.detail, wait_for_room(job.retries, self._chance()))
        elif isinstance(error, Busy):
            await self._try_later(job, error.detail, error.retry_after)
        elif isinstance(error, Problem | Unplayable):
            await self._end(job, JobStatus.FAILED, str(error))
        elif isinstance(error, OSError):
            await self._storage_fault(job, error)
        else:
            log.error("job %s (%s) failed", job.id, job.kind, exc_info=error)
            sentence = "Something went wrong while this file was being read. It is in the server's log."
            await self._end(job, JobStatus.FAILED, sentence)

    async def _storage_fault(self, job: Job, fault: OSError) -> None:
        if fault.errno in _FULL:
            await self._try_later(job, "The disk is full.", wait_for_room(job.retries, self._chance()))
        elif fault.errno == errno.EROFS:
            await self._end(job, JobStatus.FAILED, "The disk can only be read, so nothing can be kept on it.")
        elif job.retries < MOST_RETRIES:
            await self._try_later(job, f"The disk failed: {fault.strerror}.", delay(job.retries, self._chance()))
        else:
            log.error("job %s (%s) failed", job.id, job.kind, exc_info=fault)
            await self._end(job, JobStatus.FAILED, f"The disk failed again and again: {fault.strerror}.")

    async def _try_later(self, job: Job, reason: str, seconds: float) -> None:
        log.warning("job %s (%s) is tried again in %.1f s: %s", job.id, job.kind, seconds, reason)
        self._metrics.ended(job.kind, "retried")
        run_at = self._clock.time() + seconds

        def keep(tx: Tx) -> None:
            if self._store.try_later(tx, job.id, run_at, reason):
                self._tell(tx, job, JobQueued)

        await self._keep(keep)

    async def _release(self, job: Job) -> None:
        """An orderly stop is not the file's doing: this attempt does not count."""
        with contextlib.suppress(StorageFull, Busy):
            await self._database.write(lambda tx: self._store.release(tx, job.id))

    async def _end(
        self, job: Job, status: JobStatus, error: str | None, result: Mapping[str, Any] | None = None
    ) -> None:
        now, job = self._clock.time(), replace(job, status=status, error=error)
        self._metrics.ended(job.kind, status)
        kind = self._kinds.get(job.kind) if status is not JobStatus.DONE else None

        def keep(tx: Tx) -> None:
            ended = self._store.finish(tx, job.id, status, now, error=error, result=result)
            if ended:
                self._tell_end(tx, job)
            if ended and kind is not None and kind.ending is not None:
                kind.ending(tx, job)
            self._store.prune(tx, status, REMEMBERED)

        await self._keep(keep)
        if kind is not None and kind.ended is not None:
            await kind.ended(job)

    def _tell_end(self, tx: Tx, job: Job) -> None:
        if job.status is JobStatus.FAILED:
            self._events.tell(tx, JobFailed.of(job, self._store.owner(tx, job), error=job.error))
        else:
            self._tell(tx, job, JobCompleted if job.status is JobStatus.DONE else JobCancelled)

    def _tell(self, tx: Tx, job: Job, kind: type[JobEvent]) -> None:
        self._events.tell(tx, kind.of(job, self._store.owner(tx, job)))

    async def _cancel_waiting(self, job_id: str) -> None:
        job = await self._database.read(lambda tx: self._store.get(tx, job_id))
        if job is None:
            raise NotFound("There is no such job.")
        if not job.can_cancel:
            raise Conflict("This job has come to its end already.")
        await self._end(job, JobStatus.CANCELLED, None)

    async def _keep_progress(self) -> None:
        kept: dict[str, float] = {}
        while True:
            await asyncio.sleep(KEEP_EVERY)
            now = {job_id: attempt.progress for job_id, attempt in self._running.items()}
            changed = {job_id: progress for job_id, progress in now.items() if kept.get(job_id, 0.0) != progress}
            kept = now
            with contextlib.suppress(StorageFull, Busy):
                await self._database.write(lambda tx, changed=changed: self._store.set_progress(tx, changed))  # type: ignore[misc]

    async def _keep(self, work: Callable[[Tx], T]) -> T:
        """Write, however long it takes until there is room for it."""
        while True:
            try:
                return await self._database.write(work)
            except (StorageFull, Busy) as full:
                log.warning("the queue of jobs waits: %s", full.detail)
                await asyncio.sleep(LOOK_AGAIN)


def _progressed(attempt: Attempt, owner_id: str | None) -> JobProgressed:
    return JobProgressed.of(
        attempt.job, owner_id, progress=attempt.progress, speed=attempt.speed, seconds_left=attempt.seconds_left
    )


async def _ended(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
