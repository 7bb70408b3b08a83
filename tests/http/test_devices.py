"""Where one is signed in, and being signed out there: at once, everywhere."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp

from tests.client import PASSWORD, Client
from tests.http.conftest import setup_token, started
from tests.party_client import PartyClient
from watchparty.domain.closing import SIGNED_OUT

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SESSIONS = "/api/v1/users/me/sessions"


async def sign_in_with(client: Client, agent: str) -> Any:
    body = {"username": "ada", "password": PASSWORD}
    async with client.session.post(
        client.absolute("/api/v1/auth/login"), json=body, headers={"User-Agent": agent}
    ) as answer:
        session = await answer.json()
        client.token = session["access_token"]
        return session


async def refused(client: Client, refresh_token: str) -> None:
    """Neither token of a session is good for anything."""
    await client.get("/api/v1/users/me", 401)
    client.token = None
    await client.post("/api/v1/auth/refresh", {"refresh_token": refresh_token}, 401)


async def test_devices_are_listed_in_words_this_one_first(nobody: Client, admin: Client) -> None:
    await sign_in_with(nobody, FIREFOX)
    devices = (await nobody.get(SESSIONS))["items"]
    assert [(one["device"], one["current"]) for one in devices] == [("Firefox on Linux", True), ("Python", False)]
    assert devices[0]["address"] == "127.0.0.1"
    assert devices[0]["last_seen"] >= devices[0]["created_at"]


async def test_signing_out_another_device_ends_its_tokens_and_no_other(nobody: Client, admin: Client) -> None:
    session = await sign_in_with(nobody, FIREFOX)
    other = next(one for one in (await admin.get(SESSIONS))["items"] if not one["current"])
    await admin.call("DELETE", f"{SESSIONS}/{other['id']}", status=204)
    await refused(nobody, session["refresh_token"])
    assert len((await admin.get(SESSIONS))["items"]) == 1
    await admin.call("DELETE", f"{SESSIONS}/{other['id']}", status=404)


async def test_nobody_signs_out_somebody_elses_device(admin: Client, user: Client) -> None:
    (device,) = (await admin.get(SESSIONS))["items"]
    await user.call("DELETE", f"{SESSIONS}/{device['id']}", status=404)
    await admin.get("/api/v1/users/me")


async def test_signing_out_everywhere_else_leaves_this_device_and_with_all_not_even_this(
    nobody: Client, admin: Client
) -> None:
    session = await sign_in_with(nobody, FIREFOX)
    await admin.call("DELETE", SESSIONS, status=204)
    await refused(nobody, session["refresh_token"])
    await admin.get("/api/v1/users/me")
    await admin.call("DELETE", f"{SESSIONS}?all=true", status=204)
    await admin.get("/api/v1/users/me", 401)


async def test_a_device_signed_out_from_afar_leaves_its_party_and_its_film(
    nobody: Client, admin: Client, films: Any
) -> None:
    video = await admin.ready(films.h264)
    room = await admin.post("/api/v1/rooms", {"name": "Friday", "video_id": video["id"]}, 201)
    await sign_in_with(nobody, FIREFOX)
    master = await nobody.master(video["id"])
    await nobody.bytes(master)
    async with PartyClient.open(nobody.url, room["id"], nobody.token or "") as seat:
        await admin.call("DELETE", SESSIONS, status=204)
        assert await seat.closed() == SIGNED_OUT
    await nobody.bytes(master, 403)


async def test_when_a_device_was_last_seen_is_known_after_a_restart(tmp_path: Path) -> None:
    async with started(tmp_path / "data") as running, Client(running.local_url) as client:
        token = (await client.setup(setup_token(running)))["access_token"]
        before = (await client.get(SESSIONS))["items"]
    async with started(tmp_path / "data") as running, Client(running.local_url, token) as client:
        after = (await client.get(SESSIONS))["items"]
    assert [one["created_at"] for one in after] == [one["created_at"] for one in before]
    assert after[0]["last_seen"] >= before[0]["last_seen"]


async def test_an_account_that_is_disabled_is_shut_out_at_once_by_every_way_in(
    admin: Client, user: Client, films: Any
) -> None:
    video = await admin.ready(films.h264, visibility="public")
    room = await admin.post("/api/v1/rooms", {"name": "Friday"}, 201)
    key = (await user.post("/api/v1/users/me/keys", {"name": "cron"}, 201))["key"]
    session = await user.login("bob")
    master = await user.master(video["id"])
    async with PartyClient.open(user.url, room["id"], user.token or "") as seat:
        await user.call("DELETE", "/api/v1/users/me", {"password": PASSWORD})
        assert await seat.closed() == SIGNED_OUT
    await refused(user, session["refresh_token"])
    await user.bytes(master, 403)
    async with Client(user.url, key) as program:
        await program.get("/api/v1/users/me", 401)


async def test_ten_tabs_that_refresh_at_once_stay_signed_in_over_and_over(nobody: Client, admin: Client) -> None:
    token = (await nobody.login())["refresh_token"]
    nobody.token = None
    for _ in range(5):
        body = {"refresh_token": token}
        answers = await asyncio.gather(*(nobody.post("/api/v1/auth/refresh", body) for _ in range(10)))
        (token,) = {answer["refresh_token"] for answer in answers}


async def test_a_browser_that_is_signed_out_has_its_cookies_taken(admin: Client) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, headers={"Sec-Fetch-Site": "same-origin"}) as browser:
        body = {"username": "ada", "password": PASSWORD}
        async with browser.post(admin.absolute("/api/v1/auth/login"), json=body) as answer:
            assert answer.status == 200
        async with browser.delete(admin.absolute(f"{SESSIONS}?all=true")) as answer:
            assert answer.status == 204
    assert not list(jar)
