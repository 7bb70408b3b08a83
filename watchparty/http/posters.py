"""A film's poster over HTTP: what it could be, and what it is to be."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from aiohttp import ClientPayloadError, web

from watchparty.domain.errors import Malformed, TooLarge
from watchparty.http.endpoint import Endpoint, Request
from watchparty.http.reading import decode
from watchparty.http.video_views import VideoView, VideoViews
from watchparty.services.posters import LARGEST, Posters

Moment = Annotated[float, msgspec.Meta(ge=0, le=1e7)]


class Frame(msgspec.Struct, forbid_unknown_fields=True):
    """A moment of the film, in seconds."""

    at: Moment


class FrameQuery(msgspec.Struct):
    """A moment of the film, in seconds; the picture shown is the keyframe at or before it."""

    at: Moment


class Candidate(msgspec.Struct):
    """A moment that shows something, in seconds, and where its picture is."""

    at: float
    url: str


class CandidateList(msgspec.Struct):
    items: list[Candidate]


class PosterRoutes:
    def __init__(self, posters: Posters, views: VideoViews) -> None:
        self._posters = posters
        self._views = views

    def endpoints(self) -> Sequence[Endpoint]:
        one = "/api/v1/videos/{id}"
        return [
            Endpoint("GET", f"{one}/posters", self.candidates, "Three moments of a film that would do as its poster.",
                     answer=CandidateList),
            Endpoint("GET", f"{one}/frame", self.frame, "A moment of a film as a JPEG, to choose a poster by.",
                     query=FrameQuery, answer=bytes, gives=("image/jpeg",), raw=True),
            Endpoint("PUT", f"{one}/poster", self.choose,
                     'Choose a film\'s poster: a JPEG, PNG or WebP of at most 10 MB as the body, or {"at": seconds}.',
                     takes="application/octet-stream", answer=VideoView),
            Endpoint("DELETE", f"{one}/poster", self.reset, "Go back to the poster that was found in the film.",
                     answer=VideoView),
        ]  # fmt: skip

    async def candidates(self, request: Request[None]) -> CandidateList:
        video_id = request.path["id"]
        moments = await self._posters.candidates(request.person, video_id)
        return CandidateList([Candidate(at, f"/api/v1/videos/{video_id}/frame?at={at:.3f}") for at in moments])

    async def frame(self, request: Request[None]) -> web.StreamResponse:
        query: FrameQuery = request.query
        picture = await self._posters.frame(request.person, request.path["id"], query.at)
        return web.Response(body=picture, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=600"})

    async def choose(self, request: Request[None]) -> VideoView:
        data = await _body(request.raw)
        if request.raw.content_type == "application/json":
            moment = decode(data, Frame)
            video = await self._posters.choose_frame(request.person, request.path["id"], moment.at)
        else:
            video = await self._posters.bring(request.person, request.path["id"], data)
        return await self._views.one(request.person, video)

    async def reset(self, request: Request[None]) -> VideoView:
        return await self._views.one(request.person, await self._posters.reset(request.person, request.path["id"]))


async def _body(request: web.Request) -> bytes:
    """All of it, however it was announced. Raises TooLarge as soon as it is too much."""
    too_large = TooLarge(f"A poster may have at most {LARGEST >> 20} MB.")
    if (request.content_length or 0) > LARGEST:
        raise too_large
    data = bytearray()
    try:
        async for chunk in request.content.iter_any():
            data += chunk
            if len(data) > LARGEST:
                raise too_large
    except ClientPayloadError as error:
        raise Malformed("The picture broke off before it was whole.") from error
    return bytes(data)
