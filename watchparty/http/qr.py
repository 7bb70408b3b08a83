"""Links as pictures a phone can read."""

import io
from collections.abc import Sequence
from typing import Annotated

import msgspec
import segno
from aiohttp import web

from watchparty.domain.errors import Invalid
from watchparty.http.endpoint import Access, Endpoint, Request


class QrQuery(msgspec.Struct):
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class QrRoutes:
    """Made here because a page on the LAN has no secure context, and needs no library for it this way."""

    def endpoints(self) -> Sequence[Endpoint]:
        return [
            Endpoint("GET", "/api/v1/qr", self.draw, "A QR code as SVG.", query=QrQuery, answer=bytes,
                     access=Access.PERSON, raw=True, gives=("image/svg+xml",)),
        ]  # fmt: skip

    async def draw(self, request: Request[None]) -> web.Response:
        query: QrQuery = request.query
        if not query.text.startswith(("http://", "https://")):
            raise Invalid("It must be an address starting with http:// or https://.", pointer="/text")
        picture = io.BytesIO()
        segno.make(query.text, error="m").save(picture, kind="svg", border=2, scale=8, xmldecl=False, svgns=True)
        return web.Response(
            body=picture.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "private, max-age=3600"}
        )
