"""Turns away who asks too often, with word of when to come back."""

import math
from collections.abc import Mapping, Sequence

from aiohttp import web
from aiohttp.typedefs import Handler

from watchparty.domain.errors import TooMany
from watchparty.domain.rate import LIMITS
from watchparty.http.endpoint import PERSON, Endpoint
from watchparty.http.problems import answer_to
from watchparty.http.request_id import REQUEST_ID
from watchparty.services.http_metrics import HttpMetrics
from watchparty.services.rates import Rates, client_of

Route = tuple[str, str]
"""Method and template."""


class Limits:
    """`rates` is None where nobody is limited."""

    __middleware_version__ = 1  # what aiohttp's own decorator would set

    def __init__(self, rates: Rates | None, metrics: HttpMetrics) -> None:
        self._rates = rates
        self._refused = metrics.limited
        self._classes: Mapping[Route, str] = {}

    def describe(self, endpoints: Sequence[Endpoint]) -> None:
        """Learn the class of each route."""
        named = {(each.method, each.path): each.rate_class for each in endpoints}
        self._classes = {(method, _canonical(path)): rate for (method, path), rate in named.items() if rate}

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        rate = self._class_of(request) if self._rates is not None else None
        if self._rates is None or rate is None:
            return await handler(request)
        try:
            allowance = self._rates.take(rate, client_of(request.get(PERSON), request.remote))
        except TooMany as refusal:
            self._refused.labels(rate).inc()
            response: web.StreamResponse = answer_to(refusal, request[REQUEST_ID])
            _tell(response, rate, 0, refusal.retry_after)
            return response
        response = await handler(request)
        if not response.prepared:
            _tell(response, rate, int(allowance.level), allowance.seconds_until_next)
        return response

    def _class_of(self, request: web.Request) -> str | None:
        resource = request.match_info.route.resource
        method = "GET" if request.method == "HEAD" else request.method
        return None if resource is None else self._classes.get((method, resource.canonical))


def _canonical(path: str) -> str:
    """As aiohttp calls it: without the patterns of its variables."""
    return web.DynamicResource(path).canonical if "{" in path else path


def _tell(response: web.StreamResponse, rate: str, left: int, wait: float) -> None:
    """How the client stands, in the words of the IETF's draft "RateLimit header fields for HTTP"."""
    response.headers["RateLimit-Policy"] = f'"{rate}";q={LIMITS[rate]};w=60'
    response.headers["RateLimit"] = f'"{rate}";r={left};t={math.ceil(wait)}'
