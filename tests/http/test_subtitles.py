"""Subtitles that people bring for a film."""

from collections.abc import AsyncIterator
from pathlib import Path

from tests.client import Client
from tests.films import Films
from tests.http.conftest import setup_token, started

SRT = "1\n00:00:01,000 --> 00:00:02,000\nGrüße\n"


async def uploaded(client: Client, video_id: str) -> list[dict[str, str]]:
    hls = await client.get(f"/api/v1/videos/{video_id}/hls")
    return [each for each in hls["subtitles"] if each["uploaded"]]


async def test_whoever_watches_gets_what_the_owner_added(admin: Client, user: Client, films: Films) -> None:
    video = (await admin.ready(films.h264, visibility="public"))["id"]
    made = await admin.add_subtitles(video, SRT.encode("latin-1"), filename="film.de.srt")
    assert (made["language"], made["label"], made["format"]) == ("de", "de", "srt")
    (shown,) = await uploaded(user, video)
    assert (shown["id"], shown["language"], shown["label"]) == (made["id"], "de", "de")
    text = (await user.bytes(shown["url"])).decode()
    assert text == "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nGrüße\n"
    assert (await user.get(f"/api/v1/videos/{video}/subtitles"))["items"] == [made]
    one = f"subtitles/{made['id']}.vtt"
    urls = (await user.post(f"/api/v1/videos/{video}/urls", {"files": [one]}))["file_urls"]
    assert (await user.bytes(urls[one])).decode() == text


async def test_language_and_label_can_be_given(admin: Client, films: Films) -> None:
    video = (await admin.ready(films.silent))["id"]
    made = await admin.add_subtitles(
        video, SRT.encode(), filename="x.de.srt", language="pt-BR", label="Director's comments"
    )
    assert (made["language"], made["label"]) == ("pt-BR", "Director's comments")
    await admin.add_subtitles(video, SRT.encode(), 422, language="not a language")
    await admin.add_subtitles(video, SRT.encode(), 422, label="x" * 101)
    await admin.add_subtitles(video, SRT.encode(), 422, filename="../x.srt")


async def test_deleted_subtitles_are_gone_for_everybody(admin: Client, films: Films) -> None:
    video = (await admin.ready(films.silent))["id"]
    made = await admin.add_subtitles(video, SRT.encode())
    url = (await uploaded(admin, video))[0]["url"]
    await admin.call("DELETE", f"/api/v1/videos/{video}/subtitles/{made['id']}", status=204)
    await admin.bytes(url, 404)
    assert await uploaded(admin, video) == []
    await admin.call("DELETE", f"/api/v1/videos/{video}/subtitles/{made['id']}", status=404)


async def test_only_the_owner_and_administrators_add_and_delete(admin: Client, user: Client, films: Films) -> None:
    video = (await admin.ready(films.silent, visibility="public"))["id"]
    private = (await admin.ready(films.silent))["id"]
    made = await admin.add_subtitles(video, SRT.encode())
    await user.add_subtitles(video, SRT.encode(), 403)
    await user.call("DELETE", f"/api/v1/videos/{video}/subtitles/{made['id']}", status=403)
    await user.add_subtitles(private, SRT.encode(), 404)
    await user.get(f"/api/v1/videos/{private}/subtitles", 404)
    own = (await user.ready(films.silent))["id"]
    await admin.add_subtitles(own, SRT.encode())
    # The subtitles of one film are not to be had, or deleted, through another.
    await user.call("DELETE", f"/api/v1/videos/{own}/subtitles/{made['id']}", status=404)
    (shown,) = await uploaded(user, own)
    await user.bytes(shown["url"].replace(shown["id"], made["id"]), 404)


async def test_a_bad_file_is_refused_with_a_sentence(admin: Client, films: Films) -> None:
    video = (await admin.ready(films.silent))["id"]
    for data, status, words in (
        (b"\x89PNG\r\n\x1a\n\x00", 415, "not a subtitle file"),
        (b"", 415, "not a subtitle file"),
        (b"WEBVTT\n\nNOTE nothing\n", 422, "no subtitle"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nx\n\n" * 20_001, 422, "more than 20,000"),
        (b"x" * (10 << 20) + b"x", 413, "10 MB"),
    ):
        assert words in (await admin.add_subtitles(video, data, status, filename="film.srt"))["detail"]


async def test_a_file_too_large_is_refused_also_when_its_size_was_not_announced(admin: Client, films: Films) -> None:
    video = (await admin.ready(films.silent))["id"]

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(12):
            yield b"x" * (1 << 20)

    url = admin.absolute(f"/api/v1/videos/{video}/subtitles")
    async with admin.session.post(url, data=pieces(), headers=admin.headers()) as answer:
        assert answer.status == 413


async def test_a_film_takes_a_hundred_files_and_no_more(admin: Client, films: Films) -> None:
    video = (await admin.ready(films.silent))["id"]
    for _ in range(100):
        await admin.add_subtitles(video, SRT.encode())
    await admin.add_subtitles(video, SRT.encode(), 409)
    assert len(await uploaded(admin, video)) == 100


async def test_a_text_that_was_never_committed_is_swept_at_the_start(tmp_path: Path, films: Films) -> None:
    folder = tmp_path / "data"
    async with started(folder) as running, Client(running.local_url) as admin:
        await admin.setup(setup_token(running))
        video = (await admin.ready(films.silent))["id"]
        made = await admin.add_subtitles(video, SRT.encode())
    kept = folder / "objects" / "subtitles" / video / f"{made['id']}.vtt"
    orphan = kept.with_name("x" * 22 + ".vtt")
    orphan.write_text("WEBVTT\n")
    async with started(folder):
        assert kept.exists() and not orphan.exists()
