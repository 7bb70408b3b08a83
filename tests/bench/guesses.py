"""A thousand guesses at a password at once: how many are checked, and how a party's socket does meanwhile."""

import asyncio
import time
from collections import Counter
from pathlib import Path

from tests.bench.footage import Footage
from tests.client import PASSWORD, Client
from tests.party_client import PartyClient
from tests.process import ServerProcess

GUESSES, AT_ONCE, SECONDS = 1_000, 50, 60.0
# Seconds; more often than that is more than a seat may say for long.
PING_EVERY = 0.03


async def measure(_: Footage, folder: Path) -> None:
    server = ServerProcess(folder, "--rates", "on")
    server.start()
    try:
        async with server.client() as ada:
            await ada.setup(server.setup_token)
            await _guessed(server, ada)
    finally:
        server.stop()


async def _guessed(server: ServerProcess, ada: Client) -> None:
    room = await ada.post("/api/v1/rooms", {"name": "Friday", "admission": "open"}, 201)
    async with PartyClient.open(server.url, room["id"], ada.token or "") as client, server.client() as eve:
        guessing = asyncio.create_task(_guess(eve))
        trips, begun = [], time.monotonic()
        while time.monotonic() < begun + SECONDS or not guessing.done():
            sent = time.perf_counter()
            await client.send("ping", t0=sent)
            await client.hears("pong")
            trips.append((time.perf_counter() - sent) * 1000)
            await asyncio.sleep(PING_EVERY)
        statuses, took = await guessing
    trips.sort()
    print(f"{GUESSES} guesses at one account from one address, {AT_ONCE} at once, over {took:.0f} s")
    print(f"  checked by bcrypt {statuses[401]}   refused before it {statuses[429]}")
    print(f"  ping on a party's socket: p99 {trips[len(trips) * 99 // 100]:.2f} ms, most {trips[-1]:.2f} ms")


async def _guess(eve: Client) -> tuple[Counter[int], float]:
    """All of them within a minute, as evenly as it goes; then what came of them."""
    statuses: Counter[int] = Counter()
    begun, turns = time.monotonic(), iter(range(GUESSES))

    async def one_of_many() -> None:
        for number in turns:
            due = begun + (SECONDS - 5) * number / GUESSES
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            body = {"username": "ada", "password": f"{PASSWORD} {number}"}
            async with eve.session.post(eve.absolute("/api/v1/auth/login"), json=body) as answer:
                statuses[answer.status] += 1

    async with asyncio.TaskGroup() as guessers:
        for _ in range(AT_ONCE):
            guessers.create_task(one_of_many())
    return statuses, time.monotonic() - begun
