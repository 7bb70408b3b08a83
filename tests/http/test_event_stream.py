"""What one hears while one listens, and what not."""

import asyncio
import contextlib
import socket
from pathlib import Path

import pytest

from tests.client import Client
from tests.films import Films
from tests.http.conftest import setup_token, started
from tests.listening import Heard, Listening
from watchparty.http import events as routes
from watchparty.services import event_stream


async def bell(client: Client, name: str = "Bell") -> None:
    """Something that everybody hears."""
    await client.post("/api/v1/rooms", {"name": name, "admission": "open"}, 201)


def names(heard: list[Heard]) -> list[tuple[str, str]]:
    """What happened; that somebody was told something is theirs alone, and has tests of its own."""
    said = [each for each in heard if each.name != "notification"]
    return [(each.name, each.data.get("title") or each.data.get("name") or each.data["subject"]) for each in said]


async def test_everybody_hears_what_is_theirs_and_what_is_open_and_nothing_else(
    admin: Client, user: Client, films: Films
) -> None:
    async with contextlib.AsyncExitStack() as stack:
        cleo = await stack.enter_async_context(Client(admin.url))
        await cleo.register("cleo")
        ears = [await stack.enter_async_context(Listening.open(each)) for each in (admin, user, cleo)]
        private = await user.post("/api/v1/videos", {"title": "Diary"}, 201)
        await user.post("/api/v1/rooms", {"name": "Secret", "admission": "invite"}, 201)
        await user.ready(films.h264, title="Open", visibility="public")
        await user.call("DELETE", f"/api/v1/videos/{private['video']['id']}", status=204)
        await bell(user)
        ada, bob, other = [names(await ear.until("RoomCreated", name="Bell")) for ear in ears]
    assert ("VideoCreated", "Diary") in bob and ("VideoDeleted", "Diary") in bob
    assert [name for name, title in bob if title == "Open"][:3] == ["VideoCreated", "VideoUploaded", "VideoChanged"]
    assert ("VideoProcessed", "Open") in bob and ("RoomCreated", "Secret") in bob
    assert {"JobStarted", "JobCompleted"} <= {name for name, _ in bob}
    assert ada == bob  # administrators hear it all
    # A poster, or another word about it, may come after it.
    assert [each for each in other if each != ("VideoChanged", "Open")] == [
        ("VideoProcessed", "Open"),
        ("RoomCreated", "Bell"),
    ]


async def test_only_administrators_hear_of_new_accounts(admin: Client, user: Client) -> None:
    async with Listening.open(admin) as ada, Listening.open(user) as bob, Client(admin.url) as cleo:
        account = (await cleo.register("cleo"))["user"]
        await bell(admin)
        (heard, _), (bells,) = await ada.until("RoomCreated"), await bob.until("RoomCreated")
    assert (heard.name, heard.data["subject"], heard.data["username"]) == ("UserRegistered", account["id"], "cleo")
    assert bells.data["name"] == "Bell"


async def test_who_is_not_signed_in_and_who_is_a_guest_hears_nothing(admin: Client, nobody: Client) -> None:
    room = await admin.post("/api/v1/rooms", {"name": "Friday", "admission": "open"}, 201)
    made = await admin.post(f"/api/v1/rooms/{room['id']}/invites", {}, 201)
    joined = await nobody.post("/api/v1/rooms/join", {"pin": made["pin"], "name": "Guest"}, 201)
    async with Listening.open(nobody, status=401):
        guest = Client(admin.url, joined["access_token"])
    async with guest, Listening.open(guest, status=403):
        pass


async def test_whoever_belonged_to_a_closed_room_hears_of_its_end(admin: Client, user: Client) -> None:
    room = await admin.post("/api/v1/rooms", {"name": "Friday", "admission": "invite"}, 201)
    made = await admin.post(f"/api/v1/rooms/{room['id']}/invites", {}, 201)
    await user.post("/api/v1/rooms/join", {"pin": made["pin"]})
    async with Listening.open(user) as bob:
        await admin.call("DELETE", f"/api/v1/rooms/{room['id']}", status=204)
        heard = await bob.next()
    assert (heard.name, heard.data["subject"]) == ("RoomEnded", room["id"])


async def test_how_far_a_job_is_can_be_followed_by_its_owner(admin: Client, user: Client, films: Films) -> None:
    video = await user.ready(films.h264)
    async with Listening.open(user) as bob:
        made = await user.post(f"/api/v1/videos/{video['id']}/extract-audio", {"format": "flac"}, 202)
        job_id = made["job"]["id"]
        heard = await bob.until("JobCompleted", subject=job_id)
    of_job = [each for each in heard if each.data.get("subject") == job_id]
    assert [each.name for each in of_job if each.id] == ["JobQueued", "JobStarted", "JobCompleted"]
    progress = [each.data["progress"] for each in of_job if each.name == "JobProgressed"]
    assert progress == sorted(progress) and all(0 <= each <= 1 for each in progress)


