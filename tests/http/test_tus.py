"""Resumable uploads (tus 1.0.0): what is acknowledged stays, what breaks goes on, what is wrong is said."""

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.client import Client
from tests.films import Films
from tests.http.conftest import started
from tests.tus import Tus, begun, checksum, metadata
from watchparty.app import Running


@pytest.fixture
def film(films: Films) -> bytes:
    return films.h264.read_bytes()


@pytest.fixture
def tus(user: Client) -> Tus:
    return Tus(user)


def partials(tmp_path: Path) -> list[Path]:
    return [*(tmp_path / "data" / "uploads").glob("*.partial")]


async def videos(client: Client) -> list[Any]:
    return list((await client.get("/api/v1/videos"))["items"])


async def original(client: Client, video_id: str) -> bytes:
    url = client.absolute(f"/api/v1/videos/{video_id}/asset?kind=original")
    async with client.session.get(url, headers=client.headers()) as answer:
        return await answer.read()


async def test_the_server_says_what_it_knows(nobody: Client) -> None:
    answer = await Tus(nobody).call("OPTIONS", "/api/v1/uploads", 204)
    assert answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) >= {
        "creation", "creation-with-upload", "expiration", "checksum", "termination"
    }  # fmt: skip
    assert "sha1" in answer["Tus-Checksum-Algorithm"].split(",")
    assert int(answer["Tus-Max-Size"]) == 64 << 30


async def test_a_film_sent_in_pieces_is_whole_and_watchable(
    tus: Tus, user: Client, film: bytes, tmp_path: Path
) -> None:
    url = await tus.create(len(film), title="In pieces", visibility="public")
    for start in range(0, len(film), 50_000):
        answer = await tus.patch(url, start, film[start : start + 50_000])
        assert int(answer["Upload-Offset"]) == min(start + 50_000, len(film))
    (video,) = await videos(user)
    assert (video["title"], video["visibility"], video["size"]) == ("In pieces", "public", len(film))
    assert (await user.until_settled(video["id"]))["status"] == "ready"
    assert hashlib.sha256(await original(user, video["id"])).digest() == hashlib.sha256(film).digest()
    assert not partials(tmp_path)


async def test_who_did_not_hear_the_last_answer_is_told_that_all_is_there(tus: Tus, user: Client, film: bytes) -> None:
    url = await tus.create(len(film))
    await tus.patch(url, 0, film)
    assert await tus.offset(url) == len(film)
    await tus.patch(url, len(film), b"")
    assert len(await videos(user)) == 1


async def test_an_address_of_a_new_film_takes_pieces_too_and_nothing_but_the_address_is_needed(
    user: Client, nobody: Client, film: bytes
) -> None:
    made = await user.post("/api/v1/videos", {"filename": "film.mp4", "size": len(film)}, 201)
    anybody = Tus(nobody)
    await anybody.patch(made["upload"]["tus_url"], 0, film[:1000])
    await anybody.patch(made["upload"]["tus_url"], 1000, film[1000:])
    assert (await user.until_settled(made["video"]["id"]))["status"] == "ready"


async def test_a_pending_film_gets_its_bytes_by_its_id(tus: Tus, user: Client, film: bytes) -> None:
    made = await user.post("/api/v1/videos", {"title": "Words first"}, 201)
    url = await tus.create(len(film), video_id=made["video"]["id"])
    await tus.patch(url, 0, film)
    assert (await user.until_settled(made["video"]["id"]))["title"] == "Words first"


async def test_bytes_may_come_with_the_creation(tus: Tus, user: Client, film: bytes) -> None:
    headers = {
        "Upload-Length": str(len(film)),
        "Upload-Metadata": metadata(filename="a.mp4"),
        "Content-Type": "application/offset+octet-stream",
    }
    answer = await tus.call("POST", "/api/v1/uploads", 201, headers, film[:2000])
    assert answer["Upload-Offset"] == "2000"
    await tus.patch(user.absolute(answer["Location"]), 2000, film[2000:])
    assert len(await videos(user)) == 1


