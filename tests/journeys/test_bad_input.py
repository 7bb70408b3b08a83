"""What is sent wrong: a clear error with the right status, nothing half-done left behind, the server unharmed."""

import asyncio
import json
import os
import random
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.client import Client
from tests.films import Films
from tests.process import ServerProcess

TEXT = b"This is a letter, and whatever its name says, it is not a film.\n" * 400
SCRIPTS = {
    "ffconcat": b"ffconcat version 1.0\nfile '/etc/passwd'\n",
    "hls": b"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n",
    "dash": b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>file:///etc/</BaseURL></MPD>',
}


@pytest.fixture(autouse=True)
def unharmed(house: ServerProcess) -> Iterator[None]:
    """After each of these the server still runs, and no piece of a refused film lies about."""
    before = kept_files(house.data)
    yield
    assert house.running, house.output
    until = time.monotonic() + 5
    while list((house.data / "uploads").rglob("*.part")):  # the poster of a good film is written there, too
        assert time.monotonic() < until, "Something half-done was left behind."
        time.sleep(0.05)
    assert kept_files(house.data) >= before


def kept_files(data: Path) -> set[Path]:
    return {path for path in (data / "objects").rglob("*") if path.is_file()}


async def at_rest(api: Client) -> None:
    """Until nothing more is being made of films that came before."""
    async with asyncio.timeout(60):
        while (stats := await api.get("/api/v1/queue/stats"))["active"] or stats["waiting"]:
            await asyncio.sleep(0.1)


async def put(api: Client, content: Any, size: int | None = None, name: str = "film.mp4") -> tuple[int, Any]:
    """Sends these bytes as a film; answers the status and the JSON."""
    fields = {"filename": name} if size is None else {"filename": name, "size": size}
    made = await api.post("/api/v1/videos", fields, 201)
    body = BytesIO(content) if isinstance(content, bytes) else content
    async with api.session.put(api.absolute(made["upload"]["url"]), data=body) as answer:
        return answer.status, await answer.json()


def is_a_problem(body: Any) -> None:
    """RFC 9457, with a sentence for people."""
    assert {"type", "title", "status", "detail", "request_id"} <= body.keys()
    assert body["detail"].endswith("."), body["detail"]


REFUSED: dict[str, tuple[bytes, int]] = {
    "an empty file": (b"", 422),
    "a text": (TEXT, 415),
    "noise": (random.Random(7).randbytes(200_000), 415),
    **{f"a {kind} script": (script.ljust(8000, b"\n"), 415) for kind, script in SCRIPTS.items()},
    "a short ffconcat script": (SCRIPTS["ffconcat"], 415),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_no_film_is_refused_whatever_its_name(house: ServerProcess, ada: Client, what: str) -> None:
    content, expected = REFUSED[what]
    await at_rest(ada)
    before = kept_files(house.data)
    status, body = await put(ada, content)
    assert status == expected, body
    is_a_problem(body)
    assert kept_files(house.data) == before


def half(film: bytes) -> bytes:
    return film[: len(film) // 2]


def scrambled(film: bytes) -> bytes:
    """The index of an MP4 is at its start here: everything behind it becomes noise."""
    return film[:60_000] + random.Random(1).randbytes(len(film) - 60_000)


def headless(film: bytes) -> bytes:
    return film[:64] + random.Random(2).randbytes(len(film) - 64)


@pytest.mark.parametrize("damage", [half, scrambled, headless])
async def test_a_damaged_film_plays_what_is_left_or_says_why_not(
    ada: Client, films: Films, damage: Callable[[bytes], bytes]
) -> None:
    status, body = await put(ada, damage(films.h264.read_bytes()))
    assert status == 200, body
    video = await ada.until_settled(body["video"]["id"])
    if video["status"] == "failed":
        assert video["reason"].endswith("."), video["reason"]
    else:
        assert (await ada.bytes(await ada.master(video["id"]))).startswith(b"#EXTM3U")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.mp4", "/etc/shadow.mp4", "..\\..\\boot.mp4", "a\u202egp4.mp4", "a\0.mp4"]
)
async def test_a_path_in_the_file_name_is_refused(ada: Client, name: str) -> None:
    body = await ada.post("/api/v1/videos", {"filename": name, "size": 10}, 422)
    is_a_problem(body)
    assert body["errors"][0]["pointer"] == "/filename"


@pytest.mark.parametrize("wrong", [-1, 1])
async def test_a_film_of_another_size_than_announced_is_refused(
    house: ServerProcess, ada: Client, films: Films, wrong: int
) -> None:
    await at_rest(ada)
    before = kept_files(house.data)
    content = films.silent.read_bytes()
    for body in (content, chunks(content)):
        status, answer = await put(ada, body, size=len(content) + wrong)
        assert status == 422, answer
        is_a_problem(answer)
    assert kept_files(house.data) == before


async def chunks(content: bytes) -> AsyncIterator[bytes]:
    """Sent without a Content-Length, so that the size shows only at the end."""
    for start in range(0, len(content), 10_000):
        yield content[start : start + 10_000]


async def test_an_upload_that_breaks_off_leaves_nothing_and_can_be_sent_again(
    house: ServerProcess, ada: Client, films: Films
) -> None:
    await at_rest(ada)
    before = kept_files(house.data)
    content = films.h264.read_bytes()
    made = await ada.post("/api/v1/videos", {"filename": "cut.mp4", "size": len(content)}, 201)
    url = ada.absolute(made["upload"]["url"])
    _, writer = await asyncio.open_connection("127.0.0.1", house.port)
    path = url.removeprefix(house.url)
    writer.write(
        f"PUT {path} HTTP/1.1\r\nHost: 127.0.0.1:{house.port}\r\nContent-Length: {len(content)}\r\n\r\n".encode()
    )
    writer.write(half(content))
    await writer.drain()
    await asyncio.sleep(0.3)
    assert list((house.data / "uploads").rglob("*.part")), "The upload should be under way."
    writer.transport.abort()
    await wait_until(lambda: not list((house.data / "uploads").rglob("*.part")))
    assert kept_files(house.data) == before
    assert (await ada.get(f"/api/v1/videos/{made['video']['id']}"))["status"] == "pending"
    async with ada.session.put(url, data=BytesIO(content)) as answer:
        assert answer.status == 200, await answer.text()
    assert (await ada.until_settled(made["video"]["id"]))["status"] == "ready"


async def wait_until(holds: Callable[[], bool], seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("path", ["/api/v1/videos", "/api/v1/auth/login", "/api/v1/rooms"])
@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe{}", 400),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, 400),
        (b"[" * 100_000, 400),
        (b"[]", 422),
        (b"3", 422),
        (b'{"title": 5, "username": [], "name": {}}', 422),
        (b'{"surprise": true}', 422),
    ],
)
async def test_json_that_is_malformed_or_of_the_wrong_type(ada: Client, path: str, content: bytes, status: int) -> None:
    headers = {**ada.headers(), "Content-Type": "application/json"}
    async with ada.session.post(ada.absolute(path), data=content, headers=headers) as answer:
        body = await answer.json()
        assert answer.status == status, body
        assert answer.content_type == "application/problem+json"
    is_a_problem(body)


