"""The headers that every single response carries, whoever made it."""

from collections.abc import Collection

from aiohttp import hdrs, web

from watchparty.http.arrival import SECURE
from watchparty.http.request_id import REQUEST_ID, id_for

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # media-chrome's components bring their styles in their shadow roots
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "worker-src 'self'",
        "connect-src 'self' ws: wss:",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ]
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
# A year. Not for subdomains, which are not ours to speak for.
TRANSPORT_SECURITY = "max-age=31536000"
# What scripts of other websites may read, besides the few headers that are always theirs to read.
EXPOSED = ", ".join(
    [
        "Content-Disposition", "ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After",
        "X-Request-ID", "Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size", "Upload-Offset",
        "Upload-Length", "Upload-Expires",
    ]
)  # fmt: skip


class Headers:
    """`origins` are the websites whose scripts may read what is answered."""

    def __init__(self, origins: Collection[str] = ()) -> None:
        self._origins = frozenset(origins)

    async def add(self, request: web.Request, response: web.StreamResponse) -> None:
        """Signal handler for `on_response_prepare`."""
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["X-Request-ID"] = request.get(REQUEST_ID) or id_for(request)
        if request.get(SECURE):
            response.headers["Strict-Transport-Security"] = TRANSPORT_SECURITY
        if self._origins:
            self._share(request, response)
        response.headers.popall(hdrs.SERVER, None)

    def _share(self, request: web.Request, response: web.StreamResponse) -> None:
        response.headers.add(hdrs.VARY, hdrs.ORIGIN)  # an answer to one website must not be kept for another
        origin = request.headers.get(hdrs.ORIGIN)
        if origin in self._origins:
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
            response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = EXPOSED
