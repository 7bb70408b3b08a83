"""What people are told of: who hears what, what they may still see of it, and what they have read."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.client import Client
from tests.films import Films
from tests.listening import Listening
from tests.village import Village, village

BELOW = "/api/v1/videos/film/comments"
TOLD = "/api/v1/notifications"


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Village]:
    """Ada is the administrator, the film Cleo's."""
    async with village(tmp_path / "data", ["ada", "bob", "cleo", "dora"], {"film": "cleo"}) as town:
        yield town


async def say(client: Client, text: str = "Hello", **more: Any) -> Any:
    return await client.post(BELOW, {"text": text, **more}, 201)


async def told(client: Client) -> list[str]:
    return [one["text"] for one in (await client.get(TOLD))["items"]]


async def test_owner_answered_and_meant_are_told_each_once(town: Village) -> None:
    top = await say(town["bob"], "First of all")
    answer = await say(town["dora"], "I agree with @bob and @ada.", parent_id=top["id"])
    assert [one["username"] for one in answer["mentions"]] == ["bob", "ada"]
    assert await told(town["bob"]) == ["Dora answered you below “film”."]
    assert await told(town["ada"]) == ["Dora mentioned you below “film”."]
    assert await told(town["cleo"]) == ["Dora commented on “film”.", "Bob commented on “film”."]
    assert await told(town["dora"]) == []
    (shown,) = (await town["bob"].get(TOLD))["items"]
    assert (shown["kind"], shown["read"], shown["excerpt"]) == ("reply", False, "I agree with @bob and @ada.")
    assert (shown["actor"]["id"], shown["actor"]["display_name"]) == ("dora", "Dora")
    assert shown["href"] == f"/videos/film?comment={answer['id']}"


async def test_nobody_is_told_of_their_own_deeds(town: Village) -> None:
    top = await say(town["cleo"], "I am @cleo")
    await say(town["cleo"], "So I am, @cleo", parent_id=top["id"])
    assert await told(town["cleo"]) == []


async def test_open_pages_hear_at_once_that_there_is_something_and_those_of_others_do_not(town: Village) -> None:
    async with Listening.open(town["cleo"]) as cleo, Listening.open(town["ada"]) as ada:
        await say(town["bob"], "Hello @dora")
        assert (await cleo.next()).name == "notification"
        await town["cleo"].post("/api/v1/rooms", {"name": "Friday", "admission": "open"}, 201)
        assert (await ada.next()).name == "RoomCreated"
    assert len(await told(town["cleo"])) == 1


async def test_an_answer_to_an_answer_is_told_to_who_wrote_that(town: Village) -> None:
    top = await say(town["bob"])
    first = await say(town["dora"], parent_id=top["id"])
    await say(town["ada"], parent_id=first["id"])
    assert await told(town["dora"]) == ["Ada answered you below “film”."]
    assert await told(town["bob"]) == ["Dora answered you below “film”."]


async def test_whoever_is_meant_only_after_an_edit_is_told_then_and_once(town: Village) -> None:
    said = await say(town["bob"], "Hello @dora")
    for text in ("Hello @dora and @ada", "Hello @ada, hello @dora"):
        await town["bob"].call("PATCH", f"/api/v1/comments/{said['id']}", {"text": text})
    assert await told(town["ada"]) == await told(town["dora"]) == ["Bob mentioned you below “film”."]


async def test_those_who_may_not_see_the_film_are_neither_meant_nor_told(town: Village) -> None:
    await town["cleo"].call("PATCH", "/api/v1/videos/film", {"visibility": "private"})
    said = await say(town["cleo"], "Hello @bob and @ada")
    assert [one["username"] for one in said["mentions"]] == ["ada"]
    assert await told(town["bob"]) == []


async def test_what_one_may_not_see_any_more_is_not_told_nor_counted(town: Village) -> None:
    await say(town["cleo"], "Hello @bob")
    await town["cleo"].call("PATCH", "/api/v1/videos/film", {"visibility": "private"})
    answer = await town["bob"].get(TOLD)
    assert (answer["items"], answer["unread"]) == ([], 0)
    await town["cleo"].call("PATCH", "/api/v1/videos/film", {"visibility": "public", "title": "Another name"})
    assert await told(town["bob"]) == ["Cleo mentioned you below “Another name”."]


async def test_of_a_deleted_comment_nothing_is_told(town: Village) -> None:
    said = await say(town["bob"], "secret @dora")
    await town["bob"].call("DELETE", f"/api/v1/comments/{said['id']}", status=204)
    for who in ("cleo", "dora"):
        answer = await town[who].get(TOLD)
        assert (answer["items"], answer["unread"]) == ([], 0)
    await town["bob"].post(f"/api/v1/comments/{said['id']}/restore")
    assert await told(town["dora"]) == ["Bob mentioned you below “film”."]