@pytest.mark.parametrize("change", ["nobody", "flipped", "unsigned", "words"])
async def test_a_forged_token_is_nobodys(house: ServerProcess, ada: Client, change: str) -> None:
    assert ada.token
    head, body, signature = ada.token.split(".")
    forged = {
        "nobody": f"{head}.{body}.",
        "flipped": f"{head}.{body}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}",
        "unsigned": f"eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{body}.",
        "words": "please",
    }[change]
    async with house.client(forged) as api:
        is_a_problem(await api.get("/api/v1/users/me", 401))


async def test_a_refresh_token_works_once(house: ServerProcess, ada: Client) -> None:
    async with house.client() as api:
        session = await api.login()
        newer = await api.post("/api/v1/auth/refresh", {"refresh_token": session["refresh_token"]})
        api.token = newer["access_token"]
        await api.post("/api/v1/auth/logout", status=204)
        is_a_problem(await api.post("/api/v1/auth/refresh", {"refresh_token": newer["refresh_token"]}, 401))
        is_a_problem(await api.get("/api/v1/users/me", 401))


async def test_a_socket_that_sends_junk_is_told_and_then_closed(house: ServerProcess, ada: Client) -> None:
    room = await ada.post("/api/v1/rooms", {"name": "Junk"}, 201)
    address = f"{house.url}/api/v1/rooms/{room['id']}/ws"
    protocols = ("watchparty.v1", f"bearer.{ada.token}")
    for junk in (
        "{",
        "[]",
        '{"type":"dance"}',
        '{"type":"seek","seen":0,"position":"NaN"}',
        "\u0000",
        '{"type":' * 2000,
    ):
        async with ada.session.ws_connect(address, protocols=protocols) as socket:
            await socket.send_str('{"type":"hello"}')
            assert (await socket.receive_json(timeout=5))["type"] == "welcome"
            await socket.send_str(junk)
            assert (await heard(socket, "error"))["code"]
    async with ada.session.ws_connect(address, protocols=protocols) as socket:
        await socket.send_str('{"type":"hello"}')
        for _ in range(500):
            await socket.send_str("junk")
        async with asyncio.timeout(10):
            while not socket.closed:
                await socket.receive()
        assert socket.close_code == aiohttp.WSCloseCode.POLICY_VIOLATION
    async with ada.session.ws_connect(address, protocols=protocols) as socket:
        await socket.send_str('{"type":"hello"}')
        await socket.send_str(json.dumps({"type": "chat", "client_id": "1", "text": "x" * 70_000}))
        async with asyncio.timeout(10):
            while not socket.closed:
                await socket.receive()
        assert socket.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


async def heard(socket: aiohttp.ClientWebSocketResponse, kind: str) -> Any:
    async with asyncio.timeout(5):
        while True:
            message = await socket.receive_json()
            if message["type"] == kind:
                return message


async def test_a_full_disk_is_told_and_gets_well_again(small_disk: Path, films: Films) -> None:
    full = ServerProcess(small_disk / "data")
    full.start()
    try:
        async with full.client() as api:
            await api.setup(full.setup_token)
            film = await api.ready(films.h264, title="Was there before")
            ballast = small_disk / "ballast"
            fill(ballast, leave=300_000)
            content = films.h264.read_bytes()
            status, body = await put(api, content + bytes(24 << 20))
            assert status == 507, body
            is_a_problem(body)
            await wait_until(lambda: not list((full.data / "uploads").rglob("*.part")))
            master = await api.bytes(await api.master(film["id"]))
            assert master.startswith(b"#EXTM3U")
            ballast.unlink()
            assert (await api.ready(films.silent))["status"] == "ready"
    finally:
        assert full.stop() == 0
    assert "Traceback" not in full.output, full.output


def fill(path: Path, leave: int) -> None:
    """Leaves about this many bytes free on the disk of `path`."""
    with path.open("wb") as ballast:
        ballast.write(b"\1" * max(0, shutil.disk_usage(path.parent).free - leave))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 32 MB of its own."""
    place = tmp_path / "small"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", place], capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"A small disk cannot be mounted here (uid {os.getuid()}): {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", place], check=True)
