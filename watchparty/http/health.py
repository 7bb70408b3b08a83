"""Whether the server lives and can work, for whoever supervises it."""

from collections.abc import Sequence

import msgspec

from watchparty.http.endpoint import Access, Endpoint, Request
from watchparty.services.users import Users


class Health(msgspec.Struct):
    status: str


class HealthRoutes:
    def __init__(self, users: Users) -> None:
        self._users = users

    def endpoints(self) -> Sequence[Endpoint]:
        return [
            Endpoint("GET", "/livez", self.live, "The process answers.", answer=Health, access=Access.ANYONE),
            Endpoint("GET", "/readyz", self.ready, "The database answers too.", answer=Health, access=Access.ANYONE),
        ]

    async def live(self, request: Request[None]) -> Health:
        return Health("ok")

    async def ready(self, request: Request[None]) -> Health:
        await self._users.any_exist()
        return Health("ok")
