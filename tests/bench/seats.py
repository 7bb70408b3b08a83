"""A room of a hundred and of a thousand: how soon the last one hears of a pause, and what a seat costs in memory.

Beside it, in the same run and before the same listeners, a bare server that does nothing but `websockets.broadcast`.
"""

import asyncio
import contextlib
import json
import os
import resource
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import psutil
import websockets.asyncio.server as peer
from websockets.exceptions import ConnectionClosed

from tests.bench.figures import Figures
from tests.bench.footage import Footage
from tests.client import Client
from tests.http.conftest import setup_token
from watchparty.app import serving
from watchparty.domain.news import News
from watchparty.services.audience import Audience
from watchparty.settings import Settings

SEATS = (100, 1_000)
ROUNDS = 60
# Two sockets for each seat are in this process, and the listeners have as many.
DESCRIPTORS = 4_096


async def measure(footage: Footage, folder: Path) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(DESCRIPTORS, most), most))
    film = await asyncio.to_thread(footage.h264, 60, 360)
    settings = Settings(data=str(folder), host="127.0.0.1", port=0, rates="off")
    print("one pause in one room; first byte readable at the last of all sockets, in ms")
    async with serving(settings) as running, Client(f"http://127.0.0.1:{running.port}") as ada:
        await ada.setup(setup_token(running))
        video = await ada.ready(film)
        for seats in SEATS:
            room = await ada.post(
                "/api/v1/rooms", {"name": f"{seats}", "admission": "open", "video_id": video["id"]}, 201
            )
            tokens = [await _guest(ada, room["id"], i) for i in range(seats)]
            with _timed_telling() as telling:
                received, kilobytes = await _listen(running.port, f"/api/v1/rooms/{room['id']}/ws", seats, tokens)
            bare = await _beside(seats)
            print(f"  {seats:5} seats      {received.told}; {kilobytes:.0f} kB of memory a seat")
            print(f"              of that telling them  {Figures([each * 1000 for each in telling]):.2f}")
            print(f"              websockets.broadcast  {bare.told};  ratio of p99: {received.p99 / bare.p99:.2f}")


class Receipts(Figures):
    @property
    def p99(self) -> float:
        return sorted(self.values)[-(-len(self.values) * 99 // 100) - 1]

    @property
    def told(self) -> str:
        return f"median {self.median:.2f}, p99 {self.p99:.2f}"


async def _guest(ada: Client, room_id: str, number: int) -> str:
    async with Client(ada.url) as nobody:
        answer = await nobody.post(f"/api/v1/rooms/{room_id}/access-requests", {"name": f"Guest {number}"}, 201)
    return str(answer["session"]["access_token"])


async def _listen(port: int, path: str, seats: int, tokens: Sequence[str]) -> tuple[Receipts, float]:
    """The receipts in ms, and how much this process has grown for each seat in kB."""
    process = psutil.Process()
    before = process.memory_info().rss
    arguments = ["-m", "tests.bench.listeners", str(port), path, str(seats), str(ROUNDS)]
    pipe = asyncio.subprocess.PIPE
    listeners = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdin=pipe, stdout=pipe, env=os.environ
    )
    assert listeners.stdin
    assert listeners.stdout
    listeners.stdin.write("\n".join(tokens).encode())
    listeners.stdin.close()
    assert (await listeners.stdout.readline()).strip() == b"seated"
    grown = (process.memory_info().rss - before) / seats / 1000
    found = json.loads(await listeners.stdout.read())
    await listeners.wait()
    return Receipts([each * 1000 for each in found]), grown


@contextlib.contextmanager
def _timed_telling() -> Iterator[list[float]]:
    """How long the server itself takes to tell everybody something, each time, in seconds."""
    found: list[float] = []
    tell = Audience.tell

    def timed(audience: Audience, news: News, *, but: str | None = None) -> None:
        begun = time.perf_counter()
        tell(audience, news, but=but)
        if news.type == "timeline":
            found.append(time.perf_counter() - begun)

    Audience.tell = timed  # type: ignore[method-assign, assignment]
    try:
        yield found
    finally:
        Audience.tell = tell  # type: ignore[method-assign]


async def _beside(seats: int) -> Receipts:
    async with _bare_server() as port:
        return (await _listen(port, "/", seats, []))[0]


@contextlib.asynccontextmanager
async def _bare_server() -> AsyncIterator[int]:
    """Answers hello, and tells everybody what anybody says, in as many bytes as a timeline has."""
    said = json.dumps({"type": "timeline", "revision": 1, "filling": "x" * 200})
    here: set[peer.ServerConnection] = set()

    async def serve(connection: peer.ServerConnection) -> None:
        here.add(connection)
        with contextlib.suppress(ConnectionClosed):
            async for words in connection:
                if "hello" in str(words):
                    await connection.send(said)
                else:
                    peer.broadcast(here, said)
        here.discard(connection)

    async with peer.serve(serve, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        yield int(next(iter(server.sockets)).getsockname()[1])
