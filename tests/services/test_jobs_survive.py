"""kill -9 in the middle of every kind of job: it goes on by itself, and nothing half-made is ever served."""

import asyncio
import random
import sqlite3
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.client import Client
from tests.films import Films
from tests.process import ServerProcess

MOST_TRIES = 6


@dataclass(frozen=True)
class Case:
    """A kind of job: the film it is done to, what has to be asked for, and how one sees that it was done whole."""

    film: Callable[[Films], Path]
    ask: Callable[[Client, str], Awaitable[Any]] | None = None


def _asks(what: str, **options: object) -> Callable[[Client, str], Awaitable[Any]]:
    async def ask(api: Client, video_id: str) -> Any:
        return await api.post(f"/api/v1/videos/{video_id}/{what}", options, 202)

    return ask


async def _asks_to_keep(api: Client, video_id: str) -> Any:
    return await api.call("PATCH", f"/api/v1/videos/{video_id}", {"keep_ready": True})


CASES = {
    "prepare": Case(lambda films: films.long_h264),
    "poster": Case(lambda films: films.long_h264),
    "storyboard": Case(lambda films: films.long_h264),
    "fill": Case(lambda films: films.hevc),
    "keep": Case(lambda films: films.vp9, _asks_to_keep),
    "extract-audio": Case(lambda films: films.long_h264, _asks("extract-audio", format="mp3")),
    "resize": Case(lambda films: films.h264, _asks("resize", height=240)),
    "convert": Case(lambda films: films.h264, _asks("convert", container="webm", video_codec="av1")),
}


@pytest.mark.parametrize("kind", CASES)
async def test_a_job_goes_on_by_itself_after_kill_9(server_process: ServerProcess, films: Films, kind: str) -> None:
    async with server_process.client() as api:
        await api.setup(server_process.setup_token)
    for _ in range(MOST_TRIES):
        video_id = await killed_in_the_middle(server_process, films, kind, 0.0)
        if video_id is not None:
            break
    else:
        raise AssertionError(f"The {kind} job was always over before the server could be killed.")
    server_process.start()
    await gone_on(server_process, kind, video_id)


@pytest.mark.soak
@pytest.mark.parametrize("kind", CASES)
async def test_a_job_goes_on_by_itself_whenever_the_server_is_killed(
    server_process: ServerProcess, films: Films, kind: str
) -> None:
    chance = random.Random(kind)
    async with server_process.client() as api:
        await api.setup(server_process.setup_token)
    for _ in range(20):
        video_id = await killed_in_the_middle(server_process, films, kind, chance.random() * 2, at_all_costs=True)
        assert video_id is not None
        server_process.start()
        await gone_on(server_process, kind, video_id)
        async with server_process.client() as api:
            await api.login()
            await api.call("DELETE", f"/api/v1/videos/{video_id}", status=204)


async def killed_in_the_middle(
    server: ServerProcess, films: Films, kind: str, delay: float, *, at_all_costs: bool = False
) -> str | None:
    """Begins a job of this kind and kills the server, `delay` seconds after it is seen running.

    Answers the film's id; None when the job was over before, and the server runs again.
    """
    if not server.running:
        server.start()
    case = CASES[kind]
    async with server.client() as api:
        await api.login()
        video_id = str((await api.upload(case.film(films)))["id"])
        if case.ask is not None:
            await api.until_settled(video_id)
            await case.ask(api, video_id)
        until = time.monotonic() + 30
        while (job := await the_job(api, kind, video_id)) is None or job["status"] == "queued":
            assert time.monotonic() < until, f"No {kind} job began."
            await asyncio.sleep(0.002)
        await asyncio.sleep(delay)
    server.kill()
    if at_all_costs or status_on_disk(server.data, kind, video_id) == "running":
        return video_id
    server.start()
    return None


async def gone_on(server: ServerProcess, kind: str, video_id: str) -> None:
    """The job comes to its end without being asked, and until then there is nothing to be had of it."""
    async with server.client() as api:
        await api.login()
        until = time.monotonic() + 60
        while (job := await the_job(api, kind, video_id)) is None or job["status"] in ("queued", "running"):
            if job is not None and kind in ("extract-audio", "resize", "convert"):
                assert "result" not in job
                await nothing_before_it_is_done(api, kind, video_id, job["id"])
            assert time.monotonic() < until, f"The {kind} job did not go on: {job}"
            await asyncio.sleep(0.02)
        assert job["status"] == "done", job
        assert (await api.until_settled(video_id))["status"] == "ready"
        await whole(api, kind, video_id, job)
        await all_settled(api)
    assert left_over(server.data) == set()
    assert "Traceback" not in server.output, server.output


async def nothing_before_it_is_done(api: Client, kind: str, video_id: str, job_id: str) -> None:
    address = api.absolute(f"/api/v1/videos/{video_id}/asset?kind={job_id}")
    async with api.session.get(address, headers=api.headers()) as answer:
        if answer.status != 404:
            # It has just been finished, then.
            assert (await the_job(api, kind, video_id))["status"] == "done"


async def whole(api: Client, kind: str, video_id: str, job: Any) -> None:
    if kind in ("fill", "keep"):
        for rendition in (await api.get(f"/api/v1/videos/{video_id}/status"))["renditions"]:
            if kind == "keep" or rendition["name"] == "360p":
                assert rendition["ready_segments"] == rendition["segments"] > 0
    if "result" in job:
        address = api.absolute(job["result"]["asset_url"])
        async with api.session.get(address, headers=api.headers()) as answer:
            assert answer.status == 200 and len(await answer.read()) == job["result"]["size"]
    if kind == "poster":
        address = api.absolute(f"/api/v1/videos/{video_id}/asset?kind=poster")
        async with api.session.get(address, headers=api.headers()) as answer:
            assert (await answer.read()).endswith(b"\xff\xd9")


async def all_settled(api: Client) -> None:
    async with asyncio.timeout(60):
        while (stats := await api.get("/api/v1/queue/stats"))["active"] or stats["waiting"] or stats["delayed"]:
            await asyncio.sleep(0.05)
    assert stats["failed"] == 0


async def the_job(api: Client, kind: str, video_id: str) -> Any:
    found = (await api.get(f"/api/v1/jobs?kind={kind}&video_id={video_id}"))["items"]
    return found[0] if found else None


def status_on_disk(data: Path, kind: str, video_id: str) -> str:
    database = sqlite3.connect(data / "watchparty.db")
    try:
        rows = database.execute("SELECT status FROM jobs WHERE kind = ? AND video_id = ?", (kind, video_id)).fetchall()
    finally:
        database.close()
    return str(rows[0][0])


def left_over(data: Path) -> set[str]:
    """Files that nothing in the database knows of, drafts included."""
    database = sqlite3.connect(data / "watchparty.db")
    try:
        known = database.execute(
            "SELECT object_key FROM videos UNION SELECT poster_key FROM videos"
            " UNION SELECT result ->> '$.key' FROM jobs WHERE status = 'done'"
        ).fetchall()
        boards = {key for (key,) in database.execute("SELECT storyboard_key FROM videos")}
    finally:
        database.close()
    objects, drafts = data / "objects", data / "uploads"
    kept = {path.relative_to(objects).as_posix() for path in objects.rglob("*") if path.is_file()}
    kept = {key for key in kept if key.rpartition("/")[0] not in boards}
    return (kept - {key for (key,) in known}) | {path.name for path in drafts.iterdir()}
