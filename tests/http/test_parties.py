import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.client import Client
from tests.films import Films
from tests.party_client import PartyClient

ROOM = {"name": "Friday", "admission": "open", "control": "everyone"}


@pytest.fixture
async def video(admin: Client, films: Films) -> Any:
    """The administrator's film, private, 20 s."""
    return await admin.ready(films.h264)


@pytest.fixture
async def room(admin: Client, video: Any) -> Any:
    """The administrator's room, open, with the film in it."""
    return await admin.post("/api/v1/rooms", {**ROOM, "video_id": video["id"]}, 201)


@pytest.fixture
async def host(admin: Client, room: Any) -> AsyncIterator[PartyClient]:
    async with PartyClient.open(admin.url, room["id"], admin.token or "") as client:
        yield client


@pytest.fixture
async def guest(admin: Client, room: Any, nobody: Client) -> AsyncIterator[Client]:
    """Gus, who has come in without an account."""
    answer = await nobody.post(f"/api/v1/rooms/{room['id']}/access-requests", {"name": "Gus"}, 201)
    async with Client(admin.url, answer["session"]["access_token"]) as client:
        yield client


@pytest.fixture
async def gus(guest: Client, room: Any) -> AsyncIterator[PartyClient]:
    async with PartyClient.open(guest.url, room["id"], guest.token or "") as client:
        yield client


async def playing(*clients: PartyClient) -> None:
    """Have everybody in step, the film running."""
    for client in clients:
        await client.ready()
    await clients[0].command("play")
    for client in clients:
        await client.hears("timeline", lambda words: bool(words["playing"]))
        await client.status("playing")


async def test_a_welcome_says_everything_one_needs_to_take_part(host: PartyClient, room: Any, video: Any) -> None:
    welcome = host.heard[0]
    assert (welcome["you"]["role"], welcome["room"]["name"]) == ("host", "Friday")
    assert (welcome["timeline"]["video_id"], welcome["timeline"]["playing"]) == (video["id"], False)
    assert [member["id"] for member in welcome["members"]] == [room["host"]["id"]]
    assert abs(welcome["server_time"] - time.monotonic() * 1000) < 2000


async def test_a_ping_is_answered_with_the_servers_time_even_before_hello(admin: Client, room: Any) -> None:
    async with PartyClient.open(admin.url, room["id"], admin.token or "", hello=False) as client:
        before = time.monotonic() * 1000
        await client.send("ping", t0=123.5)
        pong = await client.hears("pong")
        assert pong["t0"] == 123.5
        assert before - 1 <= pong["t1"] <= pong["t2"] <= time.monotonic() * 1000 + 1


async def test_before_hello_nothing_else_is_heard(admin: Client, room: Any) -> None:
    async with PartyClient.open(admin.url, room["id"], admin.token or "", hello=False) as client:
        await client.send("play", seen=0)
        assert (await client.hears("error"))["code"] == "hello_first"


async def test_play_pause_and_seek_reach_everybody(host: PartyClient, gus: PartyClient) -> None:
    await playing(host, gus)
    assert host.timeline == gus.timeline
    await asyncio.sleep(0.6)
    await gus.command("pause")
    stopped = await host.hears("timeline", lambda words: not words["playing"])
    assert (stopped["cause"], stopped["by"]) == ("pause", gus.you["id"])
    assert 0.1 < stopped["position"] < 2
    await host.command("seek", position=7.5)
    sought = await gus.hears("timeline", lambda words: words["cause"] == "seek")
    assert (sought["position"], sought["playing"]) == (7.5, False)


async def test_a_seek_while_playing_goes_on_once_everybody_is_ready(host: PartyClient, gus: PartyClient) -> None:
    await playing(host, gus)
    await host.command("seek", position=10.0)
    for client in (host, gus):
        prepare = await client.hears("prepare")
        assert prepare["position"] == 10.0
        await client.ready()
    started = await host.hears("timeline", lambda words: bool(words["playing"]))
    assert (started["position"], started["cause"]) == (10.0, "seek")


