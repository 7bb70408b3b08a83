"""A film's face."""

import subprocess
from pathlib import Path

import pytest

from tests.media.torture import film, made
from tests.media.written import probed
from watchparty.domain.source import Unplayable
from watchparty.media.inspect import inspect
from watchparty.media.poster import poster


def _poster(path: Path, tmp_path: Path) -> Path:
    picture = tmp_path / "poster.jpg"
    picture.write_bytes(poster(str(path), inspect(str(path)).source))
    return picture


@pytest.mark.parametrize(
    ("name", "size"),
    [("h264.mp4", (320, 180)), ("rotated.mp4", (180, 320)), ("anamorphic.mp4", (512, 288)), ("hevc10.mkv", (854, 480))],
)
def test_it_is_a_jpeg_of_the_shape_the_film_is_shown_in(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    picture = _poster(film(name), tmp_path)
    (stream,) = probed(picture, "-show_entries", "stream=codec_name,width,height")["streams"]
    assert stream["codec_name"] == "mjpeg"
    assert (int(stream["width"]), int(stream["height"])) == size


def test_it_is_at_most_1280_pixels_wide(tmp_path: Path) -> None:
    source = ["-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=5:duration=2", "-pix_fmt", "yuv420p"]
    path = made("wide.mp4", [*source, "-preset", "ultrafast"])
    (stream,) = probed(_poster(path, tmp_path), "-show_entries", "stream=width,height")["streams"]
    assert (int(stream["width"]), int(stream["height"])) == (1280, 720)


def test_a_black_beginning_is_passed_over(tmp_path: Path) -> None:
    black = "color=black:size=320x180:rate=25:duration=6"
    inputs = ["-f", "lavfi", "-i", black, "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=6"]
    joined = ["-filter_complex", "[0][1]concat=n=2", "-g", "25", "-pix_fmt", "yuv420p"]
    picture = _poster(made("black.mp4", [*inputs, *joined]), tmp_path)
    command = ["ffmpeg", "-v", "error", "-i", str(picture), "-vf", "scale=1:1,format=gray", "-f", "rawvideo", "-"]
    assert subprocess.run(command, check=True, capture_output=True).stdout[0] > 40


def test_sound_alone_has_no_face(tmp_path: Path) -> None:
    with pytest.raises(Unplayable, match="no picture"):
        _poster(film("sound.mp3"), tmp_path)
