"""Which small picture stands for which moment."""

import pytest

from watchparty.domain.storyboard import cues, storyboard


@pytest.mark.parametrize(
    ("seconds", "count", "interval"),
    [(0.4, 1, 1.0), (30, 30, 1.0), (300, 100, 3.0), (3600, 360, 10.0), (7200, 720, 10.0), (36_000, 720, 50.0)],
)
def test_there_is_a_picture_every_ten_seconds_and_more_in_short_films(
    seconds: float, count: int, interval: float
) -> None:
    board = storyboard(seconds, 1920, 1080)
    assert board.count == count
    assert board.interval == pytest.approx(interval)


@pytest.mark.parametrize(
    ("shape", "size"),
    [((1920, 1080), (160, 90)), ((1080, 1920), (90, 160)), ((640, 480), (160, 120)), ((9, 9000), (2, 160))],
)
def test_a_picture_has_the_film_s_shape_and_even_sides(shape: tuple[int, int], size: tuple[int, int]) -> None:
    board = storyboard(60, *shape)
    assert (board.width, board.height) == size


def test_sheets_hold_a_hundred_pictures_and_the_last_what_is_left() -> None:
    board = storyboard(2160, 1920, 1080)
    assert (board.count, board.sheets) == (216, 3)
    assert (board.on(0), board.on(2)) == (range(100), range(200, 216))
    assert (board.size(0), board.size(2)) == ((1600, 900), (1600, 180))
    assert board.place(215) == (5 * 160, 90)


def test_the_cues_cover_the_film_without_a_gap_and_name_places_on_sheets() -> None:
    lines = cues(storyboard(1015, 1920, 1080)).split("\n\n")
    assert lines[0] == "WEBVTT"
    assert lines[1] == "00:00:00.000 --> 00:00:10.000\nstoryboard/000.jpg#xywh=0,0,160,90"
    assert lines[12] == "00:01:50.000 --> 00:02:00.000\nstoryboard/000.jpg#xywh=160,90,160,90"
    assert lines[-1] == "00:16:50.000 --> 00:16:55.000\nstoryboard/001.jpg#xywh=160,0,160,90\n"


def test_a_picture_is_taken_from_the_middle_of_what_it_stands_for() -> None:
    board = storyboard(1004, 1920, 1080)
    assert (board.moment(0), board.moment(99), board.moment(100)) == (5.0, 995.0, 1004.0)
