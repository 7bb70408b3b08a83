"""What is seen: the same pictures whoever makes a cell and when, upright, and in step with the sound."""

import subprocess
from array import array
from itertools import pairwise
from pathlib import Path

import pytest

from tests.media.torture import film
from tests.media.written import cell, init, write
from watchparty.domain.ladder import Rendition, ladder
from watchparty.media.encode import encoded_pictures
from watchparty.media.inspect import inspect


def _pictures(path: Path, *, size: str = "160x90") -> list[bytes]:
    """Every picture, in red, green and blue."""
    width, height = (int(side) for side in size.split("x"))
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-an", "-vf", f"scale={width}:{height},format=rgb24"]
    output = subprocess.run([*command, "-vsync", "0", "-f", "rawvideo", "-"], check=True, capture_output=True).stdout
    count = width * height * 3
    return [output[at : at + count] for at in range(0, len(output), count)]


def _difference(one: bytes, other: bytes) -> float:
    """Mean absolute difference of a sample of the colours, 0 to 255."""
    return sum(abs(a - b) for a, b in zip(one[::7], other[::7], strict=True)) / len(one[::7])


def _rung(name: str) -> tuple[Path, Rendition]:
    path = film(name)
    inspection = inspect(str(path))
    renditions = ladder(inspection.source, inspection.grid)
    return path, next(rendition for rendition in renditions if rendition.kind == "video")


def test_copied_cells_are_the_same_bytes_in_whatever_order_they_are_made() -> None:
    path, rendition = _rung("h264.mkv")
    inspection = inspect(str(path))
    count = len(inspection.grid.copy) - 1
    forward = [cell(path, inspection, rendition, index) for index in range(count)]
    backward = [cell(path, inspection, rendition, index) for index in reversed(range(count))]
    assert forward == backward[::-1]


def test_copied_pictures_are_the_source_s(tmp_path: Path) -> None:
    written = write(film("h264.ts"), tmp_path)
    assert _pictures(written.joined("source")) == _pictures(film("h264.ts"))


@pytest.mark.parametrize("name", ["hevc10.mkv", "mpeg4.avi"])
def test_encoded_cells_made_alone_show_the_same_pictures_as_one_run_over_all(name: str, tmp_path: Path) -> None:
    path, rendition = _rung(name)
    inspection = inspect(str(path))
    video, start = inspection.source.video, inspection.source.start
    assert video is not None
    head = encoded_pictures(str(path), video, start, inspection.grid.encode, [rendition], 0)
    run = [made.data for made in head if made is not None]
    alone = [cell(path, inspection, rendition, index) for index in reversed(range(len(run)))][::-1]
    together: list[list[bytes]] = []
    for number, cells in enumerate((run, alone)):
        whole = tmp_path / f"{number}.mp4"
        whole.write_bytes(init(path, rendition) + b"".join(cells))
        together.append(_pictures(whole))
    assert len(together[0]) == len(together[1]) == len(_pictures(path))
    assert max(_difference(one, other) for one, other in zip(*together, strict=True)) < 2.5


def test_a_turned_picture_is_set_upright_as_ffmpeg_does(tmp_path: Path) -> None:
    written = write(film("rotated.mp4"), tmp_path)
    assert (written.renditions[0].width, written.renditions[0].height) == (180, 320)
    ours, theirs = _pictures(written.joined("180p"), size="90x160"), _pictures(written.path, size="90x160")
    assert len(ours) == len(theirs)
    assert max(_difference(one, other) for one, other in zip(ours, theirs, strict=True)) < 4


def test_an_uneven_rate_keeps_every_picture_at_its_time(tmp_path: Path) -> None:
    path = film("uneven.mp4")
    inspection = inspect(str(path))
    source = inspection.source
    rung = Rendition("90p", "video", "encode", 160, 90, 300_000, 450_000, "avc1.64000a", 0, 21.0, level=10)
    assert source.video is not None
    head = encoded_pictures(str(path), source.video, source.start, inspection.grid.encode, [rung], 0)
    whole = tmp_path / "whole.mp4"
    whole.write_bytes(init(path, rung) + b"".join(made.data for made in head if made is not None))
    ours, theirs = _times(whole), _times(path)
    cuts = [at / 90_000 for at in inspection.grid.encode]
    # At a cut between two pictures one is shown at the cut: the earlier once more, or the later at most a 60th early.
    for at in theirs:
        assert min(abs(at - each) for each in ours) < 1 / 60
    for at in ours:
        assert min(abs(at - each) for each in [*theirs, *cuts]) < 0.001


def test_no_more_than_sixty_pictures_a_second_are_sent(tmp_path: Path) -> None:
    path = film("fast.mp4")
    inspection = inspect(str(path))
    rung = Rendition("90p", "video", "encode", 160, 90, 300_000, 450_000, "avc1.64000d", 0, 60.0, level=13)
    whole = tmp_path / "whole.mp4"
    whole.write_bytes(init(path, rung) + cell(path, inspection, rung, 0))
    times = _times(whole)
    assert len(times) == 120
    assert min(after - before for before, after in pairwise(times)) > 0.015


@pytest.mark.parametrize("name", ["flash.mp4", "flash.mkv", "flash.ts", "flash.avi", "flash.webm"])
def test_picture_and_sound_stay_in_step(name: str, tmp_path: Path) -> None:
    written = write(film(name), tmp_path)
    video = next(rendition.name for rendition in written.renditions if rendition.kind == "video")
    pictures, times = _pictures(written.joined(video), size="16x9"), _times(written.joined(video))
    flashes = [
        at for before, after, at in zip(pictures, pictures[1:], times[1:], strict=False) if before[0] < 128 <= after[0]
    ]
    beeps = _beeps(written.joined("audio-1"))
    # The first flash and beep begin with the film.
    expected = [3, 6, 9, 12]
    assert len(flashes) == len(expected)
    for flash, beep in zip(flashes, [beep for beep in beeps if beep > 1], strict=True):
        assert abs(flash - beep) < 0.04


def _times(path: Path) -> list[float]:
    """When each picture is shown, the first at 0 (ffmpeg adds the reordering delay to all)."""
    command = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "packet=pts_time", "-of", "csv=p=0"]
    output = subprocess.run([*command, str(path)], check=True, capture_output=True, text=True).stdout
    times = sorted(float(line.strip(",")) for line in output.split())
    return [at - times[0] for at in times]


def _beeps(path: Path) -> list[float]:
    """When sound begins after silence, in seconds of the file's own time."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-ac", "1", "-ar", "8000", "-f", "s16le", "-"]
    samples = array("h", subprocess.run(command, check=True, capture_output=True).stdout)
    loud = [max(map(abs, samples[at : at + 40])) > 3000 for at in range(0, len(samples), 40)]
    begins = [
        number * 40 / 8000
        for number in range(1, len(loud))
        if loud[number] and not any(loud[max(0, number - 20) : number])
    ]
    offset = float(
        subprocess.run(
            ["ffprobe", "-v", "error", "-show_entries", "stream=start_time", "-of", "csv=p=0", str(path)],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    )
    return [at + offset for at in begins]
