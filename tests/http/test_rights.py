"""Who may do what in a room: given, taken, refused and told, over HTTP and on the socket."""

from typing import Any

import pytest

from tests.client import Client
from tests.party_client import PartyClient

USUAL = {
    "play": "guest", "seek": "guest", "rate": "guest", "queue": "member",
    "chat": "guest", "invite": "member", "kick": "cohost",
}  # fmt: skip
HOSTS_ALONE = {**USUAL, "play": "cohost", "seek": "cohost", "rate": "cohost", "queue": "cohost"}


async def make(client: Client, **fields: Any) -> Any:
    room = {"name": "Friday", "admission": "open", "control": "everyone", **fields}
    return await client.post("/api/v1/rooms", room, 201)


async def change(client: Client, room: Any, status: int = 200, **fields: Any) -> Any:
    return await client.call("PATCH", f"/api/v1/rooms/{room['id']}", fields, status=status)


async def enter(client: Client, room: Any) -> str:
    """The id of the member that somebody with an account is from now on."""
    await client.post(f"/api/v1/rooms/{room['id']}/access-requests", {}, 201)
    return str((await client.get("/api/v1/users/me"))["id"])


async def test_a_new_room_has_the_usual_rights_or_those_it_is_made_with(admin: Client) -> None:
    assert (await make(admin))["rights"] == USUAL
    assert (await make(admin, control="hosts"))["rights"] == HOSTS_ALONE
    room = await make(admin, control="hosts", rights={"seek": "guest"})
    assert (room["rights"], room["control"]) == ({**HOSTS_ALONE, "seek": "guest"}, "hosts")
    assert await admin.get(f"/api/v1/rooms/{room['id']}") == room


async def test_rights_are_changed_one_by_one_and_the_word_for_them_follows(admin: Client) -> None:
    room = await make(admin)
    changed = await change(admin, room, rights={"play": "cohost"})
    assert (changed["rights"], changed["control"]) == ({**USUAL, "play": "cohost"}, "hosts")
    changed = await change(admin, room, rights={"chat": "member"})
    assert changed["rights"] == {**USUAL, "play": "cohost", "chat": "member"}
    changed = await change(admin, room, control="everyone")
    assert changed["rights"] == {**USUAL, "chat": "member"}


async def test_a_room_that_is_replaced_without_rights_has_the_usual_ones(admin: Client) -> None:
    room = await make(admin, rights={"chat": "host"})
    whole = {"name": "Saturday", "admission": "open", "control": "hosts"}
    replaced = await admin.call("PUT", f"/api/v1/rooms/{room['id']}", whole)
    assert replaced["rights"] == HOSTS_ALONE


@pytest.mark.parametrize(
    ("rights", "pointer"),
    [
        ({"play": "owner"}, "/rights/play"),
        ({"play": None}, "/rights/play"),
        ({"play": 3}, "/rights/play"),
        ({"fly": "guest"}, "/rights/fly"),
        ("everyone", "/rights"),
        (["play"], "/rights"),
    ],
)
async def test_rights_in_other_words_are_refused_naming_the_field(admin: Client, rights: Any, pointer: str) -> None:
    room = await make(admin)
    problem = await change(admin, room, 422, rights=rights)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    await admin.post("/api/v1/rooms", {"name": "Saturday", "rights": rights}, 422)
    assert (await admin.get(f"/api/v1/rooms/{room['id']}"))["rights"] == USUAL


async def test_only_the_host_decides_what_people_may_do_and_a_cohost_keeps_the_room(
    admin: Client, user: Client
) -> None:
    room = await make(user)
    async with Client(admin.url) as cohost:
        await cohost.register("cleo")
        await enter(cohost, room)
        await change(cohost, room, 403, rights={"chat": "cohost"})
        member_id = (await cohost.get("/api/v1/users/me"))["id"]
        async with (
            PartyClient.open(user.url, room["id"], user.token or "") as host,
            PartyClient.open(cohost.url, room["id"], cohost.token or "") as seat,
        ):
            await host.send("member", op="promote", member_id=member_id)
            await seat.hears("presence", lambda words: "cohost" in {member["role"] for member in words["members"]})
            assert (await change(cohost, room, name="Ours", rights=USUAL))["name"] == "Ours"
            await change(cohost, room, 403, rights={"chat": "cohost"})
            await change(cohost, room, 403, control="hosts")
        assert (await change(admin, room, rights={"chat": "cohost"}))["rights"]["chat"] == "cohost"


