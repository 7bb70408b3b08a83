"""Resumable uploads over HTTP: tus 1.0.0, with the extensions that domain/tus.py names."""

from collections.abc import Awaitable, Callable, Sequence
from email.utils import formatdate

import msgspec
from aiohttp import web

from watchparty.domain.errors import Conflict, Invalid, Malformed, Problem, Stale, WrongMediaType
from watchparty.domain.tus import (
    ALGORITHMS,
    EXTENSIONS,
    MEDIA_TYPE,
    VERSION,
    parse_checksum,
    parse_count,
    parse_metadata,
)
from watchparty.domain.upload import Upload, film_of
from watchparty.http.endpoint import Access, Answer, Endpoint, Request
from watchparty.http.pieces import Pieces
from watchparty.http.problems import STATUS
from watchparty.http.video_views import VideoView, VideoViews
from watchparty.services.clock import Clock
from watchparty.services.ids import new_id
from watchparty.services.preferences import Preferences
from watchparty.services.resumable_uploads import ResumableUploads
from watchparty.services.uploads import Uploads
from watchparty.services.videos import Videos

ROOT = "/api/v1/uploads"
# Another version of the protocol, another request in the middle of it, bytes that do not add up.
REFUSALS = (412, 423, 460)
_Handler = Callable[[Request[None]], Awaitable[Answer]]


class BegunView(msgspec.Struct):
    """The film that the upload is to become; the upload itself is at Location."""

    video: VideoView


async def add_version(request: web.Request, response: web.StreamResponse) -> None:
    """Signal handler for `on_response_prepare`: what every answer of this protocol carries, errors too."""
    if request.path.startswith(ROOT):
        response.headers["Tus-Resumable"] = VERSION
        if response.status == STATUS[Stale]:
            response.headers["Tus-Version"] = VERSION


