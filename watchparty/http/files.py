"""Files on their way to whoever asked: a reader who does not take them is not waited for."""

import asyncio
from typing import IO, Any

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from watchparty.http.cutting import cut

# Bytes, and the seconds somebody has for each so many: slower than any film can be watched.
PIECE = 1 << 20
PIECE_WITHIN = 60.0


class SentFile(web.FileResponse):
    """A file, or a range of it. The line is cut when a piece is not taken in time; the rest may be asked for again."""

    async def _sendfile(self, request: web.BaseRequest, fobj: IO[Any], offset: int, count: int) -> AbstractStreamWriter:
        """In aiohttp's place, which hands the whole file to the system and waits without end."""
        writer = await web.StreamResponse.prepare(self, request)
        transport, end = request.transport, offset + count
        if writer is None or transport is None:
            raise ConnectionResetError("The connection is lost.")
        while offset < end:
            piece = min(PIECE, end - offset)
            try:
                async with asyncio.timeout(PIECE_WITHIN):
                    await asyncio.get_running_loop().sendfile(transport, fobj, offset, piece)
            except TimeoutError:
                cut(transport)
                raise ConnectionResetError("The reader does not read.") from None
            offset += piece
        await web.StreamResponse.write_eof(self)
        return writer
