"""What comes beside a film's stream: storyboard, chapters, captions, and the cover of what is sound alone."""

import asyncio
import re
import sqlite3
import time
from pathlib import Path

from tests.client import Client
from tests.films import Films
from tests.http.conftest import setup_token, started


async def until_kept(folder: Path, pattern: str) -> list[Path]:
    async with asyncio.timeout(30):
        while not (found := sorted(folder.glob(pattern))):
            await asyncio.sleep(0.05)
    return found


async def test_the_storyboard_comes_with_the_film(admin: Client, films: Films) -> None:
    video = await admin.ready(films.chaptered)
    hls = await admin.until(f"/api/v1/videos/{video['id']}/hls", "storyboard_url")
    url = hls["storyboard_url"]
    text = (await admin.bytes(url)).decode()
    assert text.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nstoryboard/000.jpg#xywh=0,0,160,90\n")
    assert text.count("-->") == 30
    for sheet in set(re.findall(r"storyboard/\d+\.jpg", text)):
        assert (await admin.bytes(f"{url.rsplit('/', 1)[0]}/{sheet}")).startswith(b"\xff\xd8")
    for missing in ("storyboard/001.jpg", "storyboard/0.jpg", "storyboard/000.png"):
        await admin.bytes(f"{url.rsplit('/', 1)[0]}/{missing}", 404)


async def test_chapters_are_told_and_offered_as_web_text(admin: Client, films: Films) -> None:
    video = await admin.ready(films.chaptered)
    hls = await admin.get(f"/api/v1/videos/{video['id']}/hls")
    assert hls["chapters"] == [
        {"start": 0.0, "end": 10.0, "title": "The <red> one"},
        {"start": 10.0, "end": 20.0, "title": "Chapter 2"},
        {"start": 20.0, "end": 30.0, "title": "Blue & last"},
    ]
    text = (await admin.bytes(hls["chapters_url"])).decode()
    assert "00:00:00.000 --> 00:00:10.000\nThe &lt;red&gt; one\n" in text
    other = await admin.get(f"/api/v1/videos/{(await admin.ready(films.h264))['id']}/hls")
    assert (other["chapters"], other["chapters_url"]) == ([], None)
    await admin.bytes(hls["chapters_url"].replace(video["id"], "x" * 22), 403)


async def test_a_single_address_opens_a_storyboard_s_file_and_no_other(admin: Client, films: Films) -> None:
    video = await admin.ready(films.chaptered)
    await admin.until(f"/api/v1/videos/{video['id']}/hls", "storyboard_url")
    names = ["storyboard.vtt", "storyboard/000.jpg", "chapters.vtt"]
    urls = (await admin.post(f"/api/v1/videos/{video['id']}/urls", {"files": names}))["file_urls"]
    for name in names:
        assert await admin.bytes(urls[name])
    await admin.bytes(urls["storyboard.vtt"].replace("storyboard.vtt", "storyboard/000.jpg"), 403)
    for missing in ("storyboard/001.jpg", "subtitles/7.vtt", "subtitles/" + "x" * 22 + ".vtt"):
        await admin.post(f"/api/v1/videos/{video['id']}/urls", {"files": [missing]}, 404)


async def test_the_cover_of_what_is_sound_alone_is_its_poster(admin: Client, films: Films) -> None:
    video = await admin.ready(films.covered)
    shown = await admin.until(f"/api/v1/videos/{video['id']}", "poster_url")
    assert (await admin.bytes(shown["poster_url"])).startswith(b"\xff\xd8")
    assert (await admin.get(f"/api/v1/videos/{video['id']}/hls"))["storyboard_url"] is None


async def test_a_film_that_came_before_there_were_storyboards_gets_one_at_the_next_start(
    tmp_path: Path, films: Films
) -> None:
    folder = tmp_path / "data"
    async with started(folder) as running, Client(running.local_url) as admin:
        await admin.setup(setup_token(running))
        ids = [(await admin.ready(films.silent))["id"] for _ in range(3)]
        for video_id in ids:
            await admin.until(f"/api/v1/videos/{video_id}/hls", "storyboard_url")
    with sqlite3.connect(folder / "watchparty.db") as database:
        database.execute("UPDATE videos SET storyboard_key = NULL")
        database.execute("DELETE FROM jobs WHERE kind = 'storyboard'")
    async with started(folder) as running, Client(running.local_url) as admin:
        await admin.login()
        for video_id in ids:
            hls = await admin.until(f"/api/v1/videos/{video_id}/hls", "storyboard_url")
            assert await admin.bytes(hls["storyboard_url"])
            # What was made before belonged to no film any more.
            kept = {path.parent.name for path in (folder / "objects" / "storyboards" / video_id).glob("*/*")}
            assert len(kept) == 1


async def test_deleting_a_film_takes_everything_beside_it_along(tmp_path: Path, films: Films) -> None:
    folder = tmp_path / "data"
    async with started(folder) as running, Client(running.local_url) as admin:
        await admin.setup(setup_token(running))
        video = await admin.ready(films.subtitled)
        hls = await admin.until(f"/api/v1/videos/{video['id']}/hls", "storyboard_url")
        await admin.bytes(hls["subtitles"][0]["url"])
        await admin.add_subtitles(video["id"], b"1\n00:00:01,000 --> 00:00:02,000\nHello\n", filename="x.srt")
        for kind in ("storyboards", "captions", "subtitles"):
            await until_kept(folder / "objects", f"{kind}/{video['id']}/**/*.vtt")
        await admin.call("DELETE", f"/api/v1/videos/{video['id']}?forever=true", status=204)
        assert [path for path in (folder / "objects").rglob("*") if path.is_file()] == []


async def test_a_storyboard_under_way_stops_when_its_film_is_deleted(tmp_path: Path, films: Films) -> None:
    folder = tmp_path / "data"
    async with started(folder) as running, Client(running.local_url) as admin:
        await admin.setup(setup_token(running))
        video = await admin.ready(films.long_h264)
        begun = time.monotonic()
        await admin.call("DELETE", f"/api/v1/videos/{video['id']}?forever=true", status=204)
        assert time.monotonic() - begun < 5
        await asyncio.sleep(0.5)
        assert [path for path in (folder / "objects").rglob("*") if path.is_file()] == []


async def test_embedded_captions_are_read_out_of_the_film_once_and_then_kept(tmp_path: Path, films: Films) -> None:
    folder = tmp_path / "data"
    async with started(folder) as running, Client(running.local_url) as admin:
        await admin.setup(setup_token(running))
        video = await admin.ready(films.subtitled)
        await admin.bytes((await admin.get(f"/api/v1/videos/{video['id']}/hls"))["subtitles"][0]["url"])
        (kept,) = await until_kept(folder / "objects", "captions/*/*.vtt")
        kept.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nkept\n")
        orphan = kept.parent.with_name("x" * 22) / kept.name
        orphan.parent.mkdir()
        orphan.write_text("WEBVTT\n")
    async with started(folder) as running, Client(running.local_url) as admin:
        await admin.login()
        hls = await admin.get(f"/api/v1/videos/{video['id']}/hls")
        assert (hls["subtitles"][0]["id"], hls["subtitles"][0]["uploaded"]) == ("3", False)
        assert b"kept" in await admin.bytes(hls["subtitles"][0]["url"])
        assert not orphan.exists()
