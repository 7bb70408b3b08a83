"""The party socket as a websocket (RFC 6455), frame by raw frame: every case ends in an answer or the right goodbye.

Framing, masking, fragments and close codes are aiohttp's work; what is tested here is that what people get is right
with the settings it is used with, and that nothing a stranger sends leaves a traceback.
"""

import asyncio
import base64
import contextlib
import json
import os
import struct
from collections.abc import AsyncIterator

import pytest

from tests.client import Client

PING = json.dumps({"type": "ping", "t0": 1.5}).encode()
TEXT, BINARY, CONTINUED, CLOSE, WS_PING, WS_PONG = 1, 2, 0, 8, 9, 10
PROTOCOL_ERROR, INVALID_TEXT, TOO_BIG = 1002, 1007, 1009


class Wire:
    """A websocket spoken by hand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def send(self, *frames: bytes) -> None:
        self._writer.write(b"".join(frames))
        await self._writer.drain()

    async def frame(self) -> tuple[int, bytes]:
        """The next frame: its opcode and payload. Of the server's own pings nothing is heard."""
        while True:
            first, size = await asyncio.wait_for(self._reader.readexactly(2), 5)
            assert first & 0xF0 == 0x80, "the server sends whole frames"
            assert size < 128, "the server does not mask"
            if size == 126:
                (size,) = struct.unpack("!H", await self._reader.readexactly(2))
            payload = await self._reader.readexactly(size)
            if first & 15 != WS_PING:
                return first & 15, payload

    async def pong_of_ours(self) -> dict[str, object]:
        """The answer to PING, passing over what else is said."""
        while True:
            opcode, payload = await self.frame()
            assert opcode == TEXT, (opcode, payload)
            words: dict[str, object] = json.loads(payload)
            if words["type"] == "pong":
                return words

    async def goodbye(self) -> int:
        """The code with which the server closes; then the line ends."""
        while True:
            opcode, payload = await self.frame()
            if opcode == CLOSE:
                break
        await self.send(frame(CLOSE, payload[:2]))
        assert await asyncio.wait_for(self._reader.read(), 5) == b""
        return int.from_bytes(payload[:2], "big") if payload else 1005


def frame(opcode: int, payload: bytes = b"", *, final: bool = True, bits: int = 0, masked: bool = True) -> bytes:
    """A frame as a client sends it; `bits` are the reserved ones."""
    size = len(payload)
    length, extra = (size, b"") if size < 126 else (126, struct.pack("!H", size))
    head = bytes([final << 7 | bits << 4 | opcode, masked << 7 | length]) + extra
    if not masked:
        return head + payload
    mask = os.urandom(4)
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


def closing(code: int, reason: bytes = b"") -> bytes:
    return frame(CLOSE, struct.pack("!H", code) + reason)


class Door:
    """A room whose socket can be opened any number of times."""

    def __init__(self, url: str, room_id: str, token: str) -> None:
        self._host, _, port = url.removeprefix("http://").partition(":")
        self._port = int(port)
        self._room_id, self._token = room_id, token

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[Wire]:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(
            f"GET /api/v1/rooms/{self._room_id}/ws HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n"
            f"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Protocol: watchparty.v1, bearer.{self._token}\r\n"
            "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n".encode()
        )
        try:
            answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
            assert b" 101 " in answer
            assert b"permessage-deflate" not in answer
            yield Wire(reader, writer)
        finally:
            writer.close()


@pytest.fixture
async def door(admin: Client, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Door]:
    """Whatever is sent to it, the log stays clean."""
    room = await admin.post("/api/v1/rooms", {"name": "Friday", "admission": "open"}, 201)
    yield Door(admin.url, room["id"], admin.token or "")
    assert not [record for record in caplog.records if record.exc_info or record.levelname in {"ERROR", "CRITICAL"}]


# What is fine.

FINE = {
    "whole": [frame(TEXT, PING)],
    "in two": [frame(TEXT, PING[:9], final=False), frame(CONTINUED, PING[9:])],
    "byte by byte": [
        frame(TEXT, PING[:1], final=False),
        *(frame(CONTINUED, PING[i : i + 1], final=False) for i in range(1, len(PING))),
        frame(CONTINUED),
    ],
    "with nothing first": [frame(TEXT, final=False), frame(CONTINUED, PING)],
    "with a longer length": [frame(TEXT, PING + b" " * 1_000)],
    "a ping within": [frame(TEXT, PING[:9], final=False), frame(WS_PONG, b"unasked"), frame(CONTINUED, PING[9:])],
    "letters cut in two": [
        frame(TEXT, '{"type": "ping", "t0": 1.5, "é": "'.encode()[:30], final=False),
        frame(CONTINUED, '{"type": "ping", "t0": 1.5, "é": "'.encode()[30:] + b'\xf0\x9f\x8e', final=False),
        frame(CONTINUED, b'\x89"}'),
    ],
}  # fmt: skip


