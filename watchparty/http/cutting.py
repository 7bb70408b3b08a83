"""Ending a connection whose other end does not take what it is sent."""

import asyncio
import socket
import struct

_AT_ONCE = struct.pack("ii", 1, 0)


def cut(transport: asyncio.Transport) -> None:
    """With a reset: or the system would keep what is unsent for minutes, in the hope that somebody reads it yet."""
    line = transport.get_extra_info("socket")
    if line is not None and line.fileno() >= 0:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    transport.abort()