async def test_a_size_that_was_left_open_is_said_with_the_last_bytes(tus: Tus, user: Client, film: bytes) -> None:
    url = await tus.create(None)
    answer = await tus.call("HEAD", url, 200)
    assert answer["Upload-Defer-Length"] == "1" and "Upload-Length" not in answer
    await tus.patch(url, 0, film[:5000])
    await tus.patch(url, 5000, film[5000:], Upload_Length=str(len(film)))
    (video,) = await videos(user)
    assert (await user.until_settled(video["id"]))["size"] == len(film)


async def test_an_offset_that_is_not_the_uploads_is_a_conflict(tus: Tus, film: bytes) -> None:
    url = await tus.create(len(film))
    await tus.patch(url, 0, film[:100])
    await tus.patch(url, 0, film[:100], 409)
    await tus.patch(url, 200, film[200:300], 409)
    assert await tus.offset(url) == 100


async def test_what_came_before_the_line_broke_is_kept_to_the_last_byte(tus: Tus, film: bytes, tmp_path: Path) -> None:
    url = await tus.create(len(film))
    async with begun(url, 0, len(film)) as line:
        line.write(film[:7000])
        await written(tmp_path, 7000)
    assert await tus.offset(url) == 7000
    await tus.patch(url, 7000, film[7000:])
    assert await tus.offset(url) == len(film)


async def test_a_newer_request_goes_on_where_a_silent_one_came_to(
    tus: Tus, user: Client, film: bytes, tmp_path: Path
) -> None:
    url = await tus.create(len(film))
    async with begun(url, 0, len(film)) as dead:
        dead.write(film[:3000])
        await written(tmp_path, 3000)
        await tus.patch(url, 3000, film[3000:])
    (video,) = await videos(user)
    assert hashlib.sha256(await original(user, video["id"])).digest() == hashlib.sha256(film).digest()


async def written(tmp_path: Path, size: int) -> None:
    """Until so many bytes of the one upload have reached its file."""
    while [path.stat().st_size for path in partials(tmp_path)] != [size]:
        await asyncio.sleep(0.01)


async def test_many_who_send_the_same_piece_at_once_leave_it_there_once(tus: Tus, user: Client, film: bytes) -> None:
    url = await tus.create(len(film))

    async def send() -> None:
        while (offset := await tus.offset(url)) < len(film):
            await _maybe(tus, url, offset, film[offset : offset + 60_000])

    await asyncio.gather(*(send() for _ in range(4)))
    (video,) = await videos(user)
    assert await original(user, video["id"]) == film


async def _maybe(tus: Tus, url: str, offset: int, piece: bytes) -> None:
    """A piece that somebody else may have sent meanwhile."""
    try:
        await tus.patch(url, offset, piece)
    except AssertionError as refused:
        assert "409" in str(refused)


async def test_bytes_that_do_not_add_up_are_not_kept(tus: Tus, user: Client, film: bytes) -> None:
    url, offset = await tus.create(len(film)), 0
    for algorithm in ("sha1", "sha256", "md5"):
        piece = film[offset : offset + 5000]
        await tus.patch(url, offset, piece, 460, Upload_Checksum=checksum(algorithm, b"something else"))
        assert await tus.offset(url) == offset
        await tus.patch(url, offset, piece, Upload_Checksum=checksum(algorithm, piece))
        offset += 5000
    await tus.patch(url, offset, film[offset:], 400, Upload_Checksum="crc32 AAAA")
    await tus.patch(url, offset, film[offset:], 400, Upload_Checksum="sha1 ???")
    async with begun(url, offset, len(film) - offset, {"Upload-Checksum": checksum("sha1", film)}) as line:
        line.write(film[offset:-10])
        await line.drain()
        assert await tus.offset(url) == offset, "half of what was to add up is not believed"
    await tus.patch(url, offset, film[offset:], Upload_Checksum=checksum("sha1", film[offset:]))
    (video,) = await videos(user)
    assert await original(user, video["id"]) == film


