from dataclasses import replace

import pytest

from tests.domain.scene import Scene
from watchparty.domain.conflict import Refusal
from watchparty.domain.message import State
from watchparty.domain.party_event import Preparing
from watchparty.domain.queue import COUNTDOWN, LONGEST_QUEUE, Item, Queue, Standing, needed, standing
from watchparty.domain.rights import RoomRole
from watchparty.domain.stage import Film
from watchparty.domain.timeline import Cause, Timeline
from watchparty.domain.video import Status

NEXT = Film("next", 60.0, is_ready=True)
LATER = replace(NEXT, is_ready=False)
OVER = Timeline(revision=5, video_id="film", position=600.0, cause=Cause.END)


def item(name: str, status: Standing = Standing.READY) -> Item:
    return Item(name, f"film {name}", name.title(), 60.0, "ann", "Ann", status)


def queue(*names: str) -> Queue:
    return Queue(tuple(item(name) for name in names))


def names(queue: Queue) -> list[str]:
    return [item.id for item in queue.items]


def refused(wish: object) -> str:
    with pytest.raises(Refusal) as refusal:
        wish()  # type: ignore[operator]
    return refusal.value.code


def test_films_stand_in_the_order_they_were_added_and_may_stand_twice() -> None:
    twice = replace(item("c"), video_id="film a")
    assert names(queue("a", "b").add(twice)) == ["a", "b", "c"]
    assert names(queue("a", "b").add(item("c"), 1)) == ["a", "c", "b"]


def test_a_full_queue_takes_no_more() -> None:
    full = queue(*(str(number) for number in range(LONGEST_QUEUE)))
    assert refused(lambda: full.add(item("one more"))) == "queue_full"


@pytest.mark.parametrize(
    ("name", "index", "then"),
    [("a", 2, ["b", "c", "a"]), ("c", 0, ["c", "a", "b"]), ("b", 1, ["a", "b", "c"]), ("a", 99, ["b", "c", "a"])],
)
def test_a_film_is_moved_to_its_index_and_past_the_end_to_the_end(name: str, index: int, then: list[str]) -> None:
    assert names(queue("a", "b", "c").move(name, index)) == then


def test_moving_works_in_a_full_queue_too() -> None:
    full = queue(*(str(number) for number in range(LONGEST_QUEUE)))
    assert names(full.move("0", LONGEST_QUEUE))[-1] == "0"


def test_what_is_not_there_can_be_neither_removed_nor_moved() -> None:
    assert names(queue("a", "b").remove("a")) == ["b"]
    assert refused(lambda: queue("a").remove("b")) == "no_such_item"
    assert refused(lambda: queue("a").move("b", 0)) == "no_such_item"


def test_two_who_press_next_at_once_mean_one_film() -> None:
    turn = queue("a", "b", "c").choose(None, now=10.0)
    assert turn.item and turn.item.id == "a"
    assert refused(lambda: turn.rest.choose(None, now=10.9)) == "superseded"
    # Whoever names the film that was next for them is told the same, not that there is no such film.
    assert refused(lambda: turn.rest.choose("a", now=10.9)) == "superseded"
    assert refused(lambda: turn.rest.choose("a", now=12.0)) == "no_such_item"
    again = turn.rest.choose(None, now=11.0)
    assert again.item and again.item.id == "b"


def test_any_film_of_the_queue_can_be_gone_on_to_and_the_others_keep_their_places() -> None:
    turn = queue("a", "b", "c").choose("b", now=10.0)
    assert turn.item and turn.item.id == "b"
    assert names(turn.rest) == ["a", "c"]


