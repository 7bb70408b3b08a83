import asyncio
import io
from pathlib import Path

import pytest

from tests.client import Client
from tests.films import Films
from watchparty.app import Running

TEXTS = {
    "words.mp4": b"This is a text file, whatever it is called.\n" * 200,
    "list.mp4": b"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "concat.mp4": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "session.mp4": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=video 9 RTP/AVP 96\n",
}


async def create(client: Client, **fields: object) -> dict[str, str]:
    made = await client.post("/api/v1/videos", {"filename": "film.mp4", **fields}, 201)
    return {"id": made["video"]["id"], "url": client.absolute(made["upload"]["url"])}


async def put(client: Client, url: str, body: bytes) -> tuple[int, dict[str, str]]:
    async with client.session.put(url, data=io.BytesIO(body)) as answer:
        return answer.status, await answer.json(content_type=None)


def files_below(folder: Path) -> list[str]:
    kept = [folder / name for name in ("objects", "uploads")]
    return [path.name for parent in kept for path in parent.rglob("*") if path.is_file()]


async def test_an_upload_becomes_a_film_that_can_be_watched(admin: Client, films: Films) -> None:
    video = await admin.ready(films.h264, title="The film", tags=["a", "a", "b"])
    assert video["title"] == "The film" and video["tags"] == ["a", "b"]
    assert video["duration"] == pytest.approx(20, abs=0.1)
    assert video["mime_type"] == "video/mp4" and video["visibility"] == "private"
    status = await admin.get(f"/api/v1/videos/{video['id']}/status")
    copied = next(one for one in status["renditions"] if one["mode"] == "copy")
    assert copied["ready_segments"] == copied["segments"] > 0


async def test_a_film_without_a_title_is_called_like_its_file(admin: Client) -> None:
    made = await admin.post("/api/v1/videos", {"filename": "Some.Film.2020.mkv"}, 201)
    assert made["video"]["title"] == "Some.Film.2020"
    assert made["video"]["status"] == "pending"
    assert made["upload"]["method"] == "PUT"
    await admin.post("/api/v1/videos", {}, 422)


@pytest.mark.parametrize(
    "name", ["../x.mp4", "/etc/x.mp4", "a/b.mp4", "..\\x.mp4", "C:\\x.mp4", "..", "a\0.mp4", "\u202ea"]
)
async def test_a_path_or_trick_in_the_file_name_is_refused(admin: Client, name: str) -> None:
    problem = await admin.post("/api/v1/videos", {"filename": name}, 422)
    assert problem["errors"][0]["pointer"] == "/filename"


@pytest.mark.parametrize("name", TEXTS)
async def test_what_is_no_film_is_refused_whatever_its_name(
    admin: Client, running: Running, tmp_path: Path, name: str
) -> None:
    upload = await create(admin, filename=name)
    status, problem = await put(admin, upload["url"], TEXTS[name])
    assert (status, problem["title"]) == (415, "Unsupported Media Type")
    assert (await admin.get(f"/api/v1/videos/{upload['id']}"))["status"] == "pending"
    assert not files_below(tmp_path / "data")


async def test_an_empty_file_is_refused(admin: Client, tmp_path: Path) -> None:
    upload = await create(admin)
    assert (await put(admin, upload["url"], b""))[0] == 422
    assert not files_below(tmp_path / "data")


async def test_bytes_that_only_begin_like_a_film_fail_with_a_reason(admin: Client, films: Films) -> None:
    upload = await create(admin)
    status, _ = await put(admin, upload["url"], films.h264.read_bytes()[:64] + bytes(100_000))
    assert status == 200
    video = await admin.until_settled(upload["id"])
    assert video["status"] == "failed" and video["reason"].endswith(".")


async def test_the_size_that_was_announced_is_the_size_that_is_taken(
    admin: Client, films: Films, tmp_path: Path
) -> None:
    film = films.h264.read_bytes()
    upload = await create(admin, size=len(film))
    assert (await put(admin, upload["url"], film + b"x"))[0] == 422
    assert (await put(admin, upload["url"], film[:-1]))[0] == 422
    assert not files_below(tmp_path / "data")
    assert (await put(admin, upload["url"], film))[0] == 200
    assert (await put(admin, upload["url"], film))[0] == 409


async def test_an_upload_address_opens_nothing_else(admin: Client) -> None:
    upload = await create(admin)
    base, token = upload["url"].rsplit("/", 1)
    subject, expires, signature = token.split(".")
    for forged in (
        f"{subject}.{int(expires) + 1}.{signature}",
        f"{subject}x.{expires}.{signature}",
        f"{subject}.{expires}.{signature[::-1]}",
        f"{subject}.{expires}",
        "..%2f..%2fetc.1.x",
    ):
        assert (await put(admin, f"{base}/{forged}", b"x"))[0] == 403


