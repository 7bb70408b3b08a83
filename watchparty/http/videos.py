"""The library over HTTP: films described, asked about and deleted."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec

from watchparty.domain.errors import Invalid
from watchparty.domain.user import Person
from watchparty.domain.video import (
    Video,
    Visibility,
    clean_description,
    clean_filename,
    clean_tags,
    clean_title,
    title_of,
)
from watchparty.http.endpoint import Access, Answer, Endpoint, Request
from watchparty.http.etags import etag, is_known, require_match
from watchparty.http.video_views import VideoView, VideoViews
from watchparty.http.views import rfc3339
from watchparty.http.visitors import Visitors
from watchparty.services.clock import Clock
from watchparty.services.ids import new_id
from watchparty.services.keeping import Keeping
from watchparty.services.preparation import Preparation, Stock
from watchparty.services.trash import Trash
from watchparty.services.uploads import Address, Uploads
from watchparty.services.videos import Videos

VisibilityWord = Literal["private", "unlisted", "public"]
Size = Annotated[int, msgspec.Meta(ge=1, le=1 << 50)]


class NewVideo(msgspec.Struct, forbid_unknown_fields=True):
    """With `filename`, the answer brings an address for the bytes; without, only the words are kept for now."""

    title: str | None = None
    description: str = ""
    tags: list[str] = []
    visibility: VisibilityWord = "private"
    filename: str | None = None
    size: Size | None = None


class NewUpload(msgspec.Struct, forbid_unknown_fields=True):
    """`size` in bytes, where it is known beforehand."""

    size: Size | None = None


class VideoChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is left out stays as it is. `keep_ready`: every segment is made beforehand and stays on the disk."""

    title: str | None = None
    description: str | None = None
    tags: list[str] | None = None
    visibility: VisibilityWord | None = None
    keep_ready: bool | None = None


class VideoReplacement(msgspec.Struct, forbid_unknown_fields=True):
    title: str
    description: str = ""
    tags: list[str] = []
    visibility: VisibilityWord = "private"


class UploadView(msgspec.Struct):
    """Where the bytes go: one PUT of the whole file, no other credentials needed.

    `tus_url` takes them in pieces (tus 1.0.0): by itself until it has rested for an hour, then, until it has for a
    day, from whoever is signed in as the owner.
    """

    url: str
    method: str
    expires_at: str
    tus_url: str


class NewVideoView(msgspec.Struct):
    video: VideoView
    upload: UploadView | None


class RenditionView(msgspec.Struct):
    """One way to fill the film's grid; `bitrate` in bits per second, `codecs` as in RFC 6381.

    `stored_bytes` is what its made segments take of the disk; those of a copied rendition take nothing.
    """

    name: str
    width: int | None
    height: int | None
    bitrate: int
    mode: str
    codecs: str
    ready_segments: int
    segments: int
    stored_bytes: int


class StatusView(msgspec.Struct):
    """How far a film is. `speed` is film seconds prepared per second, `eta_seconds` what is left of that."""

    status: str
    progress: float
    renditions: list[RenditionView]
    reason: str | None
    activity: str | None
    why_encoded: str | None
    speed: float | None
    eta_seconds: float | None
    keep_ready: bool
    stored_bytes: int


class DeleteQuery(msgspec.Struct):
    """`forever`: not into the trash but gone at once; also for a film that lies in the trash."""

    forever: bool = False


