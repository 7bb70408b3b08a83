"""The aiohttp application: middlewares in the order they are met, then every route there is."""

from collections.abc import Sequence
from typing import Protocol

from aiohttp import web

from watchparty.http.answering import Answering, add_headers
from watchparty.http.authentication import Authentication
from watchparty.http.endpoint import Endpoint
from watchparty.http.openapi import OpenApiRoutes
from watchparty.http.same_origin import SameOrigin
from watchparty.http.shell import mount
from watchparty.services.replays import Replays

# Bytes of JSON a request may have; films come through a stream of their own.
LARGEST_BODY = 1 << 20


class Column(Protocol):
    """The routes of one noun."""

    def endpoints(self) -> Sequence[Endpoint]: ...


def application(
    answering: Answering,
    same_origin: SameOrigin,
    authentication: Authentication,
    columns: Sequence[Column],
    replays: Replays,
) -> web.Application:
    """Everything a browser or program can reach."""
    app = web.Application(
        middlewares=[answering, same_origin, authentication],
        client_max_size=LARGEST_BODY,
    )
    app.on_response_prepare.append(add_headers)
    openapi = OpenApiRoutes()
    endpoints = [endpoint for column in (*columns, openapi) for endpoint in column.endpoints()]
    openapi.describe(endpoints)
    mount(app, endpoints, replays)
    return app
