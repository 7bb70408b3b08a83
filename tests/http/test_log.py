"""What is in the log after an evening, and what is not."""

import io
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from tests.client import PASSWORD, Client
from tests.films import Films
from tests.party_client import PartyClient
from tests.process import ServerProcess
from watchparty.app import Running


def last_part(url: str) -> str:
    return urlsplit(url).path.rsplit("/", 1)[1]


async def tour(server: ServerProcess, films: Films) -> dict[str, str]:
    """Everything one does here with a secret; answers the secrets by name."""
    secrets = {"password": PASSWORD, "setup": server.setup_token}
    async with server.client() as ada, server.client() as nobody:
        session = await ada.setup(server.setup_token)
        session = await nobody.call("POST", "/api/v1/auth/refresh", {"refresh_token": session["refresh_token"]})
        secrets |= {"access": session["access_token"], "refresh": session["refresh_token"]}
        made = await ada.post("/api/v1/videos", {"filename": "a.mp4", "size": films.h264.stat().st_size}, 201)
        secrets["upload"] = last_part(made["upload"]["url"])
        async with ada.session.put(
            ada.absolute(made["upload"]["url"]), data=io.BytesIO(films.h264.read_bytes())
        ) as answer:
            assert answer.status == 200
        video = await ada.until_settled(made["video"]["id"])
        master = await ada.master(video["id"])
        secrets["grant"] = urlsplit(master).path.split("/")[2]
        await ada.bytes(master)
        await nobody.bytes(master.replace("master", "nothing"), 404)
        room = await ada.post("/api/v1/rooms", {"name": "F", "admission": "open", "password": "sesame street"}, 201)
        secrets["room password"] = "sesame street"
        invited = await ada.post(f"/api/v1/rooms/{room['id']}/invites", {}, 201)
        secrets["invitation"] = last_part(invited["url"])
        guest = await nobody.post("/api/v1/rooms/join", {"token": secrets["invitation"], "name": "Gus"}, 201)
        secrets["guest"] = guest["access_token"]
        await nobody.get(f"/api/v1/guest/validate/{secrets['invitation']}")
        await nobody.bytes(f"/join/{secrets['invitation']}")
        async with PartyClient.open(server.url, room["id"], secrets["guest"]) as seat:
            await seat.send("ping", t0=1.0)
            await seat.hears("pong")
        await mistakes(nobody, secrets)
    return secrets


async def mistakes(nobody: Client, secrets: dict[str, str]) -> None:
    """Requests that go wrong with a secret in them."""
    await nobody.post("/api/v1/auth/login", {"username": "ada", "password": PASSWORD + "x"}, 401)
    async with nobody.session.get(nobody.absolute(f"/setup?token={secrets['setup']}")) as answer:
        assert answer.status < 500
    await nobody.get(f"/nowhere/{secrets['access']}?password={PASSWORD}", 404)
    await nobody.get(f"/u/{secrets['upload']}", 405)
    headers = {"Authorization": f"Bearer {secrets['access']}x"}
    async with nobody.session.get(nobody.absolute("/api/v1/users/me"), headers=headers) as answer:
        assert answer.status == 401


@pytest.fixture
async def evening(tmp_path: Path, films: Films) -> tuple[dict[str, str], list[dict[str, Any]], Path]:
    server = ServerProcess(tmp_path / "data", "--log", "json", "--log-level", "debug")
    server.start()
    try:
        secrets = await tour(server, films)
    finally:
        server.stop()
    return secrets, [json.loads(line) for line in server.lines if line.startswith("{")], server.data


async def test_an_evening_leaves_a_line_for_each_request_and_no_secret_in_log_or_database(
    evening: tuple[dict[str, str], list[dict[str, Any]], Path],
) -> None:
    secrets, lines, data = evening
    access = [line for line in lines if line["logger"] == "watchparty.access"]
    routes = {(line["method"], line["route"], line["status"]) for line in access}
    assert {
        ("PUT", "/u/{address}", 200),
        ("GET", "/m/{token}/{video}/{file}", 200),
        ("GET", "/join/{token}", 200),
        ("GET", "/api/v1/rooms/{id}/ws", 101),
        ("GET", "unmatched", 404),
        ("POST", "/api/v1/auth/login", 401),
    } <= routes
    for line in access:
        assert re.fullmatch(r"[\w.-]{1,64}", line["request_id"])
        assert line["duration_ms"] >= 0 and line["bytes"] >= 0 and line["address"] == "127.0.0.1"
        assert line["time"] and line["level"] == "INFO"
    assert any(line["person_id"] for line in access) and any(line["person_id"] is None for line in access)
    hold(secrets, "the log", [json.dumps(line) for line in lines])
    kept = [path.read_bytes().decode("latin-1") for path in data.glob("watchparty.db*")]
    hold(secrets, "the database", kept)


def hold(secrets: dict[str, str], where: str, texts: Iterable[str]) -> None:
    for text in texts:
        for name, secret in secrets.items():
            assert secret not in text, f"the {name} is in {where}: {text[:300]}"


async def test_a_request_that_calls_itself_by_a_secret_is_given_another_name(running: Running) -> None:
    async with aiohttp.ClientSession() as session:
        for given, is_kept in (
            ("my-request.1", True),
            ("wp_abcdefghijklmnopqrstuvwxyz", False),
            ("eyJhbGciOi.eyJz.x", False),
        ):
            async with session.get(f"http://127.0.0.1:{running.port}/livez", headers={"X-Request-ID": given}) as answer:
                assert (answer.headers["X-Request-ID"] == given) is is_kept
