"""The queue on a real database: who runs, what is tried again, what a cancel and a dead server leave behind."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.services.bus import events
from watchparty.domain.errors import Conflict, NotFound, StorageFull
from watchparty.domain.job import MOST_RETRIES, Job, JobStatus, WantedJobs
from watchparty.domain.source import Unplayable
from watchparty.domain.user import Role, User
from watchparty.domain.video import Video
from watchparty.services import jobs as queue
from watchparty.services.attempt import Attempt
from watchparty.services.clock import Clock, SystemClock
from watchparty.services.ids import new_id
from watchparty.services.jobs import LOOKING, Jobs
from watchparty.storage.database import Database, Tx
from watchparty.storage.jobs import JobStore
from watchparty.storage.migrations import migrate
from watchparty.storage.users import UserStore
from watchparty.storage.videos import VideoStore

STORE = JobStore()


class Desk:
    """Jobs that do as their options say, and what can be seen of them from outside."""

    def __init__(self, database: Database, workers: int, clock: Clock) -> None:
        self.database = database
        self.jobs = Jobs(database, STORE, events(database, clock), clock, workers=workers, chance=lambda: 0.0)
        self.began: list[Job] = []
        self.running: Counter[str] = Counter()
        self.most = 0
        self.let_go = asyncio.Event()
        self.faults: list[Exception] = []
        self.ended: list[tuple[str, JobStatus]] = []
        for kind in ("convert", "resize"):
            self.jobs.teach(kind, self.step, ending=self.ending)
        self.jobs.teach("fill", self.step, rank=1, most=1)
        self.jobs.teach("prepare", self.step, lane=LOOKING)

    async def step(self, attempt: Attempt) -> Mapping[str, Any] | None:
        job = attempt.job
        self.began.append(job)
        self.running[job.kind] += 1
        self.most = max(self.most, self.running["convert"] + self.running["fill"] + self.running["resize"])
        try:
            if self.faults:
                raise self.faults.pop(0)
            attempt.tell(0.5, 2.0, 10.0)
            await self._work(job)
            return {"key": f"outputs/film/{job.id}"} if job.options.get("makes") else None
        finally:
            self.running[job.kind] -= 1

    async def _work(self, job: Job) -> None:
        try:
            await self.let_go.wait()
        except asyncio.CancelledError:
            # As a thread does that is in the middle of something.
            await asyncio.sleep(job.options.get("stubborn", 0.0))
            raise

    def ending(self, tx: Tx, job: Job) -> None:
        self.ended.append((job.id, job.status))

    async def add(self, kind: str = "convert", by: str = "ann", **options: object) -> str:
        job = Job(new_id(), kind, f"{by}'s film", time.time(), by, options)
        await self.jobs.add(job)
        return job.id

    async def job(self, job_id: str) -> Job:
        job = await self.database.read(lambda tx: STORE.get(tx, job_id))
        assert job is not None
        return job

    async def until(self, so: Callable[[], Awaitable[bool] | bool], seconds: float = 20) -> None:
        async with asyncio.timeout(seconds):
            while not (found if isinstance(found := so(), bool) else await found):
                await asyncio.sleep(0.01)

    async def until_idle(self) -> None:
        """Every lane waits for news."""
        await asyncio.sleep(0.2)

    async def until_it_is(self, job_id: str, status: JobStatus) -> Job:
        async def so() -> bool:
            return (await self.job(job_id)).status is status

        await self.until(so)
        return await self.job(job_id)


@contextlib.asynccontextmanager
async def desk(folder: Path, workers: int = 5, clock: Clock | None = None) -> AsyncIterator[Desk]:
    """A queue that works; opened again on the same folder, it is the server's next start."""
    path = folder / "watchparty.db"
    is_new = not path.exists()
    migrate(path, folder / "backups")
    async with Database.open(path) as database:
        if is_new:
            await database.write(_furnish)
        made = Desk(database, workers, clock or SystemClock())
        async with made.jobs.open():
            yield made


def _furnish(tx: Tx) -> None:
    for name in ("ann", "bob", "cleo"):
        UserStore().add(tx, User(name, name, name.title(), Role.USER, None, 1.0), "hash")
        VideoStore().add(tx, Video(f"{name}'s film", name, "A film", 1.0, 1.0))


