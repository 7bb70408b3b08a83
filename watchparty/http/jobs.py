"""Jobs over HTTP: operations asked for, and the queue they go through."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec

from watchparty.domain.errors import Invalid
from watchparty.domain.job import OPERATIONS, WantedJobs
from watchparty.http.endpoint import Answer, Endpoint, Request
from watchparty.http.etags import etag, is_known
from watchparty.http.paging import cursor_of, key_of, next_link
from watchparty.http.views import rfc3339
from watchparty.services.operations import Operations, Shown


class NewJob(msgspec.Struct, forbid_unknown_fields=True):
    """`kind` is extract-audio, resize or convert; its options are those of the address of that name."""

    kind: str
    video_id: str
    options: dict[str, Any] = {}


class Extraction(msgspec.Struct, forbid_unknown_fields=True):
    """`format` is m4a, mp3, opus, flac or wav."""

    format: str


class Resizing(msgspec.Struct, forbid_unknown_fields=True):
    """`height` in pixels, even, at most the film's own."""

    height: int


class Conversion(msgspec.Struct, forbid_unknown_fields=True):
    """mp4 and mkv take h264, hevc, av1 and vp9 with aac, opus, mp3 or flac; webm takes vp9 and av1 with opus."""

    container: str
    video_codec: str | None = None
    audio_codec: str | None = None


class JobQuery(msgspec.Struct):
    """Which jobs."""

    video_id: str | None = None
    status: Literal["queued", "running", "done", "failed", "cancelled"] | None = None
    kind: str | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 24
    cursor: str | None = None


class ResultView(msgspec.Struct):
    """What an operation made; `size` in bytes."""

    asset_url: str
    filename: str
    size: int


class JobView(msgspec.Struct):
    """`progress` runs from 0 to 1; `title` is the film's; `run_at` is when a job waits for that is tried again.

    `speed` is film seconds per second, `eta_seconds` what is left at that; both only while it runs.
    """

    id: str
    kind: str
    video_id: str
    title: str
    status: str
    progress: float
    attempts: int
    options: Mapping[str, Any]
    can_cancel: bool
    can_retry: bool
    created_at: str
    run_at: str
    started_at: str | None
    finished_at: str | None
    speed: float | msgspec.UnsetType = msgspec.UNSET
    eta_seconds: float | msgspec.UnsetType = msgspec.UNSET
    error: str | msgspec.UnsetType = msgspec.UNSET
    result: ResultView | msgspec.UnsetType = msgspec.UNSET


class StartedView(msgspec.Struct):
    job: JobView


class JobList(msgspec.Struct):
    items: list[JobView]
    next_cursor: str | None


class QueueView(msgspec.Struct):
    """`workers` is how many jobs run at once, besides those that look at new films and make their pictures.

    `delayed` are those that wait for a time, `completed` and `failed` those that are remembered.
    """

    workers: int
    active: int
    waiting: int
    delayed: int
    completed: int
    failed: int
    oldest_waiting_seconds: float


