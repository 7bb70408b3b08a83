"""Members of a room: made co-hosts, muted, shown out, banned and let back in, over HTTP and on the socket."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.client import Client
from tests.party_client import PartyClient

Words = dict[str, Any]


@pytest.fixture
async def room(user: Client) -> Any:
    """Bob's room, open to everybody."""
    return await user.post("/api/v1/rooms", {"name": "Friday"}, 201)


@pytest.fixture
async def cleo(user: Client, room: Any) -> AsyncIterator[Client]:
    """A member of the room with an account."""
    async with Client(user.url) as client:
        await client.register("cleo")
        await client.post(f"/api/v1/rooms/{room['id']}/access-requests", {}, 201)
        yield client


async def id_of(client: Client) -> str:
    return str((await client.get("/api/v1/users/me"))["id"])


def path(room: Any, what: str, member_id: str = "") -> str:
    return f"/api/v1/rooms/{room['id']}/{what}" + (f"/{member_id}" if member_id else "")


async def test_the_host_makes_a_cohost_and_takes_it_back(user: Client, cleo: Client, room: Any) -> None:
    one = path(room, "members", await id_of(cleo))
    assert (await user.call("PATCH", one, {"role": "cohost"}))["role"] == "cohost"
    assert (await cleo.get(f"/api/v1/rooms/{room['id']}"))["role"] == "cohost"
    assert (await user.call("PATCH", one, {"role": "member"}))["role"] == "member"


async def test_whoever_is_muted_is_not_heard_until_they_may_speak_again(user: Client, cleo: Client, room: Any) -> None:
    one = path(room, "members", await id_of(cleo))
    async with PartyClient.open(cleo.url, room["id"], cleo.token or "") as seat:
        for _ in range(2):  # it is a state, not a switch
            assert (await user.call("PATCH", one, {"muted": True}))["muted"] is True
        await seat.send("chat", text="Hello?", client_id="1")
        assert (await seat.hears("error"))["code"] == "muted"
        assert (await user.call("PATCH", one, {"muted": False}))["muted"] is False
        await seat.send("chat", text="Hello!", client_id="2")
        assert (await seat.hears("chat"))["text"] == "Hello!"


@pytest.mark.parametrize(
    ("body", "status"),
    [({"role": "host"}, 422), ({"role": "guest"}, 422), ({"muted": "yes"}, 422), ({"name": "x"}, 422), ({}, 200)],
)
async def test_a_change_of_a_member_in_other_words_is_refused(
    user: Client, cleo: Client, room: Any, body: Words, status: int
) -> None:
    await user.call("PATCH", path(room, "members", await id_of(cleo)), body, status=status)


@pytest.mark.parametrize(
    ("method", "what"), [("PATCH", "members"), ("DELETE", "members"), ("PUT", "bans"), ("DELETE", "bans")]
)
async def test_nobody_does_anything_about_the_host_a_stranger_or_themselves(
    user: Client, cleo: Client, room: Any, method: str, what: str
) -> None:
    body = {"muted": True} if method == "PATCH" else None
    await user.call(method, path(room, what, await id_of(user)), body, status=409)
    await user.call(method, path(room, what, "nobody"), body, status=404)
    await cleo.call(method, path(room, what, await id_of(cleo)), body, status=403)
    await cleo.call(method, path(room, what, await id_of(user)), body, status=403)


async def test_a_guest_cannot_be_made_a_cohost(user: Client, nobody: Client, room: Any) -> None:
    answer = await nobody.post(path(room, "access-requests"), {"name": "Gus"}, 201)
    guest_id = answer["session"]["user"]["id"]
    await user.call("PATCH", path(room, "members", guest_id), {"role": "cohost"}, status=409)


async def test_somebody_banned_is_out_at_once_and_let_in_by_no_door(user: Client, cleo: Client, room: Any) -> None:
    cleo_id = await id_of(cleo)
    link = await user.post(path(room, "invites"), {}, 201)
    async with PartyClient.open(cleo.url, room["id"], cleo.token or "") as seat:
        banned = await user.call("PUT", path(room, "bans", cleo_id))
        assert (banned["id"], banned["name"], banned["is_guest"]) == (cleo_id, "cleo", False)
        assert await seat.closed() == 4003
    await cleo.post("/api/v1/rooms/join", {"pin": link["pin"]}, 403)
    await cleo.post("/api/v1/rooms/join", {"token": link["url"].rsplit("/", 1)[1]}, 403)
    for admission in ("open", "approval"):
        await user.call("PATCH", f"/api/v1/rooms/{room['id']}", {"admission": admission})
        refused = await cleo.post(path(room, "access-requests"), {}, 403)
        assert "banned" in refused["detail"]
    (kept,) = (await user.get(path(room, "bans")))["items"]
    assert kept == banned
    (unused,) = (await user.get(path(room, "invites")))["items"]
    assert unused["uses"] == 0


