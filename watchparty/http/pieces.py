"""A body that is worth keeping as far as it comes: read ahead of the disk, so that a broken line takes little along."""

import asyncio
import time
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

from aiohttp import ClientError, web
from aiohttp.http_exceptions import HttpProcessingError

# Bytes read before the disk has taken those that came earlier.
AHEAD = 2 << 20
_LINE_FAULTS = (OSError, ClientError, HttpProcessingError)


class Pieces:
    """Gives what has come since it was last asked; what came before the line broke is given all the same."""

    def __init__(self, request: web.Request) -> None:
        self._content = request.content
        self.length = request.content_length
        self.broke = False
        self.stopped = False
        self._gathered = bytearray()
        self._over = False
        self._news, self._room = asyncio.Event(), asyncio.Event()
        self._heard_at = time.monotonic()

    async def __aenter__(self) -> Self:
        # aiohttp gives nothing of what lies read when a line breaks: somebody must always be waiting for it.
        self._reading = asyncio.create_task(self._read(), name="upload: read")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reading.cancel()
        await asyncio.wait([self._reading])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await self._news.wait()
            self._news.clear()
            piece, over = bytes(self._gathered), self._over
            self._gathered.clear()
            self._room.set()
            if piece:
                yield piece
            if over:
                return

    def silent_for(self) -> float:
        return time.monotonic() - self._heard_at

    def stop(self) -> None:
        self.stopped = True
        self._reading.cancel()

    async def _read(self) -> None:
        self.broke = True  # unless it comes to its end
        try:
            while chunk := await self._content.readany():
                self._heard_at = time.monotonic()
                self._gathered += chunk
                self._news.set()
                if len(self._gathered) >= AHEAD:
                    self._room.clear()
                    await self._room.wait()
            self.broke = False
        except _LINE_FAULTS:
            return
        finally:
            self._over = True
            self._news.set()
