"""Signed addresses: what they open, until when, and for whom.

HMAC-SHA256 over the parts, each preceded by its length so that moving a character from one part to the next changes
the message; cut to 128 bits (RFC 2104, section 5) so that an address stays short.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass

BITS = 128


class Signer:
    """Signs and checks with one key of at least 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, *parts: str) -> str:
        """22 URL-safe characters that only a holder of the key can make for these parts."""
        message = b"".join(b"%d:%b" % (len(part.encode()), part.encode()) for part in parts)
        digest = hmac.digest(self._key, message, hashlib.sha256)[: BITS // 8]
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def matches(self, signature: str, *parts: str) -> bool:
        """Whether the signature belongs to these parts; takes as long for a near miss as for a wild guess."""
        return hmac.compare_digest(signature.encode(), self.sign(*parts).encode())


@dataclass(frozen=True)
class PathToken:
    """`<subject>.<expires>.<signature>`, as it stands in a path; `expires` is in Unix seconds."""

    subject: str
    expires: int
    signature: str

    @classmethod
    def parse(cls, text: str) -> "PathToken | None":
        """None for anything that is not of that shape."""
        match text.split("."):
            case [subject, expires, signature] if expires.isascii() and expires.isdigit() and len(expires) <= 12:
                return cls(subject, int(expires), signature)
            case _:
                return None

    def __str__(self) -> str:
        return f"{self.subject}.{self.expires}.{self.signature}"
