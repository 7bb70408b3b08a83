"""Sends films of any size, and watches the server's memory meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

from tests.client import Client
from tests.process import ServerProcess

MEGABYTE = 1 << 20


async def memory_of_upload(server: ServerProcess, film: Path, size: int) -> tuple[int, float]:
    """How much more memory (bytes) the server held while `film`, made `size` bytes long, came, and how long it took."""
    async with server.client() as api:
        await api.setup(server.setup_token)
        await api.ready(film)  # what is loaded for the first film stays loaded
        before = server.process.memory_info().rss
        most, seconds = await most_memory_during(server, send(api, film, size))
    return most - before, seconds


async def most_memory_during(server: ServerProcess, work: Coroutine[Any, Any, None]) -> tuple[int, float]:
    """The most memory (bytes) the server held while something went on, and how long that took (seconds)."""
    loop = asyncio.get_running_loop()
    begun, most = loop.time(), 0
    task = asyncio.create_task(work)
    while not task.done():
        most = max(most, server.process.memory_info().rss)
        await asyncio.sleep(0.02)
    await task
    return most, loop.time() - begun


async def send(api: Client, film: Path, size: int) -> None:
    """Sends the film made larger, and waits until it can be watched."""
    made = await api.post("/api/v1/videos", {"filename": "large.mp4", "size": size}, 201)
    url, headers = api.absolute(made["upload"]["url"]), {"Content-Length": str(size)}
    async with api.session.put(url, data=swollen(film, size), headers=headers) as answer:
        assert answer.status == 200, await answer.text()
    assert (await api.until_settled(made["video"]["id"], 60))["status"] == "ready"


async def swollen(film: Path, size: int) -> AsyncIterator[bytes]:
    """The same film with a box of free space behind it, as many bytes as wanted (ISO/IEC 14496-12, 8.1.2)."""
    content = film.read_bytes()
    free = size - len(content)
    yield content
    yield b"\0\0\0\1free" + free.to_bytes(8, "big")
    left = free - 16
    while left:
        piece = min(left, MEGABYTE)
        yield bytes(piece)
        left -= piece
