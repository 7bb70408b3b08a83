"""A line between a browser and the server that takes its time, which browsers' own throttling spares websockets."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable

from tests.process import free_port

CHUNK = 1 << 16
# Seconds from one side to the other, drawn for every piece of data.
Delay = Callable[[], float]


def steady(seconds: float) -> Delay:
    return lambda: seconds


def even(least: float, most: float, seed: int = 1) -> Delay:
    """Anything between the two, each as likely."""
    source = random.Random(seed)
    return lambda: source.uniform(least, most)


def wireless(seed: int = 1) -> Delay:
    """5 to 10 ms, and for one piece in five a spike of up to 80."""
    source = random.Random(seed)
    return lambda: source.uniform(0.01, 0.08) if source.random() < 0.2 else source.uniform(0.005, 0.01)


@contextlib.asynccontextmanager
async def slow_line(port: int, delay: Delay) -> AsyncIterator[str]:
    """The address of a line to a server on this machine that delays both directions."""
    pumps: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return writer.close()  # the server is away, and so is the line
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            pump = asyncio.create_task(_pump(source, sink, delay))
            pumps.add(pump)
            pump.add_done_callback(pumps.discard)
        return None

    here = free_port()
    async with await asyncio.start_server(accept, "127.0.0.1", here):
        yield f"http://127.0.0.1:{here}"
        for pump in pumps:
            pump.cancel()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, delay: Delay) -> None:
    """Everything in its order, each piece as late as it happens to be."""
    loop, due = asyncio.get_running_loop(), 0.0
    with contextlib.suppress(ConnectionError):
        while piece := await source.read(CHUNK):
            due = max(due + 1e-6, loop.time() + delay())
            loop.call_at(due, _write, sink, piece)
    loop.call_at(max(due + 1e-6, loop.time()), sink.close)


def _write(sink: asyncio.StreamWriter, piece: bytes) -> None:
    if not sink.is_closing():
        sink.write(piece)
