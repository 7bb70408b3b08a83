"""A party's guest from outside, as the page /api/docs/party describes one: a player without a picture.

It shows all that a player has to do: say hello, keep the server's clock, follow the timeline, be ready when the room
prepares, say how it is doing. Every frame it hears is held against the published schema.

    async with PartyClient.open(url, room_id, token) as client:
        await client.learn_clock()
        client.follow()
        await client.command("play")
        print(client.position)
"""

import asyncio
import contextlib
import json
import math
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp

from tests.schema import check_told

Words = dict[str, Any]

# Seconds of film that this player always has ahead.
BUFFERED = 10.0
PROBES, PROBES_APART = 10, 0.05
STATUS_EVERY = 1.0


class ServerClock:
    """The server's monotonic clock in ms, by the answer that took the shortest way."""

    def __init__(self) -> None:
        self.rtt = math.inf
        self.offset = 0.0

    @staticmethod
    def own() -> float:
        """This machine's own clock, which may begin anywhere."""
        return time.perf_counter() * 1000

    def now(self) -> float:
        return self.own() + self.offset

    def learn(self, t0: float, t1: float, t2: float, t3: float) -> None:
        """Asked at `t0` and answered at `t3` by our clock, heard at `t1` and answered at `t2` by the server's."""
        rtt = (t3 - t0) - (t2 - t1)
        if rtt <= self.rtt:
            self.rtt, self.offset = rtt, ((t1 - t0) + (t2 - t3)) / 2


class PartyClient:
    """One seat. What the server says is kept in `heard`; the latest timeline and presence lie ready."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.clock = ServerClock()
        self.said: list[Words] = []
        self.heard: list[Words] = []
        self.timeline: Words = {}
        self.members: list[Words] = []
        self.you: Words = {}
        self.resume = ""
        self._read = 0
        self._follows = False
        self._news = asyncio.Event()
        self._tasks = [asyncio.create_task(self._listen())]

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls, url: str, room_id: str, token: str, *, hello: bool = True, resume: str | None = None
    ) -> AsyncIterator["PartyClient"]:
        """Connects with a token in the subprotocols, as a program does that cannot set headers, and says hello."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            address = f"{url}/api/v1/rooms/{room_id}/ws"
            protocols = ("watchparty.v1", f"bearer.{token}")
            async with session.ws_connect(address, protocols=protocols, max_msg_size=0) as socket:
                client = cls(socket)
                try:
                    if hello:
                        await client.send("hello", resume=resume)
                        await client.hears("welcome")
                    yield client
                    client._check()
                finally:
                    for task in client._tasks:
                        task.cancel()

    # Saying.

    async def send(self, kind: str, **fields: Any) -> None:
        words = {"type": kind, **fields}
        self.said.append(words)
        await self.socket.send_str(json.dumps(words))

    async def command(self, kind: str, **fields: Any) -> None:
        """A gesture of somebody who looks at the latest timeline this client knows."""
        await self.send(kind, seen=self.timeline["revision"], **fields)

    async def ready(self) -> None:
        """Its player stands where the room stands, with enough buffered."""
        await self.status("ready", self.timeline["position"])

    async def status(self, state: str, position: float | None = None) -> None:
        position = self.timeline["position"] if position is None else position
        revision = self.timeline["revision"]
        await self.send("status", revision=revision, position=position, buffered=BUFFERED, state=state)

    # Being a player.

    async def learn_clock(self) -> None:
        """Ask for the time until the server's clock is known."""
        for _ in range(PROBES):
            rtt = self.clock.rtt if math.isfinite(self.clock.rtt) else None
            await self.send("ping", t0=self.clock.own(), rtt=rtt)
            await asyncio.sleep(PROBES_APART)
        assert math.isfinite(self.clock.rtt), "No ping was answered."

    def follow(self) -> None:
        """From now on be ready whenever the room prepares, and say once a second how the player is doing."""
        self._follows = True
        self._tasks.append(asyncio.create_task(self._report()))

    @property
    def position(self) -> float:
        """Where its picture is now, in seconds of the film."""
        return self.position_at(self.clock.now())

    def position_at(self, server_ms: float) -> float:
        """Where playback stands at a time of the server's clock."""
        timeline = self.timeline
        elapsed = max(0.0, server_ms - timeline["at"]) / 1000 if timeline["playing"] else 0.0
        return float(timeline["position"] + timeline["rate"] * elapsed)

    async def _report(self) -> None:
        while True:
            await self._say_how_it_is()
            await asyncio.sleep(STATUS_EVERY)

    async def _say_how_it_is(self) -> None:
        moves = self.timeline["playing"] and self.clock.now() >= self.timeline["at"]
        with contextlib.suppress(ConnectionError):
            await self.status("playing" if moves else "ready", self.position)

    # Hearing.

    async def hears(self, kind: str, where: Callable[[Words], bool] = lambda _: True, seconds: float = 5.0) -> Words:
        """The next message of this kind for which `where` holds; what comes before it is passed over."""
        until = time.monotonic() + seconds
        while True:
            while self._read < len(self.heard):
                words = self.heard[self._read]
                self._read += 1
                if words["type"] == kind and where(words):
                    return words
            self._check()
            self._news.clear()
            left = until - time.monotonic()
            seen = [words["type"] for words in self.heard]
            assert left > 0 and not self.socket.closed, f"never heard {kind}; heard {seen[-20:]}"
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), left)

    async def hears_nothing(self, kind: str, seconds: float = 0.3) -> None:
        await asyncio.sleep(seconds)
        heard = [words for words in self.heard[self._read :] if words["type"] == kind]
        assert not heard, f"heard {heard}"

    async def closed(self, seconds: float = 5.0) -> int | None:
        """The code with which the server hung up."""
        await asyncio.wait_for(asyncio.shield(self._tasks[0]), seconds)
        return self.socket.close_code

    def all(self, kind: str) -> list[Words]:
        return [words for words in self.heard if words["type"] == kind]

    def _check(self) -> None:
        """Fails when something was heard that the schema does not know."""
        if self._tasks[0].done():
            self._tasks[0].result()

    async def _listen(self) -> None:
        try:
            async for frame in self.socket:
                came = self.clock.own()
                words = json.loads(frame.data)
                check_told(words)
                self._take(words, came)
                self.heard.append(words)
                self._news.set()
                if self._follows and words["type"] in {"prepare", "timeline"} and not self.timeline["playing"]:
                    await self._say_how_it_is()
        finally:
            self._news.set()

    def _take(self, words: Words, came: float) -> None:
        match words["type"]:
            case "welcome":
                self.timeline, self.members = words["timeline"], words["members"]
                self.you, self.resume = words["you"], words["resume"]
            case "timeline":
                self.timeline = words
            case "presence":
                self.members = words["members"]
            case "pong":
                self.clock.learn(words["t0"], words["t1"], words["t2"], came)