async def test_what_is_no_film_is_refused_at_its_first_bytes(tus: Tus, tmp_path: Path) -> None:
    url = await tus.create(1 << 30)
    await tus.patch(url, 0, b"#!/bin/sh\n" * 1000, 415)
    assert await tus.offset(url) == 0
    assert [path.stat().st_size for path in partials(tmp_path)] == [0]


async def test_bytes_refused_with_the_creation_leave_neither_upload_nor_film(
    tus: Tus, user: Client, tmp_path: Path
) -> None:
    headers = {
        "Upload-Length": "10000",
        "Upload-Metadata": metadata(filename="a.mp4"),
        "Content-Type": "application/offset+octet-stream",
    }
    await tus.call("POST", "/api/v1/uploads", 415, headers, b"no film " * 1250)
    assert await videos(user) == []
    assert not partials(tmp_path)


async def test_more_bytes_than_announced_are_too_many(tus: Tus, film: bytes) -> None:
    url = await tus.create(len(film) - 10)
    await tus.patch(url, 0, film, 413)
    assert await tus.offset(url) == 0


async def test_an_upload_given_up_takes_its_film_along(tus: Tus, user: Client, film: bytes, tmp_path: Path) -> None:
    url = await tus.create(len(film))
    await tus.patch(url, 0, film[:5000])
    await tus.call("DELETE", url, 204)
    await tus.offset(url, 404)
    assert await videos(user) == []
    assert not partials(tmp_path)


async def test_a_finished_upload_cannot_be_given_up(tus: Tus, user: Client, film: bytes) -> None:
    url = await tus.create(len(film))
    await tus.patch(url, 0, film)
    await tus.call("DELETE", url, 409)
    assert len(await videos(user)) == 1


async def test_a_deleted_film_takes_its_upload_along(tus: Tus, user: Client, film: bytes, tmp_path: Path) -> None:
    url = await tus.create(len(film))
    await tus.patch(url, 0, film[:5000])
    (video,) = await videos(user)
    await user.call("DELETE", f"/api/v1/videos/{video['id']}", status=204)
    await tus.offset(url, 404)
    await tus.patch(url, 5000, film[5000:], 404)
    assert not partials(tmp_path)


