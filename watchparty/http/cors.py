"""Lets scripts of named websites use the API (CORS), with a token of their own and never with anybody's cookies."""

from collections.abc import Collection

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from watchparty.domain.errors import NotAllowed
from watchparty.http.cookies import ACCESS, REFRESH

METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
HEADERS = ", ".join(
    [
        "Authorization", "Content-Type", "If-Match", "If-None-Match", "Idempotency-Key", "Range", "X-Request-ID",
        "Tus-Resumable", "Upload-Length", "Upload-Offset", "Upload-Metadata", "Upload-Checksum",
    ]
)  # fmt: skip
# Seconds a browser remembers the answer; Chromium caps it at two hours.
REMEMBERED = "7200"


class Cors:
    """Answers preflights. `origins` are such as https://films.example, compared letter by letter.

    Credentials are never allowed: were they, a hole in one of those websites would act for whoever is signed in here.
    """

    __middleware_version__ = 1  # what aiohttp's own decorator would set

    def __init__(self, origins: Collection[str] = ()) -> None:
        self._origins = frozenset(origins)

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.headers.get(hdrs.ORIGIN) not in self._origins:
            return await handler(request)
        if request.method == hdrs.METH_OPTIONS and hdrs.ACCESS_CONTROL_REQUEST_METHOD in request.headers:
            return web.Response(
                status=204,
                headers={
                    hdrs.ACCESS_CONTROL_ALLOW_METHODS: METHODS,
                    hdrs.ACCESS_CONTROL_ALLOW_HEADERS: HEADERS,
                    hdrs.ACCESS_CONTROL_MAX_AGE: REMEMBERED,
                },
            )
        if {ACCESS, REFRESH} & set(request.cookies):
            # A browser sends them along all the same when both sites share a domain.
            raise NotAllowed("Another website must use a token of its own, and send no cookies.")
        return await handler(request)
