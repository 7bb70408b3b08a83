"""What is seen: the same pictures whoever makes a cell and when, upright, and in step with the sound."""

import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from tests.media.torture import film
from tests.media.written import cell, init, picture_times, write
from watchparty.domain.ladder import Rendition, ladder
from watchparty.domain.source import TICKS
from watchparty.media.encode import encoded_pictures
from watchparty.media.inspect import inspect

ENCODED_AT_LENGTH = ["vp9.webm", "h264.avi", "dvd.vob", "interlaced.ts", "theora.ogv", "windows.wmv", "uneven.mkv"]


def _pictures(path: Path, *, size: str = "160x90") -> list[bytes]:
    """Every picture, in red, green and blue."""
    width, height = (int(side) for side in size.split("x"))
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-an", "-vf", f"scale={width}:{height},format=rgb24"]
    output = subprocess.run([*command, "-vsync", "0", "-f", "rawvideo", "-"], check=True, capture_output=True).stdout
    count = width * height * 3
    return [output[at : at + count] for at in range(0, len(output), count)]


def _hashes(path: Path) -> list[str]:
    """Of every picture in full, in the order of showing."""
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-i",
        str(path),
        "-map",
        "0:v",
        "-fps_mode",
        "passthrough",
        "-f",
        "framemd5",
        "-",
    ]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return [line.rsplit(",", 1)[1] for line in lines if not line.startswith("#")]


def _difference(one: bytes, other: bytes) -> float:
    """Mean absolute difference of a sample of the colours, 0 to 255."""
    return sum(abs(a - b) for a, b in zip(one[::7], other[::7], strict=True)) / len(one[::7])


def _rung(name: str, mode: str) -> tuple[Path, Rendition]:
    path = film(name)
    inspection = inspect(str(path))
    renditions = ladder(inspection.source, inspection.grid)
    return path, next(rendition for rendition in renditions if (rendition.kind, rendition.mode) == ("video", mode))


COPIED = ["h264.ts", "hevc.ts", "hdr_pq.mkv", "vp9.webm", "av1.mp4"]


@pytest.mark.parametrize("name", COPIED)
def test_copied_cells_are_the_same_bytes_in_whatever_order_they_are_made(name: str) -> None:
    path, rendition = _rung(name, "copy")
    inspection = inspect(str(path))
    count = len(inspection.grid.copy) - 1
    forward = [cell(path, inspection, rendition, index) for index in range(count)]
    backward = [cell(path, inspection, rendition, index) for index in reversed(range(count))]
    assert forward == backward[::-1]


@pytest.mark.parametrize("name", COPIED)
def test_copied_pictures_are_the_source_s(name: str, tmp_path: Path) -> None:
    path, rendition = _rung(name, "copy")
    inspection = inspect(str(path))
    cells = [cell(path, inspection, rendition, index) for index in reversed(range(len(inspection.grid.copy) - 1))]
    whole = tmp_path / "whole.mp4"
    whole.write_bytes(init(path, rendition) + b"".join(reversed(cells)))
    assert _hashes(whole) == _hashes(path)


@pytest.mark.parametrize(
    "name", ["hevc10.mkv", "mpeg4.avi", *(pytest.param(name, marks=pytest.mark.soak) for name in ENCODED_AT_LENGTH)]
)
def test_encoded_cells_made_alone_show_the_same_pictures_as_one_run_over_all(name: str, tmp_path: Path) -> None:
    path, rendition = _rung(name, "encode")
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
    # Pictures that come unevenly may lie on either side of a cut, where the earlier is shown once more.
    repeated = len(run) if name.startswith("uneven") else 0
    assert len(together[0]) == len(together[1])
    assert 0 <= len(together[0]) - len(_pictures(path)) <= repeated
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
    ours, theirs = picture_times(whole), picture_times(path)
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
    times = picture_times(whole)
    assert len(times) == pytest.approx(inspection.grid.encode[1] / TICKS * 60, abs=1)
    assert min(after - before for before, after in pairwise(times)) > 0.015
