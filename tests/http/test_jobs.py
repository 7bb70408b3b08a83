"""Operations and the queue, as a program or the jobs page uses them."""

import asyncio
import time
from pathlib import Path
from typing import Any

import av
import pytest

from tests.client import Client
from tests.films import Films
from tests.http.conftest import setup_token, started

SLOW = {"container": "mp4", "video_codec": "hevc"}


async def until(client: Client, job_id: str, *statuses: str, seconds: float = 60) -> Any:
    """The job, once it is in one of these states."""
    end = time.monotonic() + seconds
    while (job := await client.get(f"/api/v1/jobs/{job_id}"))["status"] not in statuses:
        assert time.monotonic() < end, f"The job was still {job}"
        await asyncio.sleep(0.05)
    return job


async def done(client: Client, answer: Any) -> Any:
    job = await until(client, answer["job"]["id"], "done", "failed", "cancelled")
    assert job["status"] == "done", job
    return job


async def fetched(client: Client, address: str, folder: Path) -> Path:
    """What lies behind an asset's address, as a file."""
    async with client.session.get(client.absolute(address), headers=client.headers()) as answer:
        assert answer.status == 200, await answer.text()
        path = folder / "fetched"
        path.write_bytes(await answer.read())
    return path


def files(folder: Path) -> list[str]:
    """What operations have left in the data directory, finished or not."""
    places = (folder / "data" / "objects" / "outputs", folder / "data" / "uploads")
    return [path.name for place in places for path in place.rglob("*") if path.is_file()]


async def until_there_are(folder: Path, names: list[str]) -> None:
    """Small pictures of a new film may be on their way through the same place at this moment."""
    async with asyncio.timeout(20):
        while files(folder) != names:
            await asyncio.sleep(0.05)


async def test_a_film_s_sound_is_extracted_and_fetched(admin: Client, films: Films, tmp_path: Path) -> None:
    video = await admin.ready(films.h264, title="A film: its sound")
    path = f"/api/v1/videos/{video['id']}"
    job = await done(admin, await admin.post(f"{path}/extract-audio", {"format": "m4a"}, 202))
    assert (job["kind"], job["progress"], job["attempts"], job["title"]) == ("extract-audio", 1, 1, video["title"])
    assert (job["can_cancel"], job["can_retry"]) == (False, False)
    assert job["result"]["filename"] == "A film_ its sound.m4a"
    file = await fetched(admin, job["result"]["asset_url"], tmp_path)
    assert file.stat().st_size == job["result"]["size"]
    with av.open(str(file)) as sound:
        assert [stream.codec_context.name for stream in sound.streams] == ["aac"]
    await until_there_are(tmp_path, [f"{job['id']}.m4a"])
    await admin.call("DELETE", f"/api/v1/jobs/{job['id']}", status=204)
    await admin.get(job["result"]["asset_url"], 404)
    await admin.get(f"/api/v1/jobs/{job['id']}", 404)
    await until_there_are(tmp_path, [])


async def test_a_film_is_made_smaller_and_into_another_format(admin: Client, films: Films, tmp_path: Path) -> None:
    video = await admin.ready(films.h264)
    path = f"/api/v1/videos/{video['id']}"
    smaller = await done(admin, await admin.post(f"{path}/resize", {"height": 180}, 202))
    assert smaller["result"]["filename"] == "h264 (180p).mp4"
    with av.open(str(await fetched(admin, smaller["result"]["asset_url"], tmp_path))) as film:
        assert (film.streams.video[0].width, film.streams.video[0].height) == (320, 180)
    options = {"container": "mkv", "video_codec": "h264", "audio_codec": "aac"}
    other = await admin.post("/api/v1/jobs", {"kind": "convert", "video_id": video["id"], "options": options}, 202)
    other = await done(admin, {"job": other})
    assert other["options"] == options
    with av.open(str(await fetched(admin, other["result"]["asset_url"], tmp_path))) as film:
        assert "matroska" in film.format.name


@pytest.mark.parametrize(
    ("what", "options", "pointer", "says"),
    [
        ("extract-audio", {"format": "aiff"}, "/format", "m4a, mp3, opus, flac, wav"),
        ("extract-audio", {}, "/format", "required"),
        ("resize", {"height": 362}, "/height", "2 to 360"),
        ("resize", {"height": 181}, "/height", "even"),
        ("resize", {"height": 0}, "/height", "2 to 360"),
        ("resize", {"height": "180"}, "/height", "whole number"),
        ("convert", {"container": "avi"}, "/container", "mp4, webm, mkv"),
        ("convert", {"container": "webm", "video_codec": "h264"}, "/video_codec", "vp9, av1"),
        ("convert", {"container": "webm", "audio_codec": "aac"}, "/audio_codec", "opus"),
        ("convert", {"container": "mp4", "video_codec": "mpeg4"}, "/video_codec", "h264, hevc, av1, vp9"),
        ("convert", {"container": "mp4", "speed": 2}, "/speed", "no such"),
    ],
)
async def test_what_cannot_be_made_is_refused_by_name_with_what_can(
    admin: Client, films: Films, what: str, options: dict[str, Any], pointer: str, says: str
) -> None:
    video = await admin.ready(films.h264)
    problem = await admin.post(f"/api/v1/videos/{video['id']}/{what}", options, 422)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert says in problem["errors"][0]["detail"]
    problem = await admin.post("/api/v1/jobs", {"kind": what, "video_id": video["id"], "options": options}, 422)
    assert [error["pointer"] for error in problem["errors"]] == [f"/options{pointer}"]
    assert (await admin.get("/api/v1/jobs?kind=" + what))["items"] == []


