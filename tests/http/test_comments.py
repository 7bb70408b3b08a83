"""What people say below films: written, answered, edited, taken away and brought back."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.client import Client
from tests.village import Village, village

BELOW = "/api/v1/videos/film/comments"
# What cannot be said, and the field that is to blame.
REFUSED: list[tuple[Any, str]] = [
    ({}, "/text"),
    ({"text": ""}, "/text"),
    ({"text": " \n\t "}, "/text"),
    ({"text": "x" * 5001}, "/text"),
    ({"text": "a\u0000b"}, "/text"),
    ({"text": "a\u202eb"}, "/text"),
    ({"text": 5}, "/text"),
    ({"text": "x", "at": -1}, "/at"),
    ({"text": "x", "at": 600.1}, "/at"),
    ({"text": "x", "at": 1e300}, "/at"),
    ({"text": "x", "at": "1"}, "/at"),
    ({"text": "x", "parent_id": "none"}, "/parent_id"),
    ({"text": "x", "colour": "red"}, "/colour"),
]


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Village]:
    """Ada is the administrator, the film Cleo's."""
    async with village(tmp_path / "data", ["ada", "bob", "cleo", "dora"], {"film": "cleo", "other": "cleo"}) as town:
        yield town


async def say(client: Client, text: str = "Hello", **more: Any) -> Any:
    return await client.post(BELOW, {"text": text, **more}, 201)


async def texts(client: Client, query: str = "") -> list[str]:
    return [one["text"] for one in (await client.get(f"{BELOW}?{query}"))["items"]]


async def count(client: Client) -> int:
    return int((await client.get("/api/v1/videos/film"))["comments"])


@contextlib.asynccontextmanager
async def raw(client: Client, method: str, path: str, body: Any = None, **headers: str) -> AsyncIterator[Any]:
    sent = {**client.headers(), **headers}
    async with client.session.request(method, client.absolute(path), json=body, headers=sent) as answer:
        yield answer


async def test_what_is_said_is_read_by_everybody_who_may_see_the_film(town: Village) -> None:
    said = await say(town["bob"], " <b>Zoe\u0301</b> &amp; @nobody ", at=12.5)
    assert said["text"] == "<b>Zo\u00e9</b> &amp; @nobody"
    assert (said["at"], said["author"]["username"], said["parent_id"], said["replies"]) == (12.5, "bob", None, 0)
    assert (said["mine"], said["may_delete"], said["edited_at"], said["deleted"]) == (True, True, None, False)
    (seen,) = (await town["dora"].get(BELOW))["items"]
    assert seen == {**said, "mine": False, "may_delete": False}
    assert (await town["cleo"].get(f"/api/v1/comments/{said['id']}"))["may_delete"]
    assert await count(town["dora"]) == 1


async def test_what_cannot_be_said_is_refused_naming_the_field(town: Village) -> None:
    for body, pointer in REFUSED:
        problem = await town["bob"].post(BELOW, body, 422)
        assert [error["pointer"] for error in problem["errors"]] == [pointer], body
    assert await count(town["bob"]) == 0


async def test_nobody_speaks_below_a_film_they_may_not_see(town: Village) -> None:
    said = await say(town["bob"])
    await town["cleo"].call("PATCH", "/api/v1/videos/film", {"visibility": "private"})
    one = f"/api/v1/comments/{said['id']}"
    await town["bob"].post(BELOW, {"text": "x"}, 404)
    await town["bob"].get(BELOW, 404)
    for method in ("GET", "PATCH", "DELETE"):
        assert (await town["bob"].call(method, one, {}, 404))["detail"] == "There is no such comment."
    await town["bob"].post(f"{one}/restore", status=404)
    async with Client(town.url) as nobody:
        await nobody.get(BELOW, 401)
        await nobody.post(BELOW, {"text": "x"}, 401)
        await nobody.get(one, 401)


async def test_guests_do_not_speak(town: Village) -> None:
    room = await town["cleo"].post("/api/v1/rooms", {"name": "Friday", "admission": "open", "video_id": "film"}, 201)
    async with Client(town.url) as guest:
        let_in = await guest.post(f"/api/v1/rooms/{room['id']}/access-requests", {"name": "Gus"}, 201)
        guest.token = let_in["session"]["access_token"]
        await guest.post(BELOW, {"text": "x"}, 403)
        await guest.post("/api/v1/videos/film/like", status=403)
        await guest.get("/api/v1/notifications", 403)