async def test_who_comes_back_is_told_what_happened_meanwhile_once_and_in_order(admin: Client, user: Client) -> None:
    async with Listening.open(user) as bob:
        await bell(user, "one")
        last = (await bob.until("RoomCreated"))[-1].id
    for name in ("two", "three"):
        await bell(user, name)
    async with Listening.open(user, after=last) as bob:
        await bell(user, "four")
        heard = await bob.until("RoomCreated", name="four")
    assert [each.data["name"] for each in heard] == ["two", "three", "four"]
    assert [int(each.id) for each in heard] == [int(last) + number for number in (1, 2, 3)]


async def test_the_query_says_it_too(admin: Client) -> None:
    await bell(admin)
    url = admin.absolute("/api/v1/events?last_event_id=0")
    async with admin.session.get(url, headers=admin.headers()) as answer:
        heard = await Listening(answer).until("RoomCreated")
    assert heard[0].name == "UserRegistered"
    await admin.get("/api/v1/events?last_event_id=minus", 422)


async def test_nobody_is_told_afterwards_of_what_is_private_by_now(admin: Client, user: Client, films: Films) -> None:
    video = await admin.ready(films.h264, title="Open", visibility="public")
    room = await admin.post("/api/v1/rooms", {"name": "Open", "admission": "open"}, 201)
    async with Listening.open(user, after="0") as bob:
        heard = names(await bob.until("RoomCreated", name="Open"))
        assert ("VideoProcessed", "Open") in heard
    await admin.call("PATCH", f"/api/v1/videos/{video['id']}", {"visibility": "private"})
    await admin.call("PATCH", f"/api/v1/rooms/{room['id']}", {"admission": "invite"})
    await bell(admin)
    async with Listening.open(user, after="0") as bob:
        heard = names(await bob.until("RoomCreated", name="Bell"))
    assert [each for each in heard if each[1] == "Open"] == []


async def test_who_was_away_too_long_is_told_to_ask_anew(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Listening.open(admin, after="999") as ada:  # of a database that was put back to an older copy
        await ada.until("missed")
        await bell(admin)
        await ada.until("RoomCreated")
    monkeypatch.setattr(event_stream, "PAGE", 2)
    monkeypatch.setattr(event_stream, "MOST_REPLAYED", 4)
    for number in range(6):
        await bell(admin, str(number))
    async with Listening.open(admin, after="0") as ada:
        heard = [await ada.next() for _ in range(5)]
        assert [each.name for each in heard][-1] == "missed"
        await bell(admin, "after")
        assert (await ada.next()).data["name"] == "after"


async def test_the_stream_ends_with_the_session_and_no_sooner(admin: Client, user: Client) -> None:
    async with Listening.open(user) as bob, Listening.open(admin) as ada:
        await user.post("/api/v1/auth/logout", status=204)
        await bob.ends()
        await bell(admin)
        await ada.until("RoomCreated")


async def test_a_server_that_stops_ends_the_streams_in_good_order(tmp_path: Path) -> None:
    async with contextlib.AsyncExitStack() as stack:
        async with started(tmp_path / "data") as running:
            ada = await stack.enter_async_context(Client(f"http://127.0.0.1:{running.port}"))
            await ada.setup(setup_token(running))
            listening = await stack.enter_async_context(Listening.open(ada))
            ending = asyncio.create_task(listening.ends())
        await ending


async def test_who_opens_too_many_loses_the_oldest(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "MOST_OF_ONE", 2)
    async with Listening.open(admin) as first, Listening.open(admin) as second, Listening.open(admin) as third:
        await first.ends()
        await bell(admin)
        for each in (second, third):
            await each.until("RoomCreated", name="Bell")


async def test_a_line_takes_no_more_when_nobody_reads_at_the_other_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "LONGEST_QUEUE", 10_000)
    ours, theirs = socket.socketpair()
    with theirs:
        transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, sock=ours)
        line = routes.EventLine(transport, chunked=True)
        while line.write(b"x" * 1000):
            assert transport.get_write_buffer_size() < 12_000
        line.drop()
        assert line.ended.is_set() and line.write(b"x") is not False


async def test_head_answers_at_once(admin: Client) -> None:
    async with admin.session.head(admin.absolute("/api/v1/events"), headers=admin.headers()) as answer:
        assert (answer.status, answer.content_type) == (200, "text/event-stream")
