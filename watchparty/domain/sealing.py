"""Bytes that only this server can read again: what a copy of the database must not give away.

A stream cipher from SHAKE-256 keyed with key and nonce (FIPS 202), then HMAC-SHA-256 over nonce and ciphertext.
"""

import hashlib
import hmac

NONCE, TAG = 16, 32


class Sealer:
    def __init__(self, key: bytes) -> None:
        self._cipher_key = hmac.digest(key, b"cipher", "sha256")
        self._tag_key = hmac.digest(key, b"tag", "sha256")

    def seal(self, plain: bytes, nonce: bytes) -> bytes:
        """`plain`, unreadable without the key. The nonce: 16 random bytes, for this once."""
        sealed = nonce + self._stirred(plain, nonce)
        return sealed + hmac.digest(self._tag_key, sealed, "sha256")

    def open(self, sealed: bytes) -> bytes:
        """What was sealed. Raises ValueError for anything that this key has not sealed."""
        inner, tag = sealed[:-TAG], sealed[-TAG:]
        if not hmac.compare_digest(hmac.digest(self._tag_key, inner, "sha256"), tag):
            raise ValueError("This was not sealed with this key.")
        return self._stirred(inner[NONCE:], inner[:NONCE])

    def _stirred(self, data: bytes, nonce: bytes) -> bytes:
        stream = hashlib.shake_256(self._cipher_key + nonce).digest(len(data))
        return (int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(data), "big")
