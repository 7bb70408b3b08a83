"""What happens to a film once its bytes are here: looked at, made watchable, given a poster, prepared further."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec

from watchparty.domain.errors import Conflict, StorageFull
from watchparty.domain.event import VideoChanged, VideoEvent, VideoFailed, VideoProcessed
from watchparty.domain.job import Job, JobStatus
from watchparty.domain.ladder import Rendition, why_encoded
from watchparty.domain.video import Status, Video
from watchparty.media.child import Look
from watchparty.media.inspect import Inspection
from watchparty.media.poster import poster
from watchparty.services.attempt import Attempt
from watchparty.services.cells import Cells, Film
from watchparty.services.clock import Clock
from watchparty.services.events import Events
from watchparty.services.films import Films, film_of
from watchparty.services.ids import new_id
from watchparty.services.jobs import LOOKING, PICTURES, Jobs
from watchparty.services.keeping import KIND, make_everything, queue_keeping
from watchparty.services.preferences import Preferences
from watchparty.services.progress import Progress, Work
from watchparty.services.scanner import Scanner
from watchparty.services.storyboards import KIND as STORYBOARD
from watchparty.services.storyboards import Storyboards
from watchparty.services.videos import Videos
from watchparty.storage.database import Database, Tx
from watchparty.storage.jobs import JobStore
from watchparty.storage.objects import ObjectStore, whole
from watchparty.storage.videos import VideoStore

GIVEN_UP = "Somebody stopped the server from looking at this film."


class Transcoding:
    """`preferences` say whether films that must be encoded are prepared before anybody watches them."""

    def __init__(
        self,
        jobs: Jobs,
        database: Database,
        job_store: JobStore,
        store: VideoStore,
        videos: Videos,
        films: Films,
        cells: Cells,
        storyboards: Storyboards,
        objects: ObjectStore,
        scanner: Scanner,
        events: Events,
        progress: Progress,
        clock: Clock,
        preferences: Preferences,
    ) -> None:
        self._jobs = jobs
        self._database = database
        self._job_store = job_store
        self._store = store
        self._videos = videos
        self._films = films
        self._cells = cells
        self._storyboards = storyboards
        self._objects = objects
        self._scanner = scanner
        self._events = events
        self._progress = progress
        self._clock = clock
        self._preferences = preferences
        jobs.teach("prepare", self._prepare, lane=LOOKING, ending=self._set_aside, ended=self._tell_end)
        jobs.teach("poster", self._make_poster, lane=PICTURES)
        jobs.teach(STORYBOARD, self._make_storyboard, lane=PICTURES, rank=1)
        # Behind what somebody asked for, and never in more than one of the slots: it takes hours.
        jobs.teach("fill", self._fill, rank=1, most=1)
        jobs.teach(KIND, self._make_all, rank=1, most=1)

    def look(self) -> None:
        """There may be new films."""
        self._jobs.look()

    async def cancel(self, kind: str, video_id: str) -> None:
        """Jobs of this kind are not wanted any more for this film; returns when none is under way."""
        await self._jobs.withdraw(kind, video_id)

    async def _prepare(self, attempt: Attempt) -> None:
        video = await self._database.read(lambda tx: self._store.get(tx, attempt.job.video_id))
        if video is None or video.status is Status.READY:
            return  # deleted, or an external encoder was quicker
        path = self._videos.path(video)
        if self._scanner.is_there:
            await self._set_status(video.id, Status.PROCESSING, "Being checked for viruses")
            await self._scanner.check(path)
        await self._set_status(video.id, Status.PROCESSING, "Looking at the file")
        look = Look(str(path))
        try:
            inspection = await asyncio.to_thread(look.take)
        except asyncio.CancelledError:
            look.give_up()
            raise
        await self.make_ready(video, path, inspection, attempt.job.created_by)

    async def make_ready(
        self,
        video: Video,
        path: Path,
        inspection: Inspection,
        created_by: str | None,
        besides: Callable[[Tx], None] = lambda _: None,
    ) -> None:
        """From here on the film can be watched; whatever else is made of it may fail without undoing that.

        `besides` goes before it in the same transaction.
        """
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
        rung = first_rung(film) if self._preferences.background else None
        # Sound alone may have a cover, which serves as its poster.
        kinds = ["poster", *([STORYBOARD] if source.video else [])]
        jobs = [Job(new_id(), kind, video.id, now, created_by) for kind in kinds]
        jobs += [Job(new_id(), "fill", video.id, now, created_by, {"rendition": rung.name})] if rung else []

        def keep(tx: Tx) -> None:
            besides(tx)
            current = self._store.get(tx, video.id)
            if current is not None and current.status is Status.READY:
                return
            self._store.set_inspection(tx, ready, text)
            self._tell(tx, video.id, VideoProcessed)
            for job in jobs:
                self._job_store.add(tx, job)
            if (current := self._store.get(tx, video.id)) is not None and current.keep_ready:
                queue_keeping(tx, self._job_store, current, now)

        await self._database.write(keep)
        await self._films.forget(video.id)
        self._progress.tell(Work(video.id, Status.READY, 0.0 if rung else 1.0))
        self._jobs.look()

    async def _make_poster(self, attempt: Attempt) -> None:
        film = await self._films.open(attempt.job.video_id)
        picture = await asyncio.to_thread(poster, film.path, film.source)
        if picture is None:
            return
        # Named by its job: made again after a crash, it takes the place of the first.
        key = f"posters/{film.video_id}/{attempt.job.id}.jpg"
        await self._objects.put(key, whole(picture))

        def keep(tx: Tx) -> None:
            self._store.set_poster(tx, film.video_id, key)
            self._tell(tx, film.video_id, VideoChanged)

        await self._database.write(keep)

    async def _make_storyboard(self, attempt: Attempt) -> None:
        if await self._storyboards.queue_next():
            self._jobs.look()
        await self._storyboards.make(attempt.job.video_id, attempt.tell)

    async def _fill(self, attempt: Attempt) -> None:
        """Make the lowest rung ahead of viewers, who come first whenever there are any."""
        film = await self._films.open(attempt.job.video_id)
        rung = first_rung(film)
        if rung is None:
            return
        activity = f"Preparing {rung.name}: {why_encoded(film.source, film.grid) or 'this film has to be encoded.'}"

        def tell(done: float, speed: float) -> None:
            left = (1 - done) * film.source.duration / speed if speed > 0 else None
            attempt.tell(done, speed, left)
            self._progress.tell(Work(film.video_id, Status.READY, done, activity, None, speed, left))

        tell(0.0, 0.0)
        try:
            await self._cells.fill(film, rung.name, tell)
        except StorageFull as full:
            # It is made when somebody watches it; the room there is belongs to what is being watched.
            raise Conflict(full.detail) from full
        finally:
            self._progress.tell(Work(film.video_id, Status.READY, 1.0))

    async def _make_all(self, attempt: Attempt) -> None:
        await make_everything(await self._films.open(attempt.job.video_id), self._cells, self._progress, attempt.tell)

    async def fail(self, video_id: str, reason: str, besides: Callable[[Tx], None]) -> None:
        """Somebody else found that the film cannot be watched; `besides` goes before it in the same transaction."""
        now = self._clock.time()

        def keep(tx: Tx) -> None:
            besides(tx)
            self._store.set_status(tx, video_id, Status.FAILED, reason, now)
            self._tell(tx, video_id, VideoFailed)

        await self._database.write(keep)
        await self._films.forget(video_id)
        self._progress.tell(Work(video_id, Status.FAILED, 0.0, reason=reason))

    def _set_aside(self, tx: Tx, job: Job) -> None:
        """A film that was not looked at to the end cannot be watched, and says why."""
        self._store.set_status(tx, job.video_id, Status.FAILED, _reason(job), self._clock.time())
        self._tell(tx, job.video_id, VideoFailed)

    async def _tell_end(self, job: Job) -> None:
        await self._films.forget(job.video_id)
        self._progress.tell(Work(job.video_id, Status.FAILED, 0.0, reason=_reason(job)))

    async def _set_status(self, video_id: str, status: Status, activity: str) -> None:
        now = self._clock.time()

        def keep(tx: Tx) -> None:
            self._store.set_status(tx, video_id, status, None, now)
            self._tell(tx, video_id, VideoChanged)

        await self._database.write(keep)
        self._progress.tell(Work(video_id, status, 0.0, activity))

    def _tell(self, tx: Tx, video_id: str, kind: type[VideoEvent]) -> None:
        """As the film stands at this point of the transaction; of one that was deleted meanwhile, nothing."""
        if (video := self._store.get(tx, video_id)) is not None:
            self._events.tell(tx, kind.of(video))


def _reason(job: Job) -> str | None:
    return GIVEN_UP if job.status is JobStatus.CANCELLED else job.error


def first_rung(film: Film) -> Rendition | None:
    """The rendition to prepare unasked: the lowest encoded picture, unless every browser shows the film's own."""
    if any(rendition.mode == "copy" and rendition.universal for rendition in film.renditions):
        return None
    encoded = [rendition for rendition in film.renditions if (rendition.kind, rendition.mode) == ("video", "encode")]
    return min(encoded, key=lambda rendition: rendition.bit_rate, default=None)
