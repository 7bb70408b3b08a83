"""A line between a client and the server on which things go wrong: it is cut, it stalls, it is reset, it dawdles."""

import asyncio
import contextlib
import random
import socket
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

CHUNK = 1 << 14


@dataclass
class CuttingLine:
    """`faults` more times something goes wrong, each after at most `longest` bytes of a connection."""

    url: str
    faults: int
    longest: int
    source: random.Random
    happened: list[str] = field(default_factory=list)

    def happen(self, kind: str) -> bool:
        """Whether this fault happens: there may have been enough meanwhile."""
        if self.faults == 0:
            return False
        self.faults -= 1
        self.happened.append(kind)
        return True

    async def carry(self, near: "_End", far: "_End") -> None:
        """Everything there and back, or until something goes wrong."""
        kind = self.source.choice(["cut", "reset", "slow", "deaf"])
        after = self.source.randrange(1, self.longest)
        back = asyncio.create_task(self._pump(far, near, "deaf", 1 if kind == "deaf" else None))
        there = asyncio.create_task(self._pump(near, far, kind, None if kind == "deaf" else after))
        try:
            await asyncio.wait([there, back], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (there, back):
                task.cancel()
            await asyncio.gather(there, back, return_exceptions=True)
            for end in (near, far):
                if kind == "reset":
                    _reset_on_close(end[1])
                end[1].close()

    async def _pump(self, source: "_End", sink: "_End", kind: str, after: int | None) -> None:
        passed = 0
        while piece := await source[0].read(CHUNK):
            if kind == "slow" and self.faults:
                await asyncio.sleep(0.002)
            if after is not None and passed + len(piece) >= after and self.happen(kind):
                if kind != "deaf":
                    sink[1].write(piece[: after - passed])
                    await sink[1].drain()
                return
            passed += len(piece)
            sink[1].write(piece)
            await sink[1].drain()


_End = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@contextlib.asynccontextmanager
async def cutting_line(port: int, *, faults: int, longest: int, seed: int) -> AsyncIterator[CuttingLine]:
    """A line to a server on this machine."""
    running: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def carry(near: _End) -> None:
        with contextlib.suppress(ConnectionError):
            await line.carry(near, await asyncio.open_connection("127.0.0.1", port))

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(carry((reader, writer)))
        running[task] = writer
        task.add_done_callback(lambda ended: running.pop(ended).close())

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    line = CuttingLine(url, faults, longest, random.Random(seed))
    async with server:
        yield line
        # Not cancelled, which would lose a connection that is just being made: they end where their clients do.
        for writer in running.values():
            writer.close()
        await asyncio.gather(*running)


def _reset_on_close(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):  # one that is closed already needs no reset
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
