"""Websocket frames as a server writes them: RFC 6455, section 5.2, whole and unmasked.

Made once and written to every seat as it is: framing per seat would double the time it takes to tell a thousand.
"""

_FIN = 0x80
_TEXT = 0x1
_PING = 0x9


def text_frame(text: str) -> bytes:
    payload = text.encode()
    return bytes([_FIN | _TEXT]) + _length(len(payload)) + payload


def ping_frame(payload: bytes) -> bytes:
    """`payload` is at most 125 bytes; it comes back in the pong."""
    return bytes([_FIN | _PING, len(payload)]) + payload


def _length(size: int) -> bytes:
    if size < 126:
        return bytes([size])
    if size < 1 << 16:
        return b"\x7e" + size.to_bytes(2, "big")
    return b"\x7f" + size.to_bytes(8, "big")
