"""Films kept ready, what they take of the disk, and what is made ahead of rooms."""

import asyncio
import io
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.client import Client
from tests.films import Films, picture, tone
from tests.http.conftest import setup_token, started
from tests.party_client import PartyClient
from watchparty.app import Running


@pytest.fixture
def two_rungs(films: Films) -> Path:
    """AVI, MPEG-4 part 2 640x480 at 25 frames a second, MP3, 9 s: encoded in two sizes, and its sound."""
    return films.made("two_rungs.avi", *picture(9, "640x480"), *tone(9), "-c:v", "mpeg4", "-q:v", "5")


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    """A server that makes nothing in the background by itself."""
    async with started(tmp_path / "data", background=False) as server:
        yield server


@pytest.fixture
async def admin(tmp_path: Path) -> AsyncIterator[Client]:
    """The administrator of a server that makes nothing in the background by itself, and may keep little."""
    async with (
        started(tmp_path / "little", background=False, segment_cache=200_000) as running,
        Client(local(running)) as client,
    ):
        await client.setup(setup_token(running))
        yield client


def local(running: Running) -> str:
    return f"http://127.0.0.1:{running.port}"


async def status(client: Client, video_id: str) -> Any:
    return await client.get(f"/api/v1/videos/{video_id}/status")


def is_whole(shown: Any) -> bool:
    return all(each["ready_segments"] == each["segments"] for each in shown["renditions"])


async def until_whole(client: Client, video_id: str, seconds: float = 60) -> Any:
    until = time.monotonic() + seconds
    while not is_whole(shown := await status(client, video_id)) or shown["activity"]:
        assert time.monotonic() < until, shown
        await asyncio.sleep(0.1)
    return shown


async def keep(client: Client, video_id: str, on: bool = True) -> Any:
    return await client.call("PATCH", f"/api/v1/videos/{video_id}", {"keep_ready": on})


def cells(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "little" / "cache" / "segments").rglob("*.m4s"))


async def test_a_film_kept_ready_is_made_whole_in_every_size_and_stays_over_the_cap(
    admin: Client, two_rungs: Path, tmp_path: Path
) -> None:
    film, other = await admin.ready(two_rungs), await admin.ready(two_rungs)
    assert film["keep_ready"] is False
    assert (await keep(admin, film["id"]))["keep_ready"] is True
    shown = await until_whole(admin, film["id"])
    assert shown["keep_ready"] and {each["mode"] for each in shown["renditions"]} == {"encode"}
    assert {each["name"] for each in shown["renditions"]} == {"360p", "480p", "audio-1"}
    assert all(each["codecs"].startswith(("avc1.", "mp4a.")) for each in shown["renditions"])
    stored = sum(path.stat().st_size for path in cells(tmp_path))
    assert shown["stored_bytes"] == sum(each["stored_bytes"] for each in shown["renditions"]) == stored
    # Much more than may be kept of other films.
    assert stored > 200_000
    stats = await admin.get("/api/v1/admin/stats")
    original = two_rungs.stat().st_size
    known = {"id": film["id"], "title": film["title"], "stored_bytes": stored, "kept": True, "original_bytes": original}
    assert stats["videos"] == [known]
    usage = stats["cache"]
    assert (usage["bytes"], usage["kept_bytes"], usage["cap_bytes"]) == (0, stored, 200_000)
    assert usage["free_bytes"] > usage["floor_bytes"] > 0
    # Another film is watched meanwhile, and the cap is its alone.
    base = (await admin.master(other["id"])).rsplit("/", 1)[0]
    for index in range(3):
        assert await admin.bytes(f"{base}/480p/{index:05d}.m4s")
    assert (await admin.get("/api/v1/admin/stats"))["cache"]["bytes"] <= 200_000
    assert is_whole(await status(admin, film["id"]))


async def test_a_film_kept_ready_is_still_there_after_a_restart(tmp_path: Path, two_rungs: Path) -> None:
    async with started(tmp_path / "little", background=False) as running, Client(local(running)) as ada:
        await ada.setup(setup_token(running))
        film = await ada.ready(two_rungs)
        await keep(ada, film["id"])
        await until_whole(ada, film["id"])
        made = cells(tmp_path)
    async with (
        started(tmp_path / "little", background=False, segment_cache=1000) as running,
        Client(local(running)) as ada,
    ):
        await ada.login()
        shown = await status(ada, film["id"])
        assert shown["keep_ready"] and is_whole(shown)
        assert cells(tmp_path) == made


async def test_what_somebody_deleted_of_a_kept_film_is_made_again_at_the_next_start(
    tmp_path: Path, two_rungs: Path
) -> None:
    async with started(tmp_path / "little", background=False) as running, Client(local(running)) as ada:
        await ada.setup(setup_token(running))
        film = await ada.ready(two_rungs)
        await keep(ada, film["id"])
        await until_whole(ada, film["id"])
        made = cells(tmp_path)
    made[1].unlink()
    shutil.copytree(made[0].parent, made[0].parent.with_name("360p-of-another-encoder"))
    async with started(tmp_path / "little", background=False) as running, Client(local(running)) as ada:
        await ada.login()
        await until_whole(ada, film["id"])
        assert cells(tmp_path) == made


