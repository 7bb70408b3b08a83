"""What counts as a view, and what people have watched."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.client import Client
from tests.films import Films
from tests.http.conftest import setup_token
from tests.http.test_bad_days import WallClock, guest_token, room_with
from tests.party_client import PartyClient
from watchparty.app import serving
from watchparty.settings import Settings

WATCHED = {"watched_seconds": 12}


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
async def ada(tmp_path: Path, clock: WallClock) -> AsyncIterator[Client]:
    """The administrator of a server whose clock can be set."""
    settings = Settings(data=str(tmp_path / "data"), host="127.0.0.1", port=0)
    async with serving(settings, clock) as running, Client(f"http://127.0.0.1:{running.port}") as client:
        await client.setup(setup_token(running))
        yield client


async def fetch(client: Client, video_id: str, seconds: float) -> None:
    """As a player does: playlists, then segments until so much of the film has come."""
    master = await client.master(video_id)
    base = master.rsplit("/", 1)[0]
    media = re.findall(r"^[^#].*m3u8$", (await client.bytes(master)).decode(), re.MULTILINE)[0]
    playlist = (await client.bytes(f"{base}/{media}")).decode()
    for length, name in re.findall(r"#EXTINF:([\d.]+),\n(\S+)", playlist):
        if seconds <= 0:
            return
        await client.bytes(f"{base}/{media.rsplit('/', 1)[0]}/{name}")
        seconds -= float(length)


async def test_a_view_counts_once_an_hour_for_those_who_fetched_what_they_watched(
    ada: Client, films: Films, clock: WallClock
) -> None:
    video = await ada.ready(films.h264)
    path = f"/api/v1/videos/{video['id']}/views"
    nothing = {"views": 0, "counted": False}
    assert await ada.post(path, WATCHED) == nothing
    await ada.master(video["id"])
    assert await ada.post(path, WATCHED) == nothing
    for _ in range(3):
        await fetch(ada, video["id"], 1)  # the same seconds again and again
    assert await ada.post(path, WATCHED) == nothing
    await fetch(ada, video["id"], 12)
    assert await ada.post(path, {"watched_seconds": 9}) == nothing
    assert await ada.post(path, WATCHED) == {"views": 1, "counted": True}
    await fetch(ada, video["id"], 12)
    assert await ada.post(path, WATCHED) == {"views": 1, "counted": False}
    clock.set_by = 3601
    assert await ada.post(path, WATCHED) == {"views": 2, "counted": True}
    clock.set_by = 7300
    assert await ada.post(path, WATCHED) == {"views": 2, "counted": False}
    assert (await ada.get(f"/api/v1/videos/{video['id']}"))["views"] == 2
    for wrong in ({}, {"watched_seconds": -1}, {"watched_seconds": "x"}):
        await ada.post(path, wrong, 422)


async def test_guests_of_a_room_count_too(ada: Client, films: Films) -> None:
    room_id = await room_with(ada, films.h264)
    video_id = (await ada.get("/api/v1/videos"))["items"][0]["id"]
    token = await guest_token(ada.url, room_id, "Gus")
    async with PartyClient.open(ada.url, room_id, token), Client(ada.url, token) as guest:
        await fetch(guest, video_id, 12)
        assert await guest.post(f"/api/v1/videos/{video_id}/views", WATCHED) == {"views": 1, "counted": True}


async def test_what_one_has_watched_is_listed_and_forgotten(ada: Client, films: Films) -> None:
    begun, over = await ada.ready(films.h264, title="Begun"), await ada.ready(films.h264, title="Over")
    hidden = await ada.ready(films.silent, title="Hidden", visibility="public")
    async with Client(ada.url) as bob:
        await bob.register("bob")
        await bob.call("PUT", f"/api/v1/videos/{hidden['id']}/position", {"position": 1}, 204)
        assert [one["video"]["title"] for one in (await bob.get("/api/v1/history"))["items"]] == ["Hidden"]
        await ada.call("PATCH", f"/api/v1/videos/{hidden['id']}", {"visibility": "private"})
        assert (await bob.get("/api/v1/history"))["items"] == []
    for video, position in ((begun, 5.0), (over, 19.5)):
        await ada.call("PUT", f"/api/v1/videos/{video['id']}/position", {"position": position}, 204)
    first = await ada.get("/api/v1/history?limit=1")
    assert [(one["video"]["title"], one["position"], one["finished"]) for one in first["items"]] == [
        ("Over", 19.5, True)
    ]
    rest = await ada.get(f"/api/v1/history?limit=1&cursor={first['next_cursor']}")
    assert [(one["video"]["title"], one["finished"]) for one in rest["items"]] == [("Begun", False)]
    unfinished = (await ada.get("/api/v1/history?unfinished=true"))["items"]
    assert [one["video"]["title"] for one in unfinished] == ["Begun"]
    listed = {one["title"]: one["position"] for one in (await ada.get("/api/v1/videos"))["items"]}
    assert listed == {"Begun": 5.0, "Over": 19.5, "Hidden": None}
    await ada.call("DELETE", f"/api/v1/history/{over['id']}", status=204)
    await ada.call("DELETE", f"/api/v1/history/{over['id']}", status=404)
    assert [one["video"]["title"] for one in (await ada.get("/api/v1/history"))["items"]] == ["Begun"]
    await ada.call("DELETE", "/api/v1/history", status=204)
    assert (await ada.get("/api/v1/history"))["items"] == []