class JobRoutes:
    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    def endpoints(self) -> Sequence[Endpoint]:
        jobs, one, video = "/api/v1/jobs", "/api/v1/jobs/{id}", "/api/v1/videos/{id}"
        return [
            Endpoint("POST", jobs, self.create, "Have something made of a film.",
                     body=NewJob, answer=JobView, status=202),
            Endpoint("GET", jobs, self.page, "The jobs on one's own films, newest first, a page at a time.",
                     query=JobQuery, answer=JobList),
            Endpoint("GET", one, self.show, "One job.", answer=JobView),
            Endpoint("DELETE", one, self.delete, "Forget a job that has ended, and the file it made.", status=204),
            Endpoint("POST", f"{one}/cancel", self.cancel, "End a job that waits or runs.", answer=JobView),
            Endpoint("POST", f"{one}/retry", self.retry, "Try a job that failed or was cancelled once more.",
                     answer=JobView),
            Endpoint("GET", "/api/v1/queue/stats", self.stats, "How the queue stands.", answer=QueueView),
            Endpoint("POST", f"{video}/extract-audio", self.extract, "Make a file of a film's sound.",
                     body=Extraction, answer=StartedView, status=202),
            Endpoint("POST", f"{video}/resize", self.resize, "Make a smaller MP4 of a film.",
                     body=Resizing, answer=StartedView, status=202),
            Endpoint("POST", f"{video}/convert", self.convert, "Make a film of another format.",
                     body=Conversion, answer=StartedView, status=202),
        ]  # fmt: skip

    async def create(self, request: Request[NewJob]) -> Answer:
        body = request.body
        if body.kind not in OPERATIONS:
            raise Invalid(f"The kind must be one of {', '.join(OPERATIONS)}.", pointer="/kind")
        shown = await self._operations.start(request.person, body.kind, body.video_id, body.options, "/options")
        return Answer(_view(shown), headers=_location(shown))

    async def extract(self, request: Request[Extraction]) -> Answer:
        return await self._start(request, "extract-audio", {"format": request.body.format})

    async def resize(self, request: Request[Resizing]) -> Answer:
        return await self._start(request, "resize", {"height": request.body.height})

    async def convert(self, request: Request[Conversion]) -> Answer:
        return await self._start(request, "convert", msgspec.structs.asdict(request.body))

    async def page(self, request: Request[None]) -> Answer:
        query: JobQuery = request.query
        after = None if query.cursor is None else key_of(query.cursor, tuple[float, str])
        wanted = WantedJobs(None, query.video_id, query.status, query.kind, query.limit, after)
        page = await self._operations.page(request.person, wanted)
        cursor = None if page.after is None else cursor_of(*page.after)
        return Answer(JobList([_view(shown) for shown in page.jobs], cursor), headers=next_link(request.raw, cursor))

    async def show(self, request: Request[None]) -> Answer:
        view = _view(await self._operations.find(request.person, request.path["id"]))
        headers = {"ETag": etag(view), "Cache-Control": "private, no-cache"}
        if is_known(request.raw, headers["ETag"]):
            return Answer(status=304, headers=headers)
        return Answer(view, headers=headers)

    async def delete(self, request: Request[None]) -> None:
        await self._operations.delete(request.person, request.path["id"])

    async def cancel(self, request: Request[None]) -> JobView:
        return _view(await self._operations.cancel(request.person, request.path["id"]))

    async def retry(self, request: Request[None]) -> JobView:
        return _view(await self._operations.retry(request.person, request.path["id"]))

    async def stats(self, request: Request[None]) -> QueueView:
        queue = await self._operations.queue()
        return QueueView(
            workers=self._operations.workers,
            active=queue.active,
            waiting=queue.waiting,
            delayed=queue.delayed,
            completed=queue.completed,
            failed=queue.failed,
            oldest_waiting_seconds=round(queue.oldest_waiting_seconds, 3),
        )

    async def _start(self, request: Request[Any], kind: str, options: Mapping[str, Any]) -> Answer:
        shown = await self._operations.start(request.person, kind, request.path["id"], options)
        return Answer(StartedView(_view(shown)), headers=_location(shown))


def _location(shown: Shown) -> dict[str, str]:
    return {"Location": f"/api/v1/jobs/{shown.job.id}"}


def _view(shown: Shown) -> JobView:
    job = shown.job
    return JobView(
        id=job.id,
        kind=job.kind,
        video_id=job.video_id,
        title=shown.title,
        status=job.status,
        progress=round(job.progress, 4),
        attempts=job.attempts,
        options=job.options,
        can_cancel=job.can_cancel,
        can_retry=job.can_retry,
        created_at=rfc3339(job.created_at),
        run_at=rfc3339(max(job.run_at, job.created_at)),
        started_at=None if job.started_at is None else rfc3339(job.started_at),
        finished_at=None if job.finished_at is None else rfc3339(job.finished_at),
        speed=msgspec.UNSET if shown.speed is None else round(shown.speed, 2),
        eta_seconds=msgspec.UNSET if shown.seconds_left is None else round(shown.seconds_left, 1),
        error=job.error or msgspec.UNSET,
        result=_result(shown) or msgspec.UNSET,
    )


def _result(shown: Shown) -> ResultView | None:
    made = shown.job.result
    if made is None:
        return None
    address = f"/api/v1/videos/{shown.job.video_id}/asset?kind={shown.job.id}"
    return ResultView(address, made["filename"], made["size"])
