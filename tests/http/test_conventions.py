"""What holds at every address: versions, repeated requests, and errors that name all that is wrong."""

import asyncio
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.client import Client
from tests.http.conftest import started


@dataclass(frozen=True)
class Heard:
    status: int
    headers: Mapping[str, str]
    body: bytes


async def send(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Heard:
    """`If_Match` and the like stand for headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.session.request(
        method, client.absolute(path), json=body, headers=client.headers() | named
    ) as answer:
        return Heard(answer.status, answer.headers, await answer.read())


async def test_a_request_sent_twice_with_its_key_is_done_once_and_answered_alike(user: Client) -> None:
    first = await send(user, "POST", "/api/v1/rooms", {"name": "Friday"}, Idempotency_Key="key of a test")
    again = await send(user, "POST", "/api/v1/rooms", {"name": "Friday"}, Idempotency_Key="key of a test")
    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
    for name in ("ETag", "Location", "Content-Type"):
        assert again.headers[name] == first.headers[name]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len((await user.get("/api/v1/rooms"))["items"]) == 1


async def test_a_key_used_for_something_else_is_refused_and_is_each_persons_own(user: Client, admin: Client) -> None:
    await send(user, "POST", "/api/v1/rooms", {"name": "Friday"}, Idempotency_Key="key of a test")
    other = await send(user, "POST", "/api/v1/rooms", {"name": "Saturday"}, Idempotency_Key="key of a test")
    assert other.status == 422
    assert b"another request" in other.body
    theirs = await send(admin, "POST", "/api/v1/rooms", {"name": "Saturday"}, Idempotency_Key="key of a test")
    assert theirs.status == 201
    assert "Idempotency-Replayed" not in theirs.headers


async def test_the_same_request_ten_times_at_once_makes_one_room(user: Client) -> None:
    body = {"name": "Friday"}
    answers = await asyncio.gather(
        *(send(user, "POST", "/api/v1/rooms", body, Idempotency_Key="key of a test") for _ in range(10))
    )
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    assert len((await user.get("/api/v1/rooms"))["items"]) == 1


async def test_what_was_refused_may_be_tried_again_with_the_same_key(user: Client) -> None:
    film = await user.post("/api/v1/videos", {"title": "Film"}, 201)
    room = await user.post("/api/v1/rooms", {"name": "Friday"}, 201)
    path = f"/api/v1/rooms/{room['id']}/queue"
    body = {"video_id": film["video"]["id"]}
    before = await send(user, "POST", path, {"video_id": "nothing"}, Idempotency_Key="key of a test")
    assert before.status == 404
    assert (await send(user, "POST", path, body, Idempotency_Key="key of a test")).status != 422


async def test_a_key_that_is_none_is_refused(user: Client) -> None:
    for key in ("", "x" * 256):
        assert (await send(user, "POST", "/api/v1/rooms", {"name": "Friday"}, Idempotency_Key=key)).status == 400


async def test_answers_kept_for_repeating_outlive_a_restart_and_give_no_secret_away(
    tmp_path: Path, user: Client
) -> None:
    room = await user.post("/api/v1/rooms", {"name": "Friday"}, 201)
    made = await send(user, "POST", f"/api/v1/rooms/{room['id']}/invites", {}, Idempotency_Key="key of a test")
    token = json.loads(made.body)["url"].rpartition("/")[2]
    kept = sqlite3.connect(tmp_path / "data" / "watchparty.db").execute("SELECT * FROM replays").fetchall()
    assert len(kept) == 1
    assert token.encode() not in kept[0][3]
    assert "key of a test" not in str(kept)
    async with (
        started(tmp_path / "data") as after,
        Client(f"http://127.0.0.1:{after.port}", user.token) as same,
    ):
        again = await send(same, "POST", f"/api/v1/rooms/{room['id']}/invites", {}, Idempotency_Key="key of a test")
        assert again.body == made.body


async def test_a_request_that_the_server_stopped_under_is_not_done_again_unasked(tmp_path: Path, user: Client) -> None:
    await send(user, "POST", "/api/v1/rooms", {"name": "Friday"}, Idempotency_Key="key of a test")
    with sqlite3.connect(tmp_path / "data" / "watchparty.db") as database:
        database.execute("UPDATE replays SET answer = NULL")
    again = await send(user, "POST", "/api/v1/rooms", {"name": "Friday"}, Idempotency_Key="key of a test")
    assert again.status == 409


async def test_a_single_thing_has_a_version_that_is_asked_for_and_insisted_on(user: Client) -> None:
    me = await send(user, "GET", "/api/v1/users/me")
    tag = me.headers["ETag"]
    same = await send(user, "GET", "/api/v1/users/me", If_None_Match=tag)
    assert (same.status, same.headers["ETag"], same.body) == (304, tag, b"")
    changed = await send(user, "PATCH", "/api/v1/users/me", {"display_name": "Robert"}, If_Match=tag)
    assert changed.status == 200
    stale = await send(user, "PATCH", "/api/v1/users/me", {"display_name": "Rob"}, If_Match=tag)
    assert (stale.status, stale.headers["Content-Type"]) == (412, "application/problem+json")
    assert (await user.get("/api/v1/users/me"))["display_name"] == "Robert"
    assert (await send(user, "GET", "/api/v1/users/me", If_None_Match=tag)).status == 200


async def test_head_tells_what_get_would_and_a_wrong_method_what_there_is(user: Client) -> None:
    got, head = await send(user, "GET", "/api/v1/users/me"), await send(user, "HEAD", "/api/v1/users/me")
    assert (head.status, head.headers["ETag"], head.body) == (200, got.headers["ETag"], b"")
    for method in ("DELETE", "TRACE"):
        wrong = await send(user, method, "/api/v1/rooms")
        assert (wrong.status, wrong.headers["Allow"]) == (405, "GET,HEAD,POST")


async def test_nothing_private_is_kept_by_caches(user: Client) -> None:
    assert (await send(user, "GET", "/api/v1/users/me")).headers["Cache-Control"] == "private, no-cache"
    assert (await send(user, "POST", "/api/v1/rooms", {"name": "x"})).headers["Cache-Control"] == "no-store"


async def test_all_that_is_wrong_is_said_at_once_in_words_that_people_understand(user: Client) -> None:
    body = {
        "name": 5,
        "admission": "ajar",
        "rights": {"play": "everyone", "seek": "host", "dance": "host"},
        "slow_mode": -1,
        "colour": "red",
    }
    problem = await user.post("/api/v1/rooms", body, 422)
    assert {error["pointer"]: error["detail"] for error in problem["errors"]} == {
        "/name": "It must be text, not a whole number.",
        "/admission": "It must be one of open, approval, invite.",
        "/rights/play": "It must be one of guest, member, cohost, host.",
        "/rights/dance": "There is no such field.",
        "/slow_mode": "It must be 0 or more.",
        "/colour": "There is no such field.",
    }


async def test_a_wrong_query_is_told_like_a_wrong_body(user: Client) -> None:
    problem = await user.get("/api/v1/videos?limit=1000&sort=loudest&status=lost", 422)
    assert {error["pointer"] for error in problem["errors"]} == {"/limit", "/sort", "/status"}
    assert "It must be 100 or less." in str(problem)
