"""Every kind of film, written out cell by cell in random order, as an independent reader sees it."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.media.boxes import fragments
from tests.media.torture import film
from tests.media.written import Written, complaints, probed, stated_duration, write
from watchparty.domain.playlist import durations

FILMS = {
    "h264.mp4": ("source", "audio-1"),
    "h264.mkv": ("source", "audio-1"),
    "h264.ts": ("source", "audio-1"),
    "h264.mov": ("source", "audio-1"),
    "h264.flv": ("source", "audio-1"),
    "fragmented.mp4": ("source", "audio-1"),
    "hours.ts": ("source", "audio-1"),
    "hevc10.mkv": ("240p", "audio-1"),
    "vp9.webm": ("240p", "audio-1"),
    "mpeg4.avi": ("288p", "audio-1"),
    "silent.mp4": ("source",),
    "sound.m4a": ("audio-1",),
    "sound.mp3": ("audio-1",),
    "sound.flac": ("audio-1",),
    "odd.mkv": ("180p", "audio-1"),
    "high10.mp4": ("180p", "audio-1"),
    "rotated.mp4": ("180p", "audio-1"),
    "anamorphic.mp4": ("source", "audio-1"),
    "interlaced.mp4": ("180p", "audio-1"),
    "late_sound.mp4": ("source", "audio-1"),
    "late_picture.mkv": ("source", "audio-1"),
    "short_sound.mp4": ("source", "audio-1"),
    "uneven.mp4": ("source", "audio-1"),
    "fast.mp4": ("source", "audio-1"),
    "long_gop.mp4": ("180p", "audio-1"),
    "open_gop.mkv": ("180p", "audio-1"),
    "two_languages.mkv": ("source", "audio-1", "audio-2"),
}


AT_FULL_LENGTH_ONLY = {
    *("h264.flv", "fragmented.mp4", "sound.m4a", "sound.flac", "high10.mp4"),
    *("uneven.mp4", "fast.mp4", "long_gop.mp4", "open_gop.mkv"),
}


def _params() -> list[object]:
    return [pytest.param(name, marks=pytest.mark.soak) if name in AT_FULL_LENGTH_ONLY else name for name in FILMS]


@pytest.fixture(scope="module", params=_params())
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write(film(request.param), tmp_path_factory.mktemp("written"))


def test_a_film_is_offered_as_its_own_packets_where_they_can_be_cut_and_encoded_otherwise(
    written: Written, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.params["written"]
    assert tuple(rendition.name for rendition in written.renditions) == FILMS[name]
    encoded = any(rendition.mode == "encode" for rendition in written.renditions if rendition.kind == "video")
    assert (written.inspection.grid.copy_refusal is not None) == encoded


def test_ffmpeg_reads_every_rendition_without_a_warning(written: Written) -> None:
    assert complaints(written.master) == ""


def test_the_master_playlist_lasts_as_long_as_the_film(written: Written) -> None:
    assert stated_duration(written.master) == pytest.approx(stated_duration(written.path), abs=0.05)


def test_timestamps_rise_in_every_rendition(written: Written) -> None:
    for rendition in written.renditions:
        packets = probed(written.joined(rendition.name), "-show_entries", "packet=dts,pts")["packets"]
        assert packets
        assert all(int(before["dts"]) < int(after["dts"]) for before, after in pairwise(packets))
        shown = [int(packet["pts"]) for packet in packets]
        assert len(set(shown)) == len(shown)


def test_every_cell_begins_where_the_playlist_says_and_ends_where_the_next_begins(written: Written) -> None:
    for rendition in written.renditions:
        cells = fragments(written.folder / rendition.name)
        listed = durations(rendition, written.inspection.grid)
        assert len(cells) == len(listed)
        assert cells[0].begins == 0
        for cell, seconds in zip(cells, listed, strict=True):
            assert sum(cell.durations) == pytest.approx(seconds, abs=2e-5)
            assert cell.begins_with_sync
            assert min(cell.shown) == cell.shown[0] == cell.begins
        for before, after in pairwise(cells):
            assert after.begins == pytest.approx(before.ends, abs=2e-5)


def test_no_encoded_cell_is_longer_than_four_seconds_and_no_copied_one_than_thirteen(written: Written) -> None:
    grid = written.inspection.grid
    assert max(after - before for before, after in pairwise(grid.encode)) <= 4 * 90_000
    assert all(after - before <= 13 * 90_000 for before, after in pairwise(grid.copy))
    assert set(grid.copy) <= set(grid.encode)


def test_the_codecs_announced_are_those_sent(written: Written) -> None:
    for rendition in written.renditions:
        data = Path(written.folder / rendition.name / "init.mp4").read_bytes()
        if rendition.kind == "video":
            at = data.index(b"avcC") + 4
            assert rendition.codecs == "avc1." + data[at + 1 : at + 4].hex()
        else:
            assert rendition.codecs == "mp4a.40.2"
            assert b"mp4a" in data


def test_pictures_are_of_the_size_announced(written: Written) -> None:
    for rendition in written.renditions:
        if rendition.kind == "audio":
            continue
        (stream,) = probed(written.joined(rendition.name), "-show_entries", "stream=width,height,sample_aspect_ratio")[
            "streams"
        ]
        across, _, up = stream.get("sample_aspect_ratio", "1:1").replace("N/A", "1:1").partition(":")
        width = int(stream["width"]) * int(across) / int(up)
        assert (width, int(stream["height"])) == pytest.approx((rendition.width, rendition.height), abs=1)