async def test_a_film_kept_no_longer_is_cache_again(admin: Client, two_rungs: Path) -> None:
    film = await admin.ready(two_rungs)
    await keep(admin, film["id"])
    await until_whole(admin, film["id"])
    assert (await keep(admin, film["id"], False))["keep_ready"] is False
    until = time.monotonic() + 20
    while (usage := (await admin.get("/api/v1/admin/stats"))["cache"])["bytes"] > 200_000:
        assert time.monotonic() < until
        await asyncio.sleep(0.1)
    assert usage["kept_bytes"] == 0
    assert not (await status(admin, film["id"]))["keep_ready"]


async def test_a_wish_to_keep_a_film_is_remembered_until_it_can_be_watched(admin: Client, two_rungs: Path) -> None:
    made = await admin.post("/api/v1/videos", {"filename": two_rungs.name}, 201)
    assert (await keep(admin, made["video"]["id"]))["keep_ready"] is True
    assert (await status(admin, made["video"]["id"]))["keep_ready"] is True
    async with admin.session.put(
        admin.absolute(made["upload"]["url"]), data=io.BytesIO(two_rungs.read_bytes())
    ) as answer:
        assert answer.status == 200
    await admin.until_settled(made["video"]["id"])
    await until_whole(admin, made["video"]["id"])


async def test_keeping_tells_how_far_it_is_and_ends_soon_when_it_is_called_off(
    admin: Client, films: Films, tmp_path: Path
) -> None:
    long = films.made("long.avi", *picture(120, "640x480"), *tone(120), "-c:v", "mpeg4", "-q:v", "5")
    film = await admin.ready(long)
    await keep(admin, film["id"])
    until = time.monotonic() + 60
    while not 0 < (shown := await status(admin, film["id"]))["progress"] < 1:
        assert time.monotonic() < until, shown
        await asyncio.sleep(0.05)
    assert shown["activity"] and shown["speed"] > 0 and shown["eta_seconds"] > 0
    began = time.monotonic()
    await keep(admin, film["id"], False)
    assert time.monotonic() - began < 5
    shown = await status(admin, film["id"])
    assert (shown["progress"], shown["activity"]) == (1.0, None)
    made = len(cells(tmp_path))
    await asyncio.sleep(0.5)
    assert len(cells(tmp_path)) <= made


async def test_a_deleted_film_is_deleted_whole_though_it_was_to_be_kept(
    admin: Client, two_rungs: Path, tmp_path: Path
) -> None:
    film = await admin.ready(two_rungs)
    await keep(admin, film["id"])
    while not cells(tmp_path):
        await asyncio.sleep(0.05)
    await admin.call("DELETE", f"/api/v1/videos/{film['id']}?forever=true", status=204)
    await asyncio.sleep(0.3)
    assert cells(tmp_path) == []


async def test_keeping_stops_with_a_sentence_at_the_disk_s_last_bytes_and_can_be_asked_for_again(
    admin: Client, two_rungs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = await admin.ready(two_rungs)
    with monkeypatch.context() as full:
        others_took_it_all = SimpleNamespace(free=0)
        full.setattr(shutil, "disk_usage", lambda _: others_took_it_all)
        await keep(admin, film["id"])
        until = time.monotonic() + 20
        while (shown := await status(admin, film["id"]))["activity"] != (
            "The disk has no room to keep all of this film ready."
        ):
            assert time.monotonic() < until, shown
            await asyncio.sleep(0.05)
    await keep(admin, film["id"])
    await until_whole(admin, film["id"])


async def test_only_who_may_change_a_film_has_it_kept_and_bad_words_are_refused(admin: Client, two_rungs: Path) -> None:
    film = await admin.ready(two_rungs, visibility="public")
    path = f"/api/v1/videos/{film['id']}"
    async with Client(admin.url) as nobody:
        await nobody.call("PATCH", path, {"keep_ready": True}, 401)
        await nobody.get("/api/v1/admin/stats", 401)
    async with Client(admin.url) as bob:
        await bob.register("bob")
        await bob.call("PATCH", path, {"keep_ready": True}, 403)
        await bob.get("/api/v1/admin/stats", 403)
        assert (await bob.get(path))["keep_ready"] is False
    bad: list[Any] = ["yes", 1, [], {}]
    for wrong in bad:
        refused = await admin.call("PATCH", path, {"keep_ready": wrong}, 422)
        assert refused["errors"][0]["pointer"] == "/keep_ready"
    await admin.call("PATCH", "/api/v1/videos/nowhere", {"keep_ready": True}, 404)
    assert (await admin.call("PATCH", path, {"keep_ready": None}))["keep_ready"] is False


async def test_a_room_that_waits_to_start_has_its_first_half_minute_made(
    running: Running, nobody: Client, two_rungs: Path
) -> None:
    admin = nobody
    await admin.setup(setup_token(running))
    film = await admin.ready(two_rungs)
    room = await admin.post("/api/v1/rooms", {"name": "Friday", "video_id": film["id"]}, 201)
    ready = {each["name"]: each["ready_segments"] for each in (await status(admin, film["id"]))["renditions"]}
    assert set(ready.values()) == {0}
    async with PartyClient.open(admin.url, room["id"], admin.token or ""):
        until = time.monotonic() + 30
        while True:
            shown = (await status(admin, film["id"]))["renditions"]
            by_name = {each["name"]: each["ready_segments"] == each["segments"] for each in shown}
            if by_name["360p"] and by_name["audio-1"]:
                break
            assert time.monotonic() < until, shown
            await asyncio.sleep(0.1)
        # Nobody has asked for the larger one.
        assert next(each for each in shown if each["name"] == "480p")["ready_segments"] == 0
