import asyncio
import re
import time

from tests.client import Client
from tests.films import Films


async def opened(client: Client, films: Films) -> tuple[str, str]:
    """A ready film's id and the address of its folder."""
    video = await client.ready(films.h264, visibility="public")
    return video["id"], (await client.master(video["id"])).rsplit("/", 1)[0]


async def test_a_player_follows_the_playlists_to_every_segment(admin: Client, films: Films) -> None:
    _, base = await opened(admin, films)
    master = (await admin.bytes(f"{base}/master.m3u8")).decode()
    playlists = re.findall(r"^[^#\n].*m3u8$|(?<=URI=\")[^\"]+m3u8", master, re.MULTILINE)
    assert "source/video.m3u8" in playlists and any(name.startswith("audio-") for name in playlists)
    for playlist in playlists:
        folder = playlist.split("/")[0]
        text = (await admin.bytes(f"{base}/{playlist}")).decode()
        assert await admin.bytes(f"{base}/{folder}/init.mp4")
        segments = re.findall(r"^\d{5}\.m4s$", text, re.MULTILINE)
        assert segments and text.endswith("#EXT-X-ENDLIST\n")
        assert await admin.bytes(f"{base}/{folder}/{segments[-1]}")


async def test_what_is_not_a_file_of_the_film_is_not_found(admin: Client, films: Films) -> None:
    _, base = await opened(admin, films)
    for file in ("source/99999.m4s", "1px/00000.m4s", "source/audio.m3u8", "x", "..%2fsecret.key", "source/00000.mp4"):
        await admin.bytes(f"{base}/{file}", 404)


async def test_an_address_opens_its_own_film_until_it_ends_and_no_other(admin: Client, films: Films) -> None:
    video, base = await opened(admin, films)
    other = await admin.ready(films.h264)
    origin, token = base.rsplit("/", 2)[0], base.rsplit("/", 2)[1]
    grant, expires, signature = token.split(".")
    flipped = signature[:-1] + ("A" if signature[-1] != "A" else "B")
    for forged in (
        f"{grant}.{expires}.{flipped}/{video}",
        f"{grant}.{int(expires) + 60}.{signature}/{video}",
        f"{'A' * 22}.{expires}.{signature}/{video}",
        f"{token}/{other['id']}",
        f"{grant}.{expires}/{video}",
        f"{grant}.-1.{signature}/{video}",
    ):
        await admin.bytes(f"{origin}/{forged}/master.m3u8", 403)


async def test_an_address_for_one_file_opens_that_file_alone(admin: Client, films: Films) -> None:
    video, _ = await opened(admin, films)
    body = {"files": ["master.m3u8", "source/00000.m4s"]}
    urls = (await admin.post(f"/api/v1/videos/{video}/urls", body))["file_urls"]
    assert set(urls) == set(body["files"])
    url = urls["source/00000.m4s"]
    assert await admin.bytes(url)
    await admin.bytes(url.replace("00000.m4s", "00001.m4s"), 403)
    await admin.bytes(urls["master.m3u8"].replace("master.m3u8", "source/video.m3u8"), 403)
    await admin.post(f"/api/v1/videos/{video}/urls", {"files": ["source/99999.m4s"]}, 404)
    await admin.post(f"/api/v1/videos/{video}/urls", {"files": ["x"] * 201}, 422)


async def test_signing_out_closes_the_very_next_segment(user: Client, admin: Client, films: Films) -> None:
    video, _ = await opened(admin, films)
    base = (await user.master(video)).rsplit("/", 1)[0]
    await user.bytes(f"{base}/source/00000.m4s")
    await user.post("/api/v1/auth/logout", status=204)
    await user.bytes(f"{base}/source/00000.m4s", 403)


async def test_making_a_film_private_closes_it_to_others_at_once(user: Client, admin: Client, films: Films) -> None:
    video, _ = await opened(admin, films)
    base = (await user.master(video)).rsplit("/", 1)[0]
    await user.bytes(f"{base}/source/00000.m4s")
    await admin.call("PATCH", f"/api/v1/videos/{video}", {"visibility": "private"})
    await user.bytes(f"{base}/source/00000.m4s", 403)
    await admin.bytes(f"{await admin.master(video)}")


async def test_a_film_that_must_be_encoded_can_be_watched_from_any_position(admin: Client, films: Films) -> None:
    video = await admin.ready(films.vp9)
    base = (await admin.master(video["id"])).rsplit("/", 1)[0]
    status = await admin.get(f"/api/v1/videos/{video['id']}/status")
    encoded = [one for one in status["renditions"] if one["mode"] == "encode" and one["height"]]
    assert encoded and status["why_encoded"]
    last = encoded[0]["segments"] - 1
    assert await admin.bytes(f"{base}/{encoded[0]['name']}/{last:05}.m4s")


async def test_the_poster_comes_with_the_film(admin: Client, films: Films) -> None:
    video, _ = await opened(admin, films)
    until = time.monotonic() + 20
    while not (url := (await admin.get(f"/api/v1/videos/{video}"))["poster_url"]):
        assert time.monotonic() < until, "No poster came."
        await asyncio.sleep(0.05)
    assert (await admin.bytes(url)).startswith(b"\xff\xd8")


async def test_captions_are_offered_as_web_text(admin: Client, films: Films) -> None:
    video = await admin.ready(films.subtitled)
    hls = await admin.get(f"/api/v1/videos/{video['id']}/hls")
    assert hls["subtitles"]
    text = (await admin.bytes(hls["subtitles"][0]["url"])).decode()
    assert text.startswith("WEBVTT") and "-->" in text
    await admin.bytes(hls["subtitles"][0]["url"].replace(".vtt", "0.vtt"), 404)