async def test_some_or_all_of_it_is_marked_as_read(town: Village) -> None:
    for _ in range(3):
        await say(town["bob"])
    first = (await town["cleo"].get(TOLD))["items"][0]
    assert await town["cleo"].post(f"{TOLD}/read", {"ids": [first["id"], "none"]}) == {"unread": 2}
    assert await town["bob"].post(f"{TOLD}/read", {"ids": [first["id"]]}) == {"unread": 0}
    assert [one["read"] for one in (await town["cleo"].get(TOLD))["items"]] == [True, False, False]
    assert await town["cleo"].post(f"{TOLD}/read") == {"unread": 0}


async def test_pages_follow_each_other_and_what_is_deleted_is_gone(town: Village) -> None:
    for i in range(5):
        await say(town["bob"], str(i))
    first = await town["cleo"].get(f"{TOLD}?limit=2")
    await say(town["bob"], "in between")
    rest = await town["cleo"].get(f"{TOLD}?cursor={first['next_cursor']}")
    assert [one["excerpt"] for one in first["items"] + rest["items"]] == ["4", "3", "2", "1", "0"]
    assert (rest["next_cursor"], rest["unread"]) == (None, 6)
    one = f"{TOLD}/{first['items'][0]['id']}"
    await town["bob"].call("DELETE", one, status=404)
    await town["cleo"].call("DELETE", one, status=204)
    await town["cleo"].call("DELETE", one, status=404)
    assert (await town["cleo"].get(TOLD))["unread"] == 5
    await town["cleo"].call("DELETE", TOLD, status=204)
    assert await told(town["cleo"]) == []


async def test_what_one_does_not_want_to_hear_of_is_not_told(town: Village) -> None:
    kinds = await town["cleo"].get(f"{TOLD}/preferences")
    assert set(kinds) == {"reply", "mention", "comment", "video_ready", "video_failed", "access_request"}
    assert all(kinds.values())
    changed = await town["cleo"].call("PUT", f"{TOLD}/preferences", {"comment": False})
    assert changed == {**kinds, "comment": False} == await town["cleo"].get(f"{TOLD}/preferences")
    await say(town["bob"])
    await say(town["bob"], "but @cleo")
    assert await told(town["cleo"]) == ["Bob mentioned you below “film”."]
    assert await town["cleo"].call("PUT", f"{TOLD}/preferences", {}) == kinds
    await town["cleo"].call("PUT", f"{TOLD}/preferences", {"colour": True}, 422)


async def test_a_knock_is_told_to_the_rooms_host(town: Village) -> None:
    room = await town["bob"].post("/api/v1/rooms", {"name": "Friday", "admission": "approval"}, 201)
    knock = f"/api/v1/rooms/{room['id']}/access-requests"
    async with Client(town.url) as guest:
        await guest.post(knock, {"name": "Gus"}, 202)
    await town["dora"].post(knock, {}, 202)
    assert await told(town["bob"]) == ["Dora asks to be let into “Friday”.", "Gus asks to be let into “Friday”."]
    assert {one["href"] for one in (await town["bob"].get(TOLD))["items"]} == {f"/rooms/{room['id']}"}
    await town["bob"].call("DELETE", f"/api/v1/rooms/{room['id']}", status=204)
    assert (await town["bob"].get(TOLD))["unread"] == 0


async def test_owners_are_told_when_a_film_can_be_watched_or_why_not(user: Client, films: Films) -> None:
    made = await user.post("/api/v1/videos", {"filename": "bad.mp4"}, 201)
    body = films.h264.read_bytes()[:64] + bytes(100_000)
    async with user.session.put(user.absolute(made["upload"]["url"]), data=body) as answer:
        assert answer.status == 200
    good = await user.ready(films.h264, title="Good")
    bad = await user.until_settled(made["video"]["id"])
    items: list[Any] = []
    async with asyncio.timeout(30):
        while len(items) < 2:
            items = (await user.get(TOLD))["items"]
            await asyncio.sleep(0.05)
    by_film = {one["video_id"]: one for one in items}
    assert by_film[good["id"]]["text"] == "“Good” can be watched."
    assert by_film[bad["id"]]["text"] == "“bad” could not be prepared."
    assert by_film[bad["id"]]["excerpt"] == bad["reason"]


async def test_a_page_there_is_not_is_refused(town: Village) -> None:
    for query in ("cursor=x", "cursor=WyJ4Il0", "limit=0", "limit=101"):
        await town["ada"].get(f"{TOLD}?{query}", 422)
