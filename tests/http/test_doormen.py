"""What every route has in common, whatever it does: its headers, and whom it lets in from where."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import WSServerHandshakeError, hdrs

from tests.client import Client
from tests.http.raw import sent
from watchparty.app import Running

HEADERS = {
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
    "X-Request-ID",
}
ORIGINS = [
    "https://evil.example",
    "null",
    "",
    "http://localhost.evil.example",
    "http://evil.example/localhost",
    "http://localhost@evil.example",
    "http://{host}@evil.example",
    "http://evil.example#{host}",
    "http://evil.example?{host}",
    "http://{host}.evil.example",
    "file://{host}",
    "chrome-extension://{host}",
    "http://{host}:1",
    "http://[::1",
    "javascript:alert(1)",
    "{host}",
    "//{host}",
]
HOSTS = [
    "evil.example",
    "evil.example:80",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil.local.example",
    "local",
    "0x7f000001",
    "[::1].evil.example",
    "[::1",
    "localhost@evil.example",
    "evil.example#localhost",
    "",
]
Route = tuple[str, str]


@pytest.fixture
async def routes(nobody: Client) -> AsyncIterator[list[Route]]:
    """Every route that openapi.json describes, with something in the place of each variable; and pages."""
    paths: dict[str, dict[str, Any]] = (await nobody.get("/api/v1/openapi.json"))["paths"]
    described = [(method.upper(), re.sub(r"\{\w+\}", "x", path)) for path, each in paths.items() for method in each]
    pages = [
        "/",
        "/login",
        "/setup",
        "/docs",
        "/api/docs",
        "/videos/x",
        "/rooms/x",
        "/join/x",
        "/nowhere",
        "/static/x/y.js",
    ]
    yield [*described, *(("GET", page) for page in pages)]


async def test_every_answer_of_every_route_carries_all_headers(
    nobody: Client, admin: Client, user: Client, routes: list[Route]
) -> None:
    wrong = []
    for method, path in routes:
        if path.endswith("/ws") or path == "/api/v1/events":
            continue  # streams have a test of their own
        for who in (nobody, user):
            for headers in ({}, {"Accept": "text/html"}, {"If-None-Match": "*"}):
                url = who.absolute(path)
                async with who.session.request(
                    method, url, headers={**who.headers(), **headers}, allow_redirects=False
                ) as answer:
                    if not set(answer.headers) >= HEADERS or hdrs.SERVER in answer.headers or answer.status >= 500:
                        wrong.append((method, path, answer.status, HEADERS - set(answer.headers)))
    assert len(routes) > 80
    assert wrong == []


async def test_a_refused_socket_an_unchanged_file_and_a_wrong_method_carry_them_too(
    nobody: Client, user: Client
) -> None:
    with pytest.raises(WSServerHandshakeError) as refused:
        await nobody.session.ws_connect(nobody.absolute("/api/v1/rooms/x/ws"))
    assert refused.value.status == 401
    assert refused.value.headers is not None and set(refused.value.headers) >= HEADERS
    async with nobody.session.get(nobody.absolute("/api/v1/openapi.json")) as answer:
        kept = {"If-None-Match": answer.headers["ETag"]}
    async with nobody.session.get(nobody.absolute("/api/v1/openapi.json"), headers=kept) as answer:
        assert answer.status == 304 and set(answer.headers) >= HEADERS
    async with nobody.session.delete(nobody.absolute("/livez")) as answer:
        assert answer.status == 405 and set(answer.headers) >= HEADERS


def raw(method: str, path: str, host: str, *headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *headers, "Content-Length: 0", "Connection: close"]
    return "\r\n".join([*lines, "", ""]).encode()


async def test_no_other_website_gets_anything_done_by_any_route(
    running: Running, admin: Client, routes: list[Route]
) -> None:
    """With the cookie of whoever is signed in, as a browser would send it along."""
    host, cookie = f"localhost:{running.port}", f"Cookie: wp_access={admin.token}"
    statuses: dict[tuple[str, str, str], int] = {}
    for method, path in routes:
        if method not in {"GET", "HEAD", "OPTIONS"}:
            origin = ORIGINS[len(statuses) % len(ORIGINS)].format(host=host)
            answer = await sent(running.port, raw(method, path, host, cookie, f"Origin: {origin}"))
            statuses[method, path, origin] = answer.status
    assert len(statuses) > 40
    assert {asked: status for asked, status in statuses.items() if status != 403} == {}
    async with admin.session.get(admin.absolute("/api/v1/users/me"), headers=admin.headers()) as own:
        assert own.status == 200  # nobody was signed out either


SOCKET = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")  # fmt: skip


@pytest.mark.parametrize("path", ["/api/v1/videos", "/api/v1/auth/login", "/api/v1/rooms/{room}/ws"])
async def test_no_origin_of_the_corpus_opens_a_socket_or_posts(running: Running, admin: Client, path: str) -> None:
    room = await admin.post("/api/v1/rooms", {"name": "Friday"}, 201)
    host, path = f"localhost:{running.port}", path.format(room=room["id"])
    found = {}
    for origin in ORIGINS:
        said = (f"Cookie: wp_access={admin.token}", f"Origin: {origin.format(host=host)}")
        data = raw("GET", path, host, *said, *SOCKET) if path.endswith("/ws") else raw("POST", path, host, *said)
        found[origin] = (await sent(running.port, data)).status
    assert {origin: status for origin, status in found.items() if status != 403} == {}


@pytest.mark.parametrize("path", ["/livez", "/api/v1/auth/login", "/api/v1/rooms/x/ws", "/"])
async def test_the_server_answers_to_no_name_that_is_not_its_own(running: Running, path: str) -> None:
    found = {}
    for host in HOSTS:
        method = "POST" if path.endswith("login") else "GET"
        found[host] = (await sent(running.port, raw(method, path, host))).status
    assert {host: status for host, status in found.items() if status not in {400, 403}} == {}
