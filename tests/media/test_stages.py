"""Threads in a row: what comes through, and that all of them end."""

import threading
import time

import pytest

from watchparty.media.stages import Row


def _row(most: int) -> Row[int]:
    return Row(most, 1)


def _numbers(row: Row[int], upto: int) -> None:
    """Two threads, the second of which doubles what the first counts."""
    between = row.channel(3)

    def count() -> None:
        for number in range(upto):
            between.put(number)
        between.end()

    def double() -> None:
        for number in between:
            row.made.put(2 * number)
        row.made.end()

    row.start("count", count)
    row.start("double", double)


def test_everything_comes_through_in_order() -> None:
    with _row(2) as row:
        _numbers(row, 100)
        assert [each for each in row.results(1) if each is not None] == [2 * number for number in range(100)]


def test_nobody_runs_further_ahead_than_there_is_room() -> None:
    with _row(2) as row:
        _numbers(row, 1000)
        time.sleep(0.1)
        taken = row.made.get()
        assert taken == 0
        assert threading.active_count() > 1


@pytest.mark.parametrize("taken", [0, 1, 50])
def test_leaving_ends_threads_that_wait_for_room(taken: int) -> None:
    before = threading.active_count()
    with _row(2) as row:
        _numbers(row, 1 << 40)
        for _ in range(taken):
            row.made.get()
    assert threading.active_count() == before


def test_leaving_ends_threads_that_wait_for_something_to_come() -> None:
    before = threading.active_count()
    with _row(1) as row:
        nothing = row.channel(1)
        row.start("waits", nothing.get)
    assert threading.active_count() == before


def test_none_is_heard_while_nothing_comes() -> None:
    with _row(1) as row:
        row.start("sleeps", lambda: time.sleep(0.3))
        assert next(row.results(0.01)) is None


def test_what_was_made_before_a_failure_comes_before_the_error() -> None:
    heard: list[int] = []
    with _row(5) as row:
        endless = row.channel(1)

        def fail() -> None:
            row.made.put(1)
            row.made.put(2)
            raise ValueError("broken")

        row.start("fails", fail)
        row.start("waits", endless.get)
        with pytest.raises(ValueError, match="broken"):
            heard.extend(each for each in row.results(1) if each is not None)
    assert heard == [1, 2]
