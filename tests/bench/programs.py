"""How far a program that keeps the server's clock by pings is off, on a wire, on a line with jitter, and from far away.

Server and program share this machine, so that the true time is known: both read its monotonic clock.
"""

import asyncio
import contextlib
import time
from pathlib import Path

from tests.bench.figures import Figures
from tests.bench.footage import Footage
from tests.client import Client
from tests.party_client import PartyClient
from tests.process import ServerProcess
from tests.slow_line import even, slow_line, steady, wireless

CLIENTS = 20
LINES = {"wired": None, "wireless": wireless(), "5 to 80 ms": even(0.005, 0.08), "100 ms away": steady(0.05)}


async def measure(footage: Footage, folder: Path) -> None:
    server = ServerProcess(folder)
    server.start()
    try:
        async with server.client() as ada:
            await ada.setup(server.setup_token)
            room = await ada.post("/api/v1/rooms", {"name": "Friday", "admission": "open"}, 201)
            print("error of the clock after ten pings, and after a quarter of a minute, in ms")
            for name, delay in LINES.items():
                async with slow_line(server.port, delay) if delay else contextlib.nullcontext(server.url) as url:
                    soon, later = await _errors(url, room["id"], ada)
                print(f"  {name:22}  {soon:.2f};  {later:.2f}")
    finally:
        server.stop()


async def _errors(url: str, room_id: str, ada: Client) -> tuple[Figures, Figures]:
    async with contextlib.AsyncExitStack() as stack:
        seats = [PartyClient.open(url, room_id, ada.token or "") for _ in range(CLIENTS)]
        clients = [await stack.enter_async_context(seat) for seat in seats]
        await asyncio.gather(*(client.learn_clock() for client in clients))
        soon = [_error(client) for client in clients]
        for _ in range(7):
            await asyncio.sleep(2.0)
            await asyncio.gather(*(client.send("ping", t0=client.clock.own()) for client in clients))
        await asyncio.sleep(0.5)
        return Figures(soon), Figures([_error(client) for client in clients])


def _error(client: PartyClient) -> float:
    return abs(client.clock.now() - time.monotonic() * 1000)
