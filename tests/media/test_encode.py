"""Heads: several rungs from one decoder, and everything gone when nobody wants more."""

import threading
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from tests.media.seen import difference, pictures
from tests.media.torture import film, made
from tests.media.written import init
from watchparty.domain.ladder import Rendition
from watchparty.domain.source import Unplayable
from watchparty.media.encode import Made, encoded_pictures
from watchparty.media.inspect import inspect

RUNGS = (
    Rendition("90p", "video", "encode", 160, 90, 200_000, 300_000, "avc1.64000a", 0, 25.0, level=10),
    Rendition("180p", "video", "encode", 320, 180, 400_000, 600_000, "avc1.64000d", 0, 25.0, level=13),
    Rendition("120p", "video", "encode", 214, 120, 300_000, 450_000, "avc1.64000c", 0, 25.0, level=12),
)
HEAVY = Rendition("720p", "video", "encode", 1280, 720, 2_800_000, 4_200_000, "avc1.64001f", 0, 25.0, level=31)
MINUTE = ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25:duration=60", "-preset", "ultrafast"]


def head(path: Path, rungs: Sequence[Rendition], first: int = 0, encoder: str = "libx264") -> Iterator[Made | None]:
    inspection = inspect(str(path))
    source = inspection.source
    assert source.video is not None
    return encoded_pictures(
        str(path), source.video, source.start, inspection.grid.encode, rungs, first, encoder=encoder
    )


def test_every_rung_s_cells_come_in_order_to_the_end() -> None:
    path = film("h264.mkv")
    last = len(inspect(str(path)).grid.encode) - 1
    found = [made for made in head(path, RUNGS, 1) if made is not None]
    for rung in RUNGS:
        assert [made.index for made in found if made.rendition == rung.name] == list(range(1, last))


@pytest.mark.parametrize("name", ["hevc10.mkv", "rotated.mp4", "interlaced.mp4", "anamorphic.mp4", "odd.mkv"])
def test_rungs_made_together_show_what_each_shows_made_alone(name: str, tmp_path: Path) -> None:
    path = film(name)
    track = inspect(str(path)).source.video
    assert track is not None
    if track.rotation in (90, 270):
        rungs = [
            Rendition(*(rung.name, "video", "encode", rung.height, rung.width), *_rest(rung), level=rung.level)
            for rung in RUNGS
        ]
    else:
        rungs = list(RUNGS)
    together = [made for made in head(path, rungs) if made is not None]
    for rung in rungs:
        whole, alone = tmp_path / f"{rung.name}-together.mp4", tmp_path / f"{rung.name}-alone.mp4"
        whole.write_bytes(init(path, rung) + b"".join(made.data for made in together if made.rendition == rung.name))
        alone.write_bytes(init(path, rung) + b"".join(made.data for made in head(path, [rung]) if made is not None))
        size = (rung.width, rung.height)
        ours, theirs = pictures(whole, size), pictures(alone, size)
        assert len(ours) == len(theirs) > 0
        assert max(difference(one, other) for one, other in zip(ours, theirs, strict=True)) < 8


def _rest(rung: Rendition) -> tuple[int, int, str, int, float | None]:
    return rung.bit_rate, rung.peak, rung.codecs, rung.track, rung.frame_rate


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.3, 1.0])
def test_closing_leaves_no_thread_and_no_open_file(seconds: float) -> None:
    path = made("minute.mp4", MINUTE)
    before = threading.active_count()
    making = head(path, [HEAVY, *RUNGS])
    until = time.monotonic() + seconds
    next(making)
    while time.monotonic() < until:
        next(making)
    begun = time.monotonic()
    making.close()  # type: ignore[attr-defined]
    assert time.monotonic() - begun < 5  # a quiet machine takes some hundredths of that
    assert threading.active_count() == before
    assert str(path) not in [file.path for file in psutil.Process().open_files()]


