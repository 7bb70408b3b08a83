"""A film's whole files: in ranges, under their names, to whoever may see the film."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.client import Client
from tests.films import Films
from tests.party_client import PartyClient


async def get(client: Client, video: Any, kind: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    address = client.absolute(f"/api/v1/videos/{video['id']}/asset?kind={kind}")
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.session.get(address, headers={**client.headers(), **given}) as answer:
        return answer.status, dict(answer.headers), await answer.read()


@pytest.fixture
async def video(admin: Client, films: Films, tmp_path: Path) -> AsyncIterator[Any]:
    """A film with a name that not every header can hold."""
    path = tmp_path / 'Käse "100%".mp4'
    path.write_bytes(films.h264.read_bytes())
    yield await admin.ready(path, title="Käse: ein Film")


async def test_the_original_is_a_download_under_its_own_name(admin: Client, films: Films, video: Any) -> None:
    status, headers, body = await get(admin, video, "original")
    assert (status, body) == (200, films.h264.read_bytes())
    assert headers["Content-Type"] == "video/mp4"
    assert headers["Content-Disposition"] == (
        "attachment; filename=\"K_se _100__.mp4\"; filename*=UTF-8''K%C3%A4se%20%22100%25%22.mp4"
    )
    assert headers["Accept-Ranges"] == "bytes" and headers["Cache-Control"] == "private, no-cache"


async def test_a_range_is_sent_and_another_version_s_is_not(admin: Client, films: Films, video: Any) -> None:
    film = films.h264.read_bytes()
    _, headers, _ = await get(admin, video, "original")
    tag, date = headers["Etag"], headers["Last-Modified"]
    for wanted, expected in (("bytes=0-99", film[:100]), ("bytes=-50", film[-50:]), ("bytes=1000-", film[1000:])):
        status, headers, body = await get(admin, video, "original", Range=wanted)
        assert (status, body) == (206, expected)
        assert headers["Content-Range"].endswith(f"/{len(film)}")
    assert (await get(admin, video, "original", Range="bytes=0-9", If_Range=tag))[0] == 206
    assert (await get(admin, video, "original", Range="bytes=0-9", If_Range=date))[0] == 206
    for stale in ('"another"', f"W/{tag}", "Mon, 01 Jan 2001 00:00:00 GMT"):
        status, _, body = await get(admin, video, "original", Range="bytes=0-9", If_Range=stale)
        assert (status, len(body)) == (200, len(film))
    assert (await get(admin, video, "original", Range=f"bytes={len(film)}-"))[0] == 416
    assert (await get(admin, video, "original", If_None_Match=tag))[0] == 304


async def test_what_there_is_not_is_not_found(admin: Client, films: Films, video: Any) -> None:
    for kind in ("audio", "nonsense", "..%2F..%2Fsecret.key", "outputs%2Fx"):
        assert (await get(admin, video, kind))[0] == 404
    assert (await get(admin, {"id": "nowhere"}, "original"))[0] == 404
    await admin.get(f"/api/v1/videos/{video['id']}/asset", 422)
    pending = (await admin.post("/api/v1/videos", {"title": "To come"}, 201))["video"]
    assert (await get(admin, pending, "original"))[0] == 409
    for kind in ("poster", "storyboard"):
        assert (await get(admin, pending, kind))[0] == 404


async def test_the_storyboard_is_its_first_sheet(admin: Client, video: Any) -> None:
    await admin.until(f"/api/v1/videos/{video['id']}/hls", "storyboard_url")
    status, _, sheet = await get(admin, video, "storyboard")
    assert status == 200 and sheet.startswith(b"\xff\xd8")


async def test_a_poster_is_shown_and_an_operation_s_file_saved_once_it_is_done(admin: Client, video: Any) -> None:
    async with asyncio.timeout(30):
        while (await get(admin, video, "poster"))[0] != 200:
            await asyncio.sleep(0.05)
    _, headers, body = await get(admin, video, "poster")
    assert headers["Content-Type"] == "image/jpeg" and "Content-Disposition" not in headers
    assert body.startswith(b"\xff\xd8")
    path = f"/api/v1/videos/{video['id']}"
    job = (await admin.post(f"{path}/extract-audio", {"format": "wav"}, 202))["job"]
    statuses = set()
    async with asyncio.timeout(30):
        while (await admin.get(f"/api/v1/jobs/{job['id']}"))["status"] != "done":
            statuses.add((await get(admin, video, job["id"]))[0])
    assert statuses <= {404, 200}
    for kind in (job["id"], "audio"):
        status, headers, body = await get(admin, video, kind)
        assert (status, body[:4], body[8:12]) == (200, b"RIFF", b"WAVE")
        assert headers["Content-Type"] == "audio/wav"
        assert "filename*=UTF-8''K%C3%A4se_%20ein%20Film.wav" in headers["Content-Disposition"]
    other = await admin.post("/api/v1/videos", {"title": "Another"}, 201)
    assert (await get(admin, other["video"], job["id"]))[0] == 404


async def test_files_are_for_whoever_may_see_the_film(
    admin: Client, user: Client, nobody: Client, films: Films, video: Any
) -> None:
    assert (await get(user, video, "original"))[0] == 404
    assert (await get(nobody, video, "original"))[0] == 401
    await admin.call("PATCH", f"/api/v1/videos/{video['id']}", {"visibility": "public"})
    assert (await get(user, video, "original"))[0] == 200
    assert (await get(nobody, video, "original"))[0] == 401


async def test_a_film_that_is_shown_in_a_room_is_not_given_away_there(
    admin: Client, nobody: Client, video: Any
) -> None:
    room = await admin.post("/api/v1/rooms", {"name": "Friday", "video_id": video["id"], "admission": "open"}, 201)
    asked = await nobody.post(f"/api/v1/rooms/{room['id']}/access-requests", {"name": "Gus"}, 201)
    nobody.token = asked["session"]["access_token"]
    assert (await get(nobody, video, "original"))[0] == 404
    async with PartyClient.open(nobody.url, room["id"], nobody.token or ""):
        assert (await get(nobody, video, "original"))[0] == 403
        assert (await get(nobody, video, "audio"))[0] == 403
        assert (await get(nobody, video, "poster"))[0] in (200, 404)


async def test_the_head_alone_can_be_asked_for(admin: Client, films: Films, video: Any) -> None:
    address = admin.absolute(f"/api/v1/videos/{video['id']}/asset?kind=original")
    async with aiohttp.ClientSession() as session, session.head(address, headers=admin.headers()) as answer:
        assert answer.status == 200
        assert int(answer.headers["Content-Length"]) == films.h264.stat().st_size
        assert await answer.read() == b""