async def test_the_room_names_whom_it_waits_for_and_a_host_can_play_now(host: PartyClient, gus: PartyClient) -> None:
    await playing(host, gus)
    await asyncio.sleep(0.4)
    await gus.status("starving")
    waiting = await host.hears("timeline", lambda words: words["waiting_for"] == [gus.you["id"]])
    assert not waiting["playing"]
    await host.ready()
    await host.send("wait", op="play_now")
    assert (await gus.hears("timeline", lambda words: bool(words["playing"])))["cause"] == "resume"


async def test_a_guest_cannot_pause_the_owners_room(
    admin: Client, host: PartyClient, gus: PartyClient, room: Any
) -> None:
    await admin.call("PATCH", f"/api/v1/rooms/{room['id']}", {"control": "hosts"})
    await playing(host, gus)
    await gus.command("pause")
    refused = await gus.hears("error")
    assert (refused["code"], refused["timeline"]["playing"]) == ("not_allowed", True)
    await host.hears_nothing("timeline")


async def test_chat_reaches_everybody_and_stays(admin: Client, host: PartyClient, gus: PartyClient, room: Any) -> None:
    await gus.send("chat", text="hello <b>there</b>", client_id="c1")
    heard, echo = await host.hears("chat"), await gus.hears("chat")
    assert heard == echo
    assert (heard["name"], heard["text"], heard["client_id"]) == ("Gus", "hello <b>there</b>", "c1")
    kept = (await admin.get(f"/api/v1/rooms/{room['id']}/messages"))["items"]
    assert [(line["id"], line["text"]) for line in kept] == [(heard["id"], "hello <b>there</b>")]


async def test_chat_sent_again_after_a_lost_connection_is_said_once(host: PartyClient, gus: PartyClient) -> None:
    for _ in range(2):
        await gus.send("chat", text="once", client_id="c1")
        await gus.hears("chat")
    await host.hears("chat")
    await host.hears_nothing("chat")


async def test_a_newcomer_is_shown_what_was_said(admin: Client, host: PartyClient, user: Client, room: Any) -> None:
    for i in range(3):
        await host.send("chat", text=f"line {i}", client_id=f"c{i}")
        await host.hears("chat")
    async with PartyClient.open(admin.url, room["id"], user.token or "") as bob:
        assert [line["text"] for line in bob.heard[0]["messages"]] == ["line 0", "line 1", "line 2"]


async def test_who_is_here_is_told_at_most_once_a_second(host: PartyClient, gus: PartyClient) -> None:
    await host.hears("presence", lambda words: len(words["members"]) == 2)
    before = len(host.all("presence"))
    for _ in range(20):
        await gus.status("idle")
        await gus.status("hidden")
        await asyncio.sleep(0.05)
    assert len(host.all("presence")) - before <= 2
    told = await host.hears("presence", lambda words: words["members"][1]["state"] == "hidden")
    assert [(member["name"], member["role"]) for member in told["members"]][1] == ("Gus", "guest")


async def test_reactions_and_typing_are_passed_on(host: PartyClient, gus: PartyClient) -> None:
    await gus.send("reaction", emoji="🎉")
    await gus.send("typing", on=True)
    assert (await host.hears("reaction"))["emoji"] == "🎉"
    assert (await host.hears("typing"))["name"] == "Gus"


async def test_opening_the_socket_of_an_open_room_makes_a_member(admin: Client, user: Client, room: Any) -> None:
    async with PartyClient.open(admin.url, room["id"], user.token or "") as bob:
        assert bob.you["role"] == "member"
    assert (await admin.get(f"/api/v1/rooms/{room['id']}"))["members"] == 2


async def refusal(
    url: str, room_id: str, *, headers: dict[str, str] | None = None, protocols: tuple[str, ...] = ()
) -> int:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await session.ws_connect(f"{url}/api/v1/rooms/{room_id}/ws", headers=headers or {}, protocols=protocols)
        return caught.value.status


async def test_nobody_takes_a_seat_without_a_session(admin: Client, room: Any) -> None:
    assert await refusal(admin.url, room["id"]) == 401
    assert await refusal(admin.url, room["id"], protocols=("watchparty.v1", "bearer.nonsense")) == 401


