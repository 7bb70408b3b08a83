from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchparty.domain.timeline import Cause, Timeline, is_position, is_rate

times = st.floats(0, 1e6)
positions = st.floats(0, 1e5)
rates = st.floats(0.25, 4)


def test_a_standing_timeline_stays_where_it_is() -> None:
    assert Timeline(position=12.5).position_at(1e9) == 12.5


def test_a_playing_timeline_advances_at_its_rate() -> None:
    timeline = replace(Timeline(), rate=1.5).play(100.0, "ann")
    assert timeline.position_at(110.0) == 15.0


def test_a_scheduled_start_stands_until_its_time_comes() -> None:
    timeline = Timeline(position=30.0).play(100.0, "ann")
    assert (timeline.position_at(99.9), timeline.position_at(101.0)) == (30.0, 31.0)


def test_a_pause_keeps_the_position_reached() -> None:
    timeline = Timeline().play(100.0, "ann").pause(107.0, "bob")
    assert (timeline.position, timeline.playing, timeline.cause, timeline.by) == (7.0, False, Cause.PAUSE, "bob")


def test_a_pause_before_the_scheduled_start_goes_back_to_where_it_was() -> None:
    assert Timeline(position=5.0).play(100.0, "ann").pause(99.8, "ann").position == 5.0


def test_a_seek_neither_starts_nor_stops() -> None:
    playing = Timeline().play(100.0, "ann").seek(60.0, 103.0, "ann")
    standing = Timeline().seek(60.0, 103.0, "ann")
    assert (playing.position_at(104.0), standing.position_at(104.0)) == (61.0, 60.0)


def test_another_film_begins_at_the_beginning_at_normal_speed() -> None:
    timeline = Timeline(position=50.0, rate=2.0).play(10.0, "ann").load("film", 11.0, "bob")
    assert (timeline.video_id, timeline.position, timeline.rate, timeline.playing) == ("film", 0.0, 1.0, False)


def test_a_restart_stands_at_the_last_known_position_as_nobodys_doing() -> None:
    timeline = replace(Timeline().play(10.0, "ann"), position=42.0).restored(3.0)
    assert (timeline.position_at(9.0), timeline.by, timeline.cause) == (42.0, None, Cause.RESTART)


@given(times, positions, rates, rates, st.floats(0, 1000))
def test_a_change_of_rate_never_moves_the_position(
    at: float, position: float, rate: float, faster: float, later: float
) -> None:
    timeline = Timeline(position=position, rate=rate).play(at, None)
    changed = timeline.change_rate(faster, at + later, "ann")
    assert changed.position_at(at + later) == pytest.approx(timeline.position_at(at + later))


@given(times, positions, rates, st.floats(0, 1000))
def test_the_time_of_a_position_is_when_it_is_reached(at: float, start: float, rate: float, ahead: float) -> None:
    timeline = Timeline(position=start, rate=rate).play(at, None)
    assert timeline.position_at(timeline.time_at(start + ahead)) == pytest.approx(start + ahead, abs=1e-5)


def test_every_change_counts_the_revision_up_by_one() -> None:
    timeline = Timeline().load("film", 1, None).play(2, None).seek(3, 3, None).change_rate(2, 4, None).pause(5, None)
    assert timeline.revision == 5


@pytest.mark.parametrize("position", [float("nan"), float("inf"), -float("inf"), -0.001, 100.001])
def test_there_is_no_position_outside_the_film(position: float) -> None:
    assert not is_position(position, 100.0)


def test_the_first_and_the_last_moment_are_positions() -> None:
    assert is_position(0.0, 100.0)
    assert is_position(100.0, 100.0)


@pytest.mark.parametrize("rate", [float("nan"), float("inf"), 0.0, -1.0, 0.2, 4.1])
def test_a_rate_outside_a_quarter_to_four_is_none(rate: float) -> None:
    assert not is_rate(rate)