async def test_somebody_let_back_in_belongs_to_the_room_again(user: Client, cleo: Client, room: Any) -> None:
    cleo_id = await id_of(cleo)
    await user.call("DELETE", path(room, "bans", cleo_id), status=409)
    await user.call("PUT", path(room, "bans", cleo_id))
    await user.call("DELETE", path(room, "bans", cleo_id), status=204)
    assert (await user.get(path(room, "bans")))["items"] == []
    async with PartyClient.open(cleo.url, room["id"], cleo.token or "") as seat:
        assert seat.you["role"] == "member"


async def test_somebody_shown_out_can_still_be_banned(user: Client, cleo: Client, room: Any) -> None:
    cleo_id = await id_of(cleo)
    await user.call("DELETE", path(room, "members", cleo_id), status=204)
    await user.call("PUT", path(room, "bans", cleo_id))
    link = await user.post(path(room, "invites"), {}, 201)
    await cleo.post("/api/v1/rooms/join", {"pin": link["pin"]}, 403)


async def test_a_banned_guest_is_known_again_in_the_same_browser(user: Client, room: Any) -> None:
    link = await user.post(path(room, "invites"), {}, 201)
    token, origin = link["url"].rsplit("/", 1)[1], {"Origin": user.url}
    join = user.absolute("/api/v1/rooms/join")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.post(join, json={"token": token, "name": "Gus"}, headers=origin) as answer:
            assert answer.status == 201
            guest_id = (await answer.json())["user"]["id"]
        await user.call("PUT", path(room, "bans", guest_id))
        async with browser.post(join, json={"token": token, "name": "Gustav"}, headers=origin) as answer:
            assert answer.status == 403
        knock = user.absolute(path(room, "access-requests"))
        async with browser.post(knock, json={"name": "Gustav"}, headers=origin) as answer:
            assert answer.status == 403
        await user.call("DELETE", path(room, "bans", guest_id), status=204)
        async with browser.post(join, json={"token": token, "name": "Gus"}, headers=origin) as answer:
            assert answer.status == 201


async def test_bans_are_for_those_who_may_show_people_out(
    user: Client, cleo: Client, room: Any, nobody: Client
) -> None:
    await cleo.get(path(room, "bans"), 403)
    await nobody.get(path(room, "bans"), 401)
    await nobody.call("PUT", path(room, "bans", await id_of(cleo)), status=401)


async def test_banning_and_its_undoing_over_the_socket(user: Client, cleo: Client, room: Any) -> None:
    cleo_id = await id_of(cleo)
    async with (
        PartyClient.open(user.url, room["id"], user.token or "") as host,
        PartyClient.open(cleo.url, room["id"], cleo.token or "") as seat,
    ):
        await seat.send("member", op="ban", member_id=await id_of(user))
        assert (await seat.hears("error"))["code"] == "not_allowed"
        await host.send("member", op="ban", member_id=cleo_id)
        assert await seat.closed() == 4003
        await cleo.get(f"/api/v1/rooms/{room['id']}")
        await host.send("member", op="unban", member_id=cleo_id)
        await host.send("member", op="unban", member_id="nobody")
        assert "no such member" in (await host.hears("error"))["detail"]
        assert (await user.get(path(room, "bans")))["items"] == []


async def test_a_cohost_answers_the_door_but_gives_no_rights(user: Client, cleo: Client, room: Any) -> None:
    await cleo.get(path(room, "access-requests"), 403)
    await user.call("PATCH", path(room, "members", await id_of(cleo)), {"role": "cohost"})
    assert (await cleo.get(path(room, "access-requests")))["items"] == []
    await cleo.call("PATCH", f"/api/v1/rooms/{room['id']}", {"rights": {"chat": "host"}}, status=403)
