"""A room's queue from outside: over the socket and over HTTP, with good and bad intent."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.client import Client
from tests.films import Films
from tests.http.conftest import started
from tests.party_client import PartyClient
from watchparty.domain.queue import LONGEST_QUEUE

ROOM = {"name": "Friday", "admission": "open", "control": "everyone"}


@pytest.fixture
async def film(admin: Client, films: Films) -> Any:
    """The administrator's film, private, with its poster."""
    video = await admin.ready(films.silent)
    await admin.until(f"/api/v1/videos/{video['id']}", "poster_url")
    return video


@pytest.fixture
async def room(admin: Client) -> Any:
    """The administrator's room, open, with no film in it."""
    return await admin.post("/api/v1/rooms", ROOM, 201)


def path(room: Any, rest: str = "") -> str:
    return f"/api/v1/rooms/{room['id']}/queue{rest}"


async def test_a_program_keeps_a_queue_and_the_room_hears_of_it(
    admin: Client, host: PartyClient, room: Any, film: Any
) -> None:
    first = await admin.post(path(room), {"video_id": film["id"]}, 201)
    assert (first["title"], first["status"], first["by"]) == (film["title"], "ready", host.you["id"])
    assert first["poster_url"]
    told = await host.hears("queue")
    assert told["items"] == [{key: value for key, value in first.items() if key != "poster_url"}]
    second = await admin.post(path(room), {"video_id": film["id"]}, 201)
    moved = await admin.call("PATCH", path(room, f"/{second['id']}"), {"index": 0})
    assert [item["id"] for item in moved["items"]] == [second["id"], first["id"]]
    await admin.call("DELETE", path(room, f"/{second['id']}"), status=204)
    left = await admin.post(path(room, "/next"))
    assert left == {"items": [], "next_cursor": None}
    assert (await host.hears("timeline"))["video_id"] == film["id"]


async def test_a_queue_can_be_kept_while_nobody_is_there_and_is_there_after_a_restart(
    tmp_path: Path, films: Films
) -> None:
    folder = tmp_path / "data"
    async with started(folder) as server, Client(f"http://127.0.0.1:{server.port}") as ada:
        assert server.setup_url
        await ada.setup(server.setup_url.split("token=")[1])
        film = await ada.ready(films.silent)
        room = await ada.post("/api/v1/rooms", ROOM, 201)
        items = [(await ada.post(path(room), {"video_id": film["id"]}, 201))["id"] for _ in range(3)]
        await ada.call("PATCH", path(room, f"/{items[2]}"), {"index": 0})
        before = await ada.get(path(room))
    async with started(folder) as server, Client(f"http://127.0.0.1:{server.port}") as ada:
        await ada.login()
        after = await ada.get(path(room))
        assert [item["id"] for item in after["items"]] == [item["id"] for item in before["items"]]
        assert [item["id"] for item in after["items"]] == [items[2], items[0], items[1]]
        async with PartyClient.open(ada.url, room["id"], ada.token or "") as host:
            assert [item["id"] for item in host.heard[0]["queue"]] == [items[2], items[0], items[1]]
            assert host.timeline["cause"] == "restart" or host.timeline["position"] == 0


async def test_a_queued_film_is_open_to_people_in_the_room_and_closed_when_it_is_taken_out(
    host: PartyClient, bob: PartyClient, user: Client, film: Any
) -> None:
    await user.get(f"/api/v1/videos/{film['id']}", 404)
    await host.send("queue", op="add", video_id=film["id"])
    item = (await bob.hears("queue"))["items"][0]
    master = await user.master(film["id"])
    await user.bytes(master)
    await host.send("queue", op="remove", item_id=item["id"])
    await bob.hears("queue", lambda words: not words["items"])
    await user.bytes(master, 403)
    await user.get(f"/api/v1/videos/{film['id']}/hls", 404)


