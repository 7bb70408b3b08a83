"""Keeps other websites from acting in the name of whoever is signed in here, and from posing as this server."""

import ipaddress
import re
import socket
from collections.abc import Collection
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from watchparty.domain.errors import Malformed, NotAllowed
from watchparty.http.cookies import ACCESS

# A name or an address, and a port (RFC 9110, section 7.2): read whole, or [::1].evil.example would pass for an address.
HOST = re.compile(r"(?:\[(?P<literal>[0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]|(?P<name>[\w.-]+))(?::\d{0,5})?", re.ASCII)
HARMLESS = {hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_OPTIONS}


class SameOrigin:
    """`names` are the host names this server answers to besides IP addresses, localhost, its own and *.local;
    `origins` the websites whose scripts may use it, without cookies, as `Cors` sees to.

    Without such a list a page on the web could have its own name point at this machine (DNS rebinding).
    """

    __middleware_version__ = 1  # what aiohttp's own decorator would set

    def __init__(self, names: Collection[str] = (), origins: Collection[str] = ()) -> None:
        self._origins = frozenset(origins)
        self._names = {"localhost", socket.gethostname().lower(), *(name.lower() for name in names)}

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not self._is_ours(request.host):
            raise NotAllowed("This server does not go by that name. Name it in the setting allowed_hosts.")
        if request.method not in HARMLESS or request.headers.get(hdrs.UPGRADE):
            self._require_same_origin(request)
        return await handler(request)

    def _require_same_origin(self, request: web.Request) -> None:
        """Raises NotAllowed when another site's page sent this, or a browser that will not say which did."""
        origin = request.headers.get(hdrs.ORIGIN)
        if origin in self._origins:
            return
        if origin is not None:
            if not _is_same(origin, request):
                raise NotAllowed("This request comes from another website.")
            return
        by_cookie = ACCESS in request.cookies and hdrs.AUTHORIZATION not in request.headers
        site = request.headers.get("Sec-Fetch-Site")
        if site not in {None, "same-origin", "none"} or (by_cookie and site is None):
            raise NotAllowed("Send an Origin header with a request that relies on cookies.")

    def _is_ours(self, host: str) -> bool:
        match = HOST.fullmatch(host)
        if match is None:
            raise Malformed("The Host header cannot be read.")
        if match["literal"]:
            return _is_address(match["literal"])
        name = match["name"].lower().rstrip(".")
        return name in self._names or name.endswith((".local", ".localhost")) or _is_address(name)


def _is_same(origin: str, request: web.Request) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    # The scheme is not compared: a proxy that is not named in trusted_proxies may speak https in our place.
    return parts.scheme in {"http", "https"} and parts.netloc.lower() == request.host.lower()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True
