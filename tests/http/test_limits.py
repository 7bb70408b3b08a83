"""How often one may ask, and what is said to those who ask more often."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.client import Client
from tests.films import Films
from tests.http.conftest import settings_of, setup_token
from watchparty.app import Running, serving
from watchparty.services.clock import SystemClock


class Frozen(SystemClock):
    """However slow this machine is, it is all the same moment."""

    def monotonic(self) -> float:
        return 1_000.0


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    """A server with its limits on, behind a proxy on this machine."""
    async with serving(
        settings_of(tmp_path / "data", rates="on", trusted_proxies=("127.0.0.0/8",)), Frozen()
    ) as server:
        yield server


async def tried(client: Client, times: int, address: str, name: str = "nobody") -> list[int]:
    """The statuses of so many sign-ins from an address, each for an account of its own."""
    found = []
    for number in range(times):
        body = {"username": f"{name}{number}", "password": "wrong wrong"}
        headers = {"X-Forwarded-For": address}
        async with client.session.post(client.absolute("/api/v1/auth/login"), json=body, headers=headers) as answer:
            found.append(answer.status)
    return found


async def test_ten_sign_ins_a_minute_and_the_eleventh_is_told_when_to_come_back(nobody: Client) -> None:
    assert await tried(nobody, 10, "203.0.113.7") == [401] * 10
    body, headers = {"username": "ada", "password": "wrong wrong"}, {"X-Forwarded-For": "203.0.113.7"}
    async with nobody.session.post(nobody.absolute("/api/v1/auth/login"), json=body, headers=headers) as answer:
        assert answer.status == 429
        assert answer.headers["Retry-After"] == "6"
        assert answer.headers["RateLimit-Policy"] == '"auth";q=10;w=60'
        assert answer.headers["RateLimit"] == '"auth";r=0;t=6'
        assert answer.content_type == "application/problem+json"
        assert answer.headers["Content-Security-Policy"]
    # Somebody else, and what else this one does, is not held up.
    assert await tried(nobody, 1, "203.0.113.8") == [401]
    async with nobody.session.get(nobody.absolute("/api/v1/openapi.json"), headers=headers) as answer:
        assert answer.status == 200
        assert answer.headers["RateLimit"].startswith('"read";r=599;')


async def test_people_who_are_signed_in_are_told_apart_at_one_address(nobody: Client, running: Running) -> None:
    async with Client(nobody.url) as ada, Client(nobody.url) as bob:
        await ada.setup(setup_token(running))
        await bob.register("bob")
        for _ in range(120):
            await ada.call("PATCH", "/api/v1/users/me", {"display_name": "Ada"})
        await ada.call("PATCH", "/api/v1/users/me", {"display_name": "Ada"}, status=429)
        await bob.call("PATCH", "/api/v1/users/me", {"display_name": "Bob"})


async def test_a_film_may_be_watched_however_often_it_is_asked_for(
    nobody: Client, running: Running, films: Films
) -> None:
    async with Client(nobody.url) as ada:
        await ada.setup(setup_token(running))
        video = await ada.ready(films.h264)
        master = await ada.master(video["id"])
        for _ in range(650):
            await ada.bytes(master)