def test_whoever_waits_for_a_cell_hears_often_that_there_is_none_yet() -> None:
    path = made("minute.mp4", MINUTE)
    times = [time.monotonic()]
    making = head(path, [HEAVY])
    for found in making:
        times.append(time.monotonic())
        if found is not None:
            break
    making.close()  # type: ignore[attr-defined]
    assert max(after - before for before, after in pairwise(times)) < 1


def test_a_file_that_is_gone_is_an_error_of_the_iterator() -> None:
    path = film("h264.mp4")
    inspection = inspect(str(path))
    assert inspection.source.video is not None
    before = threading.active_count()
    with pytest.raises(FileNotFoundError):
        list(encoded_pictures(str(path) + "x", inspection.source.video, 0, inspection.grid.encode, RUNGS, 0))
    assert threading.active_count() == before


def test_a_picture_that_cannot_be_encoded_is_an_error_of_the_iterator() -> None:
    impossible = Rendition("x", "video", "encode", 161, 91, 200_000, 300_000, "avc1.64000a", 0, 25.0, level=10)
    with pytest.raises(Unplayable):
        list(head(film("h264.mp4"), [impossible]))


def test_frames_of_another_size_in_mid_stream_come_out_in_the_rung_s(tmp_path: Path) -> None:
    """Two halves of different size and different colours in one transport stream."""
    halves = []
    for size, kind in (("320x180", "yuv420p"), ("640x360", "yuv422p10le")):
        source = f"-f lavfi -i testsrc2=size={size}:rate=25:duration=3 -g 25 -preset ultrafast -pix_fmt {kind}"
        halves.append(made(f"half-{size}-{kind}.ts", source.split()))
    second = made("second.ts", ["-i", str(halves[1]), "-c", "copy", "-output_ts_offset", "3"])
    joined = tmp_path / "joined.ts"
    joined.write_bytes(halves[0].read_bytes() + second.read_bytes())
    rung = RUNGS[0]
    whole = tmp_path / "whole.mp4"
    found = [each.data for each in head(joined, [rung]) if each is not None]
    whole.write_bytes(init(joined, rung) + b"".join(found))
    seen = pictures(whole, (160, 90))
    assert len(seen) >= 148
    expected = [*pictures(halves[0], (160, 90)), *pictures(halves[1], (160, 90))]
    assert difference(seen[20], expected[20]) < 8
    assert difference(seen[120], expected[120]) < 8


def test_nothing_is_combed_that_was_stored_in_fields(tmp_path: Path) -> None:
    """A bar moves fast to the right; in fields its edges are torn between even and odd lines."""
    moving = "color=black:size=320x180:rate=50:duration=3[ground];color=white:size=40x180:rate=50:duration=3[bar]"
    moving += ";[ground][bar]overlay=x=mod(t*200\\,280),tinterlace=interleave_top,fieldorder=tff"
    codec = ["-pix_fmt", "yuv420p", "-flags", "+ildct+ilme", "-x264-params", "tff=1", "-crf", "10"]
    path = made("bar.mp4", ["-filter_complex", moving, "-c:v", "libx264", *codec])
    rung = RUNGS[1]
    whole = tmp_path / "whole.mp4"
    whole.write_bytes(init(path, rung) + b"".join(each.data for each in head(path, [rung]) if each is not None))
    stored, sent = pictures(path, (320, 180))[10:60], pictures(whole, (320, 180))[10:60]
    assert sum(map(_torn, stored)) / len(stored) > 4
    assert sum(map(_torn, sent)) / len(sent) < 1


def _torn(picture: bytes) -> float:
    """How much further a line is from its neighbour than from the next but one."""
    lines = [picture[at : at + 960 : 3] for at in range(0, len(picture), 960)]
    near = sum(difference(one, other) for one, other in pairwise(lines[60:120]))
    far = sum(difference(one, other) for one, other in zip(lines[60:120], lines[62:122], strict=True))
    return (near - far) / 60
