"""The aiohttp application: middlewares in the order they are met, then every route there is."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Protocol

from aiohttp import web

from watchparty.http.answering import Answering
from watchparty.http.arrival import Arrival
from watchparty.http.authentication import Authentication
from watchparty.http.bookkeeping import Bookkeeping
from watchparty.http.cors import Cors
from watchparty.http.endpoint import Endpoint
from watchparty.http.headers import Headers
from watchparty.http.limits import Limits
from watchparty.http.openapi import OpenApiRoutes
from watchparty.http.same_origin import SameOrigin
from watchparty.http.shell import mount
from watchparty.http.spans import Spans
from watchparty.http.tus import add_version
from watchparty.services.replays import Replays

# Bytes of JSON a request may have; films come through a stream of their own.
LARGEST_BODY = 1 << 20


class Column(Protocol):
    """The routes of one noun."""

    def endpoints(self) -> Sequence[Endpoint]: ...


@dataclass(frozen=True)
class Doormen:
    """Middlewares, in the order they are met."""

    arrival: Arrival
    bookkeeping: Bookkeeping
    spans: Spans | None
    answering: Answering
    cors: Cors
    same_origin: SameOrigin
    authentication: Authentication
    limits: Limits


def application(doormen: Doormen, headers: Headers, columns: Sequence[Column], replays: Replays) -> web.Application:
    """Everything a browser or program can reach."""
    middlewares = [there for each in fields(doormen) if (there := getattr(doormen, each.name)) is not None]
    app = web.Application(middlewares=middlewares, client_max_size=LARGEST_BODY)
    app.on_response_prepare.extend([headers.add, add_version])
    openapi = OpenApiRoutes()
    endpoints = [endpoint for column in (*columns, openapi) for endpoint in column.endpoints()]
    openapi.describe(endpoints)
    doormen.limits.describe(endpoints)
    mount(app, endpoints, replays)
    return app
