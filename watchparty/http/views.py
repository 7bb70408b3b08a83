"""How values are written on the wire."""

from datetime import UTC, datetime

import msgspec

from watchparty.domain.user import Person, User


def rfc3339(at: float) -> str:
    """Unix seconds as RFC 3339 in UTC, to the millisecond."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class PublicUser(msgspec.Struct):
    """What everybody may know of an account."""

    id: str
    username: str
    display_name: str
    role: str


class Owner(msgspec.Struct):
    """Whose something is."""

    id: str
    display_name: str


def public(user: User) -> PublicUser:
    return PublicUser(user.id, user.username, user.display_name, user.role)


def of_person(person: Person, username: str = "") -> PublicUser:
    return PublicUser(person.id, username, person.name, person.role)
