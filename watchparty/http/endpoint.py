"""What a route takes, gives and asks for, declared once: the router and openapi.json are both made from it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Generic, TypeVar

import msgspec
from aiohttp import web

from watchparty.domain.errors import NotAllowed, NotSignedIn
from watchparty.domain.rate import DERIVED, class_of
from watchparty.domain.user import Person, Scope

B = TypeVar("B")
PERSON = web.RequestKey("person", Person)


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

    `takes` is the content type of a body that is not JSON, which the handler reads itself; `gives` are those of an
    answer that is not, `answer` being bytes. An answer of one kind or another is a tuple.
    """

    method: str
    path: str
    handler: Callable[[Request[Any]], Awaitable[Any]]
    summary: str
    body: type[msgspec.Struct] | None = None
    takes: str | None = None
    gives: tuple[str, ...] = ("application/octet-stream",)
    query: type[msgspec.Struct] | None = None
    answer: Any = None
    status: int = 200
    access: Access = Access.SIGNED_IN
    also: Mapping[int, Any] = field(default_factory=dict)
    # Statuses of problems that no other route has.
    refuses: tuple[int, ...] = ()
    raw: bool = False
    # Left out of openapi.json: pages and static files.
    hidden: bool = False
    # For people themselves: what no API key may do, whatever its scopes (passwords, keys, sessions).
    personal: bool = False
    # The class whose limit its callers share, None for no limit.
    rate: str | None = DERIVED

    @property
    def scope(self) -> Scope:
        """What an API key must be good for here."""
        if self.path.startswith("/api/v1/admin"):
            return Scope.ADMIN
        return Scope.READ if self.method == "GET" else Scope.WRITE

    @property
    def rate_class(self) -> str | None:
        return class_of(self.method, self.path) if self.rate == DERIVED else self.rate

    @property
    def creates(self) -> bool:
        """Whether doing it twice makes two: then an Idempotency-Key of whoever is signed in is heeded."""
        is_plain = self.takes is None and not self.raw
        return self.method == "POST" and self.status in {201, 202} and self.access is not Access.ANYONE and is_plain

    @property
    def is_one_thing(self) -> bool:
        """Whether what stands here has a version that may be asked for (ETag)."""
        return self.method == "GET" and not self.raw and not self.hidden and self.answer not in {None, bytes}


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


def admit_key(person: Person | None, scope: Scope, *, personal: bool = False) -> None:
    """Raises NotAllowed where an API key asks for more than it was made for."""
    if person is None or not person.is_key:
        return
    if personal:
        raise NotAllowed("An API key cannot do this. Sign in with a password.")
    if not person.may_use(scope):
        raise NotAllowed(f"This API key was not made for this: it lacks the scope {scope}.")
