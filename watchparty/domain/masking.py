"""Takes out of a text whatever opens something, so that a log can be shown to anybody who helps."""

import re

HIDDEN = "***"

_SECRETS = re.compile(
    "|".join(
        [
            # Access tokens (RFC 7519), also when cut short.
            r"eyJ[\w-]{5,}(?:\.[\w-]*){0,2}",
            # Personal API keys and the secrets of webhooks.
            r"\bwp_[\w-]{16,}",
            r"\bwhsec_[\w+/=-]+",
            # Addresses that are keys: uploads, films, invitations, guests. Not the templates of their routes.
            r"(?<=/u/)[^\s/?#\"'{][^\s/?#\"']*",
            r"(?<=/m/)[^\s/?#\"'{][^\s/?#\"']*",
            r"(?<=/join/)[^\s/?#\"'{][^\s/?#\"']*",
            r"(?<=/guest/validate/)[^\s/?#\"'{][^\s/?#\"']*",
        ]
    )
)
# What follows a name that says what it is: in headers, query strings, JSON, and Python's own way of writing them.
_NAMES = r"(?:access_|refresh_|setup_|csrf_)?token|(?:current_|new_)?password|secret|pin|totp|code|signature|api_key"
_NAMED = re.compile(
    rf"""(?i)(\b(?:authorization|proxy-authorization)["']?\s*[:=]\s*["']?(?:\w+\s+)?|\bbearer[ .]"""
    rf"""|\bwp_(?:access|refresh)["']?\s*[:=]\s*["']?"""
    rf"""|\b(?:{_NAMES})["']?\s*[:=]\s*["']?)([^\s"'&,;}}]+)"""
)


def masked(text: str) -> str:
    """The same text without tokens, passwords and signatures."""
    return _NAMED.sub(rf"\1{HIDDEN}", _SECRETS.sub(HIDDEN, text))
