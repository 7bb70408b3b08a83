"""People's pictures over HTTP: sent, taken away, and shown."""

from collections.abc import AsyncIterator, Sequence

import msgspec
from aiohttp import web
from aiohttp.client_exceptions import ClientPayloadError
from aiohttp.http_exceptions import HttpProcessingError

from watchparty.domain.errors import Malformed
from watchparty.http.endpoint import Access, Endpoint, Request
from watchparty.http.views import avatar_url
from watchparty.services.avatars import Avatars

# Another picture has another address, so this one never changes.
FOR_EVER = "private, max-age=31536000, immutable"


class AvatarView(msgspec.Struct):
    avatar_url: str | None


class AvatarRoutes:
    def __init__(self, avatars: Avatars) -> None:
        self._avatars = avatars

    def endpoints(self) -> Sequence[Endpoint]:
        mine = "/api/v1/users/me/avatar"
        return [
            Endpoint("PUT", mine, self.set,
                     "Give oneself a picture: a JPEG, PNG, WebP or GIF of up to 5 MB, sent as the whole body.",
                     takes="application/octet-stream", answer=AvatarView),
            Endpoint("DELETE", mine, self.delete, "Take one's picture away.", status=204),
            # Nobody guesses the name, and whoever was shown somebody's picture may look at it.
            Endpoint("GET", "/avatars/{name}", self.show, "Somebody's picture, a JPEG of 256 x 256 pixels.",
                     answer=bytes, access=Access.ANYONE, raw=True),
        ]  # fmt: skip

    async def set(self, request: Request[None]) -> AvatarView:
        return AvatarView(avatar_url(await self._avatars.set(request.person, _pieces(request.raw))))

    async def delete(self, request: Request[None]) -> None:
        await self._avatars.delete(request.person)

    async def show(self, request: Request[None]) -> web.Response:
        picture = await self._avatars.picture(request.path["name"])
        return web.Response(body=picture, content_type="image/jpeg", headers={"Cache-Control": FOR_EVER})


async def _pieces(request: web.Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.content.iter_any():
            yield chunk
    except (ClientPayloadError, HttpProcessingError) as error:
        raise Malformed("The picture broke off before it was whole.") from error
