"""Behind a proxy: whose word is taken for where a request came from."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from tests.client import Client
from tests.http.conftest import setup_token, started
from watchparty.http.arrival import Arrival

PROXIES = ("127.0.0.0/8", "10.1.0.0/16", "fd00::/8")


async def client_seen(headers: Mapping[str, str], peer: str = "127.0.0.1") -> str | None:
    """Whom the server takes for the client."""
    seen = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append(request.remote)
        return web.Response()

    request = make_mocked_request("GET", "/", headers={"Host": "localhost", **headers}).clone(remote=peer)
    await Arrival(PROXIES)(request, handler)
    return seen[0]


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7, 10.1.2.3", "203.0.113.7"),
        ("10.1.2.3", "10.1.2.3"),
        ("10.1.9.9, 10.1.2.3", "10.1.9.9"),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("203.0.113.7, nonsense", "127.0.0.1"),
        ("203.0.113.7, unknown, 10.1.2.3", "10.1.2.3"),
        ("", "127.0.0.1"),
        (", ,", "127.0.0.1"),
    ],
)
async def test_the_client_is_the_right_most_address_that_is_no_proxy(forwarded: str, client: str) -> None:
    assert await client_seen({"X-Forwarded-For": forwarded}) == client


async def test_whoever_is_no_proxy_is_believed_nothing() -> None:
    forged = {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    assert await client_seen(forged, peer="203.0.113.7") == "203.0.113.7"


async def test_https_at_the_proxy_makes_cookies_and_connections_safe_and_links_lead_there(tmp_path: Path) -> None:
    settings = {"trusted_proxies": ("127.0.0.1/32",), "allowed_hosts": ("films.example",)}
    outside = {
        "X-Forwarded-For": "203.0.113.7",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "films.example",
        "Origin": "https://films.example",
    }
    async with started(tmp_path / "data", **settings) as server, Client(f"http://127.0.0.1:{server.port}") as ada:
        body = {"token": setup_token(server), "username": "ada", "password": "correct horse"}
        async with ada.session.post(ada.absolute("/api/v1/setup"), json=body, headers=outside) as answer:
            assert answer.status == 201, await answer.text()
            cookies = answer.headers.getall("Set-Cookie")
            assert cookies and all("Secure" in cookie for cookie in cookies)
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
            ada.token = (await answer.json())["access_token"]
        room = await ada.post("/api/v1/rooms", {"name": "Friday"}, 201)
        path, headers = f"/api/v1/rooms/{room['id']}/invites", {**ada.headers(), **outside}
        async with ada.session.post(ada.absolute(path), json={}, headers=headers) as answer:
            assert (await answer.json())["url"].startswith("https://films.example/join/")
        async with ada.session.get(ada.absolute("/livez")) as answer:
            assert "Strict-Transport-Security" not in answer.headers
        # A name that this server does not go by is refused also when a proxy passes it on.
        renamed = {**outside, "X-Forwarded-Host": "evil.example"}
        async with ada.session.get(ada.absolute("/livez"), headers=renamed) as answer:
            assert answer.status == 403


async def test_nobody_else_can_say_that_they_speak_https(nobody: Client, admin: Client) -> None:
    body = {"username": "ada", "password": "correct horse battery"}
    forged = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "10.0.0.1"}
    async with nobody.session.post(nobody.absolute("/api/v1/auth/login"), json=body, headers=forged) as answer:
        assert answer.status == 200
        assert not any("Secure" in cookie for cookie in answer.headers.getall("Set-Cookie"))
        assert "Strict-Transport-Security" not in answer.headers
