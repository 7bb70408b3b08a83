"""Keys for programs, over HTTP."""

from collections.abc import Sequence

import msgspec

from watchparty.domain.api_key import ApiKey
from watchparty.http.endpoint import Endpoint, Request
from watchparty.http.views import rfc3339
from watchparty.services.api_keys import ApiKeys


class NewKey(msgspec.Struct, forbid_unknown_fields=True):
    """`scopes` are of read, write (with read) and admin; `expires_in` in seconds, without it the key has no end."""

    name: str
    scopes: list[str] = msgspec.field(default_factory=lambda: ["read"])
    expires_in: float | None = None


class KeyView(msgspec.Struct):
    """A key, without the key itself."""

    id: str
    name: str
    scopes: list[str]
    created_at: str
    expires_at: str | None
    last_used_at: str | None


class MadeKey(KeyView):
    """A key just made: `key` is shown this once, and sent as `Authorization: Bearer`."""

    key: str


class KeyList(msgspec.Struct):
    items: list[KeyView]
    next_cursor: str | None = None


class ApiKeyRoutes:
    def __init__(self, keys: ApiKeys) -> None:
        self._keys = keys

    def endpoints(self) -> Sequence[Endpoint]:
        keys = "/api/v1/users/me/keys"
        return [
            Endpoint("GET", keys, self.list, "One's own API keys, newest first.", answer=KeyList, personal=True),
            Endpoint("POST", keys, self.add, "Make an API key, which is shown this once.",
                     body=NewKey, answer=MadeKey, status=201, personal=True),
            Endpoint("DELETE", f"{keys}/{{id}}", self.delete, "Take an API key back, at once.",
                     status=204, personal=True),
        ]  # fmt: skip

    async def list(self, request: Request[None]) -> KeyList:
        return KeyList([self._view(key) for key in await self._keys.list(request.person)])

    async def add(self, request: Request[NewKey]) -> MadeKey:
        body = request.body
        key, secret = await self._keys.add(request.person, body.name, body.scopes, body.expires_in)
        return MadeKey(**msgspec.structs.asdict(self._view(key)), key=secret)

    async def delete(self, request: Request[None]) -> None:
        await self._keys.delete(request.person, request.path["id"])

    def _view(self, key: ApiKey) -> KeyView:
        used = self._keys.last_seen(key)
        return KeyView(
            key.id,
            key.name,
            sorted(key.scopes),
            rfc3339(key.created_at),
            None if key.expires_at is None else rfc3339(key.expires_at),
            None if used is None else rfc3339(used),
        )
