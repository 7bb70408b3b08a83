"""What a route takes, gives and asks for, declared once: the router and openapi.json are both made from it."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Generic, TypeVar

import msgspec
from aiohttp import web

from watchparty.domain.errors import Invalid, Malformed, NotAllowed, NotSignedIn, WrongMediaType
from watchparty.domain.user import Person
from watchparty.http.problems import FieldError, InvalidFields

B = TypeVar("B")
PERSON = web.RequestKey("person", Person)
TEMPLATE = web.RequestKey("template", str)


class Access(Enum):
    """Who may call a route at all; what they may do with a particular video or room is decided further down."""

    ANYONE = "anyone"
    PERSON = "anybody with a session, guests too"
    SIGNED_IN = "people with an account"
    ADMIN = "administrators"


@dataclass(frozen=True)
class Request(Generic[B]):
    """A request whose words have been checked. `raw` is for what is not JSON."""

    body: B
    query: Any
    path: Mapping[str, str]
    maybe_person: Person | None
    raw: web.Request

    @property
    def person(self) -> Person:
        if self.maybe_person is None:
            raise NotSignedIn("Sign in first.")
        return self.maybe_person


@dataclass(frozen=True)
class Answer:
    """A value to send as JSON (None for no body), where the status or a header is not the usual one."""

    value: Any = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    # Names and attributes for `set_cookie`; None as value deletes the cookie.
    cookies: tuple[tuple[str, str | None, Mapping[str, Any]], ...] = ()


@dataclass(frozen=True)
class Endpoint:
    """One route. `also` names further statuses and what comes with them; `raw` handlers return aiohttp's responses.

    `takes` is the content type of a body that is not JSON, which the handler reads itself.
    """

    method: str
    path: str
    handler: Callable[[Request[Any]], Awaitable[Any]]
    summary: str
    body: type[msgspec.Struct] | None = None
    takes: str | None = None
    query: type[msgspec.Struct] | None = None
    answer: Any = None
    status: int = 200
    access: Access = Access.SIGNED_IN
    also: Mapping[int, Any] = field(default_factory=dict)
    raw: bool = False
    # Left out of openapi.json: pages and static files.
    hidden: bool = False


def mount(app: web.Application, endpoints: list[Endpoint]) -> None:
    """Add the routes to the app's router."""
    for endpoint in endpoints:
        if endpoint.method == "GET":
            app.router.add_get(endpoint.path, _shell(endpoint), allow_head=True)
        else:
            app.router.add_route(endpoint.method, endpoint.path, _shell(endpoint))


def admit(access: Access, person: Person | None) -> None:
    """Raises NotSignedIn or NotAllowed."""
    if access is Access.ANYONE:
        return
    if person is None:
        raise NotSignedIn("Sign in first.")
    if access is not Access.PERSON and person.is_guest:
        raise NotAllowed("Guests cannot do this. Make an account first.")
    if access is Access.ADMIN and not person.is_admin:
        raise NotAllowed("Only administrators can do this.")


def _shell(endpoint: Endpoint) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def shell(request: web.Request) -> web.StreamResponse:
        person = request.get(PERSON)
        admit(endpoint.access, person)
        body = decode(await _json(request), endpoint.body) if endpoint.body else None
        query = _query(request, endpoint.query) if endpoint.query else None
        answer = await endpoint.handler(Request(body, query, request.match_info, person, request))
        if isinstance(answer, web.StreamResponse):
            return answer
        return _response(answer if isinstance(answer, Answer) else Answer(answer), endpoint.status)

    return shell


def _response(answer: Answer, usual: int) -> web.Response:
    status = answer.status or (204 if answer.value is None and usual == 200 else usual)
    body = None if answer.value is None else msgspec.json.encode(answer.value)
    response = web.Response(
        status=status, body=body, headers=answer.headers, content_type="application/json" if body else None
    )
    for name, value, attributes in answer.cookies:
        if value is None:
            response.del_cookie(name, **attributes)
        else:
            response.set_cookie(name, value, **attributes)
    return response


async def _json(request: web.Request) -> bytes:
    if "Content-Type" in request.headers and request.body_exists and request.content_type != "application/json":
        raise WrongMediaType("Send the body as application/json.")
    return await request.read() or b"{}"


def decode(data: bytes, kind: type[B]) -> B:
    """`data`, JSON, as a value of the struct `kind`. Raises Malformed, or InvalidFields naming every bad field."""
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise Malformed("The body is not JSON this server can read.") from error
    if not isinstance(value, dict):
        raise Invalid("The body must be a JSON object.", pointer="")
    return _convert(value, kind, strict=True)


def _query(request: web.Request, kind: type[B]) -> B:
    return _convert(dict(request.query), kind, strict=False)


def _convert(value: dict[str, Any], kind: type[B], *, strict: bool) -> B:
    try:
        return msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise InvalidFields(_every_error(value, kind, strict) or [_field_error("", error)]) from error


def _every_error(value: dict[str, Any], kind: Any, strict: bool) -> list[FieldError]:
    """msgspec stops at the first bad field; people who fill in forms want to hear of all of them."""
    fields = {known.encode_name: known for known in msgspec.structs.fields(kind)}
    errors = []
    if kind.__struct_config__.forbid_unknown_fields:
        errors += [FieldError(_pointer([name]), "There is no such field.") for name in value if name not in fields]
    for name, known in fields.items():
        if name not in value:
            if known.required:
                errors.append(FieldError(_pointer([name]), "This is required."))
            continue
        try:
            msgspec.convert(value[name], known.type, strict=strict)
        except msgspec.ValidationError as error:
            errors.append(_field_error(name, error))
    return errors


def _field_error(name: str, error: msgspec.ValidationError) -> FieldError:
    sentence, _, path = str(error).partition(" - at `")
    steps = [key or index for key, index in re.findall(r"\.(\w+)|\[(\d*|\.\.\.)\]", path)]
    return FieldError(_pointer([name, *steps] if name else steps), sentence.replace("`", "").rstrip(".") + ".")


def _pointer(steps: list[str]) -> str:
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
