"""Whole files of a film over HTTP, in ranges and with the names they are to be saved under."""

import asyncio
from collections.abc import Sequence

import msgspec
from aiohttp import hdrs, web
from aiohttp.abc import AbstractStreamWriter

from watchparty.http.downloads import attachment
from watchparty.http.endpoint import Access, Endpoint, Request
from watchparty.http.files import SentFile
from watchparty.services.video_assets import Asset, VideoAssets

# Whoever loses their permission must be asked for it again.
NOT_KEPT = "private, no-cache"


class AssetQuery(msgspec.Struct):
    """`kind` is original, poster, storyboard, audio (what was extracted last), or the id of a finished operation."""

    kind: str


class VideoAssetRoutes:
    def __init__(self, assets: VideoAssets) -> None:
        self._assets = assets

    def endpoints(self) -> Sequence[Endpoint]:
        return [
            Endpoint("GET", "/api/v1/videos/{id}/asset", self.serve, "A whole file of a film, or a range of it.",
                     query=AssetQuery, answer=bytes, access=Access.PERSON, raw=True, gives=("*/*",)),
        ]  # fmt: skip

    async def serve(self, request: Request[None]) -> web.StreamResponse:
        query: AssetQuery = request.query
        asset = await self._assets.find(request.person, request.path["id"], query.kind)
        headers = {"Cache-Control": NOT_KEPT, "Content-Type": asset.mime_type, **_disposition(asset)}
        return Ranged(asset.path, headers=headers)


class Ranged(SentFile):
    """A file whose ranges heed If-Range with an entity tag, too (RFC 9110, section 13.1.5), not with a date alone."""

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        wanted = request.headers.get(hdrs.IF_RANGE, "").strip()
        if wanted.startswith(('"', "W/")) and wanted != await self._tag():
            # The rest of another version is of no use: send all of this one.
            headers = request.headers.copy()
            headers.popall(hdrs.RANGE, None)
            request = request.clone(headers=headers)
        return await super().prepare(request)

    async def _tag(self) -> str:
        """As aiohttp makes it."""
        state = await asyncio.to_thread(self._path.stat)
        return f'"{state.st_mtime_ns:x}-{state.st_size:x}"'


def _disposition(asset: Asset) -> dict[str, str]:
    return {} if asset.filename is None else attachment(asset.filename)
