"""Real files in the watched folder of the real app."""

import asyncio
import contextlib
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.client import Client
from tests.films import H264, Films, picture
from tests.http.conftest import setup_token, started

Items = dict[str, dict[str, Any]]
"""Films by their title."""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "data" / "library"


async def test_a_file_joins_the_library_and_goes_missing_when_taken_away(
    admin: Client, films: Films, library: Path, tmp_path: Path
) -> None:
    (library / "notes.txt").write_text("not a film")
    film = drop(films.h264, library / "Evening.mp4")
    video = (await until_ready(admin, "Evening"))["Evening"]
    away = tmp_path / "away.mp4"
    film.rename(away)
    await until(admin, lambda items: items["Evening"]["status"] == "missing")
    await admin.get(f"/api/v1/videos/{video['id']}/hls", 409)
    away.rename(film)
    assert (await until_ready(admin, "Evening"))["Evening"]["id"] == video["id"]


async def test_a_film_moved_in_right_after_its_last_byte_is_not_waited_for(
    admin: Client, films: Films, library: Path, tmp_path: Path
) -> None:
    film = tmp_path / "fresh.mp4"
    film.write_bytes(films.silent.read_bytes())
    await asyncio.sleep(0.05)
    begun = time.monotonic()
    film.rename(library / "fresh.mp4")
    await until(admin, lambda items: "fresh" in items)
    assert time.monotonic() - begun < 1.8