async def test_an_upload_cut_in_the_middle_leaves_nothing_and_can_be_sent_again(
    admin: Client, running: Running, films: Films, tmp_path: Path
) -> None:
    film = films.h264.read_bytes()
    upload = await create(admin, size=len(film))
    path = upload["url"].removeprefix(admin.url)
    _, writer = await asyncio.open_connection("127.0.0.1", running.port)
    writer.write(f"PUT {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(film)}\r\n\r\n".encode())
    writer.write(film[: len(film) // 2])
    await writer.drain()
    await asyncio.sleep(0.2)
    writer.transport.abort()
    await asyncio.sleep(0.3)
    assert not files_below(tmp_path / "data")
    assert (await put(admin, upload["url"], film))[0] == 200


async def test_a_file_larger_than_allowed_is_refused_before_it_is_sent(admin: Client) -> None:
    await admin.post("/api/v1/videos", {"filename": "a.mp4", "size": (64 << 30) + 1}, 413)
    await admin.post("/api/v1/videos", {"filename": "a.mp4", "size": -1}, 422)


async def test_private_films_are_nobody_elses_and_public_ones_everybodys(
    admin: Client, user: Client, films: Films
) -> None:
    video = await admin.ready(films.h264)
    path = f"/api/v1/videos/{video['id']}"
    await user.get(path, 404)
    await user.get(f"{path}/hls", 404)
    assert (await user.get("/api/v1/videos"))["items"] == []
    await admin.call("PATCH", path, {"visibility": "unlisted"})
    await user.get(path)
    assert (await user.get("/api/v1/videos"))["items"] == []
    await admin.call("PATCH", path, {"visibility": "public"})
    assert [one["id"] for one in (await user.get("/api/v1/videos"))["items"]] == [video["id"]]
    await user.call("PATCH", path, {"title": "Mine now"}, 403)
    await user.call("DELETE", path, status=403)


async def test_a_deleted_film_takes_its_files_along(admin: Client, films: Films, tmp_path: Path) -> None:
    video = await admin.ready(films.h264)
    master = await admin.master(video["id"])
    await admin.call("DELETE", f"/api/v1/videos/{video['id']}?forever=true", status=204)
    await admin.get(f"/api/v1/videos/{video['id']}", 404)
    await admin.bytes(master, 403)
    assert not files_below(tmp_path / "data")


async def test_a_film_deleted_while_it_is_being_prepared_leaves_nothing_either(
    admin: Client, films: Films, tmp_path: Path
) -> None:
    for delay in (0.0, 0.3, 0.5, 0.7):
        video = await admin.upload(films.h264)
        await asyncio.sleep(delay)
        await admin.call("DELETE", f"/api/v1/videos/{video['id']}?forever=true", status=204)
    await asyncio.sleep(1.0)
    assert not files_below(tmp_path / "data")


async def test_a_poster_made_in_the_moment_of_deleting_goes_too(admin: Client, films: Films, tmp_path: Path) -> None:
    video = await admin.ready(films.h264)
    # As if it had been kept between the look at the film and its end: nothing in the database names it.
    late = tmp_path / "data" / "objects" / "posters" / video["id"] / "late.jpg"
    late.parent.mkdir(parents=True, exist_ok=True)
    late.write_bytes(b"late")
    await admin.call("DELETE", f"/api/v1/videos/{video['id']}?forever=true", status=204)
    assert not files_below(tmp_path / "data")


async def test_the_library_is_listed_a_page_at_a_time_in_every_order(admin: Client) -> None:
    for title in ("b", "A", "c", "100%", "d_e"):
        await admin.post("/api/v1/videos", {"title": title}, 201)
    for sort, expected in (
        ("newest", ["d_e", "100%", "c", "A", "b"]),
        ("oldest", ["b", "A", "c", "100%", "d_e"]),
        ("title", ["100%", "A", "b", "c", "d_e"]),
    ):
        titles, cursor = [], ""
        for _ in range(3):
            page = await admin.get(f"/api/v1/videos?sort={sort}&limit=2{cursor}")
            titles += [one["title"] for one in page["items"]]
            cursor = f"&cursor={page['next_cursor']}"
        assert titles == expected and page["next_cursor"] is None
    assert [one["title"] for one in (await admin.get("/api/v1/videos?q=100%25"))["items"]] == ["100%"]
    for query in ("limit=0", "limit=101", "limit=x", "sort=worst", "cursor=!!", "cursor=AAAA"):
        await admin.get(f"/api/v1/videos?{query}", 422)


async def test_where_somebody_left_off_is_kept(admin: Client, user: Client, films: Films) -> None:
    video = await admin.ready(films.h264, visibility="public")
    path = f"/api/v1/videos/{video['id']}/position"
    assert await user.get(path) == {"position": 0}
    await user.call("PUT", path, {"position": 3.5}, 204)
    assert await user.get(path) == {"position": 3.5}
    assert await admin.get(path) == {"position": 0}
    for wrong in (-1, "3", None, 1e300):
        await user.call("PUT", path, {"position": wrong}, 422)
