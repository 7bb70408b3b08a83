from typing import Any

import pytest

from tests.client import Client
from tests.party_client import PartyClient

ROOM = {"name": "Friday", "admission": "open", "control": "everyone"}


async def make(client: Client, **fields: Any) -> Any:
    return await client.post("/api/v1/rooms", {**ROOM, **fields}, 201)


async def invite(client: Client, room: Any, **fields: Any) -> Any:
    return await client.post(f"/api/v1/rooms/{room['id']}/invites", fields, 201)


def token_of(invite: Any) -> str:
    return str(invite["url"].rsplit("/", 1)[1])


async def test_whoever_makes_a_room_is_its_host(admin: Client) -> None:
    room = await make(admin)
    me = await admin.get("/api/v1/users/me")
    assert (room["host"]["id"], room["members"], room["has_password"]) == (me["id"], 1, False)
    assert await admin.get(f"/api/v1/rooms/{room['id']}") == room


async def test_a_room_is_changed_in_part_and_as_a_whole(admin: Client) -> None:
    room = await make(admin, password="sesame")
    path = f"/api/v1/rooms/{room['id']}"
    assert room["has_password"]
    changed = await admin.call("PATCH", path, {"control": "hosts"})
    assert (changed["name"], changed["control"], changed["has_password"]) == ("Friday", "hosts", True)
    whole = {"name": "Saturday", "admission": "invite", "control": "everyone"}
    replaced = await admin.call("PUT", path, whole)
    assert (replaced["name"], replaced["admission"], replaced["has_password"]) == ("Saturday", "invite", False)


async def test_a_deleted_room_is_gone(admin: Client) -> None:
    room = await make(admin)
    await admin.call("DELETE", f"/api/v1/rooms/{room['id']}", status=204)
    await admin.get(f"/api/v1/rooms/{room['id']}", 404)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "x" * 41}, "/name"),
        ({"name": "a\u202eb"}, "/name"),
        ({"admission": "all"}, "/admission"),
        ({"control": None}, "/control"),
        ({"password": 5}, "/password"),
        ({"colour": "red"}, "/colour"),
    ],
)
async def test_a_room_that_cannot_be_is_refused_naming_the_field(
    admin: Client, fields: dict[str, Any], pointer: str
) -> None:
    problem = await admin.post("/api/v1/rooms", {**ROOM, **fields}, 422)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


async def test_a_film_one_may_not_see_cannot_be_put_into_a_room(admin: Client, user: Client) -> None:
    video = (await admin.post("/api/v1/videos", {"title": "Mine"}, 201))["video"]
    await user.post("/api/v1/rooms", {**ROOM, "video_id": video["id"]}, 404)
    room = await make(admin, video_id=video["id"])
    assert room["video_id"] == video["id"]


async def test_only_hosts_change_a_room_and_only_the_host_deletes_it(admin: Client, user: Client) -> None:
    room = await make(admin)
    await user.call("PATCH", f"/api/v1/rooms/{room['id']}", {"name": "Mine"}, status=403)
    await user.call("DELETE", f"/api/v1/rooms/{room['id']}", status=403)


async def test_a_room_by_invitation_is_unknown_to_strangers(admin: Client, user: Client) -> None:
    room = await make(admin, admission="invite")
    await user.get(f"/api/v1/rooms/{room['id']}", 404)
    assert (await user.get("/api/v1/rooms"))["items"] == []


async def test_rooms_are_listed_newest_first_a_page_at_a_time(admin: Client) -> None:
    for i in range(3):
        await make(admin, name=f"Room {i}")
    first = await admin.get("/api/v1/rooms?limit=2")
    second = await admin.get(f"/api/v1/rooms?limit=2&cursor={first['next_cursor']}")
    assert [room["name"] for room in first["items"] + second["items"]] == ["Room 2", "Room 1", "Room 0"]
    assert second["next_cursor"] is None
    await admin.get("/api/v1/rooms?cursor=nonsense", 422)


async def test_a_change_of_what_has_changed_meanwhile_is_refused(admin: Client) -> None:
    room = await make(admin)
    path = admin.absolute(f"/api/v1/rooms/{room['id']}")
    async with admin.session.get(path, headers=admin.headers()) as answer:
        tag = answer.headers["ETag"]
    async with admin.session.get(path, headers={**admin.headers(), "If-None-Match": tag}) as answer:
        assert answer.status == 304
    await admin.call("PATCH", f"/api/v1/rooms/{room['id']}", {"name": "Saturday"})
    stale = {**admin.headers(), "If-Match": tag}
    async with admin.session.patch(path, json={"name": "Sunday"}, headers=stale) as answer:
        assert answer.status == 412