async def test_a_door_that_is_not_open_keeps_strangers_out(admin: Client, user: Client, room: Any) -> None:
    protocols = ("watchparty.v1", f"bearer.{user.token}")
    for admission, status in (("approval", 403), ("invite", 404)):
        await admin.call("PATCH", f"/api/v1/rooms/{room['id']}", {"admission": admission})
        assert await refusal(admin.url, room["id"], protocols=protocols) == status
    assert await refusal(admin.url, "nowhere", protocols=protocols) == 404


async def test_another_website_cannot_use_a_browsers_cookie(admin: Client, room: Any) -> None:
    cookie = {"Cookie": f"wp_access={admin.token}"}
    assert await refusal(admin.url, room["id"], headers={**cookie, "Origin": "http://evil.example"}) == 403
    assert await refusal(admin.url, room["id"], headers=cookie) == 403
    async with aiohttp.ClientSession() as session:
        headers = {**cookie, "Origin": admin.url}
        async with session.ws_connect(f"{admin.url}/api/v1/rooms/{room['id']}/ws", headers=headers) as socket:
            await socket.send_str('{"type": "hello"}')
            assert (await socket.receive_json())["type"] == "welcome"


async def test_a_subprotocol_list_without_ours_is_refused(admin: Client, room: Any) -> None:
    assert await refusal(admin.url, room["id"], protocols=(f"bearer.{admin.token}",)) == 400


async def test_the_address_of_the_socket_is_no_page(admin: Client, room: Any) -> None:
    await admin.get(f"/api/v1/rooms/{room['id']}/ws", 400)


@pytest.mark.parametrize("junk", ["", "{", "[]", '{"type": "explode"}', '{"type": "seek", "seen": 0, "position": NaN}'])
async def test_junk_is_answered_and_repeated_junk_ends_it(host: PartyClient, junk: str) -> None:
    await host.socket.send_str(junk)
    assert (await host.hears("error"))["code"] in {"bad_json", "bad_message", "unknown_type", "bad_position"}
    for _ in range(20):
        if not host.socket.closed:
            await host.socket.send_str(junk)
    assert await host.closed() == 1008


async def test_a_flood_is_cut_off(host: PartyClient) -> None:
    for _ in range(1000):
        await host.socket.send_str('{"type": "typing", "on": true}')
    assert await host.closed() == 1008
    assert any(words["code"] == "too_many" for words in host.all("error"))


@pytest.mark.parametrize("size", [70_000, 3_000_000])
async def test_an_oversized_message_ends_it(host: PartyClient, size: int) -> None:
    await host.socket.send_str(json.dumps({"type": "chat", "text": "x" * size, "client_id": "1"}))
    assert await host.closed() == 1009


async def test_binary_frames_are_not_read(host: PartyClient) -> None:
    await host.socket.send_bytes(b"\x00\x01")
    assert (await host.hears("error"))["code"] == "bad_message"


async def test_junk_leaves_no_traceback_in_the_log(host: PartyClient, caplog: pytest.LogCaptureFixture) -> None:
    for junk in ("\x00", "[" * 60_000, '{"type":"chat","text":"\\ud800","client_id":"1"}', '{"type":"status"}'):
        await host.socket.send_str(junk)
        await host.hears("error")
    await host.socket.send_bytes(b"junk")
    await host.hears("error")
    assert not [record for record in caplog.records if record.exc_info or record.levelname in {"ERROR", "CRITICAL"}]


async def test_the_film_of_a_room_is_open_to_those_in_it_and_to_nobody_else(
    guest: Client, room: Any, video: Any
) -> None:
    await guest.get(f"/api/v1/videos/{video['id']}/hls", 404)
    async with PartyClient.open(guest.url, room["id"], guest.token or "") as gus:
        master = await guest.master(video["id"])
        assert (await guest.bytes(master)).startswith(b"#EXTM3U")
        await gus.socket.close(code=1000)
        await asyncio.sleep(0.2)
    await guest.bytes(master, 403)


