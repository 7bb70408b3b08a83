"""How often one client may ask for what: a class of routes has so many requests a minute."""

from dataclasses import dataclass

MINUTE = 60.0
DERIVED = "derived"
"""What an endpoint says that does not name its class: method and path tell it."""
LIMITS = {"auth": 10, "write": 120, "read": 600, "urls": 60}
"""Requests a minute, by class. What has no class is not limited: films, pages and what watches over the server."""

_HARMLESS = {"GET", "HEAD", "OPTIONS"}
# Where a password is tried or an account is made.
_AUTH = {
    "/api/v1/setup",
    "/api/v1/auth/login",
    "/api/v1/auth/register",
    "/api/v1/auth/password",
    "/api/v1/users/me/password",
}
# Pieces of a film, at an address that nobody can guess.
_PIECES = "/api/v1/uploads/"


def class_of(method: str, path: str) -> str | None:
    """The class of a route, by its template; None for what is not limited."""
    if not path.startswith("/api/") or path.startswith(_PIECES):
        return None
    if path in _AUTH and method not in _HARMLESS:
        return "auth"
    if path.endswith("/urls") and method == "POST":
        return "urls"
    return "read" if method in _HARMLESS else "write"


@dataclass
class Allowance:
    """A bucket with `limit` tokens that fills again within a minute."""

    limit: int
    level: float
    at: float

    @classmethod
    def full(cls, limit: int, now: float) -> "Allowance":
        return cls(limit, float(limit), now)

    def take(self, now: float) -> bool:
        """Whether one more request is allowed."""
        self.level = min(float(self.limit), self.level + (now - self.at) * self.limit / MINUTE)
        self.at = now
        if self.level < 1:
            return False
        self.level -= 1
        return True

    @property
    def seconds_until_next(self) -> float:
        """How long to wait for a token, counted from the last `take`."""
        return max(0.0, 1 - self.level) * MINUTE / self.limit
