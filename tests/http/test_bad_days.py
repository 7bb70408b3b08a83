"""Bad days over real sockets: everybody at once, clocks that jump, tokens that end, a server killed in mid-film."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.client import Client
from tests.films import Films
from tests.http.conftest import setup_token
from tests.party_client import PartyClient, Words
from tests.process import ServerProcess
from watchparty.app import serving
from watchparty.settings import Settings

DAY = 24 * 3600.0
ROOM = {"name": "Friday", "admission": "open", "control": "everyone"}


class WallClock:
    """This machine's clocks, of which somebody sets the one for dates."""

    def __init__(self) -> None:
        self.set_by = 0.0

    def time(self) -> float:
        return time.time() + self.set_by

    def monotonic(self) -> float:
        return time.monotonic()


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
async def ada(tmp_path: Path, clock: WallClock) -> AsyncIterator[Client]:
    """The administrator of a server whose clock can be set."""
    settings = Settings(data=str(tmp_path / "data"), host="127.0.0.1", port=0, rates="off")
    async with serving(settings, clock) as running, Client(f"http://127.0.0.1:{running.port}") as client:
        await client.setup(setup_token(running))
        yield client


async def room_with(ada: Client, film: Path) -> str:
    video = await ada.ready(film)
    room = await ada.post("/api/v1/rooms", {**ROOM, "video_id": video["id"]}, 201)
    return str(room["id"])


async def guest_token(url: str, room_id: str, name: str) -> str:
    async with Client(url) as nobody:
        answer = await nobody.post(f"/api/v1/rooms/{room_id}/access-requests", {"name": name}, 201)
    return str(answer["session"]["access_token"])


@contextlib.asynccontextmanager
async def seated(url: str, room_id: str, tokens: list[str]) -> AsyncIterator[list[PartyClient]]:
    async with contextlib.AsyncExitStack() as stack:
        yield [await stack.enter_async_context(PartyClient.open(url, room_id, token)) for token in tokens]


async def test_fifty_people_who_pause_at_once_pause_once(ada: Client, films: Films) -> None:
    room_id = await room_with(ada, films.long_h264)
    tokens = [await guest_token(ada.url, room_id, f"Guest {i}") for i in range(50)]
    async with seated(ada.url, room_id, tokens) as guests:
        await guests[0].command("play")
        for guest in guests:
            await guest.hears("timeline", lambda words: bool(words["playing"]))
        revision = guests[0].timeline["revision"]
        await asyncio.gather(*(guest.command("pause") for guest in guests))
        for guest in guests:
            await guest.hears("timeline", lambda words: not words["playing"])
        refused = [await guest.hears("error") for guest in guests if guest.you["id"] != guest.timeline["by"]]
        assert len(refused) == 49
        assert {words["code"] for words in refused} <= {"superseded", "already_paused"}
        assert all(words["timeline"]["revision"] == revision + 1 for words in refused)
        told = [[words for words in guest.all("timeline") if words["revision"] > revision] for guest in guests]
        assert [len(each) for each in told] == [1] * 50
        assert all(each == told[0] for each in told)


@pytest.mark.parametrize("jump", [DAY, -DAY])
async def test_a_clock_set_by_a_day_moves_nothing_and_signs_nobody_out(
    ada: Client, clock: WallClock, films: Films, jump: float
) -> None:
    room_id = await room_with(ada, films.long_h264)
    token = await guest_token(ada.url, room_id, "Gus")
    async with seated(ada.url, room_id, [ada.token or "", token]) as (host, gus):
        await host.learn_clock()
        await host.command("play")
        await host.hears("timeline", lambda words: bool(words["playing"]))
        await gus.hears("timeline", lambda words: bool(words["playing"]))
        clock.set_by = jump
        assert (await ada.get("/api/v1/users/me"))["username"] == "ada"
        await gus.command("pause")
        stopped = await host.hears("timeline", lambda words: not words["playing"])
        assert stopped["position"] == pytest.approx(position_before(host, stopped["at"]), abs=0.05)
        await gus.send("chat", text="What time is it?", client_id="1")
        await gus.hears("chat")
        async with PartyClient.open(ada.url, room_id, token, resume=gus.resume) as again:
            assert again.you["id"] == gus.you["id"]
            assert again.timeline["position"] == stopped["position"]
        clock.set_by = 0.0
        async with PartyClient.open(ada.url, room_id, token) as again:
            assert again.you["id"] == gus.you["id"]