class VideoRoutes:
    def __init__(
        self,
        videos: Videos,
        trash: Trash,
        uploads: Uploads,
        preparation: Preparation,
        keeping: Keeping,
        views: VideoViews,
        visitors: Visitors,
        clock: Clock,
    ) -> None:
        self._videos = videos
        self._trash = trash
        self._uploads = uploads
        self._preparation = preparation
        self._keeping = keeping
        self._views = views
        self._visitors = visitors
        self._clock = clock

    def endpoints(self) -> Sequence[Endpoint]:
        videos, one, anyone = "/api/v1/videos", "/api/v1/videos/{id}", Access.ANYONE
        return [
            Endpoint("POST", videos, self.create, "Add a film's words, and get an address for its bytes.",
                     body=NewVideo, answer=NewVideoView, status=201),
            Endpoint("GET", one, self.show, "One film.", answer=VideoView, access=anyone),
            Endpoint("PUT", one, self.replace, "Replace a film's words.", body=VideoReplacement, answer=VideoView),
            Endpoint("PATCH", one, self.change, "Change some of a film's words.", body=VideoChange, answer=VideoView),
            Endpoint("DELETE", one, self.delete, "Delete a film, which can be had back for a week.",
                     query=DeleteQuery, status=204),
            Endpoint("POST", f"{one}/upload", self.open_upload, "Get an address for the bytes of a pending film.",
                     body=NewUpload, answer=UploadView, status=201),
            Endpoint("GET", f"{one}/status", self.status, "What is ready, and what is being done.",
                     answer=StatusView, access=anyone),
        ]  # fmt: skip

    async def create(self, request: Request[NewVideo]) -> NewVideoView:
        video = self._new(request.person, request.body)
        self._uploads.check_size(request.body.size)
        upload = None
        if request.body.filename is not None:
            upload = _upload(await self._uploads.add(request.person, video, request.body.size))
        else:
            await self._videos.add(request.person, video)
        return NewVideoView(await self._views.one(request.person, video), upload)

    async def show(self, request: Request[None]) -> Answer:
        visitor = self._visitors.of(request)
        return await self._answer(request, visitor, await self._videos.find(visitor, request.path["id"]))

    async def replace(self, request: Request[VideoReplacement]) -> Answer:
        body = request.body
        return await self._describe(request, body.title, body.description, body.tags, body.visibility)

    async def change(self, request: Request[VideoChange]) -> Answer:
        body = request.body
        answer = await self._describe(request, body.title, body.description, body.tags, body.visibility)
        if body.keep_ready is None:
            return answer
        video = await self._keeping.set(request.person, request.path["id"], body.keep_ready)
        return await self._answer(request, request.person, video)

    async def delete(self, request: Request[None]) -> None:
        query: DeleteQuery = request.query
        if query.forever:
            return await self._trash.delete_for_good(request.person, request.path["id"])
        await self._require_match(request)
        await self._trash.put(request.person, request.path["id"])

    async def open_upload(self, request: Request[NewUpload]) -> UploadView:
        return await self._open_upload(request.person, request.path["id"], request.body.size)

    async def status(self, request: Request[None]) -> StatusView:
        prepared = await self._preparation.of(self._visitors.of(request), request.path["id"])
        work = prepared.work
        return StatusView(
            status=work.status,
            progress=round(work.progress, 4),
            renditions=[_rendition(stock) for stock in prepared.stock],
            reason=work.reason,
            activity=work.activity,
            why_encoded=prepared.why_encoded,
            speed=None if work.speed is None else round(work.speed, 2),
            eta_seconds=None if work.seconds_left is None else round(work.seconds_left, 1),
            keep_ready=prepared.keep_ready,
            stored_bytes=sum(stock.stored_bytes for stock in prepared.stock),
        )

    def _new(self, person: Person, body: NewVideo) -> Video:
        filename = None if body.filename is None else clean_filename(body.filename)
        if body.title is None and filename is None:
            raise Invalid("Give a title or a file name.", pointer="/title")
        now = self._clock.time()
        return Video(
            id=new_id(),
            owner_id=person.id,
            title=clean_title(body.title) if body.title is not None else title_of(filename or ""),
            created_at=now,
            updated_at=now,
            description=clean_description(body.description),
            tags=clean_tags(body.tags),
            visibility=Visibility(body.visibility),
            filename=filename,
            size=body.size,
        )

    async def _open_upload(self, person: Person, video_id: str, size: int | None) -> UploadView:
        return _upload(await self._uploads.open(person, video_id, size))

    async def _describe(
        self,
        request: Request[VideoReplacement] | Request[VideoChange],
        title: str | None,
        description: str | None,
        tags: list[str] | None,
        visibility: VisibilityWord | None,
    ) -> Answer:
        await self._require_match(request)
        video = await self._videos.describe(
            request.person,
            request.path["id"],
            title=title,
            description=description,
            tags=tags,
            visibility=None if visibility is None else Visibility(visibility),
        )
        return await self._answer(request, request.person, video)

    async def _answer(self, request: Request[Any], person: Person, video: Video) -> Answer:
        headers = {"ETag": _tag(video), "Cache-Control": "private, no-cache"}
        if request.raw.method == "GET" and is_known(request.raw, _tag(video)):
            return Answer(status=304, headers=headers)
        return Answer(await self._views.one(person, video), headers=headers)

    async def _require_match(self, request: Request[Any]) -> None:
        video = await self._videos.find_own(request.person, request.path["id"])
        require_match(request.raw, _tag(video))


def _upload(address: Address) -> UploadView:
    tus_url = f"/api/v1/uploads/{address.resumable}"
    return UploadView(f"/u/{address.token}", "PUT", rfc3339(address.expires_at), tus_url)


def _rendition(stock: Stock) -> RenditionView:
    rendition = stock.rendition
    return RenditionView(
        name=rendition.name,
        width=rendition.width or None,
        height=rendition.height or None,
        bitrate=rendition.bit_rate,
        mode=rendition.mode,
        codecs=rendition.codecs,
        ready_segments=stock.ready,
        segments=stock.segments,
        stored_bytes=stock.stored_bytes,
    )


def _tag(video: Video) -> str:
    """Of what people edit; a film does not become another by being prepared."""
    return etag(video.id, video.title, video.description, video.tags, video.visibility, video.keep_ready)
