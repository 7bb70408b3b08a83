"""Films from their first byte to their last segment, put together."""

import asyncio
import contextlib
from dataclasses import dataclass

from watchparty.app.ground import Ground
from watchparty.domain.signature import Signer
from watchparty.services.captions import Captions
from watchparty.services.cells import Cells
from watchparty.services.collection import Collection, collection
from watchparty.services.duplicates import Duplicates
from watchparty.services.encoders import Encoders
from watchparty.services.films import Films
from watchparty.services.grants import Grants
from watchparty.services.health import Health
from watchparty.services.jobs import Jobs
from watchparty.services.keeping import Keeping
from watchparty.services.keys import derived_key
from watchparty.services.library_files import LibraryFiles
from watchparty.services.operations import Operations
from watchparty.services.progress import Progress
from watchparty.services.quotas import Quotas
from watchparty.services.resumable_uploads import ResumableUploads
from watchparty.services.scanner import Scanner
from watchparty.services.sidecars import Sidecars
from watchparty.services.statistics import Statistics
from watchparty.services.storyboards import Storyboards
from watchparty.services.streams import Streams
from watchparty.services.subtitles import Subtitles
from watchparty.services.transcoding import Transcoding
from watchparty.services.uploads import Uploads
from watchparty.services.video_assets import VideoAssets
from watchparty.services.videos import Videos
from watchparty.services.vitals import Vitals
from watchparty.services.watched_folder import WatchedFolder
from watchparty.storage.contents import ContentStore
from watchparty.storage.jobs import JobStore
from watchparty.storage.library_files import LibraryFileStore
from watchparty.storage.objects import LocalObjects
from watchparty.storage.statistics import StatisticsStore
from watchparty.storage.subtitles import SubtitleStore
from watchparty.storage.uploads import UploadStore
from watchparty.storage.usage import UsageStore
from watchparty.storage.users import UserStore
from watchparty.storage.videos import VideoStore


@dataclass(frozen=True)
class Library:
    """Films from their first byte to their last segment."""

    videos: Videos
    collection: Collection
    films: Films
    cells: Cells
    progress: Progress
    streams: Streams
    subtitles: Subtitles
    uploads: Uploads
    resumable: ResumableUploads
    quotas: Quotas
    duplicates: Duplicates
    transcoding: Transcoding
    keeping: Keeping
    statistics: Statistics
    jobs: Jobs
    operations: Operations
    assets: VideoAssets
    health: Health


async def opened_library(stack: contextlib.AsyncExitStack, ground: Ground, grants: Grants) -> Library:
    settings, database, events, clock = ground.settings, ground.database, ground.events, ground.clock
    tracing = ground.tracing
    store, job_store, progress = VideoStore(), JobStore(tracing.carried if tracing else lambda: None), Progress()
    objects = LocalObjects(
        settings.folder / "objects",
        settings.folder / "uploads",
        Signer(derived_key(ground.key, "objects")),
        ground.gauge,
    )
    await asyncio.to_thread(objects.prepare)
    encoders = await stack.enter_async_context(Encoders())
    kept = await database.read(store.kept_ready)
    cells = await stack.enter_async_context(
        Cells(
            settings.folder / "cache" / "segments",
            ground.preferences.segment_cache,
            least_free=ground.preferences.keep_free,
            kept=kept,
            encoder=lambda: encoders.best,
        )
    )
    ground.preferences.on_change(lambda values: cells.limit(values.segment_cache, values.keep_free))
    videos = Videos(
        database,
        store,
        job_store,
        objects,
        grants,
        events,
        clock,
        settings.library_folder,
    )
    films = Films(database, store, videos)
    captions = Captions(database, store, objects)
    subtitles = Subtitles(database, SubtitleStore(), videos, objects, clock)
    storyboards = Storyboards(database, store, job_store, films, objects, clock)
    sidecars = Sidecars(videos, captions, subtitles, storyboards)
    streams = Streams(videos, films, cells, sidecars, grants, Signer(derived_key(ground.key, "streams")), clock)
    preferences, contents, upload_store = ground.preferences, ContentStore(), UploadStore()
    quotas = Quotas(database, UsageStore(), preferences)
    uploads = Uploads(database, upload_store, store, videos, objects, contents, quotas, clock, preferences)
    if not await asyncio.to_thread(ground.backups.spares):
        for keeper in (uploads, captions, subtitles, storyboards):
            await keeper.recover()
    jobs = Jobs(
        database,
        job_store,
        events,
        clock,
        workers=settings.workers,
        metrics=ground.metrics.jobs,
        tracing=tracing,
    )
    transcoding = Transcoding(
        jobs,
        database,
        job_store,
        store,
        videos,
        films,
        cells,
        storyboards,
        objects,
        Scanner(settings.scan_command),
        events,
        progress,
        clock,
        ground.preferences,
    )
    resumable = ResumableUploads(database, upload_store, store, videos, uploads, objects, transcoding, clock)
    await stack.enter_async_context(resumable.open())
    operations = Operations(jobs, database, job_store, videos, films, cells.pool, objects, clock, ground.audit)
    await stack.enter_async_context(operations.open())
    await stack.enter_async_context(jobs.open())
    library_files = LibraryFiles(database, store, LibraryFileStore(), videos, films, cells, grants, jobs, events, clock)
    folder = WatchedFolder(settings.library_folder, settings.library_watch, library_files, database, UserStore(), clock)
    await stack.enter_async_context(folder.open())
    keeping = Keeping(database, store, job_store, videos, films, cells, transcoding, clock)
    await stack.enter_async_context(keeping.open())
    Vitals(ground.metrics, cells, jobs)
    health = Health(database, objects, settings.folder, clock)
    tidied = collection(database, videos, films, keeping, cells, objects, grants, progress, events, ground.audit, clock)
    await stack.enter_async_context(tidied.trash.open())
    statistics = Statistics(database, StatisticsStore(), store, cells, settings.folder / "watchparty.db")
    assets = VideoAssets(videos, database, job_store, objects)
    return Library(
        videos,
        tidied,
        films,
        cells,
        progress,
        streams,
        subtitles,
        uploads,
        resumable,
        quotas,
        Duplicates(database, contents, store, videos),
        transcoding,
        keeping,
        statistics,
        jobs,
        operations,
        assets,
        health,
    )
