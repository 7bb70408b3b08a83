"""An account, and whoever stands behind a request."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do on this server; in a room the room's own roles decide."""

    ADMIN = "admin"
    USER = "user"
    GUEST = "guest"


class Scope(StrEnum):
    """What an API key is good for: reading, changing, and what only administrators do."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True)
class User:
    """An account. Times are in Unix seconds; `avatar` names its picture.

    A deleted account is disabled until `leaves_at`. `keeps_videos`: its films stay when it goes; `may_return`: signing
    in until then brings it back.
    """

    id: str
    username: str
    display_name: str
    role: Role
    email: str | None
    created_at: float
    disabled: bool = False
    bio: str = ""
    avatar: str | None = None
    leaves_at: float | None = None
    keeps_videos: bool = False
    may_return: bool = False

    def may_come_back(self, now: float) -> bool:
        """Whether signing in brings back this account, which its owner has deleted."""
        return self.may_return and self.leaves_at is not None and now < self.leaves_at


@dataclass(frozen=True)
class Person:
    """Whoever stands behind a request. Guests have no account and belong to one room, `room_id`.

    `scopes` is what the API key that spoke for them may do; None for people themselves, who may do what they may.
    """

    id: str
    name: str
    role: Role
    session_id: str
    room_id: str | None = None
    scopes: frozenset[Scope] | None = None

    @property
    def is_guest(self) -> bool:
        return self.role is Role.GUEST

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    @property
    def is_key(self) -> bool:
        """Whether a program speaks for them, by an API key."""
        return self.scopes is not None

    def may_use(self, scope: Scope) -> bool:
        return self.scopes is None or scope in self.scopes

    @property
    def is_anybody(self) -> bool:
        """Nobody in particular: neither an account nor a room's guest."""
        return self.role is Role.GUEST and self.room_id is None


def anybody(address: str) -> Person:
    """Somebody without a session, told from others by the address they come from alone."""
    return Person(f"anybody at {address}", "Somebody", Role.GUEST, f"anybody at {address}")