def test_what_cannot_be_played_is_passed_over_and_named() -> None:
    broken = Queue((item("a", Standing.FAILED), item("b", Standing.FAILED), item("c", Standing.PREPARING), item("d")))
    turn = broken.turn(now=10.0)
    assert turn.item and turn.item.id == "c"
    assert [skipped.title for skipped in turn.skipped] == ["A", "B"]
    assert names(turn.rest) == ["d"]
    assert refused(lambda: broken.choose("a", 10.0)) == "cannot_play"
    nothing = Queue((item("a", Standing.FAILED),)).turn(now=10.0)
    assert nothing.item is None
    assert nothing.rest.items == ()


def test_an_empty_queue_has_no_next_and_no_votes() -> None:
    assert refused(lambda: Queue().choose(None, 10.0)) == "nothing_next"
    assert refused(lambda: Queue().vote("ann", True)) == "nothing_next"


def test_the_end_of_a_film_begins_a_countdown() -> None:
    counting = queue("a").follow(OVER, True, now=100.0)
    assert counting.next_at == 100.0 + COUNTDOWN
    assert counting.follow(OVER, True, now=103.0).next_at == 100.0 + COUNTDOWN


@pytest.mark.parametrize("cause", [Cause.PLAY, Cause.SEEK, Cause.LOAD, Cause.PAUSE])
def test_whatever_people_do_with_the_film_ends_the_countdown(cause: Cause) -> None:
    counting = queue("a").follow(OVER, True, now=100.0)
    assert counting.follow(replace(OVER, revision=6, cause=cause), True, now=101.0).next_at is None


def test_another_speed_leaves_the_countdown_alone() -> None:
    counting = queue("a").follow(OVER, True, now=100.0)
    faster = replace(OVER, revision=6, cause=Cause.RATE)
    assert counting.follow(faster, True, now=101.0).next_at == counting.next_at


def test_who_stays_is_not_counted_down_again_until_another_film_is_over() -> None:
    stayed = queue("a").follow(OVER, True, now=100.0).stay()
    assert stayed.follow(OVER, True, now=101.0).next_at is None
    assert stayed.add(item("b")).follow(OVER, True, now=102.0).next_at is None
    assert stayed.follow(replace(OVER, revision=9), True, now=200.0).next_at == 208.0
    assert refused(stayed.stay) == "not_counting"


def test_before_empty_seats_or_with_nothing_next_nothing_counts_down() -> None:
    assert queue("a").follow(OVER, False, now=100.0).next_at is None
    assert Queue().follow(OVER, True, now=100.0).next_at is None
    counting = queue("a").follow(OVER, True, now=100.0)
    assert counting.follow(OVER, False, now=101.0).next_at is None
    assert counting.remove("a").follow(OVER, True, now=101.0).next_at is None


def test_a_film_added_after_the_end_begins_too() -> None:
    ended = Queue().follow(OVER, True, now=100.0)
    assert ended.add(item("a")).follow(OVER, True, now=130.0).next_at == 138.0


def test_votes_count_for_those_who_watch_and_end_with_the_film() -> None:
    voted = queue("a", "b").vote("ann", True).vote("bob", True).vote("cleo", True).vote("cleo", False)
    assert voted.counted({"ann", "cleo"}) == ["ann"]
    assert voted.counted({"ann", "bob"}) == ["ann", "bob"]
    assert voted.turn(10.0).rest.votes == frozenset()
    assert voted.follow(Timeline(revision=7, cause=Cause.LOAD), True, 10.0).votes == frozenset()
    assert voted.follow(Timeline(revision=7, cause=Cause.PAUSE), True, 10.0).votes == voted.votes


@pytest.mark.parametrize(("watching", "most"), [(0, 1), (1, 1), (2, 2), (3, 2), (4, 3), (1001, 501)])
def test_more_than_half_of_those_who_watch_are_needed(watching: int, most: int) -> None:
    assert needed(watching) == most


