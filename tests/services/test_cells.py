"""The segment engine: any cell, once for all who want it, viewers first, under a cap."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.media.torture import film, made
from watchparty.domain.demand import AHEAD_SECONDS
from watchparty.domain.errors import NotFound, StorageFull
from watchparty.domain.ladder import ladder
from watchparty.domain.playlist import durations
from watchparty.media.inspect import inspect
from watchparty.services.cells import Cells, Film, Playhead


def film_of(path: Path, video_id: str = "video") -> Film:
    inspection = inspect(str(path))
    return Film(video_id, str(path), inspection.source, inspection.grid, ladder(inspection.source, inspection.grid))


@pytest.fixture(scope="module")
def copied() -> Film:
    return film_of(film("two_languages.mkv"))


@pytest.fixture(scope="module")
def encoded() -> Film:
    return film_of(film("mpeg4.avi"))


@pytest.fixture(scope="module")
def long() -> Film:
    """Two minutes to encode, in which nothing moves fast."""
    source = "-f lavfi -i testsrc2=size=640x360:rate=25:duration=120 -c:v mpeg4 -q:v 8"
    return film_of(made("long.avi", source.split()), "long")


@pytest.fixture(scope="module")
def two_rungs() -> Film:
    sound = "-f lavfi -i sine=frequency=440:duration=9 -c:a libmp3lame"
    source = f"-f lavfi -i testsrc2=size=640x480:rate=12:duration=9 {sound} -c:v mpeg4 -q:v 5"
    return film_of(made("two_rungs.avi", source.split()), "two")


@pytest.fixture
async def cells(tmp_path: Path) -> AsyncIterator[Cells]:
    async with Cells(tmp_path / "segments", 1 << 30, least_free=0) as engine:
        yield engine


async def _until(condition: object, seconds: float = 5) -> None:
    assert callable(condition)
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


async def test_every_cell_of_every_rendition_can_be_had(cells: Cells, copied: Film, encoded: Film) -> None:
    for each in (replace(copied, video_id="one"), encoded):
        for rendition in each.renditions:
            assert (await cells.init(each, rendition.name))[4:8] == b"ftyp"
            for index in reversed(range(len(durations(rendition, each.grid)))):
                got = await cells.cell(each, rendition.name, index)
                assert (got if isinstance(got, bytes) else got.read_bytes())[4:8] == b"moof"
        assert cells.ready(each) == {
            rendition.name: len(durations(rendition, each.grid)) for rendition in each.renditions
        }


async def test_what_does_not_exist_is_not_found(cells: Cells, copied: Film) -> None:
    for rendition, index in (("4320p", 0), ("source", -1), ("source", 4), ("audio-1", 10_000)):
        with pytest.raises(NotFound):
            await cells.cell(copied, rendition, index)
    with pytest.raises(NotFound):
        await cells.init(copied, "4320p")


async def test_copied_cells_are_not_stored(cells: Cells, copied: Film, tmp_path: Path) -> None:
    assert isinstance(await cells.cell(copied, "source", 0), bytes)
    assert isinstance(await cells.cell(copied, "audio-1", 0), bytes)
    assert not list((tmp_path / "segments").rglob("*.m4s"))


async def test_encoded_cells_are_stored_and_survive_a_restart(encoded: Film, tmp_path: Path) -> None:
    folder = tmp_path / "segments"
    async with Cells(folder, 1 << 30, least_free=0) as cells:
        first = await cells.cell(encoded, "288p", 1)
        assert isinstance(first, Path)
        content = first.read_bytes()
    (first.parent / "half.part").write_bytes(b"half")
    async with Cells(folder, 1 << 30, least_free=0) as cells:
        assert cells.ready(encoded)["288p"] >= 1
        assert not list(folder.rglob("*.part"))
        began = time.monotonic()
        again = await cells.cell(encoded, "288p", 1)
        assert time.monotonic() - began < 0.2
        assert isinstance(again, Path)
        assert again.read_bytes() == content


async def test_a_cell_that_somebody_deleted_is_made_again(cells: Cells, encoded: Film) -> None:
    for rendition in ("288p", "audio-1"):
        first = await cells.cell(encoded, rendition, 1)
        assert isinstance(first, Path)
        before = cells.ready(encoded)[rendition]
        first.unlink()
        again = await cells.cell(encoded, rendition, 1)
        assert isinstance(again, Path) and again.is_file()
        assert cells.ready(encoded)[rendition] >= before


async def test_many_who_want_the_same_cell_get_the_same_one(cells: Cells, encoded: Film, copied: Film) -> None:
    for each, rendition in ((encoded, "288p"), (copied, "source")):
        got = await asyncio.gather(*(cells.cell(each, rendition, 1) for _ in range(20)))
        assert all(one is got[0] for one in got) or len({*got}) == 1


async def test_who_leaves_does_not_disturb_who_stays(cells: Cells, encoded: Film) -> None:
    staying = asyncio.create_task(cells.cell(encoded, "288p", 2))
    leaving = [asyncio.create_task(cells.cell(encoded, "288p", 2)) for _ in range(5)]
    await asyncio.sleep(0.05)
    for task in leaving:
        task.cancel()
    assert isinstance(await staying, Path)
    assert all(task.cancelled() for task in leaving)


async def test_a_head_ends_soon_after_the_last_who_waited_has_left(cells: Cells, long: Film) -> None:
    waiting = asyncio.create_task(cells.cell(long, "360p", 20))
    await asyncio.sleep(0.1)
    waiting.cancel()
    await _until(lambda: not cells.busy, 1)
    assert cells.ready(long)["360p"] < 2


async def test_a_head_runs_ahead_of_the_last_request_and_then_stops(cells: Cells, long: Film) -> None:
    await cells.cell(long, "360p", 0)
    await _until(lambda: not cells.busy, 60)
    made_seconds = long.grid.encode[cells.ready(long)["360p"]] / 90_000
    assert AHEAD_SECONDS <= made_seconds <= AHEAD_SECONDS + 12


async def test_a_far_seek_is_served_by_another_head_at_once(cells: Cells, long: Film) -> None:
    await cells.cell(long, "360p", 0)
    far = await cells.cell(long, "360p", 25)
    assert isinstance(far, Path)
    # Nobody made what lies between.
    assert cells.ready(long)["360p"] < 20


async def test_a_viewer_goes_before_what_is_filled_in_the_background(cells: Cells, long: Film) -> None:
    told: list[float] = []
    filling = asyncio.create_task(cells.fill(long, "360p", lambda done, speed: told.append(done)))
    await _until(lambda: told, 20)
    before = len(told)
    await cells.cell(long, "360p", 57)
    # While the viewer's head runs ahead, nothing is filled.
    assert len(told) - before <= 2
    filling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await filling
    ready = cells.ready(long)["360p"]
    await _until(lambda: not cells.busy, 60)
    # Only the viewer's head went on, and only as far as it should.
    assert cells.ready(long)["360p"] - ready <= 4


async def test_filling_makes_every_cell_and_tells_how_far_it_is(cells: Cells, encoded: Film) -> None:
    told: list[tuple[float, float]] = []
    for rendition in encoded.renditions:
        await cells.fill(encoded, rendition.name, lambda done, speed: told.append((done, speed)))
    assert cells.ready(encoded) == {
        rendition.name: len(durations(rendition, encoded.grid)) for rendition in encoded.renditions
    }
    assert told[-1][0] == 1.0
    assert all(0 < done <= 1 and speed >= 0 for done, speed in told)


async def test_filling_a_full_disk_says_so(encoded: Film, tmp_path: Path) -> None:
    async with Cells(tmp_path / "segments", 1 << 30, least_free=1 << 60) as cells:
        with pytest.raises(StorageFull):
            await cells.fill(encoded, "288p", lambda done, speed: None)
        # What cannot be kept is sent all the same.
        assert isinstance(await cells.cell(encoded, "288p", 1), bytes)
        assert isinstance(await cells.cell(encoded, "audio-1", 1), bytes)


async def test_the_cache_keeps_under_its_cap_and_drops_what_was_not_used(encoded: Film, tmp_path: Path) -> None:
    folder = tmp_path / "segments"
    async with Cells(folder, 450_000, least_free=0) as cells:
        for index in range(4):
            got = await cells.cell(encoded, "288p", index)
            assert got if isinstance(got, bytes) else got.read_bytes()
            await _until(lambda: not cells.busy, 20)
        assert sum(path.stat().st_size for path in folder.rglob("*.m4s")) <= 450_000


async def test_the_disk_s_last_bytes_are_given_back_while_nothing_is_made(
    encoded: Film, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watchparty.services.cells.TRIM_EVERY", 0.05)
    folder = tmp_path / "segments"
    async with Cells(folder, 1 << 30, least_free=1 << 20) as cells:
        await cells.fill(encoded, "288p", lambda done, speed: None)
        assert list(folder.rglob("*.m4s"))
        others_took_it_all = SimpleNamespace(free=0)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: others_took_it_all)
        await _until(lambda: not list(folder.rglob("*.m4s")))
        assert cells.ready(encoded)["288p"] == 0


async def test_two_people_on_two_rungs_get_pictures_of_both_from_one_head(cells: Cells, two_rungs: Film) -> None:
    got = await asyncio.gather(*(cells.cell(two_rungs, rung, 1) for rung in ("360p", "480p")))
    assert all(isinstance(each, Path) and each.read_bytes()[4:8] == b"moof" for each in got)
    await cells.fill(two_rungs, ["360p", "480p", "audio-1"], lambda done, speed: None)
    assert cells.ready(two_rungs) == {rendition.name: two_rungs.cells(rendition) for rendition in two_rungs.renditions}
    assert all(size > 0 for size in cells.stored(two_rungs).values())
    assert cells.stored_by_video() == {"two": sum(cells.stored(two_rungs).values())}


async def test_a_room_s_next_half_minute_is_made_and_stays(cells: Cells, encoded: Film) -> None:
    cells.foresee([Playhead(encoded, 5.0, playing=False)])
    here = next(index for index, at in enumerate(encoded.grid.encode) if at > 5 * 90_000) - 1
    await _until(lambda: cells.ready(encoded)["288p"] == encoded.cells(encoded.rendition("288p")) - here, 20)
    await _until(lambda: cells.ready(encoded)["audio-1"] == encoded.cells(encoded.rendition("audio-1")) - here, 20)


async def test_what_a_room_is_about_to_need_stays_whatever_others_watch(encoded: Film, tmp_path: Path) -> None:
    async with Cells(tmp_path / "segments", 450_000, least_free=0) as cells:
        for index in range(2):
            assert isinstance(await cells.cell(encoded, "288p", index), Path)
        await _until(lambda: not cells.busy, 20)
        cells.foresee([Playhead(encoded, 0.0, playing=False)])
        await _until(lambda: not cells.busy, 20)
        there = cells.ready(encoded)["288p"]
        other = replace(encoded, video_id="other")
        for index in range(4):
            await cells.cell(other, "288p", index)
        assert cells.ready(encoded)["288p"] == there > 0
        cells.foresee([])
        for index in range(4):
            await cells.cell(other, "288p", index)
        assert cells.ready(encoded)["288p"] < there


async def test_a_room_that_plays_the_copy_has_nothing_made_but_sound(cells: Cells) -> None:
    each = film_of(film("h264.mov"), "mov")
    cells.foresee([Playhead(each, 0.0, playing=False)])
    await _until(lambda: cells.ready(each)["audio-1"] == each.cells(each.rendition("audio-1")), 20)
    await _until(lambda: not cells.busy)
    assert cells.ready(each)["360p"] == 0


async def test_a_deleted_film_leaves_nothing_and_whoever_waits_hears_of_it(
    cells: Cells, long: Film, tmp_path: Path
) -> None:
    await cells.cell(long, "360p", 0)
    waiting = asyncio.create_task(cells.cell(long, "360p", 25))
    await asyncio.sleep(0.05)
    await cells.forget("long")
    with pytest.raises(NotFound):
        await waiting
    assert not list((tmp_path / "segments").rglob("*.m4s"))
    assert not cells.busy


async def test_a_film_whose_file_is_gone_is_not_found(cells: Cells, encoded: Film, copied: Film) -> None:
    for each, names in ((encoded, ("288p", "audio-1")), (copied, ("source", "audio-1"))):
        gone = replace(each, video_id=f"gone-{each.video_id}", path="/nowhere/film.avi")
        for name in names:
            with pytest.raises(NotFound) as refused:
                await cells.cell(gone, name, 0)
            assert "/nowhere" not in refused.value.detail


async def test_closing_the_engine_stops_what_is_under_way_within_a_second(long: Film, tmp_path: Path) -> None:
    async with Cells(tmp_path / "segments", 1 << 30, least_free=0) as cells:
        waiting = asyncio.create_task(cells.cell(long, "360p", 3))
        await _until(lambda: cells.busy)
        await asyncio.sleep(0.05)
        began = time.monotonic()
    assert time.monotonic() - began < 1
    with pytest.raises(NotFound):
        await waiting


async def test_pictures_and_sounds_of_one_file_can_be_asked_for_in_turn(cells: Cells) -> None:
    each = film_of(film("h264.mp4"))
    first = [await cells.cell(each, name, 1) for name in ("source", "audio-1")]
    assert [await cells.cell(each, name, 1) for name in ("source", "audio-1")] == first
    assert await asyncio.gather(*(cells.cell(each, name, 1) for name in ("audio-1", "source"))) == first[::-1]


async def test_a_file_that_is_replaced_is_opened_anew(cells: Cells, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(film("h264.mp4").read_bytes())
    await cells.cell(film_of(path, "before"), "source", 0)
    other = tmp_path / "other.mp4"
    other.write_bytes(film("silent.mp4").read_bytes())
    expected = await cells.cell(film_of(other, "other"), "source", 0)
    other.replace(path)
    assert await cells.cell(film_of(path, "after"), "source", 0) == expected


async def test_a_file_that_is_renamed_goes_on_being_made(cells: Cells, tmp_path: Path) -> None:
    path = tmp_path / "film.avi"
    path.write_bytes(film("mpeg4.avi").read_bytes())
    each = film_of(path)
    first = await cells.cell(each, "288p", 0)
    renamed = replace(each, path=str(path.rename(tmp_path / "other.avi")))
    for rendition in ("288p", "audio-1"):
        for index in range(renamed.cells(renamed.rendition(rendition))):
            assert isinstance(await cells.cell(renamed, rendition, index), Path)
    assert await cells.cell(renamed, "288p", 0) == first


async def test_who_jumps_away_leaves_no_head_behind(cells: Cells, long: Film) -> None:
    await cells.cell(long, "360p", 0, "ann")
    assert cells.busy
    await cells.cell(long, "360p", 20, "ann")
    await _until(lambda: not cells.busy, 60)
    # Half a minute was made where they are, and hardly anything where they were.
    assert cells.ready(long)["360p"] <= AHEAD_SECONDS // 2 + 5


async def test_a_film_cut_anew_is_encoded_anew(cells: Cells, encoded: Film) -> None:
    await cells.cell(encoded, "288p", 0)
    assert cells.ready(replace(encoded))["288p"] >= 1
    boundaries = (0, *(at + 3600 for at in encoded.grid.encode[1:-1]), encoded.grid.end)
    other = replace(encoded, grid=replace(encoded.grid, encode=boundaries))
    assert cells.ready(other)["288p"] == 0
    got = await cells.cell(other, "288p", 0)
    assert isinstance(got, Path)
    assert got != await cells.cell(encoded, "288p", 0)
