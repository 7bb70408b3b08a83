"""How late the event loop is while its pool encodes: every socket, request and clock of a party waits that long."""

import asyncio
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.bench import head
from tests.bench.footage import Footage
from watchparty.media.encode import Made, encoded_pictures
from watchparty.media.inspect import inspect
from watchparty.services.pool import Pool, Priority, Ticket

TICK = 0.005
SECONDS = 10.0
JOBS = 3


async def measure(footage: Footage, folder: Path) -> None:
    film = await asyncio.to_thread(footage.h264, 60, 1080)
    print("event loop delay in ms, ticking every 5 ms")
    print(f"  idle            {_told(await _delays(SECONDS / 2))}")
    async with Pool(JOBS) as pool:
        tickets = [Ticket(Priority.WAITED) for _ in range(JOBS)]
        async with asyncio.TaskGroup() as group:
            for ticket in tickets:
                group.create_task(pool.encode(ticket, partial(_steps, str(film)), lambda made: None))
            await asyncio.sleep(1)
            print(f"  {JOBS} encodings     {_told(await _delays(SECONDS))}")
            for ticket in tickets:
                ticket.stop()


def _steps(film: str) -> Iterator[Made | None]:
    inspection = inspect(film)
    source = inspection.source
    assert source.video is not None
    return encoded_pictures(film, source.video, source.start, inspection.grid.encode, head.rungs(source, (720,)), 0)


async def _delays(seconds: float) -> list[float]:
    """How much later than asked for it went on, each time, in milliseconds."""
    loop = asyncio.get_running_loop()
    found: list[float] = []
    until = loop.time() + seconds
    while (now := loop.time()) < until:
        await asyncio.sleep(TICK)
        found.append((loop.time() - now - TICK) * 1000)
    return sorted(found)


def _told(delays: list[float]) -> str:
    middle, last = delays[len(delays) // 2], delays[len(delays) * 99 // 100]
    return f"median {middle:5.1f}   p99 {last:5.1f}   most {delays[-1]:5.1f}"
