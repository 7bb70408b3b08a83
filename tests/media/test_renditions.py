"""Every kind of film, written out cell by cell in random order, as an independent reader sees it."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.media.boxes import fragments
from tests.media.torture import film
from tests.media.written import Written, beeps, complaints, flashes, length, probed, stated_duration, write
from watchparty.domain.playlist import durations

_COPY, _ENCODED = ("source", "180p", "audio-1"), ("180p", "audio-1")
_CHOICE = ("source", "360p", "480p", "audio-1")
FILMS = {
    "h264.mp4": _COPY,
    "h264.mkv": _COPY,
    "h264.ts": _COPY,
    "h264.m2ts": _COPY,
    "h264.mov": _CHOICE,
    "h264.flv": _COPY,
    "h264.avi": _ENCODED,
    "faststart.mp4": _COPY,
    "fragmented.mp4": _COPY,
    "trimmed.mp4": _ENCODED,
    "hours.ts": _COPY,
    "hours.mkv": _COPY,
    "wrapped.ts": _COPY,
    "tall.mp4": _COPY,
    "anamorphic.mp4": ("source", "288p", "audio-1"),
    "uneven.mp4": _COPY,
    "uneven.mkv": _COPY,
    "fast.mp4": _COPY,
    "slow.mp4": _COPY,
    "hevc.mp4": _COPY,
    "hevc.ts": _COPY,
    "hevc10.mkv": _CHOICE,
    "hdr_pq.mkv": _COPY,
    "hdr_hlg.mp4": _COPY,
    "vp9.webm": _CHOICE,
    "vp9.mp4": _CHOICE,
    "vp9_hdr.webm": _COPY,
    "av1.mp4": _COPY,
    "av1.webm": _COPY,
    "hevc_open.mkv": _ENCODED,
    "open_gop.mkv": _ENCODED,
    "long_gop.mp4": _ENCODED,
    "high10.mp4": _ENCODED,
    "high422.mkv": _ENCODED,
    "rotated.mp4": _ENCODED,
    "rotated.mov": _ENCODED,
    "interlaced.mp4": _ENCODED,
    "interlaced.ts": ("288p", "audio-1"),
    "mpeg4.avi": ("288p", "audio-1"),
    "odd.mkv": _ENCODED,
    "dvd.vob": ("288p", "audio-1"),
    "windows.wmv": _ENCODED,
    "theora.ogv": _ENCODED,
    "phone.3gp": ("288p", "audio-1"),
    "old.flv": _ENCODED,
    "vp8.webm": _ENCODED,
    "camera.mov": _ENCODED,
    "stills.avi": _ENCODED,
    "silent.mp4": ("source", "180p"),
    "surround.mp4": _COPY,
    "seven.mkv": _COPY,
    "opus.mp4": _COPY,
    "late_sound.mp4": _COPY,
    "late_sound.ts": _COPY,
    "late_picture.mkv": _COPY,
    "short_sound.mp4": _COPY,
    "two_languages.mkv": (*_COPY, "audio-2"),
    "languages.mp4": (*_COPY, "audio-2", "audio-3"),
    "covered.mp4": _COPY,
    "sound.m4a": ("audio-1",),
    "sound.mp3": ("audio-1",),
    "covered.mp3": ("audio-1",),
    "sound.flac": ("audio-1",),
    "sound.ogg": ("audio-1",),
}
"""Every film and the renditions it is offered in."""

ALWAYS = {
    *("h264.mp4", "h264.mov", "hours.ts", "hevc.ts", "hdr_pq.mkv", "vp9.webm", "av1.mp4", "mpeg4.avi", "interlaced.ts"),
    *("silent.mp4", "late_picture.mkv", "two_languages.mkv", "sound.mp3"),
}
"""A dozen; the others at full length only."""


def _params() -> list[object]:
    return [name if name in ALWAYS else pytest.param(name, marks=pytest.mark.soak) for name in FILMS]


@pytest.fixture(scope="module", params=_params())
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write(film(request.param), tmp_path_factory.mktemp("written"))


def test_a_film_is_offered_as_its_own_packets_where_they_can_be_cut_and_encoded_otherwise(
    written: Written, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.params["written"]
    assert tuple(rendition.name for rendition in written.renditions) == FILMS[name]
    copied = any(rendition.name == "source" for rendition in written.renditions)
    assert (written.inspection.grid.copy_refusal is None) == (copied or written.inspection.source.video is None)


def test_ffmpeg_reads_every_rendition_without_a_warning(written: Written) -> None:
    assert complaints(written.master) == ""


def test_every_rendition_lasts_as_long_as_the_film(written: Written) -> None:
    whole = length(written.path)
    assert stated_duration(written.master) == pytest.approx(whole, abs=0.05)
    for rendition in written.renditions:
        assert length(written.joined(rendition.name)) == pytest.approx(whole, abs=0.05)


def test_picture_and_sound_are_in_step(written: Written) -> None:
    """In every film the picture flashes and the sound beeps at the same moments, at every third second."""
    names = {kind: [each.name for each in written.renditions if each.kind == kind] for kind in ("video", "audio")}
    for picture in names["video"]:
        seen = flashes(written.joined(picture))
        assert len(seen) >= 4
        for sound in names["audio"]:
            # One at the very beginning cannot be told from what was before.
            heard = [at for at in beeps(written.joined(sound)) if at > 0.3]
            assert heard
            assert all(min(abs(at - flash) for flash in seen) < 0.04 for at in heard)


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
        if rendition.codecs.startswith("avc1"):
            at = data.index(b"avcC") + 4
            assert rendition.codecs == "avc1." + data[at + 1 : at + 4].hex()
        elif rendition.kind == "video":
            assert rendition.codecs.split(".")[0].encode() in data
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