def test_more_is_known_of_a_film_wherever_it_stands() -> None:
    known = queue("a", "b").know("film a", "Another title", 90.0, Standing.FAILED)
    assert (known.items[0].title, known.items[0].duration, known.items[0].status) == ("Another title", 90.0, "failed")
    assert known.items[1] == item("b")
    assert names(known.without("film a")) == ["b"]
    statuses = {
        Status.READY: "ready",
        Status.PROCESSING: "preparing",
        Status.FAILED: "failed",
        Status.MISSING: "failed",
    }
    assert {status: standing(status) for status in statuses} == statuses


# What a party does with the next film.


def test_the_next_film_waits_for_everybody_and_begins_by_itself() -> None:
    scene = Scene()
    scene.sit("bob")
    scene.everybody_playing("ann", "bob")
    scene.events += scene.party.go_on(NEXT, None, scene.now)
    assert (scene.timeline.video_id, scene.timeline.playing, scene.starting) == ("next", False, True)
    assert scene.told(Preparing)[-1] == Preparing(scene.timeline.revision, 0.0)
    scene.starving("ann", "bob")
    scene.later(1.0)
    scene.ready("ann")
    assert not scene.timeline.playing
    scene.ready("bob")
    assert (scene.timeline.playing, scene.timeline.cause, scene.position) == (True, Cause.NEXT, 0.0)


def test_at_the_beginning_of_the_next_film_the_room_waits_for_twenty_seconds() -> None:
    scene = Scene()
    scene.sit("bob")
    scene.everybody_playing("ann", "bob")
    scene.events += scene.party.go_on(NEXT, None, scene.now)
    scene.ready("ann")
    scene.later(19.0)
    assert (scene.timeline.playing, scene.waiting_for) == (False, ("bob",))
    scene.later(1.0)
    assert scene.timeline.playing


def test_after_no_film_at_all_the_next_one_waits_for_those_who_had_nothing_to_show() -> None:
    scene = Scene(film=None)
    scene.says("ann", State.IDLE)
    scene.events += scene.party.go_on(NEXT, "ann", scene.now)
    assert scene.starting
    scene.ready("ann")
    assert scene.timeline.playing


def test_a_film_that_is_not_ready_begins_once_it_is() -> None:
    scene = Scene()
    scene.everybody_playing("ann")
    scene.events += scene.party.go_on(LATER, "ann", scene.now)
    assert scene.party.awaits_film
    scene.later(60.0)
    assert not scene.starting
    scene.events += scene.party.know_film(NEXT, scene.now)
    scene.ready("ann")
    assert scene.timeline.playing


def test_a_film_that_becomes_ready_after_somebody_did_something_else_begins_for_nobody() -> None:
    scene = Scene()
    scene.everybody_playing("ann")
    scene.events += scene.party.go_on(LATER, "ann", scene.now)
    assert scene.seek("ann", 5.0) is None
    scene.events += scene.party.know_film(NEXT, scene.now)
    assert not scene.starting
    assert not scene.timeline.playing


def test_before_empty_seats_the_next_film_stands() -> None:
    scene = Scene()
    scene.leave("ann")
    scene.events += scene.party.go_on(NEXT, None, scene.now)
    assert (scene.timeline.video_id, scene.timeline.playing, scene.starting) == ("next", False, False)


def test_a_seek_in_the_film_before_does_not_move_the_next_one() -> None:
    scene = Scene()
    scene.sit("bob", RoomRole.MEMBER)
    scene.everybody_playing("ann", "bob")
    seen = scene.timeline.revision
    scene.events += scene.party.go_on(NEXT, None, scene.now)
    assert scene.seek("bob", 45.0, seen=seen) == "superseded"
    assert scene.timeline.position == 0.0


def test_a_member_who_has_not_seen_that_a_host_went_on_does_not_undo_it() -> None:
    scene = Scene()
    scene.sit("bob", RoomRole.MEMBER)
    scene.everybody_playing("ann", "bob")
    seen = scene.timeline.revision
    scene.events += scene.party.go_on(NEXT, "ann", scene.now)
    assert scene.pause("bob", seen=seen) == "host_wins"
