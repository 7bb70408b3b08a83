"""An account, and whoever stands behind a request."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do on this server; in a room the room's own roles decide."""

    ADMIN = "admin"
    USER = "user"
    GUEST = "guest"


@dataclass(frozen=True)
class User:
    """An account. `created_at` is in Unix seconds."""

    id: str
    username: str
    display_name: str
    role: Role
    email: str | None
    created_at: float
    disabled: bool = False


@dataclass(frozen=True)
class Person:
    """Whoever stands behind a request. Guests have no account and belong to one room, `room_id`."""

    id: str
    name: str
    role: Role
    session_id: str
    room_id: str | None = None

    @property
    def is_guest(self) -> bool:
        return self.role is Role.GUEST

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN
