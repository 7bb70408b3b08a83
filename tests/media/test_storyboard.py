"""The small pictures for the scrub bar, as another program finds them on their sheets."""

import subprocess
from pathlib import Path

import pytest

from tests.media.torture import film, made
from watchparty.domain.source import Unplayable
from watchparty.domain.storyboard import Storyboard, storyboard
from watchparty.media.inspect import inspect
from watchparty.media.storyboard import Sheet, sheets

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def boarded(path: Path) -> tuple[Storyboard, list[Sheet]]:
    source = inspect(str(path)).source
    assert source.video is not None
    board = storyboard(source.duration, source.video.display_width, source.video.display_height)
    return board, [made for made in sheets(str(path), source, board) if isinstance(made, Sheet)]


def colour(board: Storyboard, drawn: list[Sheet], number: int, folder: Path) -> tuple[int, ...]:
    """The mean colour of the middle of a picture, rounded to a third of what there is."""
    sheet = next(sheet for sheet in drawn if number in board.on(sheet.number))
    picture = folder / f"{sheet.number}.jpg"
    picture.write_bytes(sheet.data)
    left, top = board.place(number)
    middle = f"crop={board.width // 2}:{board.height // 2}:{left + board.width // 4}:{top + board.height // 4}"
    command = ["ffmpeg", "-v", "error", "-i", str(picture), "-vf", f"{middle},scale=1:1", "-pix_fmt", "rgb24"]
    pixel = subprocess.run([*command, "-f", "rawvideo", "-"], check=True, capture_output=True).stdout
    return tuple(round(value / 85) * 85 for value in pixel)


def colours(seconds: int, *, rate: int = 5, size: str = "320x180", codec: tuple[str, ...] = ()) -> list[str]:
    """Red, green and blue for so many seconds each, a keyframe every second."""
    inputs = [
        word
        for name in ("red", "lime", "blue")
        for word in ("-f", "lavfi", "-i", f"color={name}:size={size}:rate={rate}:duration={seconds}")
    ]
    joined = ["-filter_complex", "[0][1][2]concat=n=3", "-g", str(rate), "-pix_fmt", "yuv420p", "-preset", "ultrafast"]
    return [*inputs, *joined, *codec]


@pytest.mark.parametrize("name", ["colours.mp4", "colours.mkv", "colours.ts", "colours.mov"])
def test_every_picture_stands_for_its_moment(name: str, tmp_path: Path) -> None:
    board, drawn = boarded(made(name, colours(40)))
    assert (board.count, len(drawn)) == (100, 1)
    seen = [colour(board, drawn, number, tmp_path) for number in (0, 32, 34, 65, 68, 99)]
    assert seen == [RED, RED, GREEN, GREEN, BLUE, BLUE]


def test_a_longer_film_fills_several_sheets(tmp_path: Path) -> None:
    board, drawn = boarded(made("sheets.mp4", colours(500, rate=1, size="64x64")))
    assert (board.count, board.interval) == (150, 10.0)
    assert [sheet.number for sheet in drawn] == [0, 1]
    assert [colour(board, drawn, number, tmp_path) for number in (49, 50, 99, 100, 149)] == [
        RED,
        GREEN,
        GREEN,
        BLUE,
        BLUE,
    ]


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("rotated.mp4", (90, 160)),
        ("anamorphic.mp4", (160, 90)),
        ("hevc10.mkv", (160, 90)),
        ("vp9.webm", (160, 90)),
        ("interlaced.mp4", (160, 90)),
        ("mpeg4.avi", (160, 130)),
        ("open_gop.mkv", (160, 90)),
        ("hours.ts", (160, 90)),
    ],
)
def test_pictures_have_the_shape_the_film_is_shown_in(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    board, drawn = boarded(film(name))
    assert (board.width, board.height) == size
    assert len(drawn) == 1 and drawn[0].data.startswith(b"\xff\xd8")
    # The test picture is red at the left, cyan at the right; a board nothing was drawn on is black.
    assert colour(board, drawn, board.count - 1, tmp_path) != (0, 0, 0)


def test_one_keyframe_stands_for_all_that_follows_it(tmp_path: Path) -> None:
    """A film of 20 s with keyframes at 0 and 40 s only: the picture before stays on show."""
    board, drawn = boarded(film("long_gop.mp4"))
    assert colour(board, drawn, 0, tmp_path) == colour(board, drawn, 19, tmp_path) != (0, 0, 0)


def test_progress_comes_for_every_picture_so_that_a_stop_is_noticed_between_two() -> None:
    path = film("h264.mp4")
    source = inspect(str(path)).source
    board = storyboard(source.duration, 320, 180)
    told = [step for step in sheets(str(path), source, board) if isinstance(step, float)]
    assert len(told) == board.count and told == sorted(told) and told[-1] == 1.0


def test_sound_alone_has_none() -> None:
    path = str(film("sound.mp3"))
    with pytest.raises(Unplayable, match="no picture"):
        next(sheets(path, inspect(path).source, storyboard(10, 16, 9)))