class TusRoutes:
    def __init__(
        self,
        resumable: ResumableUploads,
        uploads: Uploads,
        videos: Videos,
        views: VideoViews,
        clock: Clock,
        preferences: Preferences,
    ) -> None:
        self._resumable = resumable
        self._uploads = uploads
        self._videos = videos
        self._views = views
        self._clock = clock
        self._preferences = preferences

    def endpoints(self) -> Sequence[Endpoint]:
        one, anyone = f"{ROOT}/{{address}}", Access.ANYONE  # the address itself is signed
        told = {204: None}
        # Pieces of one film are not counted: small ones over a bad line come by the hundred.
        return [
            Endpoint("OPTIONS", ROOT, self.options, "What this server knows of tus 1.0.0.", status=204, access=anyone),
            Endpoint("POST", ROOT, self.create, "Begin a resumable upload (tus 1.0.0), with first bytes or without.",
                     takes=MEDIA_TYPE, answer=BegunView, status=201, refuses=REFUSALS),
            Endpoint("OPTIONS", one, self.options_here, "The same.", status=204, access=anyone),
            Endpoint("HEAD", one, self.show, "Where a resumable upload goes on.", access=anyone, rate=None, also=told,
                     refuses=REFUSALS),
            Endpoint("PATCH", one, self.append, "Send the bytes that follow.",
                     takes=MEDIA_TYPE, status=204, access=anyone, rate=None, refuses=REFUSALS),
            Endpoint("DELETE", one, self.give_up, "Give up an unfinished upload.", status=204, access=anyone,
                     refuses=REFUSALS),
            Endpoint("POST", one, self.override, "Any of these, where only POST passes: X-HTTP-Method-Override.",
                     takes=MEDIA_TYPE, status=204, access=anyone, rate=None, also={200: None},
                     refuses=REFUSALS),
        ]  # fmt: skip

    async def options(self, request: Request[None]) -> Answer:
        headers = {
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(self._preferences.max_upload),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        }
        return Answer(status=204, headers=headers)

    async def options_here(self, request: Request[None]) -> Answer:
        """Of whatever address: it is known before there is an upload."""
        return await self.options(request)

    async def create(self, request: Request[None]) -> Answer:
        raw, person = request.raw, request.person
        _require_version(raw)
        size, words = _announced(raw), raw.headers.get("Upload-Metadata")
        said = parse_metadata(words or "")
        if "video_id" in said:
            upload = await self._resumable.create_for(person, said["video_id"], size, words)
        else:
            film = film_of(new_id(), person.id, said, size, self._clock.time())
            upload = await self._resumable.create(person, film, size, words)
        address = self._uploads.address(upload).resumable
        if raw.content_type == MEDIA_TYPE and raw.body_exists:
            upload = await self._first_bytes(request, address)
        video = await self._videos.get(upload.video_id)
        headers = {"Location": f"{ROOT}/{address}", **_standing(upload)}
        return Answer(BegunView(await self._views.one(person, video)), 201, headers)

    async def show(self, request: Request[None]) -> Answer:
        _require_version(request.raw)
        upload = await self._resumable.find(request.path["address"], request.maybe_person)
        size = {"Upload-Defer-Length": "1"} if upload.size is None else {"Upload-Length": str(upload.size)}
        words = {"Upload-Metadata": upload.metadata} if upload.metadata else {}
        return Answer(status=200, headers={"Cache-Control": "no-store", **size, **words, **_standing(upload)})

    async def append(self, request: Request[None]) -> Answer:
        _require_version(request.raw)
        if request.raw.content_type != MEDIA_TYPE:
            raise WrongMediaType(f"Send the bytes as {MEDIA_TYPE}.")
        upload = await self._append(request, request.path["address"], _offset(request.raw))
        return Answer(status=204, headers=_standing(upload))

    async def give_up(self, request: Request[None]) -> Answer:
        _require_version(request.raw)
        await self._resumable.give_up(request.path["address"], request.maybe_person)
        return Answer(status=204)

    async def override(self, request: Request[None]) -> Answer:
        """By POST only: what came as GET or HEAD was not asked which site it comes from."""
        method = request.raw.headers.get("X-HTTP-Method-Override", "").upper()
        handlers: dict[str, _Handler] = {"HEAD": self.show, "PATCH": self.append, "DELETE": self.give_up}
        if method not in handlers:
            raise Malformed("Say HEAD, PATCH or DELETE in X-HTTP-Method-Override.")
        return await handlers[method](request)

    async def _first_bytes(self, request: Request[None], address: str) -> Upload:
        """Those that come with the creation. Refused, they take the upload along: nobody has its address."""
        try:
            return await self._append(request, address, 0)
        except Problem:
            await self._resumable.give_up(address, request.person)
            raise

    async def _append(self, request: Request[None], address: str, offset: int) -> Upload:
        raw = request.raw
        checksum = raw.headers.get("Upload-Checksum")
        size = parse_count(raw.headers.get("Upload-Length"), "Upload-Length")
        total = None if checksum is None else parse_checksum(checksum)
        async with Pieces(raw) as body:
            upload = await self._resumable.append(
                address, request.maybe_person, offset, body, size=size, checksum=total
            )
        if body.stopped:
            raise Conflict("Another request goes on with this upload.")
        if body.broke:
            raise Malformed("The upload broke off before its end. What came of it is kept.")
        return upload


def _require_version(request: web.Request) -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise Stale(f"This server speaks tus {VERSION}: say so in Tus-Resumable.")


def _announced(request: web.Request) -> int | None:
    """The size of the file; None where it is to be said later."""
    size = parse_count(request.headers.get("Upload-Length"), "Upload-Length")
    deferred = request.headers.get("Upload-Defer-Length")
    if (size is None) != (deferred == "1") or deferred not in {None, "1"}:
        raise Malformed("Say either Upload-Length, or Upload-Defer-Length: 1.")
    if size == 0:
        raise Invalid("The file is empty.")
    return size


def _offset(request: web.Request) -> int:
    offset = parse_count(request.headers.get("Upload-Offset"), "Upload-Offset")
    if offset is None:
        raise Malformed("Say in Upload-Offset where these bytes begin.")
    return offset


def _standing(upload: Upload) -> dict[str, str]:
    expires = {} if upload.finished else {"Upload-Expires": formatdate(upload.expires_at, usegmt=True)}
    return {"Upload-Offset": str(upload.received), **expires}