async def test_answers_to_answers_stand_beside_them(town: Village) -> None:
    top = await say(town["bob"])
    first = await say(town["dora"], "First", parent_id=top["id"])
    second = await say(town["bob"], "Second", parent_id=first["id"])
    assert (first["parent_id"], second["parent_id"]) == (top["id"], top["id"])
    assert await texts(town["ada"]) == ["Hello"]
    assert await texts(town["ada"], f"parent_id={top['id']}") == ["First", "Second"]
    assert await texts(town["ada"], f"parent_id={top['id']}&sort=newest") == ["Second", "First"]
    assert (await town["ada"].get(f"/api/v1/comments/{top['id']}"))["replies"] == 2
    assert await count(town["ada"]) == 3
    await town["bob"].post("/api/v1/videos/other/comments", {"text": "x", "parent_id": top["id"]}, 422)


async def test_pages_are_stable_while_people_go_on_talking(town: Village) -> None:
    for i in range(7):
        await say(town["bob"], str(i))
    newest = await town["ada"].get(f"{BELOW}?limit=3")
    await say(town["dora"], "in between")
    async with raw(town["ada"], "GET", f"{BELOW}?limit=3&cursor={newest['next_cursor']}") as answer:
        rest = await answer.json()
        assert 'rel="next"' in answer.headers["Link"]
    assert [one["text"] for one in newest["items"] + rest["items"]] == ["6", "5", "4", "3", "2", "1"]
    oldest = await town["ada"].get(f"{BELOW}?limit=7&sort=oldest")
    assert await texts(town["ada"], f"sort=oldest&cursor={oldest['next_cursor']}") == ["in between"]


@pytest.mark.parametrize(
    "query", ["cursor=x", "cursor=WyJ4Il0", "cursor=WzFlMzAwXQ", "limit=0", "limit=101", "sort=top"]
)
async def test_a_page_there_is_not_is_refused(town: Village, query: str) -> None:
    await town["ada"].get(f"{BELOW}?{query}", 422)


async def test_only_its_author_edits_a_comment_and_not_over_anothers_edit(town: Village) -> None:
    said = await say(town["bob"], at=5)
    one = f"/api/v1/comments/{said['id']}"
    async with raw(town["bob"], "GET", one) as answer:
        tag = answer.headers["ETag"]
    async with raw(town["bob"], "GET", one, **{"If-None-Match": tag}) as answer:
        assert answer.status == 304
    for other in ("ada", "cleo", "dora"):
        await town[other].call("PATCH", one, {"text": "Mine"}, 403)
    async with raw(town["bob"], "PATCH", one, {"text": "Better"}, **{"If-Match": tag}) as answer:
        edited = await answer.json()
        assert answer.status == 200 and answer.headers["ETag"] != tag
    assert (edited["text"], edited["at"], edited["edited_at"] is not None) == ("Better", 5, True)
    for method in ("PATCH", "DELETE"):
        async with raw(town["bob"], method, one, {"text": "Worse"}, **{"If-Match": tag}) as answer:
            assert answer.status == 412
    assert (await town["bob"].call("PATCH", one, {"at": None}))["at"] is None
    assert (await town["bob"].call("PATCH", one, {"at": 601}, 422))["errors"][0]["pointer"] == "/at"


async def test_author_owner_and_administrators_delete_and_nobody_else(town: Village) -> None:
    for who in ("bob", "cleo", "ada"):
        one = f"/api/v1/comments/{(await say(town['bob']))['id']}"
        await town["dora"].call("DELETE", one, status=403)
        await town[who].call("DELETE", one, status=204)
        for method in ("GET", "PATCH", "DELETE"):
            await town["bob"].call(method, one, {}, 404)
    assert await texts(town["ada"]) == [] and await count(town["ada"]) == 0
    (noted,) = (await town["ada"].get("/api/v1/admin/audit?action=comment.deleted"))["items"]
    assert one.endswith(noted["subject"])
    assert (noted["actor"]["id"], noted["before"]) == ("ada", {"author_id": "bob", "video_id": "film"})


