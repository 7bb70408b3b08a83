"""Operations on a real film and disk; only the disk's faults are made up."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec

from tests.films import Films
from tests.services.bus import events
from watchparty.domain.errors import StorageFull
from watchparty.domain.job import Job, JobStatus
from watchparty.domain.signature import Signer
from watchparty.domain.user import Person, Role, User
from watchparty.domain.video import Status, Video
from watchparty.media.inspect import inspect
from watchparty.services.audit import Audit
from watchparty.services.cells import Cells
from watchparty.services.clock import SystemClock
from watchparty.services.films import Films as FilmShelf
from watchparty.services.grants import Grants
from watchparty.services.jobs import Jobs
from watchparty.services.operations import Operations
from watchparty.services.pool import Priority, Ticket
from watchparty.services.videos import Videos
from watchparty.storage.audit import AuditStore
from watchparty.storage.database import Database, Tx
from watchparty.storage.jobs import JobStore
from watchparty.storage.migrations import migrate
from watchparty.storage.objects import LocalObjects, ObjectStat
from watchparty.storage.users import UserStore
from watchparty.storage.videos import VideoStore

ANN = Person("ann", "Ann", Role.USER, "a session")


class WornDisk(LocalObjects):
    """Raises each of its faults once, when a finished file is to be kept."""

    faults: list[OSError]

    async def adopt(self, draft: Path, key: str) -> ObjectStat:
        if self.faults:
            raise self.faults.pop(0)
        return await super().adopt(draft, key)


class Workshop:
    """Operations, the queue they go through, and the disk."""

    def __init__(self, database: Database, operations: Operations, objects: WornDisk, cells: Cells) -> None:
        self.database = database
        self.operations = operations
        self.objects = objects
        self.cells = cells

    async def start(self, kind: str, **options: Any) -> str:
        return (await self.operations.start(ANN, kind, "film", options)).job.id

    async def until_it_is(self, job_id: str, *statuses: JobStatus, seconds: float = 60) -> Job:
        async with asyncio.timeout(seconds):
            while (shown := await self.operations.find(ANN, job_id)).job.status not in statuses:
                await asyncio.sleep(0.01)
        return shown.job

    async def kept(self) -> list[str]:
        return [stat.key for stat in await self.objects.list("outputs")]


@contextlib.asynccontextmanager
async def workshop(folder: Path, film: Path, *, encodings: int = 2) -> AsyncIterator[Workshop]:
    path, clock, store = folder / "watchparty.db", SystemClock(), JobStore()
    is_new = not path.exists()
    migrate(path, folder / "backups")
    objects = WornDisk(folder / "objects", folder / "uploads", Signer(b"k" * 32))
    objects.faults = []
    objects.prepare()
    async with (
        Database.open(path) as database,
        Cells(folder / "cells", 1 << 30, least_free=0, encodings=encodings) as cells,
    ):
        if is_new:
            await database.write(lambda tx: _furnish(tx, film))
        videos = Videos(
            database,
            VideoStore(),
            store,
            objects,
            Grants(),
            events(database, clock),
            clock,
            film.parent,
        )
        jobs = Jobs(database, store, events(database, clock), clock, workers=5, chance=lambda: 0.0)
        shelf = FilmShelf(database, VideoStore(), videos)
        operations = Operations(
            jobs, database, store, videos, shelf, cells.pool, objects, clock, Audit(database, AuditStore(), clock)
        )
        async with operations.open(), jobs.open():
            yield Workshop(database, operations, objects, cells)


def _furnish(tx: Tx, film: Path) -> None:
    UserStore().add(tx, User("ann", "ann", "Ann", Role.USER, None, 1.0), "hash")
    video = Video("film", "ann", "A film", 1.0, 1.0, status=Status.READY, library_path=film.name)
    VideoStore().add(tx, video)
    VideoStore().set_inspection(tx, video, msgspec.json.encode(inspect(str(film))).decode())


async def test_a_disk_that_fails_now_and_then_is_tried_again_until_the_file_is_kept(
    tmp_path: Path, films: Films
) -> None:
    async with workshop(tmp_path, films.h264) as here:
        here.objects.faults = [OSError(errno.EIO, "Input/output error") for _ in range(2)]
        job = await here.until_it_is(await here.start("extract-audio", format="wav"), JobStatus.DONE, JobStatus.FAILED)
        assert (job.status, job.attempts, job.retries) == (JobStatus.DONE, 3, 2)
        assert await here.kept() == [f"outputs/film/{job.id}.wav"]
        assert not [*(tmp_path / "uploads").iterdir()]


async def test_a_disk_that_keeps_failing_fails_the_job_after_five_more_tries(tmp_path: Path, films: Films) -> None:
    async with workshop(tmp_path, films.h264) as here:
        here.objects.faults = [OSError(errno.EIO, "Input/output error") for _ in range(9)]
        job = await here.until_it_is(await here.start("extract-audio", format="wav"), JobStatus.FAILED)
        assert (job.attempts, len(here.objects.faults)) == (6, 3)
        assert await here.kept() == []
        assert not [*(tmp_path / "uploads").iterdir()]


async def test_no_room_on_the_disk_is_waited_for(tmp_path: Path, films: Films) -> None:
    async with workshop(tmp_path, films.h264) as here:
        for full in (StorageFull("The disk is full."), OSError(errno.ENOSPC, "No space left on device")):
            here.objects.faults = [full]  # type: ignore[list-item]
            job_id = await here.start("extract-audio", format="wav")
            async with asyncio.timeout(30):
                while not (job := (await here.operations.find(ANN, job_id)).job).error:
                    await asyncio.sleep(0.01)
            assert (job.status, job.error) == (JobStatus.QUEUED, "The disk is full.")
            assert job.run_at > time.time() + 1
            assert not [*(tmp_path / "uploads").iterdir()]


async def test_a_file_whose_job_was_never_finished_goes_at_the_next_start(tmp_path: Path, films: Films) -> None:
    async with workshop(tmp_path, films.h264) as here:
        done = await here.until_it_is(await here.start("extract-audio", format="wav"), JobStatus.DONE)
        async with here.objects.draft() as draft:
            draft.write_bytes(b"kept, but its job was not yet written down when the server died")
            await here.objects.adopt(draft, "outputs/film/unknown.wav")
    async with workshop(tmp_path, films.h264) as here:
        assert await here.kept() == [f"outputs/film/{done.id}.wav"]


async def test_a_film_that_has_gone_fails_with_a_reason(tmp_path: Path, films: Films) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(films.h264.read_bytes())
    async with workshop(tmp_path, film) as here:
        film.rename(tmp_path / "elsewhere.mp4")
        job = await here.until_it_is(await here.start("resize", height=180), JobStatus.FAILED)
        assert (job.attempts, job.error) == (1, "The film's file is not there.")


async def test_an_operation_holds_still_while_a_viewer_waits_and_is_cancelled_even_then(
    tmp_path: Path, films: Films
) -> None:
    async with workshop(tmp_path, films.long_h264, encodings=1) as here:
        job_id = await here.start("convert", container="mp4", video_codec="hevc")
        async with asyncio.timeout(60):
            while not (await here.operations.find(ANN, job_id)).job.progress:
                await asyncio.sleep(0.05)
        viewer = Ticket(Priority.WAITED)

        def endless() -> Any:
            while True:
                time.sleep(0.002)
                yield None

        watching = asyncio.create_task(here.cells.pool.encode(viewer, endless, lambda made: None))
        await asyncio.sleep(1.0)
        before = (await here.operations.find(ANN, job_id)).job.progress
        await asyncio.sleep(1.5)
        assert (await here.operations.find(ANN, job_id)).job.progress == before
        # What only copies and encodes sound does without a core of its own.
        beside = await here.start("extract-audio", format="m4a")
        await here.until_it_is(beside, JobStatus.DONE)
        began = time.monotonic()
        shown = await here.operations.cancel(ANN, job_id)
        assert shown.job.status is JobStatus.CANCELLED and time.monotonic() - began < 3
        viewer.stop()
        await watching