@pytest.mark.parametrize("kind", ["h264", "hevc"])
async def test_a_copy_that_pauses_is_waited_for_and_not_failed(
    admin: Client, films: Films, library: Path, kind: str
) -> None:
    path: Path = getattr(films, kind)
    film = path.read_bytes()
    with (library / f"Slow{path.suffix}").open("wb") as copy:
        copy.write(film[: len(film) // 2])
        copy.flush()
        before = (await until(admin, lambda items: "Slow" in items))["Slow"]
        seen = set()
        for _ in range(50):
            seen.add(tuple((each["status"], each.get("reason")) for each in (await listed(admin)).values()))
            await asyncio.sleep(0.1)
        assert seen == {(("pending", "Waiting for the rest of the file."),)}
        await admin.post(f"/api/v1/videos/{before['id']}/upload", {}, 409)
        copy.write(film[len(film) // 2 :])
    after = (await until_ready(admin, "Slow"))["Slow"]
    assert (after["id"], after["size"]) == (before["id"], len(film))


async def test_a_file_that_stays_cut_short_fails_with_a_sentence_and_is_looked_at_again_when_it_grows(
    admin: Client, films: Films, library: Path
) -> None:
    film = films.h264.read_bytes()
    path = library / "Cut.mp4"
    path.write_bytes(film[:2000])
    old(path, 120)
    cut = (await until(admin, lambda items: "Cut" in items and items["Cut"]["status"] == "failed"))["Cut"]
    assert cut["reason"].endswith(".")
    path.write_bytes(film)
    assert (await until_ready(admin, "Cut"))["Cut"]["id"] == cut["id"]


async def test_what_waited_for_its_rest_in_vain_is_looked_at_in_the_end(
    admin: Client, films: Films, library: Path
) -> None:
    path = library / "Cut.mp4"
    path.write_bytes(films.h264.read_bytes()[:2000])
    await until(admin, lambda items: "Cut" in items and items["Cut"]["status"] == "pending")
    old(path, 120)
    await until(admin, lambda items: items["Cut"]["status"] == "failed")


async def test_names_of_unfinished_copies_are_left_alone_until_they_have_their_own(
    admin: Client, films: Films, library: Path
) -> None:
    names = ["a.mp4.part", "b.crdownload", "c.mp4.!qB", "d.mp4~", "e.filepart", ".f.mp4.X2bQ9z", "g.mp4.PART"]
    for name in names:
        drop(films.silent, library / name)
    drop(films.silent, library / "whole.mp4")
    await until_ready(admin, "whole")
    await asyncio.sleep(1)
    assert set(await listed(admin)) == {"whole"}
    (library / "a.mp4.part").rename(library / "a.mp4")
    assert set(await until_ready(admin, "a")) == {"whole", "a"}


async def test_a_renamed_film_stays_what_it_was(admin: Client, films: Films, library: Path) -> None:
    drop(encoded(films, 60), library / "Old name.avi")
    drop(films.silent, library / "Named.mp4")
    before = await until_ready(admin, "Old name", "Named")
    path, named = (f"/api/v1/videos/{before[title]['id']}" for title in ("Old name", "Named"))
    await admin.call("PATCH", named, {"title": "By hand", "description": "Ours"})
    await admin.call("PUT", f"{path}/position", {"position": 3.5}, 204)
    await first_cell(admin, before["Old name"]["id"])
    kept = await ready_cells(admin, path)
    (library / "series").mkdir()
    (library / "Old name.avi").rename(library / "series" / "New name.avi")
    (library / "Named.mp4").rename(library / "other.mp4")
    after = await until_ready(admin, "New name", "By hand")
    assert {title: each["id"] for title, each in after.items()} == {
        "New name": before["Old name"]["id"],
        "By hand": before["Named"]["id"],
    }
    assert after["By hand"]["description"] == "Ours"
    assert (await admin.get(f"{path}/position"))["position"] == 3.5
    assert await ready_cells(admin, path) >= kept > 0
    # Cells that were not made yet are made of the file where it lies now.
    await first_cell(admin, before["Old name"]["id"], last=True)


async def test_a_renamed_folder_takes_all_its_films_along(admin: Client, films: Films, library: Path) -> None:
    titles = [f"Part {number}" for number in range(12)]
    (library / "one" / "deep").mkdir(parents=True)
    for title in titles:
        drop(films.silent, library / "one" / "deep" / f"{title}.mp4")
    before = await until_ready(admin, *titles)
    (library / "one").rename(library / "two")
    await asyncio.sleep(1.5)
    after = await listed(admin)
    assert ids(after) == ids(before) and statuses(after) == {"ready"}
    for title in titles:
        await first_cell(admin, after[title]["id"])
    (library / "two" / "deep" / "Part 0.mp4").unlink()
    await until(admin, lambda items: items["Part 0"]["status"] == "missing")


async def test_two_films_may_change_names_and_one_may_take_the_place_of_another(
    admin: Client, films: Films, library: Path, tmp_path: Path
) -> None:
    for number, film in enumerate((films.silent, films.h264, films.long_h264)):
        drop(film, library / f"{number}.mp4")
    before = await until_ready(admin, "0", "1", "2")
    # As quick as a program does it.
    (library / "0.mp4").rename(tmp_path / "between.mp4")
    (library / "1.mp4").rename(library / "0.mp4")
    (tmp_path / "between.mp4").rename(library / "1.mp4")
    after = await until(admin, lambda items: items["0"]["id"] == before["1"]["id"])
    assert after["1"]["id"] == before["0"]["id"] and statuses(after) == {"ready"}
    (library / "2.mp4").rename(library / "0.mp4")
    films_now = (await admin.get("/api/v1/videos"))["items"]
    for _ in range(100):
        films_now = (await admin.get("/api/v1/videos"))["items"]
        if {each["id"]: each["status"] for each in films_now}[before["1"]["id"]] == "missing":
            break
        await asyncio.sleep(0.1)
    by_id = {each["id"]: each for each in films_now}
    assert len(by_id) == 3
    assert by_id[before["2"]["id"]]["status"] == "ready" and by_id[before["2"]["id"]]["title"] == "0"
    assert by_id[before["1"]["id"]]["status"] == "missing"


async def test_what_was_moved_while_the_server_stood_still_is_known_again(tmp_path: Path, films: Films) -> None:
    data = tmp_path / "data"
    library = data / "library"
    async with restarted(data) as admin:
        drop(films.silent, library / "renamed.mp4")
        drop(films.h264, library / "copied away.mp4")
        drop(films.vp9, library / "away.webm")
        before = await until_ready(admin, "renamed", "copied away", "away")
    token = admin.token
    (library / "renamed.mp4").rename(library / "other.mp4")
    # As to another disk: a file of its own with the same content.
    (library / "disk").mkdir()
    shutil.copyfile(library / "copied away.mp4", library / "disk" / "copy.mp4")
    (library / "copied away.mp4").unlink()
    (library / "away.webm").rename(tmp_path / "away.webm")
    async with restarted(data, token) as admin:
        after = await until(admin, lambda items: set(items) == {"other", "copy", "away"})
        await until(admin, lambda items: items["away"]["status"] == "missing")
        assert [after[title]["id"] for title in ("other", "copy", "away")] == [
            before[title]["id"] for title in ("renamed", "copied away", "away")
        ]
        # Found under another name and by its content alone, and not inspected again.
        shutil.copyfile(tmp_path / "away.webm", library / "back.webm")
        old(library / "back.webm", 60)
        back = await until(admin, lambda items: "back" in items)
        assert (back["back"]["id"], back["back"]["status"]) == (before["away"]["id"], "ready")


async def test_copies_are_films_of_their_own(admin: Client, films: Films, library: Path) -> None:
    drop(films.silent, library / "one.mp4")
    await until_ready(admin, "one")
    drop(films.silent, library / "two.mp4")
    os.link(library / "one.mp4", library / "three.mp4")
    after = await until_ready(admin, "one", "two", "three")
    assert len({each["id"] for each in after.values()}) == 3


async def test_another_file_under_the_same_name_leaves_nothing_of_the_old_one(tmp_path: Path, films: Films) -> None:
    data = tmp_path / "data"
    # As long and as large, so that both are cut at the same places and offered alike: only the pictures differ.
    one, other = encoded(films, 12), encoded(films, 12, "-vf", "negate")
    async with restarted(data, background=False) as admin:
        path = drop(one, data / "library" / "film.avi")
        before = (await until_ready(admin, "film"))["film"]
        cells = [await first_cell(admin, before["id"]), await first_cell(admin, before["id"])]
        assert cells[0] == cells[1]
        drop(other, path.with_name("other.tmp")).replace(path)
        await until(admin, lambda items: items["film"]["size"] == other.stat().st_size)
        after = (await until_ready(admin, "film"))["film"]
        assert after["id"] == before["id"]
        assert await first_cell(admin, after["id"]) != cells[0]


async def test_a_film_deleted_from_the_library_does_not_come_back_by_itself(tmp_path: Path, films: Films) -> None:
    data = tmp_path / "data"
    async with restarted(data) as admin:
        path = drop(films.silent, data / "library" / "unwanted.mp4")
        video = (await until_ready(admin, "unwanted"))["unwanted"]
        await admin.call("DELETE", f"/api/v1/videos/{video['id']}", status=204)
        drop(films.silent, data / "library" / "wanted.mp4")
        assert set(await until_ready(admin, "wanted")) == {"wanted"}
    assert path.is_file()
    async with restarted(data, admin.token) as admin:
        await asyncio.sleep(1.5)
        assert set(await listed(admin)) == {"wanted"}


async def test_a_deleted_film_of_the_folder_comes_back_from_the_trash_as_it_was(
    admin: Client, films: Films, library: Path
) -> None:
    path = drop(films.silent, library / "wanted.mp4")
    video = (await until_ready(admin, "wanted"))["wanted"]
    await admin.call("DELETE", f"/api/v1/videos/{video['id']}", status=204)
    drop(films.silent, library / "another.mp4")
    assert set(await until_ready(admin, "another")) == {"another"}  # the folder was looked through meanwhile
    assert (await admin.post(f"/api/v1/videos/{video['id']}/restore"))["status"] == "ready"
    await admin.bytes(await admin.master(video["id"]))
    path.rename(library / "called otherwise.mp4")
    items = await until_ready(admin, "called otherwise")
    assert items["called otherwise"]["id"] == video["id"]


async def test_a_name_that_is_no_text_disturbs_nothing(admin: Client, films: Films, library: Path) -> None:
    with open(os.fsencode(library) + b"/\xff\xfe.mp4", "wb") as file:  # noqa: PTH123
        file.write(films.silent.read_bytes())
    drop(films.silent, library / "good.mp4")
    assert set(await until_ready(admin, "good")) == {"good"}
    drop(films.silent, library / "better.mp4")
    assert set(await until_ready(admin, "better")) == {"good", "better"}


async def test_a_folder_that_nobody_tells_of_is_looked_through(tmp_path: Path, films: Films) -> None:
    data = tmp_path / "data"
    async with restarted(data, library_watch="polling") as admin:
        path = drop(films.silent, data / "library" / "one.mp4")
        before = await until_ready(admin, "one")
        (data / "library" / "sub").mkdir()
        path = path.rename(data / "library" / "sub" / "two.mp4")
        after = await until(admin, lambda items: "two" in items)
        assert ids(after) == ids(before)
        path.unlink()
        await until(admin, lambda items: items["two"]["status"] == "missing")


async def test_hundreds_of_files_at_once_starve_neither_who_watches_nor_who_uploads(
    admin: Client, films: Films, library: Path
) -> None:
    watched = await admin.ready(films.h264)
    film = drop(films.made("tiny.mp4", *picture(1, "160x90"), *H264), library / "film 0.mp4")
    for number in range(1, 300):
        shutil.copy2(film, library / f"film {number}.mp4")
    waits: list[float] = []
    watching = asyncio.create_task(watch(admin, watched["id"], waits))
    try:
        await until_pending(admin, 200)
        uploaded = await admin.upload(films.silent)
        begun = time.monotonic()
        assert (await admin.until_settled(uploaded["id"]))["status"] == "ready"
        waited = time.monotonic() - begun
        while len(waits) < 20:
            await asyncio.sleep(0.1)
        assert await count(admin, "uploaded") > 100, "The backlog was done before the upload, which tells nothing."
    finally:
        watching.cancel()
    assert waited < 10 and max(waits) < 2


async def watch(client: Client, video_id: str, waits: list[float]) -> None:
    """Fetch segments as a player does, and keep how many seconds each took."""
    while True:
        begun = time.monotonic()
        await first_cell(client, video_id)
        waits.append(time.monotonic() - begun)
        await asyncio.sleep(0.1)


async def until_pending(client: Client, films: int) -> None:
    """Until so many films wait for their turn."""
    until = time.monotonic() + 30
    while await count(client, "uploaded") < films:
        assert time.monotonic() < until
        await asyncio.sleep(0.2)


async def count(client: Client, status: str) -> int:
    found, cursor = 0, ""
    while cursor is not None:
        page = await client.get(f"/api/v1/videos?limit=100&status={status}{cursor and '&cursor='}{cursor}")
        found, cursor = found + len(page["items"]), page["next_cursor"]
    return found


@contextlib.asynccontextmanager
async def restarted(data: Path, token: str | None = None, **settings: object) -> AsyncIterator[Client]:
    """A server on this data directory and its administrator, who is signed in already when a token is given."""
    async with started(data, **settings) as running, Client(f"http://127.0.0.1:{running.port}", token) as client:
        if token is None:
            await client.setup(setup_token(running))
        yield client


def drop(film: Path, place: Path) -> Path:
    """A film put there that has stood still for long, as one that was moved has."""
    shutil.copyfile(film, place.with_name(f".{place.name}"))
    old(place.with_name(f".{place.name}"), 60)
    return place.with_name(f".{place.name}").rename(place)


def encoded(films: Films, seconds: int, *filters: str) -> Path:
    """AVI, MPEG-4, 320x180, no sound: nothing of it is sent as it is."""
    codec = ("-c:v", "mpeg4", "-q:v", "4", "-g", "25")
    return films.made(f"mpeg4-{seconds}{''.join(filters)}.avi", *picture(seconds, "320x180"), *filters, *codec)


def old(path: Path, seconds: float) -> None:
    os.utime(path, (time.time() - seconds,) * 2)


async def listed(client: Client) -> Items:
    return {each["title"]: each for each in (await client.get("/api/v1/videos?limit=100"))["items"]}


async def until(client: Client, come: Callable[[Items], Any]) -> Items:
    for _ in range(300):
        items = await listed(client)
        if come(items):
            return items
        await asyncio.sleep(0.1)
    raise AssertionError(f"It did not come to that: {items}")


async def until_ready(client: Client, *titles: str) -> Items:
    return await until(
        client, lambda items: all(title in items and items[title]["status"] == "ready" for title in titles)
    )


def ids(items: Items) -> set[str]:
    return {each["id"] for each in items.values()}


def statuses(items: Items) -> set[str]:
    return {each["status"] for each in items.values()}


async def first_cell(client: Client, video_id: str, *, last: bool = False) -> bytes:
    """The first (or last) segment of the lowest picture."""
    master = await client.master(video_id)
    base = master.rsplit("/", 1)[0]
    playlists = [line for line in (await client.bytes(master)).decode().splitlines() if line.endswith("video.m3u8")]
    playlist = f"{base}/{playlists[-1]}"
    names = [line for line in (await client.bytes(playlist)).decode().splitlines() if line and not line.startswith("#")]
    return await client.bytes(f"{playlist.rsplit('/', 1)[0]}/{names[-1 if last else 0]}")


async def ready_cells(client: Client, path: str) -> int:
    renditions = (await client.get(f"{path}/status"))["renditions"]
    return sum(each["ready_segments"] for each in renditions if each["mode"] == "encode")