async def test_answers_to_what_was_deleted_stay_below_a_word_that_there_was_something(town: Village) -> None:
    top = await say(town["bob"], "secret", at=3)
    answer = await say(town["dora"], "Answer", parent_id=top["id"])
    await town["bob"].call("DELETE", f"/api/v1/comments/{top['id']}", status=204)
    (shown,) = (await town["ada"].get(BELOW))["items"]
    assert (shown["deleted"], shown["text"], shown["author"], shown["at"]) == (True, "", None, None)
    assert (shown["replies"], await count(town["ada"])) == (1, 1)
    await town["ada"].post(BELOW, {"text": "x", "parent_id": top["id"]}, 422)
    await say(town["ada"], "Another", parent_id=answer["id"])
    await town["dora"].call("DELETE", f"/api/v1/comments/{answer['id']}", status=204)
    assert await texts(town["ada"], f"parent_id={top['id']}") == ["Another"]


async def test_whoever_deleted_a_comment_brings_it_back(town: Village) -> None:
    said = await say(town["bob"])
    one = f"/api/v1/comments/{said['id']}"
    await town["cleo"].call("DELETE", one, status=204)
    await town["bob"].post(f"{one}/restore", status=404)
    for _ in range(2):
        assert (await town["cleo"].post(f"{one}/restore"))["text"] == "Hello"
    assert await texts(town["dora"]) == ["Hello"] and await count(town["dora"]) == 1


async def test_counts_are_exact_when_many_speak_and_delete_at_once(town: Village) -> None:
    top = await say(town["bob"])
    said = await asyncio.gather(*(say(town[who], parent_id=top["id"]) for who in ("ada", "bob", "dora") * 7))
    await asyncio.gather(*(town["ada"].call("DELETE", f"/api/v1/comments/{one['id']}", status=204) for one in said[:9]))
    assert await count(town["ada"]) == 13
    assert (await town["ada"].get(f"/api/v1/comments/{top['id']}"))["replies"] == 12


async def test_what_a_deleted_account_said_goes_and_the_answers_stay(town: Village, tmp_path: Path) -> None:
    top = await say(town["bob"], "secret")
    await say(town["bob"], "alone")
    await say(town["dora"], "Answer", parent_id=top["id"])
    with sqlite3.connect(tmp_path / "data" / "watchparty.db") as database:
        database.execute("PRAGMA foreign_keys = ON")
        database.execute("DELETE FROM users WHERE id = 'bob'")
    (shown,) = (await town["ada"].get(BELOW))["items"]
    assert (shown["deleted"], shown["text"], shown["replies"], await count(town["ada"])) == (True, "", 1, 1)
    kept = sqlite3.connect(tmp_path / "data" / "watchparty.db").execute("SELECT text FROM comments").fetchall()
    assert sorted(kept) == [("",), ("",), ("Answer",)]


async def test_comments_go_with_their_film(town: Village, tmp_path: Path) -> None:
    said = await say(town["bob"])
    await town["cleo"].call("DELETE", "/api/v1/videos/film", status=204)
    await town["bob"].get(f"/api/v1/comments/{said['id']}", 404)
    assert (await town["cleo"].get("/api/v1/notifications"))["items"] == []
    await town["cleo"].post("/api/v1/videos/film/restore")
    assert (await town["bob"].get(f"/api/v1/comments/{said['id']}"))["text"] == "Hello"
    assert (await town["cleo"].get("/api/v1/notifications"))["unread"] == 1


async def test_a_film_is_found_by_those_who_spoke_below_it(town: Village) -> None:
    async def found(name: str) -> list[str]:
        return [film["id"] for film in (await town["ada"].get(f"/api/v1/videos?q={name}"))["items"]]

    said = [await say(town["dora"]) for _ in range(2)]
    assert (await found("dora"), await found("bob")) == (["film"], [])
    for one in said:
        assert await found("dora") == ["film"]
        await town["dora"].call("DELETE", f"/api/v1/comments/{one['id']}", status=204)
    assert await found("dora") == []
    await town["dora"].post(f"/api/v1/comments/{said[0]['id']}/restore")
    assert await found("dora") == ["film"]
