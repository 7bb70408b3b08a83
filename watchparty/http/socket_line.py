"""A websocket as a seat speaks through it: whole frames, handed over without waiting."""

import asyncio
import struct

from aiohttp import web

from watchparty.domain.frame import ping_frame
from watchparty.services.clock import Clock
from watchparty.services.party_metrics import PartyMetrics

# Bytes that may wait for a slow listener; with more than that, it is dropped.
LONGEST_QUEUE = 1 << 20
_AT = struct.Struct("!d")


class SocketLine:
    """Frames made once are written to every socket as they are, beside aiohttp's own, which must not compress."""

    def __init__(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport, metrics: PartyMetrics, clock: Clock
    ) -> None:
        self._socket = socket
        self._transport = transport
        self._metrics = metrics
        self._clock = clock
        self._closing: asyncio.Task[bool] | None = None

    def write(self, frame: bytes) -> bool:
        if self._closing is not None or self._transport.is_closing():
            return False
        if self._transport.get_write_buffer_size() > LONGEST_QUEUE:
            self._metrics.dropped.inc()
            return False
        self._transport.write(frame)
        return True

    def ping(self) -> None:
        self.write(ping_frame(_AT.pack(self._clock.monotonic())))

    def round_trip(self, payload: bytes) -> float | None:
        """Seconds since the ping that this pong answers; None when it answers none of ours."""
        if len(payload) != _AT.size:
            return None
        elapsed: float = self._clock.monotonic() - _AT.unpack(payload)[0]
        return elapsed if 0 <= elapsed < 60 else None

    def close(self, code: int, reason: str) -> None:
        if self._closing is None:
            self._closing = asyncio.create_task(self._socket.close(code=code, message=reason.encode()[:120]))

    def drop(self) -> None:
        self._transport.abort()

    async def closed(self) -> None:
        """Wait until a goodbye under way has been said."""
        if self._closing is not None:
            await asyncio.wait([self._closing])
