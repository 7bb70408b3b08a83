"""Likes and dislikes: a button each, one word a person, and counts that are exact."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.client import Client
from tests.village import Village, village

NAMES = ["ada", *(f"p{i:02}x" for i in range(50))]
LIKE, DISLIKE = "/api/v1/videos/film/like", "/api/v1/videos/film/dislike"


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Village]:
    async with village(tmp_path / "data", NAMES, {"film": "ada"}) as town:
        yield town


async def counts(client: Client) -> tuple[int, int]:
    film = await client.get("/api/v1/videos/film")
    return film["likes"], film["dislikes"]


async def test_a_like_toggles_and_a_dislike_takes_its_place(town: Village) -> None:
    bob = town["p00x"]
    assert await bob.post(LIKE) == {"likes": 1, "dislikes": 0, "mine": "like"}
    assert await bob.post(DISLIKE) == {"likes": 0, "dislikes": 1, "mine": "dislike"}
    assert (await bob.get("/api/v1/videos/film"))["my_reaction"] == "dislike"
    assert (await town["ada"].get("/api/v1/videos/film"))["my_reaction"] is None
    assert await bob.post(DISLIKE, {}) == {"likes": 0, "dislikes": 0, "mine": None}


async def test_the_same_wish_again_changes_nothing(town: Village) -> None:
    bob = town["p00x"]
    for _ in range(3):
        assert (await bob.post(LIKE, {"on": True}))["likes"] == 1
    assert (await bob.post(DISLIKE, {"on": False}))["mine"] == "like"
    for _ in range(2):
        assert await bob.post(LIKE, {"on": False}) == {"likes": 0, "dislikes": 0, "mine": None}


async def test_fifty_people_who_like_a_film_at_once_are_fifty(town: Village) -> None:
    people = [client for name, client in town.people.items() if name != "ada"]
    answers = await asyncio.gather(*(client.post(LIKE) for client in people))
    assert sorted(answer["likes"] for answer in answers) == [*range(1, 51)]
    assert await counts(town["ada"]) == (50, 0)
    await asyncio.gather(*(client.post(DISLIKE) for client in people))
    assert await counts(town["ada"]) == (0, 50)


async def test_one_person_pressing_fifty_times_at_once_leaves_it_as_it_was(town: Village) -> None:
    answers = await asyncio.gather(*(town["p00x"].post(LIKE) for _ in range(50)))
    assert sorted(answer["likes"] for answer in answers) == [0] * 25 + [1] * 25
    assert await counts(town["ada"]) == (0, 0)


async def test_a_film_one_may_not_see_cannot_be_liked(town: Village) -> None:
    await town["ada"].call("PATCH", "/api/v1/videos/film", {"visibility": "private"})
    await town["p00x"].post(LIKE, status=404)
    await town["p00x"].post("/api/v1/videos/none/dislike", status=404)
    async with Client(town.url) as nobody:
        await nobody.post(LIKE, status=401)
    assert (await town["ada"].post(LIKE, {"on": "yes"}, 422))["errors"][0]["pointer"] == "/on"


async def test_an_account_that_is_deleted_takes_its_ratings_along(town: Village, tmp_path: Path) -> None:
    await town["p00x"].post(LIKE)
    await town["p01x"].post(DISLIKE)
    with sqlite3.connect(tmp_path / "data" / "watchparty.db") as database:
        database.execute("PRAGMA foreign_keys = ON")
        database.execute("DELETE FROM users WHERE id IN ('p00x', 'p01x')")
    assert await counts(town["ada"]) == (0, 0)
