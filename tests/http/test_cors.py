"""Scripts of other websites: none by default, those named with a token of their own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.client import Client
from tests.http.conftest import started
from watchparty.app import Running

FRIEND, STRANGER = "https://films.example", "https://evil.example"
LOGIN = {"username": "ada", "password": "correct horse battery"}


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with started(tmp_path / "data", cors_origins=(FRIEND,)) as server:
        yield server


async def preflight(client: Client, origin: str) -> tuple[int, dict[str, str]]:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization",
    }
    async with client.session.options(client.absolute("/api/v1/users/me"), headers=headers) as answer:
        allowed = {name: value for name, value in answer.headers.items() if name.startswith("Access-Control-")}
        return answer.status, allowed


async def test_a_named_website_is_told_what_it_may_do(nobody: Client) -> None:
    status, allowed = await preflight(nobody, FRIEND)
    assert status == 204
    assert allowed["Access-Control-Allow-Origin"] == FRIEND
    assert "PATCH" in allowed["Access-Control-Allow-Methods"]
    assert "Authorization" in allowed["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in allowed


@pytest.mark.parametrize("origin", [STRANGER, "null", "https://films.example.evil.example", "http://films.example"])
async def test_others_are_told_nothing(nobody: Client, admin: Client, origin: str) -> None:
    status, allowed = await preflight(nobody, origin)
    assert status == 405
    assert not allowed
    url = nobody.absolute("/api/v1/auth/login")
    async with nobody.session.post(url, json=LOGIN, headers={"Origin": origin}) as answer:
        assert answer.status == 403


async def test_its_scripts_sign_in_and_read_answers_refusals_and_headers(nobody: Client, admin: Client) -> None:
    url, origin = nobody.absolute("/api/v1/auth/login"), {"Origin": FRIEND}
    async with nobody.session.post(url, json=LOGIN, headers=origin) as answer:
        assert answer.status == 200
        assert answer.headers["Access-Control-Allow-Origin"] == FRIEND
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
        token = (await answer.json())["access_token"]
    headers = {**origin, "Authorization": f"Bearer {token}"}
    async with nobody.session.patch(nobody.absolute("/api/v1/users/me"), json={}, headers=headers) as answer:
        assert answer.status == 200
    async with nobody.session.get(nobody.absolute("/api/v1/videos/none"), headers=headers) as answer:
        assert answer.status == 404
        assert answer.headers["Access-Control-Allow-Origin"] == FRIEND
        assert "Origin" in answer.headers["Vary"]


async def test_it_does_nothing_with_the_cookies_of_whoever_looks_at_it(nobody: Client, admin: Client) -> None:
    headers = {"Origin": FRIEND, "Cookie": f"wp_access={admin.token}"}
    async with nobody.session.patch(
        nobody.absolute("/api/v1/users/me"), json={"display_name": "Eve"}, headers=headers
    ) as answer:
        assert answer.status == 403
    async with nobody.session.get(nobody.absolute("/api/v1/users/me"), headers=headers) as answer:
        assert answer.status == 403
    assert (await admin.get("/api/v1/users/me"))["display_name"] == "ada"