def position_before(client: PartyClient, at: float) -> float:
    """Where the timeline before the latest was at a time of the server's clock."""
    played = [words for words in client.all("timeline") if words["playing"]][-1]
    return float(played["position"] + max(0.0, at - played["at"]) / 1000)


async def test_an_expired_token_opens_no_socket_and_closes_none(
    ada: Client, films: Films, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watchparty.services.sessions.ACCESS_LIFETIME", 1.0)
    await ada.login()
    room_id = await room_with_patience(ada, films)
    async with PartyClient.open(ada.url, room_id, ada.token or "") as host:
        await until_refused(ada.url, room_id, ada.token or "")
        await host.send("chat", text="Still here.", client_id="1")
        await host.hears("chat")


async def room_with_patience(ada: Client, films: Films) -> str:
    room = await ada.post("/api/v1/rooms", ROOM, 201)
    return str(room["id"])


async def until_refused(url: str, room_id: str, token: str) -> None:
    until = time.monotonic() + 10
    while True:
        assert time.monotonic() < until, "the token never expired"
        try:
            async with PartyClient.open(url, room_id, token):
                await asyncio.sleep(0.2)
        except aiohttp.WSServerHandshakeError as refused:
            assert refused.status == 401
            return


async def test_a_room_that_is_deleted_while_it_plays_sends_everybody_home_and_is_gone(
    ada: Client, films: Films, caplog: pytest.LogCaptureFixture
) -> None:
    room_id = await room_with(ada, films.h264)
    token = await guest_token(ada.url, room_id, "Gus")
    async with seated(ada.url, room_id, [ada.token or "", token]) as (host, gus):
        await host.command("play")
        await gus.hears("timeline", lambda words: bool(words["playing"]))
        await gus.send("chat", text="Last words", client_id="1")
        await ada.call("DELETE", f"/api/v1/rooms/{room_id}", status=204)
        assert [await host.closed(), await gus.closed()] == [4004, 4004]
    for spent, status in ((ada.token or "", 404), (token, 401)):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with PartyClient.open(ada.url, room_id, spent):
                pytest.fail("The room is still there.")
        assert refused.value.status == status
    assert not [record for record in caplog.records if record.exc_info]


async def test_killed_in_the_middle_of_a_film_the_room_stands_where_it_was_and_everybody_comes_back(
    server_process: ServerProcess, films: Films
) -> None:
    async with server_process.client() as ada:
        await ada.setup(server_process.setup_token)
        room_id = await room_with(ada, films.long_h264)
        tokens = [ada.token or "", await guest_token(ada.url, room_id, "Gus")]
        async with seated(ada.url, room_id, tokens) as (host, gus):
            await host.learn_clock()
            await host.send("member", op="mute", member_id=gus.you["id"])
            await gus.hears("presence", lambda words: any(member["muted"] for member in words["members"]))
            await host.command("seek", position=5.0)
            await host.hears("timeline", lambda words: words["position"] == 5.0)
            await host.command("play")
            await host.hears("timeline", lambda words: bool(words["playing"]))
            await asyncio.sleep(3.0)
            was = host.position
            server_process.kill()
            resumes = [host.resume, gus.resume]
            seen = host.timeline["revision"]
        server_process.start()
        came = [PartyClient.open(ada.url, room_id, tokens[i], resume=resumes[i]) for i in (0, 1)]
        async with came[0] as host, came[1] as gus:
            check_restored(host.heard[0], was, seen)
            assert gus.you["role"] == "guest"
            await gus.send("chat", text="hello?", client_id="1")
            assert (await gus.hears("error"))["code"] == "muted"
            await gus.command("play")
            started = await host.hears("timeline", lambda words: bool(words["playing"]))
            assert started["position"] == host.heard[0]["timeline"]["position"]
    assert "Traceback" not in server_process.output, server_process.output


def check_restored(welcome: Words, was: float, seen: int) -> None:
    timeline: Any = welcome["timeline"]
    assert (timeline["playing"], timeline["cause"]) == (False, "restart")
    assert was - 1.5 <= timeline["position"] <= was + 0.2
    assert timeline["revision"] > seen