async def test_operations_need_a_film_that_is_there_and_has_what_they_take(admin: Client, films: Films) -> None:
    for kind in ("prepare", "fill", "nonsense"):
        problem = await admin.post("/api/v1/jobs", {"kind": kind, "video_id": "x"}, 422)
        assert problem["errors"][0] == {
            "pointer": "/kind",
            "detail": "The kind must be one of extract-audio, resize, convert.",
        }
    await admin.post("/api/v1/videos/nowhere/extract-audio", {"format": "mp3"}, 404)
    await admin.post("/api/v1/jobs", {"kind": "resize", "video_id": "nowhere", "options": {"height": 2}}, 404)
    pending = await admin.post("/api/v1/videos", {"title": "To come"}, 201)
    await admin.post(f"/api/v1/videos/{pending['video']['id']}/resize", {"height": 180}, 409)
    silent, sound = await admin.ready(films.silent), await admin.ready(films.sound_alone)
    await admin.post(f"/api/v1/videos/{silent['id']}/extract-audio", {"format": "mp3"}, 422)
    await admin.post(f"/api/v1/videos/{sound['id']}/resize", {"height": 180}, 422)


async def test_only_a_film_s_owner_and_administrators_make_something_of_it_and_see_its_jobs(
    admin: Client, user: Client, nobody: Client, films: Films
) -> None:
    video = await admin.ready(films.h264)
    path = f"/api/v1/videos/{video['id']}"
    job = await done(admin, await admin.post(f"{path}/extract-audio", {"format": "wav"}, 202))
    await user.post(f"{path}/extract-audio", {"format": "wav"}, 404)
    await user.get(job["result"]["asset_url"], 404)
    await admin.call("PATCH", path, {"visibility": "public"})
    await user.post(f"{path}/extract-audio", {"format": "wav"}, 403)
    await user.get(f"/api/v1/jobs/{job['id']}", 404)
    await user.call("DELETE", f"/api/v1/jobs/{job['id']}", status=404)
    for deed in ("cancel", "retry"):
        await user.post(f"/api/v1/jobs/{job['id']}/{deed}", status=404)
    assert (await user.get("/api/v1/jobs"))["items"] == []
    for address in ("/api/v1/jobs", f"/api/v1/jobs/{job['id']}", "/api/v1/queue/stats"):
        await nobody.get(address, 401)
    theirs = await user.ready(films.h264)
    of_user = await user.post(f"/api/v1/videos/{theirs['id']}/extract-audio", {"format": "m4a"}, 202)
    assert {one["video_id"] for one in (await user.get("/api/v1/jobs"))["items"]} == {theirs["id"]}
    assert of_user["job"]["id"] in [one["id"] for one in (await admin.get("/api/v1/jobs"))["items"]]


async def test_jobs_are_listed_newest_first_a_page_at_a_time(admin: Client, films: Films) -> None:
    video, other = await admin.ready(films.h264), await admin.ready(films.silent)
    made = []
    for wanted in ("m4a", "wav", "flac"):
        answer = await admin.post(f"/api/v1/videos/{video['id']}/extract-audio", {"format": wanted}, 202)
        made.append((await done(admin, answer))["id"])
    found, address = [], "/api/v1/jobs?kind=extract-audio&limit=2"
    async with admin.session.get(admin.absolute(address), headers=admin.headers()) as answer:
        page = await answer.json()
        assert str(answer.links["next"]["url"]).endswith(page["next_cursor"])
    found += page["items"]
    page = await admin.get(f"{address}&cursor={page['next_cursor']}")
    found += page["items"]
    assert [job["id"] for job in found] == made[::-1] and page["next_cursor"] is None
    assert {job["kind"] for job in (await admin.get(f"/api/v1/jobs?video_id={other['id']}"))["items"]} >= {"prepare"}
    assert (await admin.get("/api/v1/jobs?status=failed"))["items"] == []
    for query in ("limit=0", "status=lost", "cursor=!!"):
        await admin.get(f"/api/v1/jobs?{query}", 422)
    address = admin.absolute(f"/api/v1/jobs/{made[0]}")
    async with admin.session.get(address, headers=admin.headers()) as answer:
        tag = answer.headers["ETag"]
    async with admin.session.get(address, headers={**admin.headers(), "If-None-Match": tag}) as answer:
        assert answer.status == 304


