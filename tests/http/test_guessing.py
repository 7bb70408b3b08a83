"""Guessing at passwords over HTTP: refused before they are checked, and nobody else notices."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.client import PASSWORD, Client
from tests.http.conftest import settings_of, setup_token
from tests.http.test_limits import Frozen
from watchparty.app import Running, serving


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with serving(
        settings_of(tmp_path / "data", rates="on", trusted_proxies=("127.0.0.0/8",)), Frozen()
    ) as server:
        yield server


@pytest.fixture
async def ada(running: Running, nobody: Client) -> AsyncIterator[Client]:
    async with Client(nobody.url) as client:
        await client.setup(setup_token(running))
        yield client


async def told(client: Client, path: str, body: Any, address: str) -> tuple[int, str | None]:
    """Status and Retry-After."""
    headers = {"X-Forwarded-For": address, **client.headers()}
    async with client.session.post(client.absolute(path), json=body, headers=headers) as answer:
        return answer.status, answer.headers.get("Retry-After")


async def test_five_wrong_passwords_and_then_not_even_the_right_one_is_looked_at(ada: Client, nobody: Client) -> None:
    login, wrong = "/api/v1/auth/login", {"username": "ada", "password": "wrong wrong"}
    statuses = [(await told(nobody, login, wrong, "203.0.113.7"))[0] for _ in range(8)]
    assert statuses == [401] * 5 + [429] * 3
    right = {"username": " Ada ", "password": PASSWORD}
    assert await told(nobody, login, right, "203.0.113.7") == (429, "1")
    assert await told(nobody, login, right, "198.51.100.1") == (200, None)


async def test_a_rooms_password_is_no_easier_to_guess(ada: Client, nobody: Client) -> None:
    room = await ada.post("/api/v1/rooms", {"name": "Friday", "admission": "open", "password": "sesame street"}, 201)
    knock, wrong = f"/api/v1/rooms/{room['id']}/access-requests", {"name": "Eve", "password": "wrong wrong"}
    assert [(await told(nobody, knock, wrong, "203.0.113.7"))[0] for _ in range(6)] == [403] * 5 + [429]
    right = {"name": "Gus", "password": "sesame street"}
    assert [(await told(nobody, knock, right, "198.51.100.1"))[0] for _ in range(6)] == [201] * 6


async def test_somebody_at_anothers_open_page_cannot_guess_the_password_there(ada: Client) -> None:
    change = {"current_password": "wrong wrong", "new_password": "something else"}
    for status in [422] * 5 + [429]:
        await ada.call("PUT", "/api/v1/users/me/password", change, status=status)
