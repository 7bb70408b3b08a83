"""A program that listens to server-sent events, as the standard reads them."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Self

import aiohttp

from tests.client import Client


@dataclass(frozen=True)
class Heard:
    """One event; `id` is empty where it has none."""

    name: str
    data: Any
    id: str = ""


class Listening:
    """The stream of one person, from the moment it is open."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer
        self.comments = 0

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, client: Client, after: str | None = None, status: int = 200) -> AsyncIterator[Self]:
        headers = {**client.headers(), **({} if after is None else {"Last-Event-ID": after})}
        timeout = aiohttp.ClientTimeout(total=None)
        async with client.session.get(client.absolute("/api/v1/events"), headers=headers, timeout=timeout) as answer:
            assert answer.status == status, await answer.text()
            listening = cls(answer)
            if status == 200:
                assert answer.content_type == "text/event-stream"
                assert await listening.block() == {"retry": "2000"}
            yield listening

    async def block(self) -> dict[str, str]:
        """The fields of what comes next, up to the empty line; nothing of a comment. Raises EOFError at the end."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(20):
            while line := await self._answer.content.readline():
                if line == b"\n":
                    return fields
                name, _, value = line.decode().rstrip("\n").partition(": ")
                fields[name] = value
        raise EOFError

    async def next(self) -> Heard:
        while "event" not in (fields := await self.block()):
            self.comments += 1
        return Heard(fields["event"], json.loads(fields["data"]), fields.get("id", ""))

    async def until(self, name: str, /, **data: Any) -> list[Heard]:
        """Everything up to the event of this name that says so."""
        heard = []
        while True:
            heard.append(await self.next())
            if heard[-1].name == name and data.items() <= heard[-1].data.items():
                return heard

    async def ends(self) -> None:
        """Reads to its end; fails when it is cut instead of ended."""
        with contextlib.suppress(EOFError):
            while True:
                await self.next()
