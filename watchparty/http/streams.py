"""Watching over HTTP: signed addresses, and the playlists and segments behind them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
from aiohttp import web

from watchparty.domain.source import Chapter
from watchparty.http.endpoint import Access, Endpoint, Request
from watchparty.http.files import SentFile
from watchparty.http.views import rfc3339
from watchparty.http.visitors import Visitors
from watchparty.services.sidecars import Caption
from watchparty.services.streams import PLAYLIST, Streams

# Whoever loses their permission must be asked for it again: nothing may answer from a cache in the server's place.
NOT_KEPT = "private, no-cache"


class HlsView(msgspec.Struct):
    """The signed master playlist, and what goes with it: poster, storyboard, chapters and subtitles as WebVTT."""

    hls_url: str
    expires_at: str
    poster_url: str | None
    storyboard_url: str | None
    chapters_url: str | None
    chapters: list[Chapter]
    subtitles: list[Caption]


class Files(msgspec.Struct, forbid_unknown_fields=True):
    """Names as they stand in the playlists, such as 720p/00012.m4s."""

    files: Annotated[list[str], msgspec.Meta(min_length=1, max_length=200)]


class FileUrls(msgspec.Struct):
    file_urls: dict[str, str]
    expires_at: str


class StreamRoutes:
    def __init__(self, streams: Streams, visitors: Visitors) -> None:
        self._streams = streams
        self._visitors = visitors

    def endpoints(self) -> Sequence[Endpoint]:
        return [
            Endpoint("GET", "/api/v1/videos/{id}/hls", self.hls, "Addresses for watching a film.",
                     answer=HlsView, access=Access.ANYONE),
            Endpoint("POST", "/api/v1/videos/{id}/urls", self.urls, "Addresses that open one file each.",
                     body=Files, answer=FileUrls, access=Access.ANYONE),
            Endpoint("GET", "/m/{token}/{video}/{file:.+}", self.serve, "A file of a film.",
                     answer=bytes, access=Access.ANYONE, raw=True, gives=("*/*",)),
        ]  # fmt: skip

    async def hls(self, request: Request[None]) -> HlsView:
        opened = await self._streams.open(self._visitors.of(request), request.path["id"])
        beside = opened.beside
        return HlsView(
            hls_url=opened.hls_url,
            expires_at=rfc3339(opened.expires_at),
            poster_url=beside.poster_url,
            storyboard_url=beside.storyboard_url,
            chapters_url=beside.chapters_url,
            chapters=beside.chapters,
            subtitles=beside.subtitles,
        )

    async def urls(self, request: Request[Files]) -> FileUrls:
        addresses, expires_at = await self._streams.sign(
            self._visitors.of(request), request.path["id"], request.body.files
        )
        return FileUrls(addresses, rfc3339(expires_at))

    async def serve(self, request: Request[None]) -> web.StreamResponse:
        path = request.path
        served = await self._streams.serve(path["token"], path["video"], path["file"])
        headers = {"Cache-Control": NOT_KEPT, "Content-Type": served.content_type}
        if isinstance(served.body, Path):
            return SentFile(served.body, headers=headers)
        response = web.Response(body=served.body, headers=headers)
        if served.content_type == PLAYLIST and len(served.body) > 1024:
            response.enable_compression()
        return response