async def test_a_link_makes_members_of_people_with_an_account(admin: Client, user: Client) -> None:
    room = await make(admin, admission="invite")
    link = await invite(admin, room)
    member = await user.post("/api/v1/rooms/join", {"token": token_of(link)})
    assert (member["room_id"], member["role"]) == (room["id"], "member")
    assert (await user.get(f"/api/v1/rooms/{room['id']}"))["members"] == 2


async def test_a_link_makes_guests_of_people_without_one(admin: Client, nobody: Client) -> None:
    room = await make(admin, admission="invite")
    link = await invite(admin, room)
    session = await nobody.post("/api/v1/rooms/join", {"token": token_of(link), "name": "Gus"}, 201)
    guest = session["user"]
    assert (session["room_id"], guest["role"], guest["display_name"]) == (room["id"], "guest", "Gus")
    async with Client(admin.url, session["access_token"]) as visitor:
        assert (await visitor.get(f"/api/v1/rooms/{room['id']}"))["id"] == room["id"]
        assert [one["id"] for one in (await visitor.get("/api/v1/rooms"))["items"]] == [room["id"]]


async def test_a_guest_sees_their_room_alone(admin: Client, nobody: Client) -> None:
    room, other = await make(admin), await make(admin)
    session = await nobody.post(f"/api/v1/rooms/{room['id']}/access-requests", {"name": "Gus"}, 201)
    async with Client(admin.url, session["session"]["access_token"]) as guest:
        await guest.get(f"/api/v1/rooms/{other['id']}", 404)
        await guest.post("/api/v1/rooms", ROOM, 403)
        await guest.post(f"/api/v1/rooms/{room['id']}/invites", {}, 403)


async def test_six_digits_open_the_same_door(admin: Client, nobody: Client) -> None:
    room = await make(admin, admission="invite")
    pin = (await invite(admin, room))["pin"]
    assert len(pin) == 6
    session = await nobody.post("/api/v1/rooms/join", {"pin": pin, "name": "Gus"}, 201)
    assert session["room_id"] == room["id"]


async def test_pins_cannot_be_guessed_in_a_row(admin: Client, nobody: Client) -> None:
    await make(admin)
    for _ in range(5):
        await nobody.post("/api/v1/rooms/join", {"pin": "000000", "name": "Eve"}, 404)
    await nobody.post("/api/v1/rooms/join", {"pin": "000000", "name": "Eve"}, 429)


async def test_an_invitation_opens_as_often_as_it_says(admin: Client, user: Client, nobody: Client) -> None:
    room = await make(admin, admission="invite")
    link = await invite(admin, room, max_uses=1)
    await user.post("/api/v1/rooms/join", {"token": token_of(link)})
    await user.post("/api/v1/rooms/join", {"token": token_of(link)})
    await nobody.post("/api/v1/rooms/join", {"token": token_of(link), "name": "Gus"}, 404)


async def test_an_invitation_can_be_taken_back_and_never_shows_its_secrets_again(admin: Client, nobody: Client) -> None:
    room = await make(admin)
    link = await invite(admin, room)
    path = f"/api/v1/rooms/{room['id']}/invites"
    (kept,) = (await admin.get(path))["items"]
    assert (kept["id"], kept["url"], kept["pin"]) == (link["id"], None, None)
    await admin.call("DELETE", f"{path}/{link['id']}", status=204)
    await nobody.post("/api/v1/rooms/join", {"token": token_of(link), "name": "Gus"}, 404)


async def test_an_invitation_and_a_guests_token_can_be_validated(admin: Client, nobody: Client) -> None:
    room = await make(admin)
    link = await invite(admin, room)
    assert (await nobody.get(f"/api/v1/guest/validate/{token_of(link)}"))["name"] == "Friday"
    session = await nobody.post("/api/v1/rooms/join", {"token": token_of(link), "name": "Gus"}, 201)
    valid = await nobody.get(f"/api/v1/guest/validate/{session['access_token']}")
    assert (valid["valid"], valid["room_id"], valid["name"]) == (True, room["id"], "Gus")
    assert valid["expires_at"]
    nothing = await nobody.get("/api/v1/guest/validate/nonsense")
    assert nothing == {"valid": False, "room_id": None, "name": None, "expires_at": None, "host": None}


async def test_a_password_keeps_the_door_even_where_it_is_open(admin: Client, user: Client) -> None:
    room = await make(admin, password="sesame")
    knock = f"/api/v1/rooms/{room['id']}/access-requests"
    await user.post(knock, {}, 403)
    wrong = await user.post(knock, {"password": "Sesame"}, 403)
    assert wrong["errors"][0]["pointer"] == "/password"
    assert (await user.post(knock, {"password": "sesame"}, 201))["status"] == "admitted"


