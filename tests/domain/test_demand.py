"""Which heads a film should have."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from watchparty.domain.demand import AHEAD_SECONDS, REMEMBERED_SECONDS, Cell, Demand, Foreseen, Run, Viewer
from watchparty.domain.source import TICKS

LOW, HIGH = "360p", "720p"


class Scene:
    """A film of 100 cells of 4 seconds, in two rungs."""

    def __init__(self) -> None:
        self.ready: set[Cell] = set()
        self.waits: set[Cell] = set()
        boundaries = [index * 4 * TICKS for index in range(101)]
        self.demand = Demand(boundaries, [LOW, HIGH], lambda rung, index: (rung, index) in self.ready, self.waits)

    def wait(self, rung: str, index: int, now: float = 0) -> None:
        self.demand.ask(rung, index, now)
        self.waits.add((rung, index))

    def watch(self, rung: str, index: int, now: float = 0) -> None:
        """Somebody fetches a cell that is there."""
        self.ready.add((rung, index))
        self.demand.ask(rung, index, now)

    def make(self, rung: str, cells: Iterable[int]) -> None:
        self.ready |= {(rung, index) for index in cells}
        self.waits -= self.ready


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_nobody_asks_and_there_is_no_head(scene: Scene) -> None:
    assert scene.demand.next_run([], 0) is None
    assert not scene.demand.is_needed(Run.at(3, [LOW]), 0)


def test_who_waits_gets_a_head_for_what_they_wait_for_and_nothing_else(scene: Scene) -> None:
    scene.watch(HIGH, 9)
    scene.wait(LOW, 10)
    run = scene.demand.next_run([], 0)
    assert run == Run.at(10, [LOW])
    assert scene.demand.is_waited_for(run)
    # Cell 10 is on its way, and what the other needs comes along with it.
    assert scene.demand.next_run([run], 0) is None


def test_those_who_wait_for_one_place_at_once_are_served_by_one_head(scene: Scene) -> None:
    scene.wait(LOW, 10)
    scene.wait(HIGH, 10)
    assert scene.demand.next_run([], 0) == Run.at(10, [LOW, HIGH])


def test_people_far_apart_have_a_head_each(scene: Scene) -> None:
    scene.wait(LOW, 10)
    scene.wait(LOW, 50)
    first = scene.demand.next_run([], 0)
    assert first == Run.at(10, [LOW])
    second = scene.demand.next_run([first], 0)
    assert second == Run.at(50, [LOW])
    assert scene.demand.next_run([first, second], 0) is None


def test_who_waits_a_few_cells_before_a_head_waits_for_it_and_who_waits_behind_it_does_not(scene: Scene) -> None:
    scene.wait(LOW, 12)
    assert scene.demand.next_run([Run.at(10, [LOW])], 0) is None
    assert scene.demand.next_run([Run.at(13, [LOW])], 0) == Run.at(12, [LOW])
    assert scene.demand.next_run([Run.at(10, [HIGH])], 0) == Run.at(12, [LOW])


def test_another_rung_joins_when_nobody_waits_for_the_next_cell(scene: Scene) -> None:
    scene.wait(LOW, 10)
    scene.watch(HIGH, 9)
    run = Run.at(10, [LOW]).made(LOW, 10)
    scene.wait(LOW, 11)
    assert scene.demand.rungs_from_here(run, [], 0) == {LOW}
    scene.waits.clear()
    assert scene.demand.rungs_from_here(run, [], 0) == {LOW, HIGH}


def test_two_who_both_wait_get_a_common_head_where_the_first_has_come_to(scene: Scene) -> None:
    scene.wait(LOW, 10)
    low = scene.demand.next_run([], 0)
    assert low == Run.at(10, [LOW])
    scene.wait(HIGH, 10)
    high = scene.demand.next_run([low], 0)
    assert high == Run.at(10, [HIGH])
    scene.make(LOW, [10])
    scene.wait(LOW, 11)
    low = low.made(LOW, 10)
    assert scene.demand.rungs_from_here(low, [high], 0) == {LOW, HIGH}
    # The short head ends where the common one began.
    common, high = Run.at(11, [LOW, HIGH]), high.made(HIGH, 10)
    scene.make(HIGH, [10])
    assert scene.demand.rungs_from_here(high, [common], 0) == frozenset()
    assert scene.demand.rungs_from_here(common, [high], 0) == {LOW, HIGH}


def test_a_viewer_who_changes_rungs_beside_a_head_is_served_at_once(scene: Scene) -> None:
    scene.make(LOW, range(10, 15))
    for index in range(10, 13):
        scene.watch(LOW, index)
    running = Run.at(15, [LOW])
    scene.wait(HIGH, 13)
    short = scene.demand.next_run([running], 0)
    assert short == Run.at(13, [HIGH])
    scene.make(HIGH, [13, 14])
    assert scene.demand.rungs_from_here(running, [Run.at(15, [HIGH])], 0) == {LOW, HIGH}


def test_a_head_runs_as_far_ahead_as_it_should_and_no_further(scene: Scene) -> None:
    scene.watch(LOW, 10)
    last = 11 + AHEAD_SECONDS // 4
    assert scene.demand.is_needed(Run.at(last, [LOW]), 0)
    assert not scene.demand.is_needed(Run.at(last + 1, [LOW]), 0)
    assert not scene.demand.is_needed(Run.at(9, [LOW]), 0)
    assert not scene.demand.is_needed(Run.at(12, [HIGH]), 0)


def test_what_was_asked_for_long_ago_needs_no_head(scene: Scene) -> None:
    scene.watch(LOW, 10)
    assert scene.demand.next_run([], REMEMBERED_SECONDS) == Run.at(11, [LOW])
    assert scene.demand.next_run([], REMEMBERED_SECONDS + 1) is None
    # Who waits is not forgotten, however long it takes.
    scene.wait(LOW, 11)
    assert scene.demand.is_needed(Run.at(11, [LOW]), 1000)


def test_who_leaves_needs_nothing_any_more(scene: Scene) -> None:
    scene.wait(LOW, 10)
    scene.waits.clear()
    scene.demand.withdraw(LOW, 10)
    assert not scene.demand.is_needed(Run.at(10, [LOW]), 0)


def test_a_head_starts_before_anybody_has_to_wait(scene: Scene) -> None:
    scene.watch(LOW, 10)
    scene.make(LOW, range(11, 16))
    assert scene.demand.next_run([], 0) is None  # 20 s are left
    scene.watch(LOW, 12)
    assert scene.demand.next_run([], 0) == Run.at(16, [LOW])


def test_a_new_head_has_all_rungs_in_use_about_there(scene: Scene) -> None:
    for rung in (LOW, HIGH):
        scene.make(rung, range(10, 13))
        scene.watch(rung, 10)
    scene.watch(HIGH, 60)
    assert scene.demand.next_run([Run.at(61, [HIGH])], 0) == Run.at(13, [LOW, HIGH])


def test_rungs_watched_elsewhere_are_not_made_here(scene: Scene) -> None:
    scene.watch(LOW, 10)
    scene.watch(HIGH, 90)
    scene.make(HIGH, range(90, 100))
    assert scene.demand.next_run([], 0) == Run.at(11, [LOW])


def test_a_head_ends_where_cells_exist_and_leaves_out_a_rung_that_does(scene: Scene) -> None:
    scene.watch(LOW, 10)
    scene.watch(HIGH, 10)
    run = Run.at(11, [LOW, HIGH])
    scene.make(LOW, [11])
    assert scene.demand.rungs_from_here(run, [], 0) == {HIGH}
    scene.make(HIGH, [11])
    assert scene.demand.rungs_from_here(run, [], 0) == frozenset()
    assert not scene.demand.is_needed(run, 0)


def test_rungs_that_are_not_made_equally_fast_stay_together(scene: Scene) -> None:
    scene.watch(LOW, 10)
    scene.watch(HIGH, 10)
    scene.make(LOW, [11, 12])
    scene.make(HIGH, [11])
    run = Run({LOW: 13, HIGH: 12})
    assert run.position == 12
    assert scene.demand.rungs_from_here(run, [], 0) == {LOW, HIGH}


def test_a_rung_watched_a_little_behind_is_carried_along_to_the_end(scene: Scene) -> None:
    scene.watch(LOW, 12)
    scene.watch(HIGH, 10)
    last_of_high = 11 + AHEAD_SECONDS // 4
    run = Run.at(last_of_high + 1, [LOW, HIGH])
    assert scene.demand.rungs_from_here(run, [], 0) == {LOW, HIGH}
    # But it does not join there.
    assert scene.demand.rungs_from_here(Run.at(last_of_high + 1, [LOW]), [], 0) == {LOW}


def test_at_the_end_of_the_film_a_head_only_has_to_finish(scene: Scene) -> None:
    scene.watch(LOW, 98)
    run = Run.at(100, [LOW])
    assert scene.demand.is_needed(run, 0)
    assert scene.demand.rungs_from_here(run, [], 0) == {LOW}
    scene.make(LOW, [99])
    assert scene.demand.next_run([], 0) is None


def test_where_making_failed_only_who_waits_has_it_tried_again_soon(scene: Scene) -> None:
    scene.watch(LOW, 10)
    scene.demand.give_up(11, 0)
    assert scene.demand.next_run([], 1) is None
    scene.wait(LOW, 11, now=2)
    assert scene.demand.next_run([], 2) == Run.at(11, [LOW])
    scene.waits.clear()
    assert scene.demand.next_run([], 25) is None
    scene.watch(LOW, 10, now=59)
    assert scene.demand.next_run([], 61) == Run.at(11, [LOW])


def test_a_room_has_what_comes_next_made_before_anybody_asks(scene: Scene) -> None:
    scene.demand.foresee([Foreseen(LOW, 20, playing=False)])
    run = scene.demand.next_run([], 0)
    assert run == Run.at(20, [LOW])
    assert not scene.demand.is_waited_for(run)
    scene.make(LOW, range(20, 27))
    assert scene.demand.next_run([], 0) == Run.at(27, [LOW])
    scene.make(LOW, [27, 28])
    assert scene.demand.next_run([], 0) is None
    scene.demand.foresee([])
    assert not scene.demand.is_needed(run, 0)


def test_a_room_that_plays_is_not_served_cell_by_cell(scene: Scene) -> None:
    scene.make(LOW, range(20, 26))
    scene.demand.foresee([Foreseen(LOW, 20, playing=True)])
    assert scene.demand.next_run([], 0) is None
    scene.demand.foresee([Foreseen(LOW, 22, playing=True)])
    assert scene.demand.next_run([], 0) == Run.at(26, [LOW])


def test_what_is_watched_about_a_place_is_known_for_a_while(scene: Scene) -> None:
    names = ["source", LOW, HIGH]
    for index in range(3):
        scene.watch(LOW, 10 + index, now=index)
    scene.watch("source", 12, now=3)
    scene.watch(HIGH, 80, now=3)
    assert scene.demand.watched(names, 10, 5) == {LOW, "source"}
    assert scene.demand.watched([LOW], 10, 5) == {LOW}
    # Paused for minutes: what was watched last.
    assert scene.demand.watched(names, 10, 300) == {"source"}
    assert scene.demand.watched(names, 50, 5) == frozenset()
    scene.watch(HIGH, 81, now=1000)
    assert scene.demand.watched(names, 10, 1000) == frozenset()


def test_who_jumps_away_leaves_nothing_to_be_made_where_they_were(scene: Scene) -> None:
    ann, bob = Viewer("ann", "video"), Viewer("bob", "video")
    scene.demand.ask(LOW, 10, 0, ann)
    scene.demand.ask("audio-1", 10, 0, Viewer("ann", "audio"))
    running = Run.at(11, [LOW])
    scene.wait(LOW, 80)
    scene.demand.ask(LOW, 80, 1, ann)
    assert not scene.demand.is_needed(running, 1)
    assert scene.demand.watched(["audio-1"], 10, 1) == {"audio-1"}
    # Others are still there.
    scene.demand.ask(LOW, 10, 1, bob)
    scene.demand.ask(LOW, 81, 2, ann)
    assert scene.demand.is_needed(running, 2)


def test_who_changes_rungs_leaves_the_one_before(scene: Scene) -> None:
    ann = Viewer("ann", "video")
    for index in (10, 11):
        scene.make(LOW, [index])
        scene.demand.ask(LOW, index, 0, ann)
    assert scene.demand.next_run([], 0) == Run.at(12, [LOW])
    scene.make(HIGH, [12])
    scene.demand.ask(HIGH, 12, 1, ann)
    assert scene.demand.next_run([], 1) == Run.at(13, [HIGH])
    assert scene.demand.watched([LOW, HIGH], 10, 1) == {HIGH}