async def test_a_right_taken_away_is_refused_at_once_and_told_to_everybody(admin: Client, user: Client) -> None:
    room = await make(admin)
    async with (
        PartyClient.open(admin.url, room["id"], admin.token or "") as host,
        PartyClient.open(user.url, room["id"], user.token or "") as member,
    ):
        await member.send("chat", text="Hello", client_id="1")
        assert (await host.hears("chat"))["text"] == "Hello"
        await change(admin, room, rights={"chat": "cohost", "rate": "host"})
        for seat in (host, member):
            told = (await seat.hears("room"))["room"]
            assert told["rights"] == {**USUAL, "chat": "cohost", "rate": "host"}
            assert "Only hosts may write in the chat from now on." in (await seat.hears("notice"))["text"]
        for kind, fields in (
            ("chat", {"text": "Hello?", "client_id": "2"}),
            ("reaction", {"emoji": "🎉"}),
            ("typing", {"on": True}),
        ):
            await member.send(kind, **fields)
            assert (await member.hears("error"))["code"] == "not_allowed"
        await member.command("rate", rate=1.5)
        refused = await member.hears("error")
        assert (refused["code"], refused["detail"]) == ("not_allowed", "Only the host may change the speed here.")
        assert not [words for words in host.heard if words["type"] in {"reaction", "typing"}]
        await host.send("chat", text="Silence!", client_id="1")
        assert (await member.hears("chat"))["text"] == "Silence!"


async def test_a_welcome_names_the_rights(admin: Client) -> None:
    room = await make(admin, rights={"invite": "host"})
    async with PartyClient.open(admin.url, room["id"], admin.token or "") as host:
        (welcome,) = host.all("welcome")
        assert welcome["room"]["rights"] == {**USUAL, "invite": "host"}


async def test_who_may_invite_is_the_hosts_to_say(admin: Client, user: Client, nobody: Client) -> None:
    room = await make(admin, admission="open")
    await enter(user, room)
    path = f"/api/v1/rooms/{room['id']}/invites"
    await user.post(path, {}, 201)
    await user.post(path, {"role": "cohost"}, 403)
    await change(admin, room, rights={"invite": "cohost"})
    refused = await user.post(path, {}, 403)
    assert refused["detail"] == "Only hosts may invite people here."
    answer = await nobody.post(f"/api/v1/rooms/{room['id']}/access-requests", {"name": "Gus"}, 201)
    async with Client(admin.url, answer["session"]["access_token"]) as guest:
        await guest.post(path, {}, 403)
        await change(admin, room, rights={"invite": "guest"})
        assert (await guest.post(path, {}, 201))["role"] == "member"


async def test_whoever_may_show_people_out_shows_out_those_below_them(admin: Client, user: Client) -> None:
    room = await make(admin)
    bob_id = await enter(user, room)
    async with Client(admin.url) as cleo, Client(admin.url) as gus:
        await cleo.register("cleo")
        cleo_id = await enter(cleo, room)
        answer = await gus.post(f"/api/v1/rooms/{room['id']}/access-requests", {"name": "Gus"}, 201)
        gus_id = answer["session"]["user"]["id"]
        members = f"/api/v1/rooms/{room['id']}/members"
        await user.call("DELETE", f"{members}/{gus_id}", status=403)
        await change(admin, room, rights={"kick": "member"})
        await user.call("DELETE", f"{members}/{cleo_id}", status=403)
        await user.call("DELETE", f"{members}/{gus_id}", status=204)
        await change(admin, room, rights={"kick": "host"})
        await cleo.call("DELETE", f"{members}/{bob_id}", status=403)
