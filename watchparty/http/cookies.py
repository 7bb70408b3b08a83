"""The two cookies that keep a browser signed in."""

from collections.abc import Mapping
from typing import Any

from watchparty.services.sessions import GUEST_LIFETIME, REFRESH_LIFETIME, Session

ACCESS = "wp_access"
REFRESH = "wp_refresh"

Cookies = tuple[tuple[str, str | None, Mapping[str, Any]], ...]


def cookies_for(session: Session, *, secure: bool) -> Cookies:
    """Readable by no script, sent by no other site's form. Secure only under TLS, or a LAN page could not keep them."""
    # The access cookie outlives its token, so that an expired one is recognised and renewed rather than missing.
    lifetime = REFRESH_LIFETIME if session.refresh_token else GUEST_LIFETIME
    attributes = {"httponly": True, "samesite": "Lax", "path": "/", "secure": secure, "max_age": int(lifetime)}
    return (
        (ACCESS, session.access_token, attributes),
        (REFRESH, session.refresh_token, attributes if session.refresh_token else {"path": "/"}),
    )


NO_COOKIES: Cookies = ((ACCESS, None, {"path": "/"}), (REFRESH, None, {"path": "/"}))
