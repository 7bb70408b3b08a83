"""Where one is signed in, over HTTP."""

from collections.abc import Sequence

import msgspec

from watchparty.http.cookies import NO_COOKIES
from watchparty.http.endpoint import Answer, Endpoint, Request
from watchparty.http.views import rfc3339
from watchparty.services.devices import Device, Devices


class DeviceView(msgspec.Struct):
    """A session: `device` in words, `address` of its last request, `last_seen` to the minute or so."""

    id: str
    device: str
    address: str | None
    created_at: str
    last_seen: str
    current: bool


class DeviceList(msgspec.Struct):
    items: list[DeviceView]
    next_cursor: str | None = None


class SignOutQuery(msgspec.Struct):
    """`all`: this session too."""

    all: bool = False


class DeviceRoutes:
    def __init__(self, devices: Devices) -> None:
        self._devices = devices

    def endpoints(self) -> Sequence[Endpoint]:
        sessions = "/api/v1/users/me/sessions"
        return [
            Endpoint("GET", sessions, self.list, "The devices one is signed in on, this one first.",
                     answer=DeviceList, personal=True),
            Endpoint("DELETE", sessions, self.end_others, "Sign out every other device, or with `all` this one too.",
                     query=SignOutQuery, status=204, personal=True),
            Endpoint("DELETE", f"{sessions}/{{id}}", self.end, "Sign out one device, at once.",
                     status=204, personal=True),
        ]  # fmt: skip

    async def list(self, request: Request[None]) -> DeviceList:
        return DeviceList([_view(device) for device in await self._devices.list(request.person)])

    async def end_others(self, request: Request[None]) -> Answer:
        query: SignOutQuery = request.query
        if query.all:
            await self._devices.end_all(request.person)
            return Answer(cookies=NO_COOKIES)
        await self._devices.end_others(request.person)
        return Answer()

    async def end(self, request: Request[None]) -> Answer:
        await self._devices.end(request.person, request.path["id"])
        return Answer(cookies=NO_COOKIES if request.path["id"] == request.person.session_id else ())


def _view(device: Device) -> DeviceView:
    return DeviceView(
        device.id,
        device.name,
        device.address,
        rfc3339(device.created_at),
        rfc3339(device.last_seen),
        device.is_current,
    )
