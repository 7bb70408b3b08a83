"""Before a room's door: what one sees of it, asking, waiting for the answer, thinking better of it."""

import asyncio
import time
from typing import Any

import pytest

from tests.client import Client
from tests.party_client import PartyClient


async def make(client: Client, **fields: Any) -> Any:
    return await client.post("/api/v1/rooms", {"name": "Friday", "admission": "approval", **fields}, 201)


def door(room: Any) -> str:
    return f"/api/v1/rooms/{room['id']}/door"


def knock(room: Any) -> str:
    return f"/api/v1/rooms/{room['id']}/access-requests"


def request(asked: Any, wait: float | None = None) -> str:
    return f"/api/v1/access-requests/{asked['request_id']}" + (f"?wait={wait}" if wait is not None else "")


async def test_a_stranger_sees_the_name_the_host_and_what_it_takes(admin: Client, nobody: Client) -> None:
    room = await make(admin, password="sesame")
    seen = await nobody.get(door(room))
    assert (seen["name"], seen["host"], seen["admission"], seen["has_password"], seen["enters"]) == (
        "Friday", "ada", "approval", True, False,
    )  # fmt: skip


async def test_a_door_is_open_for_those_who_belong_to_the_room_or_where_it_asks_for_nothing(
    admin: Client, user: Client, nobody: Client
) -> None:
    closed, opened = await make(admin), await make(admin, admission="open")
    assert (await admin.get(door(closed)))["enters"] is True
    assert (await user.get(door(closed)))["enters"] is False
    assert (await nobody.get(door(opened)))["enters"] is True
    assert (await user.get(door(opened)))["enters"] is True


async def test_of_a_room_by_invitation_a_stranger_learns_nothing(admin: Client, user: Client, nobody: Client) -> None:
    room = await make(admin, admission="invite")
    await nobody.get(door(room), 404)
    await user.get(door(room), 404)
    await nobody.get("/api/v1/rooms/nowhere/door", 404)
    invited = await admin.post(f"/api/v1/rooms/{room['id']}/invites", {}, 201)
    seen = await nobody.get(f"/api/v1/guest/validate/{invited['url'].rsplit('/', 1)[1]}")
    assert (seen["name"], seen["host"]) == ("Friday", "ada")


async def test_the_answer_is_heard_the_moment_it_is_given(admin: Client, nobody: Client) -> None:
    room = await make(admin)
    asked = await nobody.post(knock(room), {"name": "Gus"}, 202)
    waiting = asyncio.create_task(nobody.get(request(asked, 20)))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    begun = time.monotonic()
    await admin.post(f"{knock(room)}/{asked['request_id']}/approve")
    answer = await waiting
    assert (answer["status"], answer["session"]["user"]["display_name"]) == ("approved", "Gus")
    assert time.monotonic() - begun < 5


async def test_who_waits_for_an_answer_that_does_not_come_is_told_that_it_is_pending(
    admin: Client, nobody: Client
) -> None:
    room = await make(admin)
    asked = await nobody.post(knock(room), {"name": "Gus"}, 202)
    assert (await nobody.get(request(asked, 0.1)))["status"] == "pending"


@pytest.mark.parametrize("wait", ["-1", "26", "long", "nan"])
async def test_nobody_waits_for_ever(nobody: Client, admin: Client, wait: str) -> None:
    room = await make(admin)
    asked = await nobody.post(knock(room), {"name": "Gus"}, 202)
    await nobody.get(f"/api/v1/access-requests/{asked['request_id']}?wait={wait}", 422)


async def test_a_request_can_be_withdrawn_and_the_host_hears_of_it(admin: Client, user: Client, nobody: Client) -> None:
    room = await make(admin)
    async with PartyClient.open(admin.url, room["id"], admin.token or "") as host:
        asked = await nobody.post(knock(room), {"name": "Gus"}, 202)
        assert (await host.hears("notice"))["code"] == "access_requested"
        await nobody.call("DELETE", request(asked), status=204)
        assert (await host.hears("notice"))["code"] == "access_withdrawn"
    assert (await admin.get(knock(room)))["items"] == []
    await admin.post(f"{knock(room)}/{asked['request_id']}/approve", status=404)
    await nobody.call("DELETE", request(asked), status=404)


async def test_nobody_withdraws_what_another_has_asked_or_what_is_answered(
    admin: Client, user: Client, nobody: Client
) -> None:
    room = await make(admin)
    asked = await user.post(knock(room), {}, 202)
    await nobody.call("DELETE", request(asked), status=404)
    await admin.post(f"{knock(room)}/{asked['request_id']}/approve")
    await user.call("DELETE", request(asked), status=409)


async def test_whoever_knocks_again_is_waiting_already(admin: Client, user: Client) -> None:
    room = await make(admin)
    asked = await user.post(knock(room), {"message": "It is me"}, 202)
    assert await user.post(knock(room), {}, 202) == asked
    assert len((await admin.get(knock(room)))["items"]) == 1


async def test_a_host_who_comes_later_finds_those_who_wait(admin: Client, user: Client, nobody: Client) -> None:
    room = await make(user)
    await nobody.post(knock(room), {"name": "Gus", "message": "Hello"}, 202)
    async with PartyClient.open(user.url, room["id"], user.token or ""):
        (waiting,) = (await user.get(knock(room)))["items"]
        assert (waiting["name"], waiting["message"]) == ("Gus", "Hello")


async def test_a_list_of_rooms_says_who_is_there_what_one_is_there_and_what_is_on(admin: Client, user: Client) -> None:
    video = (await admin.post("/api/v1/videos", {"title": "Mine"}, 201))["video"]
    room = await make(admin, admission="open", video_id=video["id"])
    async with PartyClient.open(admin.url, room["id"], admin.token or ""):
        (mine,) = (await admin.get("/api/v1/rooms"))["items"]
        assert (mine["people"], mine["present"], mine["role"]) == (["ada"], 1, "host")
        assert (mine["film"]["title"], mine["film"]["poster_url"]) == ("Mine", None)
        (seen,) = (await user.get("/api/v1/rooms"))["items"]
        assert (seen["people"], seen["role"], seen["film"]) == (["ada"], None, None)


async def test_a_member_sees_and_takes_back_their_own_invitations_and_hosts_all(admin: Client, user: Client) -> None:
    room = await make(admin, admission="open")
    await user.post(knock(room), {}, 201)
    path = f"/api/v1/rooms/{room['id']}/invites"
    own, other = await user.post(path, {}, 201), await admin.post(path, {}, 201)
    assert [one["id"] for one in (await user.get(path))["items"]] == [own["id"]]
    assert len((await admin.get(path))["items"]) == 2
    await user.call("DELETE", f"{path}/{other['id']}", status=404)
    await user.call("DELETE", f"{path}/{own['id']}", status=204)
    await user.call("DELETE", path, status=204)
    assert [one["id"] for one in (await admin.get(path))["items"]] == [other["id"]]


async def test_wrong_pins_do_not_shut_the_door_to_links(admin: Client, nobody: Client) -> None:
    room = await make(admin, admission="invite")
    invited = await admin.post(f"/api/v1/rooms/{room['id']}/invites", {}, 201)
    wrong = "000000" if invited["pin"] != "000000" else "000001"
    for _ in range(5):
        await nobody.post("/api/v1/rooms/join", {"pin": wrong, "name": "Eve"}, 404)
    await nobody.post("/api/v1/rooms/join", {"pin": invited["pin"], "name": "Eve"}, 429)
    token = invited["url"].rsplit("/", 1)[1]
    await nobody.post("/api/v1/rooms/join", {"token": token, "name": "Gus"}, 201)
