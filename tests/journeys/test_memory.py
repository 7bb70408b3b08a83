"""However large a film is, it passes through the server's memory in small pieces."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests.client import Client
from tests.films import Films
from tests.process import ServerProcess

MEGABYTE = 1 << 20
ALLOWED = 30 * MEGABYTE


async def test_a_film_of_200_megabytes_does_not_swell_the_server(server_process: ServerProcess, films: Films) -> None:
    await upload(server_process, films, 200 * MEGABYTE)


@pytest.mark.soak
async def test_a_film_of_two_gigabytes_does_not_swell_the_server(server_process: ServerProcess, films: Films) -> None:
    await upload(server_process, films, 2048 * MEGABYTE)


async def upload(server: ServerProcess, films: Films, size: int) -> None:
    async with server.client() as api:
        await api.setup(server.setup_token)
        await api.ready(films.silent)  # what is loaded for the first film stays loaded
        before = server.process.memory_info().rss
        most, seconds = await most_memory_during(server, send(api, films.silent, size))
    growth = (most - before) / MEGABYTE
    print(
        f"\n{size // MEGABYTE} MB in {seconds:.1f} s ({size / MEGABYTE / seconds:.0f} MB/s): {growth:+.1f} MB of memory"
    )
    assert most - before <= ALLOWED


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