async def test_five_run_at_once_and_each_tells_how_far_it_is_until_it_is_cancelled(
    films: Films, tmp_path: Path
) -> None:
    async with started(tmp_path / "data") as running, Client(f"http://127.0.0.1:{running.port}") as admin:
        await admin.setup(setup_token(running))
        video = await admin.ready(films.long_h264)
        await admin.until(f"/api/v1/videos/{video['id']}/hls", "storyboard_url")  # what has a slot of its own is done
        path = f"/api/v1/videos/{video['id']}/convert"
        ids = [(await admin.post(path, SLOW, 202))["job"]["id"] for _ in range(7)]
        for job_id in ids[:5]:
            await until(admin, job_id, "running")
        stats = await admin.get("/api/v1/queue/stats")
        assert (stats["workers"], stats["active"], stats["waiting"], stats["delayed"]) == (5, 5, 2, 0)
        await until_it_tells(admin, ids[0])
        await admin.call("DELETE", f"/api/v1/jobs/{ids[0]}", status=409)
        for job_id in ids[::-1]:
            began = time.monotonic()
            job = await admin.post(f"/api/v1/jobs/{job_id}/cancel")
            assert (job["status"], job["can_retry"]) == ("cancelled", True)
            # Generous, for a machine that does other things: alone it takes a tenth of it.
            assert time.monotonic() - began < 3
        await until_there_are(tmp_path, [])
        await admin.post(f"/api/v1/jobs/{ids[0]}/cancel", status=409)
        await admin.post(f"/api/v1/jobs/{ids[0]}/retry")
        await until(admin, ids[0], "running")
        await admin.call("DELETE", f"/api/v1/videos/{video['id']}?forever=true", status=204)
        await admin.get(f"/api/v1/jobs/{ids[0]}", 404)
        await until_there_are(tmp_path, [])


async def until_it_tells(client: Client, job_id: str) -> None:
    end = time.monotonic() + 60
    while "eta_seconds" not in (job := await client.get(f"/api/v1/jobs/{job_id}")):
        assert job["status"] == "running" and time.monotonic() < end, job
        await asyncio.sleep(0.1)
    assert 0 < job["progress"] < 1 and job["speed"] > 0 and job["eta_seconds"] > 0


async def test_a_deleted_film_takes_along_what_was_made_of_it(admin: Client, films: Films, tmp_path: Path) -> None:
    video = await admin.ready(films.h264)
    job = await done(admin, await admin.post(f"/api/v1/videos/{video['id']}/extract-audio", {"format": "wav"}, 202))
    await until_there_are(tmp_path, [f"{job['id']}.wav"])
    await admin.call("DELETE", f"/api/v1/videos/{video['id']}?forever=true", status=204)
    await until_there_are(tmp_path, [])
    await admin.get(job["result"]["asset_url"], 404)


async def test_looking_at_a_film_can_be_stopped_and_begun_again(admin: Client, films: Films) -> None:
    async with asyncio.timeout(60):
        while True:
            video = await admin.upload(films.long_h264)
            (job,) = (await admin.get(f"/api/v1/jobs?video_id={video['id']}&kind=prepare"))["items"]
            address = admin.absolute(f"/api/v1/jobs/{job['id']}/cancel")
            async with admin.session.post(address, headers=admin.headers()) as answer:
                if answer.status == 200:
                    break
    video = await admin.get(f"/api/v1/videos/{video['id']}")
    assert (video["status"], video["reason"]) == ("failed", "Somebody stopped the server from looking at this film.")
    await admin.post(f"/api/v1/jobs/{job['id']}/retry")
    await until(admin, job["id"], "done")
    assert (await admin.get(f"/api/v1/videos/{video['id']}"))["status"] == "ready"


async def test_a_film_that_could_not_be_looked_at_can_be_tried_again(
    admin: Client, films: Films, tmp_path: Path
) -> None:
    film = films.h264.read_bytes()
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(film[:64] + bytes(100_000))
    video = await admin.until_settled((await admin.upload(broken))["id"])
    (job,) = (await admin.get(f"/api/v1/jobs?video_id={video['id']}"))["items"]
    assert (job["kind"], job["status"], job["error"]) == ("prepare", "failed", video["reason"])
    (kept,) = [path for path in (tmp_path / "data" / "objects" / "originals").rglob("*") if path.is_file()]
    kept.write_bytes(film)
    assert (await admin.post(f"/api/v1/jobs/{job['id']}/retry"))["status"] in ("queued", "running")
    await until(admin, job["id"], "done")
    assert (await admin.get(f"/api/v1/videos/{video['id']}"))["status"] == "ready"