async def test_whoever_is_shown_out_loses_seat_session_and_film_at_once(
    admin: Client, guest: Client, gus: PartyClient, room: Any, video: Any
) -> None:
    master = await guest.master(video["id"])
    await admin.call("DELETE", f"/api/v1/rooms/{room['id']}/members/{gus.you['id']}", status=204)
    assert await gus.closed() == 4003
    await guest.bytes(master, 403)
    await guest.get(f"/api/v1/rooms/{room['id']}", 401)


async def test_a_host_shows_out_promotes_and_mutes_over_the_socket(
    admin: Client, host: PartyClient, user: Client, room: Any
) -> None:
    async with PartyClient.open(admin.url, room["id"], user.token or "") as bob:
        await bob.send("member", op="kick", member_id=host.you["id"])
        assert (await bob.hears("error"))["code"] == "not_allowed"
        await host.send("member", op="mute", member_id=bob.you["id"])
        await bob.hears("presence", lambda words: any(member["muted"] for member in words["members"]))
        await bob.send("chat", text="hello?", client_id="1")
        assert (await bob.hears("error"))["code"] == "muted"
        await host.send("member", op="promote", member_id=bob.you["id"])
        await bob.hears("presence", lambda words: any(member["role"] == "cohost" for member in words["members"]))
        await host.send("member", op="kick", member_id=bob.you["id"])
        assert await bob.closed() == 4003


async def test_signing_out_ends_the_seat(guest: Client, gus: PartyClient) -> None:
    await guest.post("/api/v1/auth/logout", status=204)
    assert await gus.closed() == 4001


async def test_a_deleted_room_tells_everybody_in_it(admin: Client, gus: PartyClient, guest: Client, room: Any) -> None:
    await admin.call("DELETE", f"/api/v1/rooms/{room['id']}", status=204)
    assert await gus.closed() == 4004
    await guest.get(f"/api/v1/rooms/{room['id']}", 401)


async def test_a_resumed_seat_takes_the_place_of_the_dead_one(admin: Client, host: PartyClient, room: Any) -> None:
    async with PartyClient.open(admin.url, room["id"], admin.token or "", resume=host.resume) as again:
        assert await host.closed() == 4005
        assert len(again.heard[0]["members"]) == 1


async def test_somebody_whose_line_broke_is_away_and_not_gone(host: PartyClient, gus: PartyClient) -> None:
    await host.hears("presence", lambda words: len(words["members"]) == 2)
    assert gus.socket._response.connection is not None
    transport = gus.socket._response.connection.transport
    assert transport is not None
    transport.abort()
    told = await host.hears("presence", lambda words: words["members"][-1]["state"] == "away")
    assert len(told["members"]) == 2


async def test_another_film_is_loaded_only_by_somebody_who_may_see_it(
    admin: Client, host: PartyClient, gus: PartyClient, films: Films
) -> None:
    other = await admin.ready(films.silent)
    await gus.command("load", video_id=other["id"])
    assert (await gus.hears("error"))["code"] == "no_such_video"
    await host.command("load", video_id=other["id"])
    loaded = await gus.hears("timeline", lambda words: words["video_id"] == other["id"])
    assert (loaded["position"], loaded["playing"], loaded["cause"]) == (0.0, False, "load")


async def test_a_film_that_is_deleted_leaves_the_room_without_one(admin: Client, host: PartyClient, video: Any) -> None:
    await admin.call("DELETE", f"/api/v1/videos/{video['id']}", status=204)
    assert (await host.hears("timeline"))["video_id"] is None


async def test_what_people_did_can_be_read_by_hosts(
    admin: Client, host: PartyClient, gus: PartyClient, guest: Client, room: Any
) -> None:
    await playing(host, gus)
    await host.command("pause")
    await gus.hears("timeline", lambda words: words["cause"] == "pause")
    await asyncio.sleep(0.2)
    events = (await admin.get(f"/api/v1/rooms/{room['id']}/events"))["items"]
    assert [event["kind"] for event in reversed(events)] == ["joined", "joined", "played", "paused"]
    assert events[1]["name"] == events[0]["name"] == host.you["name"]
    await guest.get(f"/api/v1/rooms/{room['id']}/events", 403)
