"""New files made of films: read by somebody else's reader, as long as they were, in step, and nothing when given up."""

from __future__ import annotations

import errno
import json
import subprocess
import time
from array import array
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.media.hearing import signal_to_noise
from tests.media.torture import RECIPES, film, made
from watchparty.domain.source import Source, Unplayable
from watchparty.media.convert import Target, convert, encodes, size
from watchparty.media.export import check
from watchparty.media.extract import extract
from watchparty.media.inspect import inspect

SMALL = Target("mp4", "h264", "aac", 120)
FORMATS = {"m4a": "aac", "mp3": "mp3", "opus": "opus", "flac": "flac", "wav": "pcm_s16le"}
TONE = 997
RATE = 48_000


def source_of(path: Path) -> Source:
    return inspect(str(path)).source


def converted(path: Path, target: Target, out: Path) -> dict[str, Any]:
    """What ffprobe finds in the film once it is converted; the decoder must have nothing to complain of."""
    list(convert(str(path), source_of(path), target, str(out)))
    return probed(out)


def probed(out: Path) -> dict[str, Any]:
    entries = "format=duration:stream=codec_type,codec_name,width,height,sample_aspect_ratio,start_time,channels"
    command = ["ffprobe", "-v", "error", "-show_entries", entries, "-of", "json", str(out)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    complaints = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(out), "-fps_mode", "passthrough", "-f", "null", "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stderr
    # The reader that throws everything away counts in whole frames, and complains of films that do not.
    assert not [line for line in complaints.splitlines() if "[null @" not in line and "repeated" not in line], (
        complaints
    )
    return {
        "seconds": float(found["format"]["duration"]),
        **{stream["codec_type"]: stream for stream in found["streams"]},
        "tracks": [stream["codec_type"] for stream in found["streams"]],
    }


def shown_at(out: Path) -> list[float]:
    """When each picture is shown, by ffprobe."""
    entries = ["-select_streams", "v:0", "-show_entries", "frame=pts_time", "-of", "csv=p=0"]
    lines = subprocess.run(["ffprobe", "-v", "error", *entries, str(out)], check=True, capture_output=True, text=True)
    return [float(line.strip(",")) for line in lines.stdout.split()]


ALWAYS = {
    *("h264.mov", "hours.ts", "hdr_pq.mkv", "vp9.webm", "mpeg4.avi", "interlaced.ts", "rotated.mp4", "trimmed.mp4"),
    *("uneven.mp4", "two_languages.mkv", "sound.m4a"),
}


def _kinds(names: Iterable[str]) -> list[object]:
    """A dozen each time, all of them in the long tests."""
    return [name if name in ALWAYS else pytest.param(name, marks=pytest.mark.soak) for name in sorted(names)]


@pytest.mark.parametrize("name", _kinds(RECIPES))
def test_every_kind_of_film_is_made_smaller(name: str, tmp_path: Path) -> None:
    source = source_of(film(name))
    if source.video is None:
        found = converted(film(name), Target("mp4", "h264", "aac"), tmp_path / "out")
        assert found["tracks"] == ["audio"]
    else:
        found = converted(film(name), SMALL, tmp_path / "out")
        assert (found["video"]["codec_name"], found["video"]["height"]) == ("h264", 120)
        shape = source.video.display_width / source.video.display_height
        assert found["video"]["width"] == pytest.approx(120 * shape, abs=1)
        assert found["video"].get("sample_aspect_ratio", "1:1") == "1:1"
        assert found["tracks"] == ["video", *["audio"] * len(source.audios)]
        times = shown_at(tmp_path / "out")
        assert times[0] == pytest.approx(0, abs=0.05)
        assert all(later > earlier for earlier, later in pairwise(times))
    assert found["seconds"] == pytest.approx(source.duration, abs=0.3)


@pytest.mark.parametrize("name", _kinds(name for name in RECIPES if not name.startswith(("sound", "covered"))))
def test_every_kind_of_film_is_put_into_matroska_and_copied_where_it_can_be(name: str, tmp_path: Path) -> None:
    source = source_of(film(name))
    target = Target("mkv", "h264", "aac")
    found = converted(film(name), target, tmp_path / "out")
    assert found["video"]["codec_name"] == "h264"
    assert found["seconds"] == pytest.approx(source.duration, abs=0.3)
    times = shown_at(tmp_path / "out")
    assert all(later > earlier for earlier, later in pairwise(times))
    assert source.video is not None
    as_it_is = source.video.codecs.startswith("avc1") and not source.video.rotation and source.container != "avi"
    as_it_is = as_it_is and name != "trimmed.mp4"
    assert encodes(source, target) is not as_it_is


@pytest.mark.parametrize(
    ("target", "video", "audio"),
    [
        (Target("mp4", "hevc", "aac"), "hevc", "aac"),
        (Target("mp4", "av1", "opus"), "av1", "opus"),
        (Target("webm", "vp9", "opus"), "vp9", "opus"),
        (Target("webm", "av1", "opus"), "av1", "opus"),
        (Target("mkv", "vp9", "flac"), "vp9", "flac"),
        (Target("mkv", "hevc", "mp3"), "hevc", "mp3"),
    ],
)
def test_a_film_is_converted_to_every_codec_there_is(target: Target, video: str, audio: str, tmp_path: Path) -> None:
    path = film("h264.mp4")
    found = converted(path, target, tmp_path / "out")
    assert (found["video"]["codec_name"], found["audio"]["codec_name"]) == (video, audio)
    assert (found["video"]["width"], found["video"]["height"]) == (320, 180)
    assert found["seconds"] == pytest.approx(source_of(path).duration, abs=0.1)
    assert len(shown_at(tmp_path / "out")) == len(shown_at(path))


def test_what_is_of_the_wanted_kind_is_taken_over_packet_by_packet(tmp_path: Path) -> None:
    path = film("h264.mp4")
    converted(path, Target("mkv", "h264", "aac"), tmp_path / "out")

    def hashes(file: Path) -> set[str]:
        command = ["ffmpeg", "-v", "error", "-i", str(file), "-map", "0:v", "-f", "framemd5", "-"]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return {line.rpartition(",")[2] for line in text.splitlines() if not line.startswith("#")}

    assert hashes(tmp_path / "out") == hashes(path)


@pytest.mark.parametrize("wanted", FORMATS)
@pytest.mark.parametrize(
    "name", ["h264.mp4", "hevc10.mkv", "sound.flac", "late_sound.mp4", "short_sound.mp4", "vp9.webm"]
)
def test_the_sound_of_a_film_is_extracted_in_every_format(name: str, wanted: str, tmp_path: Path) -> None:
    source = source_of(film(name))
    list(extract(str(film(name)), source, wanted, str(tmp_path / "out")))
    found = probed(tmp_path / "out")
    assert found["tracks"] == ["audio"]
    assert found["audio"]["codec_name"] in {FORMATS[wanted], "pcm_s24le"}
    assert found["seconds"] == pytest.approx(source.duration, abs=0.15)


@pytest.mark.parametrize("hertz", [48_000, 44_100])
@pytest.mark.parametrize("wanted", ["flac", "opus"])
def test_extracted_sound_has_no_click_where_the_film_was_read_in_pieces(
    wanted: str, hertz: int, tmp_path: Path
) -> None:
    tone = f"-f lavfi -i aevalsrc=0.3*sin({TONE}*2*PI*t):s={hertz}:d=23 -c:a pcm_s16le"
    path = made(f"tone{hertz}.mov", tone.split())
    list(extract(str(path), source_of(path), wanted, str(tmp_path / "out")))
    samples = decoded(tmp_path / "out")
    for second in (5, 10, 15, 20):
        # Compared with itself: a join must not be worse than the middle of a piece by more than a little.
        assert signal_to_noise(samples, second * RATE - 2400, second * RATE + 2400, TONE, RATE) > (
            50 if wanted == "flac" else 40
        )


def test_a_conversion_stops_at_once_and_the_disk_s_faults_are_told(tmp_path: Path) -> None:
    path = film("h264.mp4")
    source = source_of(path)
    running = convert(str(path), source, Target("mp4", "hevc", "aac"), str(tmp_path / "out"))
    for _ in range(40):
        next(running)
    began = time.monotonic()
    running.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < 1
    with pytest.raises(OSError) as full:
        list(extract(str(path), source, "wav", "/dev/full"))
    assert full.value.errno == errno.ENOSPC


def test_a_file_that_is_not_whole_is_not_taken_for_one_that_is(tmp_path: Path) -> None:
    path = film("h264.mp4")
    source = source_of(path)
    out = tmp_path / "out"
    list(convert(str(path), source, Target("mkv", "h264", "aac"), str(out)))
    check(str(out), source.duration, pictured=True, sounds=1)
    for wrong in ({"pictured": False, "sounds": 1}, {"pictured": True, "sounds": 2}):
        with pytest.raises(Unplayable):
            check(str(out), source.duration, **wrong)  # type: ignore[arg-type]
    list(extract(str(film("late_sound.mp4")), source_of(film("late_sound.mp4")), "wav", str(out)))
    with pytest.raises(Unplayable):
        check(str(out), 20.0, pictured=False, sounds=1)


def test_new_pictures_have_even_sides_in_the_shape_that_is_shown() -> None:
    track = source_of(film("anamorphic.mp4")).video
    assert track is not None
    assert size(track, None) == (512, 288)
    assert size(track, 100) == (178, 100)
    odd = source_of(film("odd.mkv")).video
    assert odd is not None
    assert size(odd, None) == (320, 180)


def decoded(path: Path) -> array[float]:
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"]
    return array("f", subprocess.run(command, check=True, capture_output=True).stdout)
