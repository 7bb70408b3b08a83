"""How soon a party's socket answers while the same server encodes two films: a ping's round trip."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path

from tests.bench.footage import Footage
from tests.client import Client
from tests.party_client import PartyClient
from tests.process import ServerProcess

SECONDS = 15.0
# Seconds; more often than that is more than a seat may say for long.
PING_EVERY = 0.03
HEIGHTS = (720, 480)


async def measure(footage: Footage, folder: Path) -> None:
    film = await asyncio.to_thread(footage.long, 5, 1080)
    server = ServerProcess(folder)
    server.start()
    try:
        async with server.client() as ada:
            await ada.setup(server.setup_token)
            video = await ada.ready(film)
            room = await ada.post("/api/v1/rooms", {"name": "Friday", "admission": "open"}, 201)
            async with PartyClient.open(server.url, room["id"], ada.token or "") as client:
                print("round trip of a ping on the party's socket, in ms")
                print(f"  idle            {_told(await _round_trips(client))}")
                async with _encoding(ada, video["id"]):
                    print(f"  {len(HEIGHTS)} encodes       {_told(await _round_trips(client))}")
    finally:
        server.stop()


@contextlib.asynccontextmanager
async def _encoding(ada: Client, video_id: str) -> AsyncIterator[None]:
    """Conversions that run the whole time."""
    jobs = [await ada.post(f"/api/v1/videos/{video_id}/resize", {"height": height}, 202) for height in HEIGHTS]
    ids = [job["job"]["id"] for job in jobs]
    until = time.monotonic() + 30
    while await _statuses(ada, ids) != ["running"] * len(HEIGHTS):
        assert time.monotonic() < until, "the encodes never began"
        await asyncio.sleep(0.1)
    yield
    left = await _statuses(ada, ids)
    assert left == ["running"] * len(HEIGHTS), f"not all ran to the end: {left}"


async def _statuses(ada: Client, ids: list[str]) -> list[str]:
    return [(await ada.get(f"/api/v1/jobs/{each}"))["status"] for each in ids]


async def _round_trips(client: PartyClient) -> list[float]:
    found = []
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        begun = time.perf_counter()
        await client.send("ping", t0=begun)
        await client.hears("pong")
        found.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(PING_EVERY)
    return sorted(found)


def _told(trips: list[float]) -> str:
    middle, last = trips[len(trips) // 2], trips[len(trips) * 99 // 100]
    return f"median {middle:5.2f}   p99 {last:5.2f}   most {trips[-1]:5.2f}"
