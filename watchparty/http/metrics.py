"""The server's numbers, for Prometheus to fetch."""

import ipaddress
from collections.abc import Sequence

from aiohttp import hdrs, web

from watchparty.http.endpoint import Access, Endpoint, Request, admit
from watchparty.services.metrics import Metrics


class MetricsRoutes:
    """`open_to_all`: whether anybody may read them; else this very machine and administrators."""

    def __init__(self, metrics: Metrics, *, open_to_all: bool) -> None:
        self._metrics = metrics
        self._open_to_all = open_to_all

    def endpoints(self) -> Sequence[Endpoint]:
        return [
            Endpoint("GET", "/metrics", self.show, "Numbers about the server, in Prometheus' text format; for programs "
                     "on the same machine, and administrators.", answer=bytes, gives=("text/plain",),
                     access=Access.ANYONE, raw=True),
        ]  # fmt: skip

    async def show(self, request: Request[None]) -> web.Response:
        if not self._open_to_all and not _is_from_this_machine(request.raw):
            admit(Access.ADMIN, request.maybe_person)
        # Not `content_type`: aiohttp takes no version there.
        headers = {hdrs.CONTENT_TYPE: self._metrics.content_type, hdrs.CACHE_CONTROL: "no-store"}
        return web.Response(body=await self._metrics.fetched(), headers=headers)


def _is_from_this_machine(request: web.Request) -> bool:
    """What a proxy on this machine passes on comes from somewhere else."""
    if {hdrs.X_FORWARDED_FOR, hdrs.FORWARDED} & set(request.headers):
        return False
    try:
        address = ipaddress.ip_address(request.remote or "")
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
