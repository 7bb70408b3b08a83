"""A party's guest from outside: speaks the socket's protocol as its documents describe it, and nothing else."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp

Words = dict[str, Any]


class PartyClient:
    """One seat. What the server says is kept in `heard`; the latest timeline and presence lie ready."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.heard: list[Words] = []
        self.timeline: Words = {}
        self.members: list[Words] = []
        self.you: Words = {}
        self.resume = ""
        self._read = 0
        self._news = asyncio.Event()
        self._listening = asyncio.create_task(self._listen())

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
                finally:
                    client._listening.cancel()

    async def send(self, kind: str, **fields: Any) -> None:
        await self.socket.send_str(json.dumps({"type": kind, **fields}))

    async def command(self, kind: str, **fields: Any) -> None:
        """A gesture of somebody who looks at the latest timeline this client knows."""
        await self.send(kind, seen=self.timeline["revision"], **fields)

    async def ready(self) -> None:
        """Its player stands where the room stands, with enough buffered."""
        await self.status("ready")

    async def status(self, state: str, position: float | None = None) -> None:
        position = self.timeline["position"] if position is None else position
        await self.send("status", revision=self.timeline["revision"], position=position, buffered=10.0, state=state)

    async def hears(self, kind: str, where: Callable[[Words], bool] = lambda _: True, seconds: float = 5.0) -> Words:
        """The next message of this kind for which `where` holds; what comes before it is passed over."""
        until = time.monotonic() + seconds
        while True:
            while self._read < len(self.heard):
                words = self.heard[self._read]
                self._read += 1
                if words["type"] == kind and where(words):
                    return words
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
        await asyncio.wait_for(asyncio.shield(self._listening), seconds)
        return self.socket.close_code

    def all(self, kind: str) -> list[Words]:
        return [words for words in self.heard if words["type"] == kind]

    def position_at(self, server_ms: float) -> float:
        """Where playback stands, as sync.md defines it."""
        timeline = self.timeline
        elapsed = max(0.0, server_ms - timeline["at"]) / 1000 if timeline["playing"] else 0.0
        return float(timeline["position"] + timeline["rate"] * elapsed)

    async def _listen(self) -> None:
        async for frame in self.socket:
            words = json.loads(frame.data)
            self._take(words)
            self.heard.append(words)
            self._news.set()
        self._news.set()

    def _take(self, words: Words) -> None:
        match words["type"]:
            case "welcome":
                self.timeline, self.members = words["timeline"], words["members"]
                self.you, self.resume = words["you"], words["resume"]
            case "timeline":
                self.timeline = words
            case "presence":
                self.members = words["members"]