async def test_where_only_post_passes_the_method_is_said_in_a_header(tus: Tus, user: Client, film: bytes) -> None:
    url = await tus.create(len(film))
    sent = {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    await tus.call("POST", url, 204, sent, film[:1000])
    answer = await tus.call("POST", url, 200, {"X-HTTP-Method-Override": "HEAD"})
    assert answer["Upload-Offset"] == "1000"
    await tus.call("POST", url, 400)
    await tus.call("POST", url, 204, {"X-HTTP-Method-Override": "DELETE"})
    assert await videos(user) == []


async def test_another_version_is_told_which_one_is_spoken(tus: Tus, user: Client) -> None:
    headers = {"Upload-Length": "100", "Upload-Metadata": metadata(filename="a.mp4")}
    answer = await tus.call("POST", "/api/v1/uploads", 412, headers, version="0.2.2")
    assert answer["Tus-Version"] == "1.0.0"
    assert await videos(user) == []


NONSENSE: list[tuple[int, dict[str, str]]] = [
    (400, {}),
    (400, {"Upload-Length": "-1"}),
    (400, {"Upload-Length": "ten"}),
    (400, {"Upload-Length": "9" * 40}),
    (422, {"Upload-Length": "0"}),
    (400, {"Upload-Length": "100", "Upload-Defer-Length": "1"}),
    (400, {"Upload-Defer-Length": "2"}),
    (413, {"Upload-Length": str((64 << 30) + 1)}),
    (422, {"Upload-Length": "100", "Upload-Metadata": ""}),
    (400, {"Upload-Length": "100", "Upload-Metadata": "filename !!!"}),
    (400, {"Upload-Length": "100", "Upload-Metadata": "filename /w=="}),
    (400, {"Upload-Length": "100", "Upload-Metadata": "filename YQ==,filename YQ=="}),
    (400, {"Upload-Length": "100", "Upload-Metadata": ", ,"}),
    (422, {"Upload-Length": "100", "Upload-Metadata": metadata(filename="a", visibility="secret")}),
    (404, {"Upload-Length": "100", "Upload-Metadata": metadata(filename="a", video_id="nothing")}),
]
NAMES = ["../../etc/passwd", "a/b.mp4", "C:\\film.mp4", "..", "", "a\0b", "a\u202eb.mp4", "x" * 256]
ADDRESSES = ["x", "x.y", "%2e%2e%2fpasswd", "a" * 22 + "." + "b" * 22, "a%00b.c", "é.é"]


async def test_a_creation_that_makes_no_sense_is_refused(tus: Tus, user: Client) -> None:
    for status, headers in NONSENSE:
        await tus.call("POST", "/api/v1/uploads", status, {"Upload-Metadata": metadata(filename="a.mp4"), **headers})
    for name in NAMES:
        await tus.create(100, 422, filename=name)
    for address in ADDRESSES:
        await tus.offset(f"{user.url}/api/v1/uploads/{address}", 404)
    assert await videos(user) == []


async def test_a_flipped_letter_makes_an_address_worthless(tus: Tus, film: bytes) -> None:
    url = await tus.create(len(film))
    await tus.offset(url[:-2] + ("A" if url[-2] != "A" else "B") + url[-1], 404)


async def test_wrong_headers_of_a_piece_are_refused(tus: Tus, film: bytes) -> None:
    url = await tus.create(len(film))
    await tus.call("PATCH", url, 415, {"Upload-Offset": "0", "Content-Type": "video/mp4"}, film)
    await tus.call("PATCH", url, 400, {"Content-Type": "application/offset+octet-stream"}, film)
    await tus.call("PATCH", url, 400, {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "-5"}, film)
    assert await tus.offset(url) == 0


async def test_visitors_and_strangers_begin_nothing(nobody: Client, admin: Client) -> None:
    headers = {"Upload-Length": "100", "Upload-Metadata": metadata(filename="a.mp4")}
    await Tus(nobody).call("POST", "/api/v1/uploads", 401, headers)


async def test_a_strangers_film_gets_no_bytes(tus: Tus, admin: Client) -> None:
    made = await admin.post("/api/v1/videos", {"title": "Mine"}, 201)
    await tus.create(100, 404, video_id=made["video"]["id"])


async def test_the_words_of_the_creation_are_given_back(tus: Tus, film: bytes) -> None:
    url = await tus.create(len(film), title="Ünïcode 🎬")
    answer = await tus.call("HEAD", url, 200)
    assert answer["Upload-Metadata"] == metadata(filename="film.mp4", title="Ünïcode 🎬")
    assert answer["Upload-Length"] == str(len(film))
    assert answer["Cache-Control"] == "no-store"
    assert answer["Upload-Expires"].endswith(" GMT")


async def test_a_put_and_pieces_for_the_same_film_make_it_once(user: Client, film: bytes, tmp_path: Path) -> None:
    made = await user.post("/api/v1/videos", {"filename": "film.mp4", "size": len(film)}, 201)
    tus = Tus(user)
    await tus.patch(made["upload"]["tus_url"], 0, film[:5000])
    async with user.session.put(user.absolute(made["upload"]["url"]), data=io.BytesIO(film)) as answer:
        assert answer.status == 200
    assert await tus.offset(made["upload"]["tus_url"]) == len(film)
    assert await original(user, made["video"]["id"]) == film


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Running]:
    async with started(tmp_path / "small", max_upload=1000) as running:
        yield running
