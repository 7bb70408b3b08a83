"""Subtitle files over HTTP: brought, listed and taken away again."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

import msgspec
from aiohttp import web
from aiohttp.client_exceptions import ClientPayloadError
from aiohttp.http_exceptions import HttpProcessingError

from watchparty.domain.errors import Malformed, TooLarge
from watchparty.domain.subtitle import LARGEST, Subtitle
from watchparty.http.endpoint import Access, Endpoint, Request
from watchparty.http.views import rfc3339
from watchparty.services.subtitles import Subtitles


class SubtitleQuery(msgspec.Struct):
    """`filename` tells language and label where they are not given, as in `film.de.srt`."""

    filename: Annotated[str, msgspec.Meta(min_length=1, max_length=255)] = "subtitles"
    language: str | None = None
    label: str | None = None


class SubtitleView(msgspec.Struct):
    """Subtitles somebody brought; `format` is what was sent: srt, vtt or ass."""

    id: str
    label: str
    language: str
    format: str
    created_at: str


class SubtitleList(msgspec.Struct):
    items: list[SubtitleView]
    next_cursor: str | None


class SubtitleRoutes:
    def __init__(self, subtitles: Subtitles) -> None:
        self._subtitles = subtitles

    def endpoints(self) -> Sequence[Endpoint]:
        all_, one = "/api/v1/videos/{id}/subtitles", "/api/v1/videos/{id}/subtitles/{subtitle_id}"
        return [
            Endpoint("POST", all_, self.add, "Add the subtitles of a file (.srt, .vtt, .ass), sent as the whole body.",
                     query=SubtitleQuery, takes="application/octet-stream", answer=SubtitleView, status=201),
            Endpoint("GET", all_, self.list, "The subtitles that were added to a film.",
                     answer=SubtitleList, access=Access.PERSON),
            Endpoint("DELETE", one, self.delete, "Take added subtitles away.", status=204),
        ]  # fmt: skip

    async def add(self, request: Request[None]) -> SubtitleView:
        query: SubtitleQuery = request.query
        if (request.raw.content_length or 0) > LARGEST:
            raise TooLarge(f"A subtitle file may have at most {LARGEST >> 20} MB.")
        subtitle = await self._subtitles.add(
            request.person,
            request.path["id"],
            _pieces(request.raw),
            filename=query.filename,
            language=query.language or None,
            label=query.label or None,
        )
        return _view(subtitle)

    async def list(self, request: Request[None]) -> SubtitleList:
        found = await self._subtitles.shown_to(request.person, request.path["id"])
        return SubtitleList([_view(subtitle) for subtitle in found], None)

    async def delete(self, request: Request[None]) -> None:
        await self._subtitles.delete(request.person, request.path["id"], request.path["subtitle_id"])


def _view(subtitle: Subtitle) -> SubtitleView:
    created_at = rfc3339(subtitle.created_at)
    return SubtitleView(subtitle.id, subtitle.label, subtitle.language, subtitle.format, created_at)


async def _pieces(request: web.Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.content.iter_any():
            yield chunk
    except (ClientPayloadError, HttpProcessingError) as error:
        raise Malformed("The upload broke off before it was whole.") from error
