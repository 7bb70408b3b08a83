"""Rooms' queues on a real database, with a clock moved by hand."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.services.hall import FILM, Ear, Hall
from watchparty.domain.message import Queue, QueueOp
from watchparty.domain.rights import Control
from watchparty.domain.user import Person, Role
from watchparty.domain.video import Status
from watchparty.services.progress import Work
from watchparty.services.seat import Seat
from watchparty.storage.database import Tx
from watchparty.storage.room_queue import QueueStore
from watchparty.storage.videos import VideoStore


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with Hall.open(tmp_path) as hall:
        await furnish(hall)
        yield hall


async def furnish(hall: Hall) -> None:
    """Three short films more, one of which is still being prepared, and one that failed."""

    def add(tx: Tx) -> None:
        for name, status in {
            "one": Status.READY, "two": Status.READY, "raw": Status.PROCESSING, "bad": Status.FAILED
        }.items():  # fmt: skip
            VideoStore().add(tx, replace(FILM, id=name, title=f"Film {name}"))
            tx.execute("UPDATE videos SET status = ?, duration = 60 WHERE id = ?", (status, name))

    await hall.database.write(add)


async def turn(hall: Hall, video_id: str, status: Status) -> None:
    """The film is prepared, or fails, and everybody who listens is told."""

    def change(tx: Tx) -> None:
        tx.execute("UPDATE videos SET status = ? WHERE id = ?", (status, video_id))

    await hall.database.write(change)
    hall.parties.film_progressed(Work(video_id, status, 1.0))
    await hall.parties.film_changed(video_id)


async def adds(hall: Hall, seat: Seat, *videos: str) -> None:
    for video_id in videos:
        await hall.parties.enqueue(seat, Queue(QueueOp.ADD, video_id=video_id))


def queue(ear: Ear) -> dict[str, Any]:
    return ear.heard("queue")[-1]


def films(ear: Ear) -> list[str]:
    return [item["video_id"] for item in queue(ear)["items"]]


def first(ear: Ear) -> str:
    return str(queue(ear)["items"][0]["id"])


def watches(hall: Hall, *seats: tuple[Seat, Ear], state: str = "ready") -> None:
    for seat, ear in seats:
        timeline = ear.timeline
        position = timeline["position"]
        hall.says(seat, "status", revision=timeline["revision"], position=position, buffered=9, state=state)


def ends(hall: Hall, *seats: tuple[Seat, Ear]) -> None:
    """The film that is on is played to its end."""
    watches(hall, *seats)
    seat, ear = seats[0]
    hall.says(seat, "seek", seen=ear.timeline["revision"], position=599.0)
    watches(hall, *seats)
    hall.says(seat, "play", seen=ear.timeline["revision"])
    watches(hall, *seats)
    hall.later(0.5)
    watches(hall, *seats, state="playing")
    hall.later(2.0)
    assert ear.timeline["cause"] == "end"


def passes(hall: Hall, seconds: int, *people: tuple[Seat, Ear]) -> None:
    """Time goes by while their lines stay alive."""
    for _ in range(seconds):
        for seat, _ in people:
            hall.says(seat, "typing", on=False)
        hall.later(1.0)


async def test_everybody_hears_what_comes_next_and_who_added_it(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    _, at_bobs = await hall.enters("bob")
    await adds(hall, ann, "one", "one")
    told = queue(at_bobs)
    assert at_anns.frames[-1] is at_bobs.frames[-1]
    assert [item["title"] for item in told["items"]] == ["Film one", "Film one"]
    assert told["items"][0]["id"] != told["items"][1]["id"]
    assert {key: told["items"][0][key] for key in ("duration", "by", "by_name", "status")} == {
        "duration": 60.0, "by": "ann", "by_name": "Ann", "status": "ready"
    }  # fmt: skip
    assert (told["votes"], told["next_at"]) == ([], None)


async def test_whoever_comes_later_is_told_the_queue_in_the_welcome_and_after_it(hall: Hall) -> None:
    ann, _ = await hall.enters("ann")
    await adds(hall, ann, "one")
    _, at_bobs = await hall.enters("bob")
    assert [item["video_id"] for item in at_bobs.heard("welcome")[0]["queue"]] == ["one"]
    assert films(at_bobs) == ["one"]


async def test_films_are_moved_removed_and_brought_back_by_whoever_removed_them(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    bob, at_bobs = await hall.enters("bob")
    await adds(hall, ann, "one", "two", "film")
    gone = first(at_anns)
    hall.says(bob, "queue", op="move", item_id=gone, index=7)
    assert films(at_anns) == ["two", "film", "one"]
    hall.says(bob, "queue", op="remove", item_id=gone)
    assert films(at_anns) == ["two", "film"]
    hall.says(ann, "queue", op="add", item_id=gone)
    assert at_anns.heard("error")[-1]["code"] == "no_such_item"
    hall.says(bob, "queue", op="add", item_id=gone)
    assert films(at_bobs) == ["two", "film", "one"]
    assert queue(at_bobs)["items"][2]["by"] == "ann"
    log = [entry for entry in await hall.log() if entry[0] != "joined"]
    assert log == [
        ("queued", "ann"), ("queued", "ann"), ("queued", "ann"),
        ("reordered", "bob"), ("unqueued", "bob"), ("queued", "bob"),
    ]  # fmt: skip


async def test_when_a_film_is_over_the_next_one_begins_by_itself_after_eight_seconds(hall: Hall) -> None:
    people = await hall.enters("ann"), await hall.enters("bob")
    (ann, at_anns), (_, at_bobs) = people
    await adds(hall, ann, "one", "two")
    ends(hall, *people)
    # The film ended at the deadline that was told, which may be a little before the clock was looked at.
    assert 0 < queue(at_bobs)["next_at"] - hall.clock.now * 1000 <= 8000
    hall.later(8.0)
    timeline = at_bobs.timeline
    assert (timeline["video_id"], timeline["starting"], timeline["by"]) == ("one", True, None)
    assert (films(at_bobs), queue(at_bobs)["next_at"]) == (["two"], None)
    assert at_bobs.heard("prepare")[-1]["revision"] == timeline["revision"]
    watches(hall, *people)
    assert (at_anns.timeline["playing"], at_anns.timeline["cause"]) == (True, "next")
    hall.later(1.0)
    watches(hall, *people, state="playing")
    passes(hall, 68, *people)
    assert at_anns.timeline["video_id"] == "two"


async def test_whoever_stays_stays(hall: Hall) -> None:
    people = await hall.enters("ann"), await hall.enters("bob")
    await adds(hall, people[0][0], "one")
    ends(hall, *people)
    hall.says(people[1][0], "queue", op="stay")
    assert queue(people[0][1])["next_at"] is None
    passes(hall, 30, *people)
    assert people[0][1].timeline["video_id"] == "film"
    hall.says(people[1][0], "queue", op="stay")
    assert people[1][1].heard("error")[-1]["code"] == "not_counting"


async def test_playing_the_film_again_ends_the_countdown(hall: Hall) -> None:
    people = await hall.enters("ann"), await hall.enters("bob")
    (ann, at_anns), _ = people
    await adds(hall, ann, "one")
    ends(hall, *people)
    hall.later(7.0)
    hall.says(ann, "play", seen=at_anns.timeline["revision"])
    assert queue(at_anns)["next_at"] is None
    hall.later(8.0)
    assert at_anns.timeline["video_id"] == "film"


async def test_where_nobody_is_nothing_goes_on_and_whoever_comes_back_sees_the_countdown(hall: Hall) -> None:
    people = await hall.enters("ann"), await hall.enters("bob")
    (ann, at_anns), (bob, _) = people
    await adds(hall, ann, "one")
    ends(hall, *people)
    hall.parties.leave(bob, 1000)
    hall.parties.leave(ann, None)
    hall.later(30.0)
    assert hall.parties.upcoming() == []
    _, at_anns = await hall.enters("ann")
    assert (at_anns.timeline["video_id"], films(at_anns)) == ("film", ["one"])
    assert queue(at_anns)["next_at"] == (hall.clock.now + 8.0) * 1000
    hall.later(8.0)
    assert at_anns.timeline["video_id"] == "one"


async def test_two_who_press_next_at_once_skip_one_film(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    bob, at_bobs = await hall.enters("bob")
    await adds(hall, ann, "one", "two", "film")
    meant = first(at_bobs)
    hall.says(ann, "queue", op="next")
    hall.later(0.2)
    hall.says(bob, "queue", op="next")
    hall.says(bob, "queue", op="next", item_id=meant)
    assert (at_anns.timeline["video_id"], films(at_anns)) == ("one", ["two", "film"])
    assert [error["code"] for error in at_bobs.heard("error")] == ["superseded", "superseded"]
    hall.later(1.0)
    hall.says(bob, "queue", op="next", item_id=queue(at_bobs)["items"][1]["id"])
    assert (at_bobs.timeline["video_id"], at_bobs.timeline["by"]) == ("film", "bob")


async def test_more_than_half_of_those_who_watch_have_the_next_film_come(hall: Hall) -> None:
    people = [await hall.enters(who) for who in ("ann", "bob", "cleo")]
    (ann, at_anns), (bob, _), (cleo, at_cleos) = people
    await adds(hall, ann, "one", "two")
    hall.says(bob, "queue", op="vote", on=True)
    assert people[1][1].heard("error")[-1]["code"] == "not_watching"
    watches(hall, *people)
    hall.says(bob, "queue", op="vote", on=True)
    assert (queue(at_anns)["votes"], queue(at_anns)["needed"]) == (["bob"], 2)
    hall.says(bob, "queue", op="vote", on=False)
    assert queue(at_anns)["votes"] == []
    hall.says(bob, "queue", op="vote", on=True)
    hall.says(cleo, "queue", op="vote", on=True)
    assert (at_anns.timeline["video_id"], films(at_anns)) == ("one", ["two"])
    assert queue(at_anns)["votes"] == []
    assert at_cleos.heard("notice")[-1]["code"] == "voted"


async def test_hidden_and_idle_people_are_neither_asked_nor_counted(hall: Hall) -> None:
    people = [await hall.enters(who) for who in ("ann", "bob", "cleo")]
    (ann, at_anns), (bob, at_bobs), (cleo, at_cleos) = people
    await adds(hall, ann, "one")
    watches(hall, *people)
    hall.says(bob, "queue", op="vote", on=True)
    watches(hall, people[2], state="hidden")
    hall.says(cleo, "queue", op="vote", on=True)
    assert at_cleos.heard("error")[-1]["code"] == "not_watching"
    assert at_anns.timeline["video_id"] == "film"
    # Of one person who watches more than half is that one.
    watches(hall, people[0], state="idle")
    assert at_bobs.timeline["video_id"] == "one"


async def test_the_vote_of_somebody_who_left_does_not_wait_for_them(hall: Hall) -> None:
    people = [await hall.enters(who) for who in ("ann", "bob", "cleo")]
    (ann, at_anns), (bob, _), _ = people
    await adds(hall, ann, "one")
    watches(hall, *people)
    hall.says(bob, "queue", op="vote", on=True)
    hall.parties.leave(bob, 1000)
    assert queue(at_anns)["votes"] == []
    again = await hall.enters("bob")
    watches(hall, again)
    hall.later(2.0)
    assert queue(at_anns)["votes"] == []


async def test_how_many_it_takes_is_told_once_a_second_while_people_vote(hall: Hall) -> None:
    people = [await hall.enters(who) for who in ("ann", "bob", "cleo")]
    (ann, at_anns), (bob, _), _ = people
    await adds(hall, ann, "one")
    watches(hall, *people)
    told = len(at_anns.heard("queue"))
    watches(hall, people[2], state="hidden")
    hall.later(5.0)
    assert len(at_anns.heard("queue")) == told
    watches(hall, people[2])
    hall.says(bob, "queue", op="vote", on=True)
    for state in ("hidden", "ready", "hidden"):
        watches(hall, people[2], state=state)
    assert len(at_anns.heard("queue")) == told + 1
    hall.later(1.0)
    assert queue(at_anns)["needed"] == 2
    await hall.enters("bob")


async def test_where_hosts_steer_members_only_vote_and_take_out_what_they_added(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    bob, at_bobs = await hall.enters("bob")
    await adds(hall, ann, "one")
    await adds(hall, bob, "two")
    card = await hall.database.read(hall.card)
    hall.parties.change(replace(card, room=replace(card.room, rights=card.room.rights.steered_by(Control.HOSTS))))
    await adds(hall, bob, "film")
    for fields in (
        {"op": "next"}, {"op": "stay"}, {"op": "remove", "item_id": first(at_bobs)},
        {"op": "move", "item_id": first(at_bobs), "index": 1},
    ):  # fmt: skip
        hall.says(bob, "queue", **fields)
    assert [error["code"] for error in at_bobs.heard("error")] == ["not_allowed"] * 5
    hall.says(bob, "queue", op="remove", item_id=queue(at_bobs)["items"][1]["id"])
    assert films(at_anns) == ["one"]
    watches(hall, (bob, at_bobs))
    hall.says(bob, "queue", op="vote", on=True)
    assert at_anns.timeline["video_id"] == "one"


async def test_a_film_that_is_not_ready_is_put_on_told_of_and_begins_once_it_is(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    watches(hall, (ann, at_anns))
    await adds(hall, ann, "raw")
    hall.says(ann, "queue", op="next")
    assert at_anns.timeline["video_id"] == "raw"
    assert at_anns.heard("notice")[-1]["text"].startswith("“Film raw” is still being prepared.")
    await turn(hall, "raw", Status.READY)
    watches(hall, (ann, at_anns))
    assert at_anns.timeline["playing"]


async def test_a_film_that_fails_while_people_wait_for_it_is_passed_over(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    watches(hall, (ann, at_anns))
    await adds(hall, ann, "raw", "one")
    hall.says(ann, "queue", op="next")
    await turn(hall, "raw", Status.FAILED)
    assert at_anns.timeline["video_id"] == "one"
    assert "“Film raw” cannot be played and was skipped." in [n["text"] for n in at_anns.heard("notice")]


async def test_a_film_that_fails_in_the_queue_is_marked_and_passed_over(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    await adds(hall, ann, "raw", "one", "bad")
    assert at_anns.heard("error")[-1]["code"] == "cannot_play"
    await turn(hall, "raw", Status.FAILED)
    assert [item["status"] for item in queue(at_anns)["items"]] == ["failed", "ready"]
    hall.says(ann, "queue", op="next")
    assert at_anns.timeline["video_id"] == "one"
    assert at_anns.heard("notice")[-1]["text"] == "“Film raw” cannot be played and was skipped."


async def test_a_deleted_film_vanishes_from_the_queue_with_a_word(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    await adds(hall, ann, "one", "two", "one")
    gone = first(at_anns)
    hall.says(ann, "queue", op="remove", item_id=gone)
    await hall.parties.film_deleted("one")
    assert films(at_anns) == ["two"]
    assert at_anns.heard("notice")[-1]["text"].startswith("“Film one” was deleted")
    hall.says(ann, "queue", op="add", item_id=gone)
    assert at_anns.heard("error")[-1]["code"] == "no_such_item"


async def test_another_title_is_told(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    await adds(hall, ann, "one")

    def retitle(tx: Tx) -> None:
        tx.execute("UPDATE videos SET title = 'Another' WHERE id = 'one'")

    await hall.database.write(retitle)
    await hall.parties.film_changed("one")
    assert queue(at_anns)["items"][0]["title"] == "Another"


async def test_a_queued_film_is_open_to_the_room_until_it_is_taken_out(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    await adds(hall, ann, "one")
    bob = Person("bob", "Bob", Role.USER, "bob's session")
    assert not hall.parties.opens(bob, "one")
    await hall.enters("bob")
    assert hall.parties.opens(bob, "one")
    hall.says(ann, "queue", op="remove", item_id=first(at_anns))
    assert not hall.parties.opens(bob, "one")


async def test_the_queue_survives_a_restart_in_its_order(tmp_path: Path) -> None:
    async with Hall.open(tmp_path) as hall:
        await furnish(hall)
        ann, at_anns = await hall.enters("ann")
        await adds(hall, ann, "one", "two", "one")
        hall.says(ann, "queue", op="move", item_id=queue(at_anns)["items"][2]["id"], index=0)
        before = queue(at_anns)["items"]
        # As after a crash: what was handed over is written, and nobody says goodbye.
        await hall.minutes.written()
        assert list(await hall.database.read(lambda tx: [i.id for i in QueueStore().list(tx, "room")])) == [
            item["id"] for item in before
        ]
    async with Hall.open(tmp_path) as hall:
        _, at_anns = await hall.enters("ann")
        assert at_anns.heard("welcome")[0]["queue"] == before


async def test_a_film_deleted_while_nobody_is_there_is_gone_from_the_queue(hall: Hall) -> None:
    ann, _ = await hall.enters("ann")
    await adds(hall, ann, "one", "two")
    hall.parties.leave(ann, 1000)
    await hall.minutes.written()
    await hall.database.write(lambda tx: VideoStore().delete(tx, "one"))
    _, at_anns = await hall.enters("ann")
    assert films(at_anns) == ["two"]


async def test_the_beginning_of_what_comes_next_is_foreseen_where_somebody_is(hall: Hall) -> None:
    ann, _ = await hall.enters("ann")
    assert hall.parties.upcoming() == []
    await adds(hall, ann, "one", "two")
    assert hall.parties.upcoming() == [("one", 0.0, False)]


async def test_a_program_may_change_the_queue_of_a_room_where_nobody_is(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    await adds(hall, ann, "one", "two")
    member, item_id = ann.member, first(at_anns)
    hall.parties.leave(ann, 1000)
    await hall.parties.visit("room", lambda room: room.change_queue(member, Queue(QueueOp.NEXT, item_id=item_id)))
    _, at_anns = await hall.enters("ann")
    timeline = at_anns.timeline
    assert (timeline["video_id"], timeline["playing"], timeline["starting"]) == ("one", False, False)
    assert films(at_anns) == ["two"]
