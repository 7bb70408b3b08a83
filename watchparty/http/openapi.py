"""The server's description of itself (OpenAPI 3.1), made from the declared endpoints and their types."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from watchparty import __version__
from watchparty.http.endpoint import Access, Endpoint, Request
from watchparty.http.examples import example_of
from watchparty.http.openapi_words import HEADERS, PARAMETERS, PROBLEMS, STATUSES
from watchparty.http.problems import ProblemView

_REFERENCE = "#/components/schemas/{name}"
_JSON, _PROBLEM = "application/json", "application/problem+json"
Words = dict[str, Any]


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


def document(endpoints: Sequence[Endpoint]) -> Words:
    """The OpenAPI document as plain values."""
    shown = [endpoint for endpoint in endpoints if not endpoint.hidden]
    schemas = _Schemas(list(dict.fromkeys([ProblemView, *(kind for one in shown for kind in _types(one))])))
    versioned = {endpoint.path for endpoint in shown if endpoint.is_one_thing}
    paths: Words = {}
    for endpoint in shown:
        path = re.sub(r"\{(\w+):[^}]*\}", r"{\1}", endpoint.path)
        operation = _Operation(endpoint, path, schemas, has_version=endpoint.path in versioned)
        paths.setdefault(path, {})[endpoint.method.lower()] = operation.drawn()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "WatchParty",
            "version": __version__,
            "description": "Films watched together. Times are RFC 3339 in UTC, durations and positions seconds, sizes"
            " bytes; ids are opaque. What goes wrong is told as problem details (RFC 9457).",
            "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
        },
        "servers": [{"url": "/", "description": "This server"}],
        "paths": paths,
        "components": {
            "schemas": schemas.all,
            "responses": {str(status): _problem(status, schemas) for status in PROBLEMS},
            "headers": HEADERS,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An access token of signing in, a guest's token, or an API key that has the scope.",
                },
                "cookie": {"type": "apiKey", "in": "cookie", "name": "wp_access"},
            },
        },
    }


class _Schemas:
    """The types' schemas, each once, by name."""

    def __init__(self, kinds: Sequence[Any]) -> None:
        drawn = msgspec.json.schema_components(kinds, ref_template=_REFERENCE)
        # Types of one name in several modules come with their modules' names, which are nobody's business.
        named = re.sub(rb"watchparty\.(?:\w+\.)*(\w+)\.(\w+)", _own_name, msgspec.json.encode(drawn))
        schemas, self.all = msgspec.json.decode(named)
        self._of = dict(zip(kinds, schemas, strict=True))
        for name, schema in self.all.items():
            schema["title"] = name

    def of(self, kind: Any) -> Words:
        return dict(self._of[kind])

    def example(self, kind: Any) -> Any:
        return example_of(self.of(kind), self.all)


def _own_name(dotted: "re.Match[bytes]") -> bytes:
    """`watchparty.http.room_views.FilmView` is RoomFilmView."""
    return dotted[1].removesuffix(b"_views").title().replace(b"_", b"") + dotted[2]


