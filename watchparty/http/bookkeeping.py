"""Keeps the books of requests: its numbers, and its one line in the log."""

import logging
import time
from dataclasses import dataclass

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.typedefs import Handler

from watchparty.http.endpoint import PERSON
from watchparty.http.request_id import REQUEST_ID
from watchparty.services.http_metrics import HttpMetrics

log = logging.getLogger("watchparty.access")
UNMATCHED = "unmatched"
"""The route of what no route answers: whatever stands in such paths is the client's to choose."""
# nginx's status for a client that did not wait for its answer.
GONE = 499


@dataclass(frozen=True)
class Entry:
    """One request. It is closed when its answer's last byte is sent, which is after all middlewares."""

    metrics: HttpMetrics
    method: str
    route: str
    request_id: str
    address: str | None
    person_id: str | None

    def close(self, status: int, seconds: float, sent: int, *, stays: bool = False) -> None:
        self.metrics.answered(self.method, self.route, status, seconds, sent, stays=stays)
        if log.isEnabledFor(logging.INFO):
            log.info(
                "%s %s %d %.1f ms %d B",
                self.method,
                self.route,
                status,
                seconds * 1000,
                sent,
                extra={
                    "request_id": self.request_id,
                    "method": self.method,
                    "route": self.route,
                    "status": status,
                    "duration_ms": round(seconds * 1000, 3),
                    "bytes": sent,
                    "address": self.address,
                    "person_id": self.person_id,
                },
            )


KEPT = web.RequestKey("kept", list[Entry])
"""Where aiohttp's own request holds its entry, also when middlewares work on a copy of it."""


class Bookkeeping:
    """The middleware that opens an entry; `Closing` is what closes it."""

    __middleware_version__ = 1  # what aiohttp's own decorator would set

    def __init__(self, metrics: HttpMetrics) -> None:
        self._metrics = metrics

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        method, route, begun = request.method, route_of(request), time.perf_counter()
        self._metrics.begun(method, route)
        try:
            response = await handler(request)
        except BaseException:
            # Cancelled, or the line is broken: nobody is left to be answered.
            self._entry(request, route).close(GONE, time.perf_counter() - begun, 0)
            raise
        finally:
            self._metrics.ended(method, route)
        request[KEPT].append(self._entry(request, route))
        return response

    def _entry(self, request: web.Request, route: str) -> Entry:
        person = request.get(PERSON)
        person_id = None if person is None else person.id
        return Entry(self._metrics, request.method, route, request[REQUEST_ID], request.remote, person_id)


class Closing(AbstractAccessLogger):
    """What aiohttp tells of every answer once it has been sent."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        for entry in request.get(KEPT, ()):
            stays = response.status == 101 or response.content_type == "text/event-stream"
            entry.close(response.status, time, response.body_length, stays=stays)


def route_of(request: web.Request) -> str:
    """The template of the route that answers, such as /api/v1/videos/{id}."""
    resource = request.match_info.route.resource
    return UNMATCHED if resource is None else resource.canonical
