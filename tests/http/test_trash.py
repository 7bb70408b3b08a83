"""Deleted films: out of sight at once, back for the asking, truly gone a week later."""

import time
from pathlib import Path
from typing import Any

from tests.client import Client
from tests.films import Films
from tests.http.conftest import setup_token
from tests.http.test_bad_days import DAY, WallClock
from tests.http.test_library import files_below
from watchparty.app import serving
from watchparty.settings import Settings

ROOM = {"name": "Friday", "admission": "open", "control": "everyone"}


async def delete(client: Client, video: Any, how: str = "") -> None:
    await client.call("DELETE", f"/api/v1/videos/{video['id']}{how}", status=204)


async def test_a_deleted_film_is_nowhere_and_comes_back_as_it_was(admin: Client, user: Client, films: Films) -> None:
    video = await admin.ready(films.h264, title="Stalker", tags=["zone"], visibility="public")
    path = f"/api/v1/videos/{video['id']}"
    await admin.until(path, "poster_url")
    await user.call("PUT", f"{path}/position", {"position": 5}, 204)
    room = await user.post("/api/v1/rooms", {**ROOM, "video_id": video["id"]}, 201)
    master = await user.master(video["id"])
    await delete(admin, video)
    await user.bytes(master, 403)
    for after in ("", "/status", "/hls", "/position", "/asset?kind=original", "/subtitles"):
        await admin.get(path + after, 404)
    await admin.call("PATCH", path, {"title": "x"}, 404)
    await admin.call("DELETE", path, status=404)
    await admin.post(f"{path}/extract-audio", {"format": "mp3"}, 404)
    await admin.post(f"{path}/views", {"watched_seconds": 10}, 404)
    for empty in ("videos", "videos?q=stalker", "videos?tag=zone", "tags", "history", "jobs"):
        assert (await admin.get(f"/api/v1/{empty}"))["items"] == []
    assert (await user.get("/api/v1/history"))["items"] == []
    assert (await admin.get("/api/v1/admin/stats"))["videos"] == []
    assert (await user.get(f"/api/v1/rooms/{room['id']}"))["video_id"] is None
    await user.post(f"/api/v1/rooms/{room['id']}/queue", {"video_id": video["id"]}, 404)
    trash = (await admin.get("/api/v1/videos/trash"))["items"]
    assert [one["title"] for one in trash] == ["Stalker"] and trash[0]["gone_at"] > trash[0]["deleted_at"]
    assert (await user.get("/api/v1/videos/trash"))["items"] == []
    await user.post(f"{path}/restore", status=404)
    back = await admin.post(f"{path}/restore")
    assert {**back, "poster_url": "", "updated_at": ""} == {
        **await admin.get(path),
        "poster_url": "",
        "updated_at": "",
    }
    assert (back["status"], back["tags"], back["visibility"]) == ("ready", ["zone"], "public")
    await admin.bytes(await user.master(video["id"]))
    assert (await user.get(f"{path}/position"))["position"] == 5
    assert [one["title"] for one in (await user.get("/api/v1/videos?q=stalker"))["items"]] == ["Stalker"]
    await admin.post(f"{path}/restore", status=404)


async def test_a_film_deleted_while_it_was_prepared_is_prepared_once_it_is_back(admin: Client, films: Films) -> None:
    video = await admin.upload(films.h264)
    await delete(admin, video)
    assert (await admin.get("/api/v1/jobs"))["items"] == []
    await admin.post(f"/api/v1/videos/{video['id']}/restore")
    assert (await admin.until_settled(video["id"]))["status"] == "ready"


async def test_an_upload_to_a_deleted_film_is_refused(admin: Client, films: Films, tmp_path: Path) -> None:
    made = await admin.post("/api/v1/videos", {"filename": "late.mp4"}, 201)
    await delete(admin, made["video"])
    url = admin.absolute(made["upload"]["url"])
    async with admin.session.put(url, data=films.silent.read_bytes()) as answer:
        assert answer.status == 409
    assert not files_below(tmp_path / "data")
    assert (await admin.post(f"/api/v1/videos/{made['video']['id']}/restore"))["status"] == "pending"


async def test_films_go_for_good_from_the_trash_and_from_the_library(
    admin: Client, user: Client, films: Films, tmp_path: Path
) -> None:
    one, two, three = [await admin.ready(films.silent, visibility="public") for _ in range(3)]
    await user.call("DELETE", f"/api/v1/videos/{one['id']}?forever=true", status=403)
    await delete(admin, one)
    await user.call("DELETE", f"/api/v1/videos/{one['id']}?forever=true", status=404)
    for video in (one, two):
        await delete(admin, video, "?forever=true")
    await delete(admin, three)
    assert files_below(tmp_path / "data")
    await admin.call("DELETE", "/api/v1/videos/trash", status=204)
    assert (await admin.get("/api/v1/videos/trash"))["items"] == []
    assert not files_below(tmp_path / "data")
    await admin.post(f"/api/v1/videos/{one['id']}/restore", status=404)


async def test_the_trash_empties_itself_after_a_week_whatever_happened_meanwhile(films: Films, tmp_path: Path) -> None:
    settings = Settings(data=str(tmp_path / "data"), host="127.0.0.1", port=0)
    async with serving(settings) as running, Client(f"http://127.0.0.1:{running.port}") as admin:
        await admin.setup(setup_token(running))
        video, kept = await admin.ready(films.silent), await admin.ready(films.silent)
        await admin.call("PATCH", f"/api/v1/videos/{video['id']}", {"keep_ready": True})
        await delete(admin, video)
    cache = tmp_path / "data" / "cache" / "segments"
    orphan = cache / "gone" / "360p" / "00000.m4s"
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"left behind")
    async with serving(settings) as running, Client(f"http://127.0.0.1:{running.port}", admin.token) as admin:
        assert len((await admin.get("/api/v1/videos/trash"))["items"]) == 1
        assert (await admin.post(f"/api/v1/videos/{video['id']}/restore"))["status"] == "ready"
        await admin.bytes(await admin.master(video["id"]))
        await delete(admin, video)
    clock = WallClock()
    clock.set_by = 7 * DAY + 60
    async with serving(settings, clock) as running, Client(f"http://127.0.0.1:{running.port}") as admin:
        await admin.login()
        until = time.monotonic() + 30
        while (await admin.get("/api/v1/videos/trash"))["items"] or orphan.exists() or _of(video, tmp_path):
            assert time.monotonic() < until, "It is still there."
        assert [one["id"] for one in (await admin.get("/api/v1/videos"))["items"]] == [kept["id"]]
        assert _of(kept, tmp_path)


def _of(video: Any, folder: Path) -> list[Path]:
    """What lies on the disk for a film."""
    return [path for path in (folder / "data").rglob("*") if video["id"] in str(path) and path.is_file()]
