"""Access tokens: signed statements of who holds which session (RFC 7519), good for minutes."""

from typing import Any

import jwt

from watchparty.domain.errors import NotSignedIn
from watchparty.domain.user import Person

AUDIENCE = "watchparty"


class AccessTokens:
    """Makes and reads JWTs signed with HS256."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def issue(self, person: Person, now: float, lifetime: float) -> str:
        """A token that names the session and no more of the person than their id and role; times in seconds."""
        claims = {
            "sub": person.id,
            "sid": person.session_id,
            "role": str(person.role),
            "typ": "guest" if person.is_guest else "access",
            "aud": AUDIENCE,
            "exp": int(now + lifetime),
        }
        return jwt.encode(claims, self._key, algorithm="HS256")

    def session_of(self, token: str, now: float) -> str:
        """The id of the session the token was issued for. Raises NotSignedIn."""
        return str(self._claims(token, now)["sid"])

    def expiry(self, token: str, now: float) -> float:
        """When the token ends, in Unix seconds. Raises NotSignedIn."""
        return float(self._claims(token, now)["exp"])

    def guest_of(self, token: str) -> str | None:
        """The id of the guest it was issued to, expired or not; None for people with accounts. Raises NotSignedIn."""
        claims = self._claims(token, 0.0)
        return str(claims["sub"]) if claims["typ"] == "guest" else None

    def _claims(self, token: str, now: float) -> dict[str, Any]:
        try:
            # The expiry is checked against the clock handed in, so that it can be tested.
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key,
                algorithms=["HS256"],
                audience=AUDIENCE,
                options={"require": ["exp", "aud", "sub", "sid", "typ"], "verify_exp": False},
            )
        except (jwt.InvalidTokenError, ValueError) as error:
            raise NotSignedIn("This token is not valid. Sign in again.") from error
        if claims["typ"] not in {"access", "guest"} or not isinstance(claims["exp"], int) or claims["exp"] <= now:
            raise NotSignedIn("This token has expired. Sign in again.")
        return claims