async def test_seeing_a_film_in_one_room_lets_nobody_queue_it_anywhere(
    host: PartyClient, bob: PartyClient, user: Client, film: Any, room: Any
) -> None:
    await host.send("queue", op="add", video_id=film["id"])
    await bob.hears("queue")
    own = await user.post("/api/v1/rooms", {**ROOM, "name": "Bob's"}, 201)
    await user.post(path(own), {"video_id": film["id"]}, 404)
    # Nor here, where it would stay open after its owner took it out.
    await user.post(path(room), {"video_id": film["id"]}, 404)
    await bob.send("queue", op="add", video_id=film["id"])
    assert (await bob.hears("error"))["code"] == "no_such_video"
    # What was queued by somebody who may show it can be put on by anybody who may steer.
    await bob.command("load", video_id=film["id"])
    assert (await bob.hears("timeline"))["video_id"] == film["id"]


async def test_guests_see_what_comes_next_and_add_nothing_they_may_not_see(
    admin: Client, nobody: Client, host: PartyClient, room: Any, film: Any
) -> None:
    await host.send("queue", op="add", video_id=film["id"])
    await host.hears("queue")
    answer = await nobody.post(f"/api/v1/rooms/{room['id']}/access-requests", {"name": "Gus"}, 201)
    async with Client(admin.url, answer["session"]["access_token"]) as guest:
        seen = await guest.get(path(room))
        assert [item["title"] for item in seen["items"]] == [film["title"]]
        async with PartyClient.open(guest.url, room["id"], guest.token or "") as gus:
            await gus.send("queue", op="add", video_id=film["id"])
            assert (await gus.hears("error"))["code"] == "no_such_video"
            poster = (await guest.get(path(room)))["items"][0]["poster_url"]
            assert (await guest.bytes(poster))[:2] == b"\xff\xd8"


async def test_strangers_neither_see_nor_change_a_queue(user: Client, nobody: Client, room: Any, film: Any) -> None:
    for client, status in ((user, 403), (nobody, 401)):
        await client.get(path(room), status)
        await client.post(path(room), {"video_id": film["id"]}, status)
        await client.post(path(room, "/next"), {}, status)
        await client.call("PATCH", path(room, "/x"), {"index": 0}, status=status)
        await client.call("DELETE", path(room, "/x"), status=status)
    await user.get("/api/v1/rooms/nowhere/queue", 404)


async def test_where_hosts_steer_members_change_nothing_but_what_they_added(
    admin: Client, user: Client, bob: PartyClient, room: Any, film: Any, films: Films
) -> None:
    theirs = await user.ready(films.silent)
    mine = await user.post(path(room), {"video_id": theirs["id"]}, 201)
    item = await admin.post(path(room), {"video_id": film["id"]}, 201)
    await admin.call("PATCH", f"/api/v1/rooms/{room['id']}", {"control": "hosts"})
    await user.post(path(room), {"video_id": theirs["id"]}, 403)
    await user.post(path(room, "/next"), {}, 403)
    await user.call("PATCH", path(room, f"/{item['id']}"), {"index": 0}, status=403)
    await user.call("DELETE", path(room, f"/{item['id']}"), status=403)
    await user.call("DELETE", path(room, f"/{mine['id']}"), status=204)


@pytest.mark.parametrize(
    ("method", "rest", "body", "status"),
    [
        ("POST", "", {"video_id": "nothing"}, 404),
        ("POST", "", {"video_id": None}, 422),
        ("POST", "", {}, 422),
        ("POST", "", {"video_id": "x", "index": 1}, 422),
        ("POST", "/next", {}, 409),
        ("POST", "/next", {"item_id": "nothing"}, 404),
        ("POST", "/next", {"item_id": 5}, 422),
        ("PATCH", "/nothing", {"index": 0}, 404),
        ("PATCH", "/nothing", {"index": -1}, 422),
        ("PATCH", "/nothing", {"index": 1.5}, 422),
        ("PATCH", "/nothing", {}, 422),
        ("DELETE", "/nothing", None, 404),
    ],
)
async def test_what_makes_no_sense_is_refused_with_a_sentence(
    admin: Client, room: Any, method: str, rest: str, body: Any, status: int
) -> None:
    problem = await admin.call(method, path(room, rest), body, status=status)
    assert problem["status"] == status and problem["detail"]


