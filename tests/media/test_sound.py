"""What is heard: cells that join without a click, silence where a film has none, channels folded to two."""

from __future__ import annotations

import subprocess
from array import array
from pathlib import Path

import av
import pytest

from tests.media.hearing import signal_to_noise
from tests.media.torture import film, made
from tests.media.written import write
from watchparty.domain.grid import Grid, audio_frames
from watchparty.domain.ladder import ladder
from watchparty.domain.source import TICKS
from watchparty.media.inspect import inspect
from watchparty.media.sound import sound_init, sounds

RATE = 48_000
TONE = 997
"""Hertz; no whole number of periods in a frame."""


def _decoded(path: Path, rate: int = RATE) -> array[float]:
    """The sound as one channel of floats."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-ac", "1", "-ar", str(rate), "-f", "f32le", "-"]
    return array("f", subprocess.run(command, check=True, capture_output=True).stdout)


def _tone(name: str, *codec: str) -> Path:
    source = f"sine=frequency={TONE}:sample_rate={RATE}:duration=9"
    return made(name, ["-f", "lavfi", "-i", source, "-ac", "2", "-af", "volume=12dB", *codec])


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("tone.mkv", ["-c:a", "flac"]),
        ("tone_mp3.mkv", ["-c:a", "libmp3lame", "-b:a", "256k"]),
        ("tone_opus.webm", ["-c:a", "libopus", "-b:a", "256k"]),
        ("tone_ac3.ts", ["-c:a", "ac3", "-b:a", "448k"]),
        ("tone_vorbis.mkv", ["-c:a", "libvorbis", "-q:a", "8"]),
    ],
)
def test_encoded_cells_of_sound_join_without_a_click(name: str, codec: list[str], tmp_path: Path) -> None:
    path = _tone(name, *codec)
    inspection = inspect(str(path))
    (rendition,), (track,) = ladder(inspection.source, inspection.grid), inspection.source.audios
    grid = Grid((), tuple(range(0, 9 * TICKS, TICKS // 2)), None)
    indexes = range(len(grid.encode) - 1)
    cells = {
        index: sounds(str(path), track, inspection.source.start, rendition, grid, index) for index in reversed(indexes)
    }
    whole = tmp_path / "whole.mp4"
    whole.write_bytes(sound_init(str(path), rendition) + b"".join(cells[index] for index in indexes))
    samples = _decoded(whole)
    joins = [frame * 1024 for frame in audio_frames(grid.encode, RATE, 0)][2:-2]
    at_joins = [signal_to_noise(samples, join - 1024, join + 1024, TONE, RATE) for join in joins]
    between = [signal_to_noise(samples, join + 6 * 1024, join + 8 * 1024, TONE, RATE) for join in joins]
    assert min(between) > 30
    assert min(at_joins) > min(between) - 6


def test_copied_sound_is_the_source_s_to_the_sample(tmp_path: Path) -> None:
    path = _tone("tone_aac.ts", "-c:a", "aac", "-b:a", "192k")
    written = write(path, tmp_path)
    assert written.renditions[0].mode == "copy"
    ours, theirs = _decoded(written.joined("audio-1")), _decoded(path)
    count = min(len(ours), len(theirs)) - 4096
    assert ours[4096:count] == theirs[4096:count]


def test_sound_that_lies_between_two_frames_after_a_gap_is_whole(tmp_path: Path) -> None:
    path, gap = tmp_path / "gap.mp4", 100 * 1024 + 512
    with av.open(str(film("sound.m4a"))) as source, av.open(str(path), "w") as output:
        track = output.add_stream_from_template(source.streams.audio[0], opaque=True)
        packets = [packet for packet in source.demux(audio=0) if packet.size]
        # What comes before 0 only primes the decoder.
        sent = [bytes(packet) for packet in packets if (packet.pts or 0) >= 0]
        for number, packet in enumerate(packets):
            shift = gap if number > 200 else 0
            packet.pts, packet.dts = (packet.pts or 0) + shift, (packet.dts or 0) + shift
            packet.stream = track
            output.mux(packet)
    written = write(path, tmp_path / "written")
    with av.open(str(written.joined("audio-1"))) as joined:
        heard = [bytes(packet) for packet in joined.demux(audio=0) if packet.size]
    assert [packet for packet in heard if packet in set(sent)] == sent


def test_a_film_whose_sound_begins_late_and_ends_early_is_silent_before_and_after(tmp_path: Path) -> None:
    for name, begins, ends in (("late_sound.mp4", 1.5, 12.5), ("short_sound.mp4", 0.0, 5.0)):
        written = write(film(name), tmp_path / name)
        samples = _decoded(written.joined("audio-1"))
        loud = [number / RATE for number in range(0, len(samples), 480) if max(samples[number : number + 480]) > 0.02]
        assert loud[0] == pytest.approx(begins, abs=0.06)
        assert loud[-1] == pytest.approx(ends, abs=0.06)
        assert len(samples) / RATE == pytest.approx(13.0, abs=0.05)


def test_six_channels_are_folded_to_two(tmp_path: Path) -> None:
    written = write(film("hevc10.mkv"), tmp_path)
    sound = written.renditions[-1]
    assert (sound.channels, sound.mode) == (2, "encode")
    command = ["ffprobe", "-v", "error", "-show_entries", "stream=channels", "-of", "csv=p=0"]
    answer = subprocess.run([*command, str(written.joined("audio-1"))], check=True, capture_output=True, text=True)
    assert answer.stdout.strip() == "2"
