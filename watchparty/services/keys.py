"""The signing key of this server: made on the first run, and nobody else's to read."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from watchparty.domain.errors import Conflict

KEY_BYTES = 32


def signing_key(path: Path) -> bytes:
    """The 32 bytes kept in `path`, made when there is no such file; blocks."""
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        key = _make(path)
    if len(key) != KEY_BYTES:
        raise Conflict(f"{path} does not hold a signing key. Move it away; a new one signs everybody out.")
    return key


def derived_key(key: bytes, purpose: str) -> bytes:
    """A key of its own for each purpose, so that no signature can be taken for one of another kind."""
    return hmac.digest(key, purpose.encode(), hashlib.sha256)


def _make(path: Path) -> bytes:
    key, draft = secrets.token_bytes(KEY_BYTES), path.with_suffix(".part")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return key