async def test_a_message_may_come_in_any_number_of_frames_and_packets(door: Door) -> None:
    for name, frames in FINE.items():
        async with door.open() as wire:
            await wire.send(*frames)
            assert (await wire.pong_of_ours())["t0"] == 1.5, name
            for each in frames:
                for i in range(0, len(each), 7):
                    await wire.send(each[i : i + 7])
                    await asyncio.sleep(0)
            assert (await wire.pong_of_ours())["t0"] == 1.5, name


async def test_a_ping_is_answered_with_what_it_carried_even_between_fragments(door: Door) -> None:
    async with door.open() as wire:
        for payload in (b"", b"hello", bytes(range(125))):
            await wire.send(frame(WS_PING, payload))
            assert await wire.frame() == (WS_PONG, payload)
            await wire.send(frame(TEXT, PING[:9], final=False), frame(WS_PING, payload))
            assert await wire.frame() == (WS_PONG, payload)
            await wire.send(frame(CONTINUED, PING[9:]))
            assert (await wire.pong_of_ours())["t0"] == 1.5


async def test_a_goodbye_is_answered(door: Door) -> None:
    for code in (1000, 1001, 1003, 1007, 1011, 3000, 3999, 4000, 4999):
        async with door.open() as wire:
            await wire.send(closing(code, "Tschüß".encode()))
            assert await wire.goodbye() in {code, 1000}
    async with door.open() as wire:
        await wire.send(frame(CLOSE))
        assert await wire.goodbye() in {1000, 1005}


async def test_a_goodbye_with_a_code_that_is_never_sent_is_answered_all_the_same(door: Door) -> None:
    """1006 must not be sent (RFC 6455, section 7.4.1); aiohttp takes it for a goodbye like any other."""
    async with door.open() as wire:
        await wire.send(closing(1006))
        assert await wire.goodbye() in {1000, PROTOCOL_ERROR}


# What is not.

WRONG = {
    "a reserved bit": ([frame(TEXT, PING, bits=4)], PROTOCOL_ERROR),
    "another reserved bit": ([frame(TEXT, PING, bits=1)], PROTOCOL_ERROR),
    "a reserved bit of a ping": ([frame(WS_PING, bits=2)], PROTOCOL_ERROR),
    **{f"opcode {opcode}": ([frame(opcode, PING)], PROTOCOL_ERROR) for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "a ping of 126 bytes": ([frame(WS_PING, b"x" * 126)], PROTOCOL_ERROR),
    "a ping in fragments": ([frame(WS_PING, b"x", final=False)], PROTOCOL_ERROR),
    "a continuation of nothing": ([frame(CONTINUED, PING)], PROTOCOL_ERROR),
    "a message within a message": ([frame(TEXT, PING[:9], final=False), frame(TEXT, PING)], PROTOCOL_ERROR),
    "text that is not UTF-8": ([frame(TEXT, b'{"type": "\xff"}')], INVALID_TEXT),
    "text with half a letter": ([frame(TEXT, b'{"type": "\xc3')], INVALID_TEXT),
    "an overlong slash": ([frame(TEXT, b"\xc0\xaf")], INVALID_TEXT),
    "a surrogate": ([frame(TEXT, b"\xed\xa0\x80")], INVALID_TEXT),
    "text whose second part is not UTF-8": (
        [frame(TEXT, b'{"a": "\xc3', final=False), frame(CONTINUED, b'("}')], INVALID_TEXT,
    ),
    "a message too large": (
        [frame(TEXT, b"x" * 65_000, final=False), frame(CONTINUED, b"x" * 65_000, final=False),
         frame(CONTINUED, b"x" * 1_100)], TOO_BIG,
    ),
    "a goodbye of one byte": ([frame(CLOSE, b"\x03")], PROTOCOL_ERROR),
    "a goodbye whose reason is not UTF-8": ([closing(1000, b"\xff")], INVALID_TEXT),
    **{f"a goodbye with {code}": ([closing(code)], PROTOCOL_ERROR)
       for code in (0, 999, 1004, 1005, 1015, 1016, 2000, 2999)},
}  # fmt: skip


async def test_what_is_against_the_rules_ends_the_socket_with_its_code(door: Door) -> None:
    for name, (frames, code) in WRONG.items():
        async with door.open() as wire:
            await wire.send(*frames)
            assert await wire.goodbye() == code, name