async def test_a_guest_knocks_and_the_host_lets_them_in(admin: Client, nobody: Client) -> None:
    room = await make(admin, admission="approval")
    knock = f"/api/v1/rooms/{room['id']}/access-requests"
    asked = await nobody.post(knock, {"name": "Gus", "message": "It is me!"}, 202)
    assert asked["status"] == "pending"
    path = f"/api/v1/access-requests/{asked['request_id']}"
    assert (await nobody.get(path))["session"] is None
    waiting = (await admin.get(knock))["items"]
    assert [(one["name"], one["message"]) for one in waiting] == [("Gus", "It is me!")]
    await admin.post(f"{knock}/{asked['request_id']}/approve")
    session = (await nobody.get(path))["session"]
    assert session["user"]["display_name"] == "Gus"
    assert (await nobody.get(path))["session"] == session
    async with Client(admin.url, session["access_token"]) as guest:
        await guest.get(f"/api/v1/rooms/{room['id']}")


async def test_a_member_knocks_and_the_host_says_no(admin: Client, user: Client) -> None:
    room = await make(admin, admission="approval")
    knock = f"/api/v1/rooms/{room['id']}/access-requests"
    asked = await user.post(knock, {}, 202)
    await admin.post(f"{knock}/{asked['request_id']}/deny")
    await admin.post(f"{knock}/{asked['request_id']}/approve", status=409)
    assert (await user.get(f"/api/v1/access-requests/{asked['request_id']}"))["status"] == "denied"
    await user.get(f"/api/v1/rooms/{room['id']}/messages", 403)


async def test_nobody_else_learns_of_a_members_request(admin: Client, user: Client, nobody: Client) -> None:
    room = await make(admin, admission="approval")
    asked = await user.post(f"/api/v1/rooms/{room['id']}/access-requests", {}, 202)
    await nobody.get(f"/api/v1/access-requests/{asked['request_id']}", 404)
    await user.get(f"/api/v1/rooms/{room['id']}/access-requests", 403)


async def test_a_member_who_was_shown_out_stays_out_until_invited(admin: Client, user: Client) -> None:
    room = await make(admin)
    link = await invite(admin, room)
    member = await user.post("/api/v1/rooms/join", {"token": token_of(link)})
    await admin.call("DELETE", f"/api/v1/rooms/{room['id']}/members/{member['id']}", status=204)
    await user.post(f"/api/v1/rooms/{room['id']}/access-requests", {}, 403)
    await user.post("/api/v1/rooms/join", {"token": token_of(link)})
    assert len((await admin.get(f"/api/v1/rooms/{room['id']}/members"))["items"]) == 2


async def test_a_guest_who_is_shown_out_is_signed_out(admin: Client, nobody: Client) -> None:
    room = await make(admin)
    answer = await nobody.post(f"/api/v1/rooms/{room['id']}/access-requests", {"name": "Gus"}, 201)
    guest_id, token = answer["session"]["user"]["id"], answer["session"]["access_token"]
    await admin.call("DELETE", f"/api/v1/rooms/{room['id']}/members/{guest_id}", status=204)
    async with Client(admin.url, token) as guest:
        await guest.get(f"/api/v1/rooms/{room['id']}", 401)


async def test_the_host_cannot_be_shown_out(admin: Client) -> None:
    room = await make(admin)
    me = await admin.get("/api/v1/users/me")
    await admin.call("DELETE", f"/api/v1/rooms/{room['id']}/members/{me['id']}", status=409)


async def test_signing_in_is_needed_for_rooms(nobody: Client) -> None:
    for path in ("/api/v1/rooms", "/api/v1/rooms/x", "/api/v1/rooms/x/messages", "/api/v1/rooms/x/invites"):
        await nobody.get(path, 401)


async def test_what_was_said_and_done_is_read_a_page_at_a_time(admin: Client) -> None:
    room = await make(admin)
    async with PartyClient.open(admin.url, room["id"], admin.token or "") as host:
        for i in range(5):
            await host.send("chat", text=f"line {i}", client_id=str(i))
            await host.hears("chat")
    path = f"/api/v1/rooms/{room['id']}/messages?limit=2"
    first = await admin.get(path)
    second = await admin.get(f"{path}&cursor={first['next_cursor']}")
    assert [line["text"] for line in first["items"] + second["items"]] == ["line 4", "line 3", "line 2", "line 1"]


async def test_a_film_chosen_over_http_is_told_to_everybody_in_the_room(admin: Client) -> None:
    room = await make(admin)
    video = (await admin.post("/api/v1/videos", {"title": "Mine"}, 201))["video"]
    async with PartyClient.open(admin.url, room["id"], admin.token or "") as host:
        changed = await admin.call("PATCH", f"/api/v1/rooms/{room['id']}", {"video_id": video["id"], "name": "Now"})
        assert (changed["video_id"], changed["present"]) == (video["id"], 1)
        assert (await host.hears("timeline"))["video_id"] == video["id"]
        assert (await host.hears("room"))["room"]["name"] == "Now"
