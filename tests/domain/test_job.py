from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from watchparty.domain.job import Job, delay, next_of, wait_for_room


def job(name: str, by: str, at: float, kind: str = "convert") -> Job:
    return Job(name, kind, "film", at, by)


def chosen(waiting: list[Job], running: Mapping[str | None, int], served: Mapping[str | None, int]) -> str:
    found = next_of(waiting, {"convert": 0, "fill": 1}, running, served)
    assert found is not None
    return found.id


def test_whoever_has_fewest_jobs_running_is_next() -> None:
    waiting = [job("of ann", "ann", 1), job("of bob", "bob", 2)]
    assert chosen(waiting, {}, {}) == "of ann"
    assert chosen(waiting, {"ann": 1}, {}) == "of bob"
    assert chosen(waiting, {"ann": 1, "bob": 2}, {}) == "of ann"


def test_of_two_with_as_many_the_one_who_waited_longest_for_a_turn_is_next() -> None:
    waiting = [job("of ann", "ann", 1), job("of bob", "bob", 2)]
    assert chosen(waiting, {}, {"ann": 7, "bob": 6}) == "of bob"
    assert chosen(waiting, {}, {"ann": 7}) == "of bob"


def test_what_somebody_asked_for_goes_before_what_the_server_does_by_itself() -> None:
    waiting = [job("filling", "bob", 1, "fill"), job("of ann", "ann", 2)]
    assert chosen(waiting, {"ann": 4}, {"ann": 9}) == "of ann"


def test_an_empty_queue_has_no_next() -> None:
    assert next_of([], {}, {}, {}) is None


@given(st.integers(0, 1000), st.floats(0, 1))
def test_delays_double_up_to_their_limit_and_are_spread(retries: int, chance: float) -> None:
    assert 0.05 <= delay(retries, chance) <= 5
    assert delay(0, chance) <= 0.1
    assert delay(1, chance) == 2 * delay(0, chance)
    assert 2.5 <= wait_for_room(retries, chance) <= 30
