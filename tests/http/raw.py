"""Bytes over a bare socket, for what no client library would send."""

import asyncio
import contextlib
from dataclasses import dataclass

PATIENCE = 20.0


@dataclass(frozen=True)
class Answer:
    """What came back until the server hung up; `closed` is whether it did."""

    status: int
    headers: dict[str, str]
    answers: int
    closed: bool
    body: bytes


async def until_cut(port: int, data: bytes) -> bytes:
    """What comes back until the server hangs up on somebody who says this and nothing more."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        async with asyncio.timeout(PATIENCE):
            return await reader.read()
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def sent(port: int, data: bytes, *, then: bytes = b"") -> Answer:
    """Everything the server says to these bytes, before it closes or for as long as it has more to say."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    received, closed = b"", False
    try:
        with contextlib.suppress(ConnectionError):
            writer.write(data + then)
            await writer.drain()
        try:
            async with asyncio.timeout(PATIENCE):
                with contextlib.suppress(ConnectionError):
                    while chunk := await reader.read(1 << 16):
                        received += chunk
                closed = True
        except TimeoutError:
            closed = False
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    status = int(first.split(" ")[1]) if first.startswith("HTTP/1.") else 0
    return Answer(status, headers, received.count(b"HTTP/1."), closed, body)
