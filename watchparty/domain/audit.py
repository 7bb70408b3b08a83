"""The audit log: who changed what, when and from where, for those who answer for the server."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

HIDDEN = "(not kept)"
# Names of fields whose values nobody is to read in a log, in whatever company: password_hash, access_token, wp_secret.
_SECRET = re.compile(r"(?:^|_)(?:passwords?|passphrase|secrets?|tokens?|hash|pin|keys?|authorization|cookie)$", re.I)
_LONGEST = 500


@dataclass(frozen=True)
class AuditEntry:
    """`at` is in Unix seconds; without an actor, the server did it by itself. `action` is noun.deed: "user.disabled".

    `before` and `after` hold what changed; `address` and `request_id` say from where, for what came as a request.
    """

    number: int
    at: float
    actor_id: str | None
    actor_name: str | None
    action: str
    subject: str
    address: str | None
    request_id: str | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True)
class WantedEntries:
    """Which entries, newest first. `actor` is an id or a name, `action` a whole one or its noun; times in Unix seconds.

    `before` is the number of the entry where the last page ended.
    """

    limit: int
    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    since: float | None = None
    until: float | None = None
    before: int | None = None


def without_secrets(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A copy to be kept: what its name says is secret is gone, on every level, and long texts are cut."""
    if values is None:
        return None
    return {name: HIDDEN if _SECRET.search(name) else _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    match value:
        case Mapping():
            return without_secrets(value)
        case str():
            return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
        case None | bool() | int() | float():
            return value
        case Sequence() | set() | frozenset():
            return [_plain(each) for each in value]
        case _:
            return str(value)
