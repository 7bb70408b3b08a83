"""kill -9 in the middle of a burst of deeds: of each that was acknowledged, others hear after the next start."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from tests.client import Client
from tests.process import ServerProcess
from tests.receiver import Receiver

BURST = 60


@pytest.mark.parametrize("acknowledged", [1, 25])
async def test_no_event_is_lost_between_its_commit_and_those_who_wait_for_it(tmp_path: Path, acknowledged: int) -> None:
    server = ServerProcess(tmp_path / "data", "--webhook-private")
    await asyncio.to_thread(server.start)
    try:
        async with Receiver.open() as receiver, server.client() as ada:
            await ada.setup(server.setup_token)
            hook = {"url": receiver.url, "events": ["RoomCreated"]}
            secret = (await ada.post("/api/v1/admin/webhooks", hook, 201))["secret"]
            made = await _burst(ada, server, acknowledged)
            await asyncio.to_thread(server.start)
            last = (await ada.post("/api/v1/rooms", {"name": "last"}, 201))["id"]
            heard: list[str] = []
            number = 0
            while last not in heard:
                number += 1
                got = (await receiver.until(number))[number - 1]
                heard.append(got.verified(secret)["data"]["subject"])
            assert made <= set(heard)
    finally:
        if server.running:
            await asyncio.to_thread(server.stop)


async def _burst(client: Client, server: ServerProcess, acknowledged: int) -> set[str]:
    """Makes rooms, many at once, and kills the server after so many; the ids of those that were acknowledged."""
    made: set[str] = set()

    async def make(number: int) -> None:
        try:
            made.add((await client.post("/api/v1/rooms", {"name": str(number)}, 201))["id"])
        except aiohttp.ClientError:
            return  # the server is dead
        if len(made) == acknowledged:
            server.kill()

    await asyncio.gather(*(make(number) for number in range(BURST)))
    assert acknowledged <= len(made)
    return made
