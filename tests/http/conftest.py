"""The real app on a port, put together as `watchparty serve` does it."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.client import Client
from tests.party_client import PartyClient
from watchparty.app import Running, serving
from watchparty.settings import Settings


def settings_of(folder: Path, **settings: object) -> Settings:
    """Everybody here comes from one address, and asks faster than people do: limits have tests of their own."""
    given: dict[str, object] = {"data": str(folder), "host": "127.0.0.1", "port": 0, "rates": "off", **settings}
    return Settings(**given)  # type: ignore[arg-type]


@contextlib.asynccontextmanager
async def started(folder: Path, **settings: object) -> AsyncIterator[Running]:
    async with serving(settings_of(folder, **settings)) as running:
        yield running


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    """A server nobody has set up yet."""
    async with started(tmp_path / "data") as server:
        yield server


def setup_token(running: Running) -> str:
    assert running.setup_url
    return parse_qs(urlsplit(running.setup_url).query)["token"][0]


@pytest.fixture
async def nobody(running: Running) -> AsyncIterator[Client]:
    """Somebody who is not signed in."""
    async with Client(f"http://127.0.0.1:{running.port}") as client:
        yield client


@pytest.fixture
async def admin(running: Running, nobody: Client) -> AsyncIterator[Client]:
    """The first administrator, whose set-up made the server ready for others."""
    async with Client(nobody.url) as client:
        await client.setup(setup_token(running))
        yield client


@pytest.fixture
async def user(admin: Client) -> AsyncIterator[Client]:
    """Somebody with an account like any other."""
    async with Client(admin.url) as client:
        await client.register("bob")
        yield client


@pytest.fixture
async def host(admin: Client, room: Any) -> AsyncIterator[PartyClient]:
    """The administrator in the room that the test has made."""
    async with PartyClient.open(admin.url, room["id"], admin.token or "") as client:
        yield client


@pytest.fixture
async def bob(user: Client, room: Any) -> AsyncIterator[PartyClient]:
    """The other one with an account, in the same room."""
    async with PartyClient.open(user.url, room["id"], user.token or "") as client:
        yield client