async def test_senseless_wishes_on_the_socket_are_answered_and_change_nothing(
    admin: Client, host: PartyClient, room: Any, film: Any
) -> None:
    await host.send("queue", op="add", video_id=film["id"])
    item = (await host.hears("queue"))["items"][0]["id"]
    wishes: list[tuple[dict[str, Any], str]] = [
        ({"op": "add", "video_id": "nothing"}, "no_such_video"),
        ({"op": "add", "item_id": "nothing"}, "no_such_item"),
        ({"op": "remove", "item_id": "nothing"}, "no_such_item"),
        ({"op": "move", "item_id": "nothing", "index": 0}, "no_such_item"),
        ({"op": "move", "item_id": item, "index": -1}, "bad_message"),
        ({"op": "next", "item_id": "nothing"}, "no_such_item"),
        ({"op": "stay"}, "not_counting"),
        ({"op": "vote", "on": True}, "not_watching"),
        ({"op": "vote"}, "bad_message"),
    ]
    for fields, code in wishes:
        await host.send("queue", **fields)
        assert (await host.hears("error"))["code"] == code, fields
    assert [left["id"] for left in (await admin.get(path(room)))["items"]] == [item]


async def test_a_thousand_films_are_told_to_stop_at_two_hundred(
    admin: Client, host: PartyClient, room: Any, film: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Sent without a pause: most of it is held back as too much at once, and the rest by the queue's length."""
    for _ in range(100):
        await host.send("queue", op="add", video_id=film["id"])
    await host.hears("error", lambda words: words["code"] == "too_many")
    told = len(host.all("queue"))
    assert told < 60
    have = len((await admin.get(path(room)))["items"])
    for _ in range(LONGEST_QUEUE - have):
        await admin.post(path(room), {"video_id": film["id"]}, 201)
    problem = await admin.post(path(room), {"video_id": film["id"]}, 409)
    assert "200" in problem["detail"]
    last = await host.hears("queue", lambda words: len(words["items"]) == LONGEST_QUEUE)
    assert len({item["id"] for item in last["items"]}) == LONGEST_QUEUE
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_deleted_film_leaves_queues_at_once(admin: Client, host: PartyClient, room: Any, film: Any) -> None:
    await host.send("queue", op="add", video_id=film["id"])
    await host.hears("queue", lambda words: len(words["items"]) == 1)
    await admin.call("DELETE", f"/api/v1/videos/{film['id']}", status=204)
    assert (await host.hears("queue"))["items"] == []
    assert (await admin.get(path(room)))["items"] == []


async def test_a_new_title_is_told_to_the_room(admin: Client, host: PartyClient, film: Any) -> None:
    await host.send("queue", op="add", video_id=film["id"])
    await host.hears("queue")
    await admin.call("PATCH", f"/api/v1/videos/{film['id']}", {"title": "Another title"})
    assert (await host.hears("queue"))["items"][0]["title"] == "Another title"


async def test_a_film_still_being_prepared_is_queued_and_marked_ready_when_it_is(
    admin: Client, host: PartyClient, films: Films
) -> None:
    made = await admin.post("/api/v1/videos", {"filename": "later.mp4", "size": films.silent.stat().st_size}, 201)
    await host.send("queue", op="add", video_id=made["video"]["id"])
    assert (await host.hears("queue"))["items"][0]["status"] == "preparing"
    with films.silent.open("rb") as data:
        async with admin.session.put(admin.absolute(made["upload"]["url"]), data=data) as answer:
            assert answer.status == 200
    ready = await host.hears("queue", lambda words: words["items"][0]["status"] == "ready", seconds=30)
    assert ready["items"][0]["duration"]


async def test_the_beginning_of_the_next_film_is_made_before_anybody_asks_for_it(
    admin: Client, host: PartyClient, films: Films
) -> None:
    film = await admin.ready(films.vp9)
    await host.send("queue", op="add", video_id=film["id"])
    await host.hears("queue")
    async with asyncio.timeout(30):
        while not any(
            rendition["mode"] == "encode" and rendition["ready_segments"]
            for rendition in (await admin.get(f"/api/v1/videos/{film['id']}/status"))["renditions"]
        ):
            await asyncio.sleep(0.1)