async def test_five_slots_run_five_jobs_at_once_and_no_more(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        ids = [await here.add() for _ in range(8)]
        await here.until(lambda: here.running["convert"] == 5)
        await asyncio.sleep(0.1)
        stats = await here.jobs.queue()
        assert (stats.active, stats.waiting, stats.delayed, stats.completed) == (5, 3, 0, 0)
        assert here.jobs.workers == 5 and stats.oldest_waiting_seconds > 0
        here.let_go.set()
        for job_id in ids:
            await here.until_it_is(job_id, JobStatus.DONE)
        assert here.most == 5
        stats = await here.jobs.queue()
        assert (stats.active, stats.waiting, stats.completed, stats.oldest_waiting_seconds) == (0, 0, 8, 0)


async def test_a_new_film_is_looked_at_while_every_slot_is_taken(tmp_path: Path) -> None:
    async with desk(tmp_path, workers=1) as here:
        await here.add()
        await here.until(lambda: here.running["convert"] == 1)
        await here.add("prepare")
        await here.until(lambda: here.running["prepare"] == 1)


async def test_somebody_s_hundred_jobs_do_not_starve_another_s_one(tmp_path: Path) -> None:
    async with desk(tmp_path, workers=2) as here:
        for _ in range(100):
            await here.add(by="ann")
        await here.until(lambda: len(here.began) == 2)
        of_bob = [await here.add(by="bob") for _ in range(2)]
        of_cleo = await here.add(by="cleo")
        here.let_go.set()
        for job_id in (*of_bob, of_cleo):
            await here.until_it_is(job_id, JobStatus.DONE)
        turns = [job.created_by for job in here.began]
        assert max(turns.index("bob"), turns.index("cleo")) <= 4
        assert len(turns) - 1 - turns[::-1].index("bob") <= 10


async def test_what_the_server_does_by_itself_waits_for_what_people_asked_for(tmp_path: Path) -> None:
    async with desk(tmp_path, workers=1) as here:
        await here.add()
        await here.until(lambda: len(here.began) == 1)
        for kind in ("fill", "convert", "convert"):
            await here.add(kind)
        here.let_go.set()
        await here.until(lambda: len(here.began) == 4)
        assert [job.kind for job in here.began] == ["convert", "convert", "convert", "fill"]


async def test_a_kind_that_is_limited_leaves_the_other_slots_free(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        for _ in range(4):
            await here.add("fill")
        await here.until(lambda: here.running["fill"] == 1)
        await here.add()
        await here.until(lambda: here.running["convert"] == 1)
        assert here.running["fill"] == 1


async def test_a_waiting_job_is_cancelled_and_never_begins(tmp_path: Path) -> None:
    async with desk(tmp_path, workers=1) as here:
        await here.add()
        waiting = await here.add()
        await here.until(lambda: len(here.began) == 1)
        await here.jobs.cancel(waiting)
        job = await here.job(waiting)
        assert (job.status, job.attempts, job.finished_at is None) == (JobStatus.CANCELLED, 0, False)
        here.let_go.set()
        await asyncio.sleep(0.1)
        assert len(here.began) == 1
        with pytest.raises(Conflict):
            await here.jobs.cancel(waiting)
        with pytest.raises(NotFound):
            await here.jobs.cancel("nobody's")


async def test_a_running_job_has_ended_when_it_is_cancelled_and_can_be_tried_again(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        job_id = await here.add()
        await here.until(lambda: here.running["convert"] == 1)
        began = time.monotonic()
        await here.jobs.cancel(job_id)
        assert time.monotonic() - began < 1
        assert here.running["convert"] == 0
        assert (await here.job(job_id)).status is JobStatus.CANCELLED
        assert here.ended == [(job_id, JobStatus.CANCELLED)]
        await here.jobs.retry(job_id)
        here.let_go.set()
        job = await here.until_it_is(job_id, JobStatus.DONE)
        assert (job.attempts, job.progress) == (2, 1)
        for change in (here.jobs.cancel, here.jobs.retry):
            with pytest.raises(Conflict):
                await change(job_id)


async def test_a_job_that_is_slow_to_end_is_told_cancelled_within_a_second_and_keeps_its_slot(tmp_path: Path) -> None:
    async with desk(tmp_path, workers=1) as here:
        job_id = await here.add(stubborn=2.0)
        other = await here.add()
        await here.until(lambda: here.running["convert"] == 1)
        began = time.monotonic()
        await here.jobs.cancel(job_id)
        assert time.monotonic() - began < 1.5
        assert (await here.job(job_id)).status is JobStatus.CANCELLED
        assert (await here.job(other)).status is JobStatus.QUEUED
        await here.jobs.retry(job_id)
        assert here.began[0].id == job_id and here.running["convert"] <= 1
        here.let_go.set()
        for each in (job_id, other):
            await here.until_it_is(each, JobStatus.DONE)


async def test_a_fault_of_the_disk_is_tried_again_with_growing_delays(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.faults = [OSError(errno.EIO, "Input/output error") for _ in range(3)]
        here.let_go.set()
        job_id = await here.add()
        await here.until(lambda: len(here.began) == 2)
        job = await here.until_it_is(job_id, JobStatus.DONE)
        assert (job.attempts, job.retries, job.deaths, job.error) == (4, 3, 0, None)
        starts = [each.started_at or 0.0 for each in here.began]
        for earlier, later, least in zip(starts, starts[1:], (0.05, 0.1, 0.2), strict=False):
            assert later - earlier >= least


async def test_a_disk_that_fails_again_and_again_ends_the_job_with_a_reason(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.faults = [OSError(errno.EIO, "Input/output error") for _ in range(20)]
        job_id = await here.add()
        job = await here.until_it_is(job_id, JobStatus.FAILED)
        assert len(here.began) == 1 + MOST_RETRIES
        assert job.error == "The disk failed again and again: Input/output error."
        here.faults.clear()
        here.let_go.set()
        await here.jobs.retry(job_id)
        assert (await here.until_it_is(job_id, JobStatus.DONE)).error is None


@pytest.mark.parametrize("full", [StorageFull("The disk is full."), OSError(errno.ENOSPC, "No space left")])
async def test_a_full_disk_is_waited_for_however_long_it_takes(tmp_path: Path, full: Exception) -> None:
    async with desk(tmp_path) as here:
        here.faults = [full]
        job_id = await here.add()
        await here.until(lambda: len(here.began) == 1 and here.jobs.under_way(job_id) is None)
        job = await here.job(job_id)
        assert (job.status, job.error) == (JobStatus.QUEUED, "The disk is full.") and job.run_at > time.time() + 1
        stats = await here.jobs.queue()
        assert (stats.waiting, stats.delayed, stats.oldest_waiting_seconds) == (0, 1, 0)
        await here.jobs.cancel(job_id)
        assert (await here.job(job_id)).status is JobStatus.CANCELLED


class BusyClock(SystemClock):
    """A second goes by between any two looks at it, as on a machine that has too much to do."""

    def __init__(self) -> None:
        self.now = time.time()

    def time(self) -> float:
        self.now += 1.0
        return self.now


@pytest.mark.parametrize("seconds", [0.5, 2.5, 3.5, 4.5, 5.5, 6.5])
async def test_a_job_that_falls_due_while_the_queue_is_looked_at_is_done_at_once(
    tmp_path: Path, seconds: float
) -> None:
    clock = BusyClock()
    async with desk(tmp_path, clock=clock) as here:
        here.let_go.set()
        await here.until_it_is(await here.add(), JobStatus.DONE)
        await here.until_idle()
        job = Job(new_id(), "convert", "ann's film", clock.now, "ann", run_at=clock.now + seconds)
        await here.jobs.add(job)
        await here.until_it_is(job.id, JobStatus.DONE)


async def test_a_disk_that_can_only_be_read_and_a_film_that_cannot_be_played_are_not_tried_again(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as here:
        for fault in (OSError(errno.EROFS, "Read-only file system"), Unplayable("The film is damaged.")):
            here.faults = [fault]
            job = await here.until_it_is(await here.add(), JobStatus.FAILED)
            assert job.attempts == 1 and job.error and job.error.endswith(".")
        assert [status for _, status in here.ended] == [JobStatus.FAILED, JobStatus.FAILED]


async def test_an_orderly_stop_does_not_count_against_a_job(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        job_id = await here.add()
        await here.until(lambda: here.running["convert"] == 1)
    async with desk(tmp_path) as here:
        here.let_go.set()
        job = await here.until_it_is(job_id, JobStatus.DONE)
        assert (job.attempts, job.deaths) == (1, 0)


async def test_a_job_that_takes_the_server_down_three_times_is_set_aside(tmp_path: Path) -> None:
    async with desk(tmp_path, workers=1) as here:
        await here.add()
        killer = await here.add()
    for deaths in (1, 2):
        await _die_at(tmp_path, killer)
        async with desk(tmp_path) as here:
            await here.until(lambda here=here: here.running["convert"] == 2)  # type: ignore[misc]
            job = await here.job(killer)
            assert (job.deaths, job.status) == (deaths, JobStatus.RUNNING)
    await _die_at(tmp_path, killer)
    async with desk(tmp_path) as here:
        job = await here.job(killer)
        assert (job.status, job.error) == (JobStatus.FAILED, queue.KILLER)
        assert here.ended == [(killer, JobStatus.FAILED)]
        await here.until(lambda: here.running["convert"] == 1)


async def test_progress_is_told_at_once_and_written_down_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "KEEP_EVERY", 0.05)
    async with desk(tmp_path) as here:
        job_id = await here.add()
        await here.until(lambda: here.running["convert"] == 1)
        attempt = here.jobs.under_way(job_id)
        assert attempt is not None
        assert (attempt.job.progress, attempt.speed, attempt.seconds_left) == (0.5, 2.0, 10.0)

        async def written() -> bool:
            return (await here.job(job_id)).progress == 0.5

        await here.until(written)


async def test_history_keeps_the_newest_and_whatever_can_still_be_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "REMEMBERED", 3)
    async with desk(tmp_path, workers=1) as here:
        here.let_go.set()
        kept = await here.add(makes=True)
        ids = [await here.add() for _ in range(6)]
        await here.until_it_is(ids[-1], JobStatus.DONE)
        wanted = WantedJobs("ann", None, None, None, 24)
        found = await here.database.read(lambda tx: STORE.page(tx, wanted))
        assert [job.id for job, _ in found] == [*ids[:2:-1], kept]
        assert await here.database.read(STORE.outputs) == {f"outputs/film/{kept}"}


async def test_a_deleted_film_s_jobs_end_and_are_forgotten(tmp_path: Path) -> None:
    async with desk(tmp_path, workers=1) as here:
        ids = [await here.add() for _ in range(2)]
        await here.until(lambda: here.running["convert"] == 1)
        await here.database.write(lambda tx: VideoStore().delete(tx, "ann's film"))
        await here.jobs.forget("ann's film")
        assert here.running["convert"] == 0
        for job_id in ids:
            assert await here.database.read(lambda tx, job_id=job_id: STORE.get(tx, job_id)) is None  # type: ignore[misc]
        await here.add(by="bob")
        await here.until(lambda: here.running["convert"] == 1)


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_is_done_to_the_queue_it_keeps_to_its_slots_and_comes_to_an_end(
    tmp_path: Path, seed: int
) -> None:
    chance, workers = random.Random(seed), 1 + seed * 2
    async with desk(tmp_path, workers=workers) as here:
        ids: list[str] = []
        for _ in range(120):
            deed = chance.random()
            if deed < 0.4 or not ids:
                ids.append(await here.add(chance.choice(["convert", "resize", "fill"]), chance.choice(["ann", "bob"])))
            elif deed < 0.6:
                with contextlib.suppress(Conflict):
                    await here.jobs.cancel(chance.choice(ids))
            elif deed < 0.7:
                with contextlib.suppress(Conflict):
                    await here.jobs.retry(chance.choice(ids))
            elif deed < 0.8:
                here.faults.append(chance.choice([OSError(errno.EIO, "Input/output error"), Unplayable("No.")]))
            elif deed < 0.9:
                here.let_go.set()
                await asyncio.sleep(0)
                here.let_go.clear()
            else:
                await asyncio.sleep(chance.random() / 50)
            assert sum(here.running.values()) <= workers
        here.let_go.set()

        async def settled() -> bool:
            stats = await here.jobs.queue()
            return not (stats.active or stats.waiting or stats.delayed)

        await here.until(settled)
        assert here.most <= workers
        assert not here.running.total()


async def _die_at(folder: Path, job_id: str) -> None:
    """Leaves the database as a server does that was killed in the middle of this job."""
    async with Database.open(folder / "watchparty.db") as database:
        await database.write(lambda tx: STORE.begin(tx, job_id, time.time()))