class _Operation:
    """One method of one path. `has_version`: whether a GET of the same path tells an ETag."""

    def __init__(self, endpoint: Endpoint, path: str, schemas: _Schemas, *, has_version: bool) -> None:
        self._endpoint = endpoint
        self._path = path
        self._schemas = schemas
        self._is_conditional = has_version and endpoint.method in {"PUT", "PATCH", "DELETE"}

    def drawn(self) -> Words:
        endpoint = self._endpoint
        operation: Words = {
            "summary": endpoint.summary,
            "operationId": _name(endpoint),
            "tags": [_tag(self._path)],
            "parameters": [*self._in_path(), *self._in_query(), *self._in_headers()],
            "responses": self._responses(),
        }
        if endpoint.access is Access.ANYONE:
            operation["security"] = [{}, {"bearer": []}, {"cookie": []}]
        else:
            operation["security"] = [{"bearer": [str(endpoint.scope)]}, {"cookie": []}]
        if endpoint.body is not None:
            example = self._schemas.example(endpoint.body)
            content = {_JSON: {"schema": self._schemas.of(endpoint.body), "example": example}}
            operation["requestBody"] = {"required": True, "content": content}
        if endpoint.takes is not None:
            binary = {"schema": {"type": "string", "contentMediaType": endpoint.takes}}
            operation["requestBody"] = {"required": True, "content": {endpoint.takes: binary}}
        return operation

    def _in_path(self) -> list[Words]:
        names = re.findall(r"\{(\w+)\}", self._path)
        return [{"name": name, "in": "path", "required": True, **_described(name)} for name in names]

    def _in_query(self) -> list[Words]:
        fields = msgspec.structs.fields(self._endpoint.query) if self._endpoint.query else ()
        return [self._query_field(known) for known in fields]

    def _query_field(self, known: msgspec.structs.FieldInfo) -> Words:
        schema = self._schemas.of(known.type)
        # Null cannot be written in a query: leaving it out says the same.
        options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
        if "anyOf" in schema:
            schema = options[0] if len(options) == 1 else {"anyOf": options}
        if "enum" in schema:
            schema = {**schema, "enum": [value for value in schema["enum"] if value is not None]}
        if known.default not in {msgspec.NODEFAULT, None}:
            schema = {**schema, "default": known.default}
        description = PARAMETERS.get(known.encode_name, ("", {}))[0]
        named = {"name": known.encode_name, "in": "query", "required": known.required, "schema": schema}
        return {**named, "description": description} if description else named

    def _in_headers(self) -> list[Words]:
        wanted = {
            "Idempotency-Key": self._endpoint.creates,
            "If-Match": self._is_conditional,
            "If-None-Match": self._endpoint.is_one_thing,
            "Range": self._is_file,
        }
        return [
            {"name": name, "in": "header", "required": False, **_described(name)}
            for name, is_wanted in wanted.items()
            if is_wanted
        ]

    @property
    def _is_file(self) -> bool:
        return self._endpoint.raw and self._endpoint.method == "GET" and self._endpoint.answer is bytes

    def _responses(self) -> Words:
        endpoint = self._endpoint
        usual = 204 if endpoint.answer is None and endpoint.status == 200 else endpoint.status
        answers: dict[int, Any] = {usual: endpoint.answer, **endpoint.also}
        if endpoint.is_one_thing:
            answers[304] = None
        if self._is_file:
            answers |= {206: bytes, 304: None, 416: None}
        drawn = {status: self._response(status, kind) for status, kind in answers.items()}
        for status in self._problems() - answers.keys():
            drawn[status] = {"$ref": f"#/components/responses/{status}"}
        return {str(status): drawn[status] for status in sorted(drawn)}

    def _response(self, status: int, kind: Any) -> Words:
        headers = ["X-Request-ID", *self._headers(status)]
        described: Words = {"description": STATUSES.get(status, "As asked."), "headers": _references(headers)}
        if status >= 400 and kind is None:
            return described if status == 416 else {"$ref": f"#/components/responses/{status}"}
        kinds = _kinds(kind)
        content: Words = {}
        if bytes in kinds:
            content = {media: {} for media in self._endpoint.gives}
        options = [self._schemas.of(each) for each in kinds if each is not bytes]
        if options:
            content[_JSON] = {"schema": options[0] if len(options) == 1 else {"anyOf": options}}
        return described | ({"content": content} if content else {})

    def _headers(self, status: int) -> list[str]:
        if status >= 400:
            return []
        endpoint = self._endpoint
        is_list = any("next_cursor" in getattr(kind, "__struct_fields__", ()) for kind in _kinds(endpoint.answer))
        told = {"ETag": endpoint.is_one_thing or self._is_file, "Link": is_list and endpoint.query is not None}
        return [name for name, is_told in told.items() if is_told]

    def _problems(self) -> set[int]:
        """Which statuses may come instead: what the shell and the doors before it answer, and what services do."""
        endpoint = self._endpoint
        statuses = {400, 401, 403, 429, 431, 503}
        if "{" in self._path or endpoint.body is not None or endpoint.query is not None:
            statuses |= {404}
        if endpoint.body is not None or endpoint.query is not None or endpoint.takes is not None or endpoint.creates:
            statuses |= {422}
        if endpoint.method != "GET":
            statuses |= {409, 413, 507}
        if endpoint.body is not None or endpoint.takes is not None:
            statuses |= {415}
        if endpoint.takes is not None:
            statuses |= {408, 411}
        if self._is_conditional or self._is_file:
            statuses |= {412}
        return statuses | {*endpoint.refuses}


def _problem(status: int, schemas: _Schemas) -> Words:
    headers = ["X-Request-ID", *(["Retry-After"] if status in {429, 503} else [])]
    content = {_PROBLEM: {"schema": schemas.of(ProblemView)}}
    return {"description": PROBLEMS[status], "headers": _references(headers), "content": content}


def _references(headers: Sequence[str]) -> Words:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in headers}


def _described(name: str) -> Words:
    description, schema = PARAMETERS.get(name, ("", {"type": "string", "minLength": 1, "maxLength": 255}))
    return {"description": description or f"The {name.replace('_', ' ')}.", "schema": schema}


def _kinds(answer: Any) -> tuple[Any, ...]:
    """What an answer may be: of several kinds, when they stand in a tuple."""
    return answer if isinstance(answer, tuple) else () if answer is None else (answer,)


def _types(endpoint: Endpoint) -> list[Any]:
    fields = msgspec.structs.fields(endpoint.query) if endpoint.query else ()
    answers = [each for answer in (endpoint.answer, *endpoint.also.values()) for each in _kinds(answer)]
    kinds = [endpoint.body, *answers, *(known.type for known in fields)]
    return [kind for kind in kinds if kind is not None and kind is not bytes]


def _name(endpoint: Endpoint) -> str:
    """What generated clients call it: the column's noun, then the verb."""
    owner = type(getattr(endpoint.handler, "__self__", None)).__name__.removesuffix("Routes")
    noun = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", owner).lower()
    return f"{noun}_{getattr(endpoint.handler, '__name__', endpoint.method.lower())}"


def _tag(path: str) -> str:
    parts = [part for part in path.split("/") if part and not part.startswith("{")]
    return parts[2] if parts[:2] == ["api", "v1"] and len(parts) > 2 else parts[0]
