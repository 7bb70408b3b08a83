"""A film's face."""

import subprocess
from pathlib import Path

import pytest

from tests.media.torture import film, made
from tests.media.written import probed
from watchparty.media import still
from watchparty.media.inspect import inspect
from watchparty.media.poster import poster

SOUND = ("-f", "lavfi", "-i", "sine=duration=3")
ATTACHED = ("-map", "0", "-map", "1", "-c:v", "copy", "-disposition:v", "attached_pic")


def _poster(path: Path, tmp_path: Path) -> Path:
    picture = tmp_path / "poster.jpg"
    made = poster(str(path), inspect(str(path)).source)
    assert made is not None
    picture.write_bytes(made)
    return picture


def _still(name: str, size: str = "600x400") -> Path:
    return made(name, ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate=1:duration=1", "-frames:v", "1"])


def _brightness(picture: Path, filters: str = "scale=1:1") -> int:
    command = ["ffmpeg", "-v", "error", "-i", str(picture), "-vf", f"{filters},format=gray", "-f", "rawvideo", "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout[0]


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
    assert _brightness(picture) > 40


def test_a_logo_and_blurred_pictures_are_passed_over(tmp_path: Path) -> None:
    """In the middle third there is something to see: its upper left corner is white."""
    logo = "color=0x203040:size=320x180:rate=25:duration=6,drawbox=120:60:80:60:color=white:t=fill"
    sharp = "testsrc2=size=320x180:rate=25:duration=6,drawbox=0:0:20:20:color=white:t=fill"
    blurred = "testsrc2=size=320x180:rate=25:duration=6,gblur=sigma=30,drawbox=0:0:20:20:color=black:t=fill"
    inputs = [word for source in (logo, sharp, blurred) for word in ("-f", "lavfi", "-i", source)]
    joined = ["-filter_complex", "[0][1][2]concat=n=3", "-g", "25", "-pix_fmt", "yuv420p"]
    picture = _poster(made("logo.mp4", [*inputs, *joined]), tmp_path)
    assert _brightness(picture, "crop=16:16:2:2,scale=1:1") > 200


def test_sound_alone_has_no_face() -> None:
    path = str(film("sound.mp3"))
    assert poster(path, inspect(path).source) is None


@pytest.mark.parametrize(
    ("name", "picture"),
    [("cover.mp3", "cover.png"), ("cover.mp3", "cover.jpg"), ("cover.m4a", "cover.jpg"), ("cover.flac", "cover.png")],
)
def test_the_cover_is_the_face_of_what_is_sound_alone(name: str, picture: str, tmp_path: Path) -> None:
    path = made(name, [*SOUND, "-i", str(_still(picture)), *ATTACHED])
    (stream,) = probed(_poster(path, tmp_path), "-show_entries", "stream=codec_name,width,height")["streams"]
    assert (stream["codec_name"], int(stream["width"]), int(stream["height"])) == ("mjpeg", 600, 400)


def test_a_cover_of_another_kind_or_of_monstrous_size_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but JPEG and PNG, whatever the file calls it: the rarely used decoders are where the holes are."""
    for name in ("cover.gif", "cover.bmp"):
        path = str(made("other.mp3", [*SOUND, "-i", str(_still(name)), *ATTACHED]))
        assert poster(path, inspect(path).source) is None
    path = str(made("cover.flac", [*SOUND, "-i", str(_still("cover.png")), *ATTACHED]))
    monkeypatch.setattr(still, "MOST_PIXELS", 100 * 100)
    assert poster(path, inspect(path).source) is None
