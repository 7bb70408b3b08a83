"""Where films are cut."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchparty.domain.grid import Refused, audio_frames, copied, uncopied
from watchparty.domain.source import TICKS

FRAME = Fraction(TICKS * 1001, 24000)


def seconds(*values: float) -> list[int]:
    return [round(value * TICKS) for value in values]


def test_keyframes_closer_than_four_seconds_are_merged() -> None:
    grid = copied(seconds(0, 2, 4, 5, 6, 9, 11, 13), round(15 * TICKS), None, 0)
    assert list(grid.copy) == seconds(0, 4, 9, 13, 15)


def test_what_is_left_at_the_end_joins_its_neighbour() -> None:
    grid = copied(seconds(0, 4, 8), round(8.5 * TICKS), None, 0)
    assert list(grid.copy) == seconds(0, 4, 8.5)


def test_keyframes_too_far_apart_are_refused_with_the_distance() -> None:
    with pytest.raises(Refused, match="every 20 seconds"):
        copied(seconds(0, 20, 25), 30 * TICKS, None, 0)


def test_a_sound_that_goes_on_long_after_the_picture_makes_it_uncuttable() -> None:
    with pytest.raises(Refused):
        copied(seconds(0, 4, 8), 60 * TICKS, None, 0)


def test_no_keyframes_are_no_places_to_cut() -> None:
    with pytest.raises(Refused):
        copied([], 60 * TICKS, None, 0)


def test_the_first_cell_begins_at_zero_although_the_picture_begins_later() -> None:
    assert copied(seconds(0.021, 5.021), 10 * TICKS, None, 1890).copy[:2] == tuple(seconds(0, 5.021))


def test_encoded_cells_are_short_and_hardly_shorter_than_that() -> None:
    cells = [after - before for before, after in pairwise(uncopied(100 * TICKS, FRAME, 0, None).encode)]
    assert max(cells) <= 2 * TICKS and min(cells) > 1.8 * TICKS
    assert uncopied(2 * TICKS, FRAME, 0, None).encode == (0, 2 * TICKS)


@given(
    st.lists(st.integers(TICKS // 2, 12 * TICKS), min_size=1, max_size=40),
    st.sampled_from([None, FRAME, Fraction(3600), Fraction(TICKS, 60)]),
    st.integers(0, 3000),
)
def test_every_grid_covers_the_film_in_order_and_no_encoded_cell_is_longer_than_four_seconds(
    gaps: list[int], frame: Fraction | None, phase: int
) -> None:
    times = [phase]
    for gap in gaps:
        times.append(times[-1] + gap)
    end = times.pop()
    try:
        grid = copied(times, end, frame, phase)
    except Refused as refused:
        grid = uncopied(end, frame, phase, str(refused))
    for boundaries in filter(None, (grid.copy, grid.encode)):
        assert (boundaries[0], boundaries[-1]) == (0, end)
        assert all(before < after for before, after in pairwise(boundaries))
    assert all(after - before <= 2 * TICKS for before, after in pairwise(grid.encode))
    assert set(grid.copy) <= set(grid.encode)
    assert set(grid.copy[1:-1]) <= set(times)


@given(st.integers(1, 50), st.sampled_from([32_000, 44_100, 48_000]), st.integers(0, 1023))
def test_frames_of_sound_belong_to_exactly_one_cell(cells: int, rate: int, phase: int) -> None:
    boundaries = [number * 3 * TICKS + (number % 7) * 1000 for number in range(cells + 1)]
    frames = audio_frames(boundaries, rate, phase)
    assert frames[0] == 0
    assert all(before < after for before, after in pairwise(frames))
    for boundary, frame in zip(boundaries[1:], frames[1:], strict=True):
        sample = boundary * rate // TICKS
        assert phase + (frame - 1) * 1024 < sample <= phase + frame * 1024
