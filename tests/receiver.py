"""Another program that is sent webhooks: a real server, which answers as it is told to and remembers what it got."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook


@dataclass(frozen=True)
class Got:
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> Any:
        """What it says; raises when the signature is not of this secret."""
        return Webhook(secret).verify(self.body, self.headers)


class Receiver:
    """Answers with the next of `statuses`, and with 200 once there are none left."""

    def __init__(self) -> None:
        self.url = ""
        self.got: list[Got] = []
        self.statuses: list[int] = []
        self.location = ""
        self.hanging = asyncio.Event()
        self.hanging.set()
        self._news = asyncio.Condition()

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls) -> AsyncIterator["Receiver"]:
        receiver = cls()
        app = web.Application()
        app.router.add_post("/hook", receiver._take)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
            yield receiver
        finally:
            await runner.cleanup()

    async def until(self, number: int) -> list[Got]:
        """What it got, once that is so many."""
        async with asyncio.timeout(20), self._news:
            await self._news.wait_for(lambda: len(self.got) >= number)
        return self.got

    async def _take(self, request: web.Request) -> web.Response:
        got = Got({name.lower(): value for name, value in request.headers.items()}, await request.read())
        async with self._news:
            self.got.append(got)
            self._news.notify_all()
        await self.hanging.wait()
        status = self.statuses.pop(0) if self.statuses else 200
        headers = {"Location": self.location} if self.location and 300 <= status < 400 else {}
        return web.Response(status=status, text=f"{status}: " + "thanks " * 1000, headers=headers)
