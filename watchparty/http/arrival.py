"""The first middleware: under which id a request runs, and whom it came from when a proxy passed it on."""

import ipaddress
from collections.abc import Iterable

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from watchparty.http.bookkeeping import KEPT
from watchparty.http.request_id import REQUEST_ID, id_for
from watchparty.services import origin

SECURE = web.RequestKey("secure", bool)
"""Whether the browser speaks https, to us or to the proxy before us."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_PROTO, _HOST = "X-Forwarded-Proto", "X-Forwarded-Host"


class Arrival:
    """`proxies` are the networks, such as 10.0.0.0/8, whose word about where a request came from is taken.

    Anybody can write X-Forwarded-For. Each proxy adds the address it was spoken to from at the right end, so the
    client is the right-most address that is no proxy of ours; what stands left of it is hearsay.
    """

    __middleware_version__ = 1  # what aiohttp's own decorator would set

    def __init__(self, proxies: Iterable[str] = ()) -> None:
        self._proxies = [ipaddress.ip_network(network, strict=False) for network in proxies]

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        request[REQUEST_ID] = id_for(request)
        request[SECURE] = request.secure
        request[KEPT] = []
        if self._proxies and self._is_proxy(_address(request.remote)):
            request = self._as_the_client_sent_it(request)
        agent = request.headers.get(hdrs.USER_AGENT)
        origin.begin(origin.Origin(request[REQUEST_ID], request.remote, agent))
        response = await handler(request)
        if request[SECURE] and not response.prepared:
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response

    def _as_the_client_sent_it(self, request: web.Request) -> web.Request:
        proto, host = _last(request, _PROTO).lower(), _last(request, _HOST)
        scheme = proto if proto in {"http", "https"} else request.scheme
        request[SECURE] = scheme == "https"  # before the copy, which shares what is known until now
        return request.clone(scheme=scheme, host=host or request.host, remote=self._client(request))

    def _client(self, request: web.Request) -> str:
        hops = ",".join(request.headers.getall(hdrs.X_FORWARDED_FOR, ())).split(",")
        client = _address(request.remote)
        while hops and self._is_proxy(client):
            hop = _address(hops.pop().strip())
            if hop is None:
                break
            client = hop
        return str(client)

    def _is_proxy(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self._proxies)


def _last(request: web.Request, name: str) -> str:
    """What the proxy next to us says."""
    return ",".join(request.headers.getall(name, ())).rpartition(",")[2].strip()


def _address(text: str | None) -> Address | None:
    """An address as it stands in X-Forwarded-For: some proxies add a port, and brackets around IPv6."""
    text = text or ""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
