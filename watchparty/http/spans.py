"""A span for each request, as part of the caller's trace where the request names one."""

from aiohttp import web
from aiohttp.typedefs import Handler

from watchparty.http.bookkeeping import route_of
from watchparty.http.request_id import REQUEST_ID
from watchparty.services.tracing import Tracing


class Spans:
    """Named by route template: no path, and nothing that stands in one, leaves the house."""

    __middleware_version__ = 1  # what aiohttp's own decorator would set

    def __init__(self, tracing: Tracing) -> None:
        self._tracing = tracing

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        name, parent = f"{request.method} {route_of(request)}", request.headers.get("traceparent")
        with self._tracing.span(name, parent=parent, request_id=request[REQUEST_ID]):
            return await handler(request)
