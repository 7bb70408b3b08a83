import asyncio
import logging

from tests.client import Client
from tests.films import Films
from tests.party_client import PartyClient


async def test_the_figures_say_what_takes_how_much_and_how_many_there_are(
    admin: Client, user: Client, films: Films
) -> None:
    video = await user.ready(films.h264, title="Playtime")
    room = await user.post("/api/v1/rooms", {"name": "Saturday"}, 201)
    async with PartyClient.open(user.url, room["id"], user.token or ""):
        stats = await admin.get("/api/v1/admin/stats")
    assert stats["counts"]["users"] == 2 and stats["counts"]["sessions"] == 2
    assert stats["counts"]["videos"] == {"ready": 1}
    assert stats["counts"]["rooms"] == stats["counts"]["rooms_open"] == stats["counts"]["sockets"] == 1
    (bob,) = stats["users"]
    assert bob["username"] == "bob" and bob["videos"] == 1 and bob["original_bytes"] == video["size"]
    assert stats["disk"]["database_bytes"] > 4096 and 0 < stats["disk"]["free_bytes"] < stats["disk"]["total_bytes"]
    assert {"bytes", "kept_bytes", "cap_bytes", "free_bytes", "floor_bytes"} <= stats["cache"].keys()


async def test_background_work_waits_while_it_is_paused_and_new_films_do_not(admin: Client, films: Films) -> None:
    queue = "/api/v1/admin/queue"
    assert await admin.call("PUT", queue, {"paused": True}) == {"paused": True} == await admin.get(queue)
    video = await admin.ready(films.sound_alone)
    job = (await admin.post(f"/api/v1/videos/{video['id']}/extract-audio", {"format": "wav"}, 202))["job"]
    stats = await admin.get("/api/v1/admin/stats")
    assert stats["jobs"]["paused"] is True and stats["jobs"]["active"] == 0 and stats["jobs"]["waiting"] >= 1
    assert (await admin.get(f"/api/v1/jobs/{job['id']}"))["status"] == "queued"
    await admin.call("PUT", queue, {"paused": False})
    assert (await admin.until(f"/api/v1/jobs/{job['id']}", "finished_at"))["status"] == "done"
    deeds = [entry["action"] for entry in (await admin.get("/api/v1/admin/audit?action=queue"))["items"]]
    assert deeds == ["queue.resumed", "queue.paused"]
    await admin.call("PUT", queue, {"paused": "yes"}, 422)


async def test_administrators_cancel_the_jobs_of_others(admin: Client, user: Client, films: Films) -> None:
    video = await user.ready(films.sound_alone)
    await admin.call("PUT", "/api/v1/admin/queue", {"paused": True})
    job = (await user.post(f"/api/v1/videos/{video['id']}/extract-audio", {"format": "wav"}, 202))["job"]
    assert job["id"] in {each["id"] for each in (await admin.get("/api/v1/jobs"))["items"]}
    assert (await admin.post(f"/api/v1/jobs/{job['id']}/cancel"))["status"] == "cancelled"


async def test_the_log_is_read_line_by_line_and_followed(admin: Client) -> None:
    log = logging.getLogger("watchparty.tests")
    log.warning("the first line")
    first = await admin.get("/api/v1/admin/logs?q=FIRST%20line&level=warning")
    assert [line["text"] for line in first["items"]] == ["the first line"]
    assert first["items"][0]["level"] == "warning" and first["items"][0]["logger"] == "watchparty.tests"
    log.error("the second line")
    since = await admin.get(f"/api/v1/admin/logs?since={first['last']}&level=error")
    assert [line["text"] for line in since["items"]] == ["the second line"]
    # After a restart the numbers begin anew: nothing is missed.
    anew = await admin.get(f"/api/v1/admin/logs?since={10**9}&level=error")
    assert [line["text"] for line in anew["items"]] == ["the second line"]
    for query in ("level=loud", "since=-1", "limit=0", "limit=2001"):
        await admin.get(f"/api/v1/admin/logs?{query}", 422)


async def test_only_administrators_reach_any_of_it(admin: Client, user: Client) -> None:
    paths = ("/api/v1/admin/stats", "/api/v1/admin/logs", "/api/v1/admin/queue")
    await asyncio.gather(*(user.get(path, 403) for path in paths))
