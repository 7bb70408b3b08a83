"""The address that takes a film's bytes."""

from collections.abc import AsyncIterator, Sequence

import msgspec
from aiohttp import web
from aiohttp.client_exceptions import ClientPayloadError
from aiohttp.http_exceptions import HttpProcessingError

from watchparty.domain.errors import Malformed
from watchparty.http.endpoint import Access, Endpoint, Request
from watchparty.http.video_views import VideoView, VideoViews
from watchparty.services.transcoding import Transcoding
from watchparty.services.uploads import Uploads

# Bytes taken from the connection at a time; a larger piece means fewer trips to the disk's thread.
PIECE = 1 << 20


class ReceivedView(msgspec.Struct):
    """The film is whole and will be watchable in a moment: ask for its status."""

    video: VideoView


class UploadRoutes:
    def __init__(self, uploads: Uploads, transcoding: Transcoding, views: VideoViews) -> None:
        self._uploads = uploads
        self._transcoding = transcoding
        self._views = views

    def endpoints(self) -> Sequence[Endpoint]:
        return [
            Endpoint(
                "PUT",
                "/u/{address}",
                self.receive,
                "Put a film's bytes where its upload address says.",
                takes="application/octet-stream",
                answer=ReceivedView,
                access=Access.ANYONE,  # the address itself is signed
            )
        ]

    async def receive(self, request: Request[None]) -> ReceivedView:
        raw = request.raw
        video = await self._uploads.receive(request.path["address"], raw.content_length, pieces(raw))
        self._transcoding.look()
        return ReceivedView(await self._views.one(None, video))


async def pieces(request: web.Request) -> AsyncIterator[bytes]:
    """The body as it comes, gathered to pieces of about PIECE bytes; nothing is read while the disk is behind."""
    gathered = bytearray()
    try:
        async for chunk in request.content.iter_any():
            gathered += chunk
            if len(gathered) >= PIECE:
                yield bytes(gathered)
                gathered.clear()
    except (ClientPayloadError, HttpProcessingError) as error:
        raise Malformed("The upload broke off before it was whole.") from error
    if gathered:
        yield bytes(gathered)
