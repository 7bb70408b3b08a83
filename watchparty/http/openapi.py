"""The server's description of itself (OpenAPI 3.1), made from the declared endpoints and their types."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from watchparty import __version__
from watchparty.http.endpoint import Access, Endpoint, Request
from watchparty.http.problems import ProblemView

_REFERENCE = "#/components/schemas/{name}"
_JSON = "application/json"


class OpenApiRoutes:
    """`GET /api/v1/openapi.json`; the document is drawn once, from the endpoints the router has."""

    def __init__(self) -> None:
        self._document: bytes = b""

    def describe(self, endpoints: Sequence[Endpoint]) -> None:
        """Say what these endpoints take and give."""
        self._document = msgspec.json.encode(document(endpoints))

    def endpoints(self) -> Sequence[Endpoint]:
        return [
            Endpoint(
                "GET",
                "/api/v1/openapi.json",
                self.show,
                "This document.",
                answer=Mapping[str, Any],
                access=Access.ANYONE,
            )
        ]

    async def show(self, request: Request[None]) -> Any:
        return msgspec.Raw(self._document)


def document(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The OpenAPI document as plain values."""
    shown = [endpoint for endpoint in endpoints if not endpoint.hidden]
    types = {kind for endpoint in shown for kind in _types(endpoint)} | {ProblemView}
    _, components = msgspec.json.schema_components(sorted(types, key=str), ref_template=_REFERENCE)
    paths: dict[str, Any] = {}
    for endpoint in shown:
        path = re.sub(r"\{(\w+):[^}]*\}", r"{\1}", endpoint.path)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint, path)
    return {
        "openapi": "3.1.0",
        "info": {"title": "WatchParty", "version": __version__, "license": {"name": "GPL-3.0-or-later"}},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "wp_access"},
            },
        },
    }


def _operation(endpoint: Endpoint, path: str) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": endpoint.summary,
        "operationId": _name(endpoint),
        "tags": [_tag(path)],
        "parameters": _parameters(endpoint, path),
        "responses": _responses(endpoint),
    }
    if endpoint.access is not Access.ANYONE:
        operation["security"] = [{"bearer": []}, {"cookie": []}]
    if endpoint.body is not None:
        operation["requestBody"] = {"required": True, "content": {_JSON: {"schema": _schema(endpoint.body)}}}
    if endpoint.takes is not None:
        operation["requestBody"] = {"required": True, "content": {endpoint.takes: {}}}
    return operation


def _responses(endpoint: Endpoint) -> dict[str, Any]:
    answers = {endpoint.status: endpoint.answer, **endpoint.also}
    responses = {str(status): _response(status, kind) for status, kind in answers.items()}
    problem = {"application/problem+json": {"schema": _schema(ProblemView)}}
    return {**responses, "default": {"description": "What went wrong, in a sentence.", "content": problem}}


def _response(status: int, kind: Any) -> dict[str, Any]:
    described: dict[str, Any] = {"description": "As asked." if status < 300 else "See the summary."}
    if kind is bytes:
        described["content"] = {"application/octet-stream": {}}
    elif kind is not None:
        described["content"] = {_JSON: {"schema": _schema(kind)}}
    return described


def _parameters(endpoint: Endpoint, path: str) -> list[dict[str, Any]]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", path)
    ]
    fields = msgspec.structs.fields(endpoint.query) if endpoint.query else ()
    in_query = [
        {"name": known.encode_name, "in": "query", "required": known.required, "schema": _schema(known.type)}
        for known in fields
    ]
    return in_path + in_query


def _schema(kind: Any) -> Any:
    (schema,), _ = msgspec.json.schema_components([kind], ref_template=_REFERENCE)
    return schema


def _types(endpoint: Endpoint) -> list[Any]:
    kinds = [endpoint.body, endpoint.answer, *endpoint.also.values()]
    return [kind for kind in kinds if kind is not None and kind is not bytes]


def _name(endpoint: Endpoint) -> str:
    owner = type(getattr(endpoint.handler, "__self__", None)).__name__.removesuffix("Routes").lower()
    return f"{owner}_{getattr(endpoint.handler, '__name__', endpoint.method.lower())}"


def _tag(path: str) -> str:
    parts = [part for part in path.split("/") if part and not part.startswith("{")]
    return parts[2] if parts[:2] == ["api", "v1"] and len(parts) > 2 else parts[0]
