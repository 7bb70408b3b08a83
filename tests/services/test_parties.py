import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.hall import FILM, Hall
from watchparty.domain.errors import StorageFull
from watchparty.domain.message import Load
from watchparty.domain.user import Person, Role
from watchparty.domain.video import Status
from watchparty.services.progress import Work
from watchparty.storage.database import Tx
from watchparty.storage.videos import VideoStore


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with Hall.open(tmp_path) as hall:
        yield hall


async def test_everybody_is_told_the_very_same_bytes(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    _, at_bobs = await hall.enters("bob")
    hall.says(ann, "play", seen=at_anns.timeline["revision"])
    assert at_anns.frames[-1] is at_bobs.frames[-1]


async def test_a_listener_who_does_not_keep_up_is_dropped_and_the_others_hear(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    _, at_bobs = await hall.enters("bob")
    at_bobs.full = True
    hall.says(ann, "play", seen=at_anns.timeline["revision"])
    assert at_bobs.dropped
    assert at_anns.timeline["playing"]


async def test_nothing_waits_for_the_disk_between_hearing_and_telling(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    _, at_bobs = await hall.enters("bob")
    hall.says(ann, "chat", text="hello", client_id="1")
    # No other task has run yet, so nothing can have been written.
    assert [line["text"] for line in at_bobs.heard("chat")] == ["hello"]
    assert not at_anns.heard("chat")
    assert await hall.said() == ["hello"]
    assert [line["text"] for line in at_anns.heard("chat")] == ["hello"]


async def test_chat_that_cannot_be_kept_is_not_acknowledged(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    ann, at_anns = await hall.enters("ann")

    async def refuse(work: object) -> None:
        raise StorageFull("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(hall.database, "write", refuse)
        hall.says(ann, "chat", text="hello", client_id="1")
        await hall.minutes.written()
    assert not at_anns.heard("chat")
    assert [error["code"] for error in at_anns.heard("error")] == ["not_kept"]
    hall.says(ann, "chat", text="hello", client_id="1")
    assert await hall.said() == ["hello"]
    assert at_anns.heard("chat")


async def test_playback_is_kept_at_each_change_and_every_few_seconds(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    hall.says(ann, "play", seen=at_anns.timeline["revision"])
    assert (await hall.saved()).position == 0.0
    for _ in range(10):
        hall.says(ann, "typing", on=True)
        hall.later(2.0)
    assert (await hall.saved()).position == pytest.approx(19.75, abs=1.0)
    hall.says(ann, "pause", seen=at_anns.timeline["revision"])
    assert (await hall.saved()).position == pytest.approx(19.75)


async def test_after_a_restart_the_room_stands_where_it_was(tmp_path: Path) -> None:
    async with Hall.open(tmp_path) as hall:
        ann, at_anns = await hall.enters("ann")
        hall.says(ann, "chat", text="see you", client_id="1")
        hall.says(ann, "play", seen=at_anns.timeline["revision"])
        hall.clock.now += 60.25
    assert at_anns.closed == 1001
    async with Hall.open(tmp_path) as hall:
        hall.clock.now = 5.0  # another machine's idea of monotonic time
        _, at_anns = await hall.enters("ann")
        welcome = at_anns.heard("welcome")[0]
        timeline = welcome["timeline"]
        assert (timeline["playing"], timeline["cause"], timeline["by"]) == (False, "restart", None)
        assert timeline["position"] == pytest.approx(60.0)
        assert [line["text"] for line in welcome["messages"]] == ["see you"]


async def test_a_silent_line_is_felt_for_every_five_seconds_and_dead_after_twelve(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    _, at_bobs = await hall.enters("bob")
    for _ in range(15):
        hall.says(ann, "typing", on=False)
        hall.later(1.0)
    assert at_bobs.pings >= 3
    assert at_bobs.dropped
    assert not at_anns.dropped


async def test_a_socket_that_never_says_hello_is_closed(hall: Hall) -> None:
    seat, ear = await hall.enters("ann", hello=False)
    for _ in range(15):
        seat.heard_at = hall.clock.now
        hall.later(1.0)
    assert ear.closed == 1008


async def test_a_broken_line_is_away_for_a_minute_and_then_gone(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    bob, _ = await hall.enters("bob")
    hall.parties.leave(bob, None)
    hall.later(1.0)
    assert at_anns.heard("presence")[-1]["members"][-1]["state"] == "away"
    for _ in range(6):
        hall.says(ann, "typing", on=False)
        hall.later(10.0)
    assert [member["id"] for member in at_anns.heard("presence")[-1]["members"]] == ["ann"]
    assert await hall.log() == [("joined", "ann"), ("joined", "bob"), ("left", "bob")]


async def test_whoever_says_goodbye_is_gone_at_once(hall: Hall) -> None:
    _, at_anns = await hall.enters("ann")
    bob, _ = await hall.enters("bob")
    hall.later(1.0)
    hall.parties.leave(bob, 1000)
    hall.later(1.0)
    assert [member["id"] for member in at_anns.heard("presence")[-1]["members"]] == ["ann"]


async def test_loading_the_page_again_is_neither_leaving_nor_joining(hall: Hall) -> None:
    await hall.enters("ann")
    bob, _ = await hall.enters("bob")
    hall.parties.leave(bob, 1001)
    hall.later(1.0)
    await hall.enters("bob")
    hall.later(10.0)
    assert await hall.log() == [("joined", "ann"), ("joined", "bob")]


async def test_a_resumed_seat_takes_the_dead_ones_place_and_a_token_works_once(hall: Hall) -> None:
    await hall.enters("ann")
    _, old = await hall.enters("bob")
    token = old.heard("welcome")[0]["resume"]
    _, new = await hall.enters("bob", resume=token)
    assert old.closed == 4005
    await hall.enters("bob", resume=token)
    assert new.closed is None


async def test_nobody_resumes_somebody_elses_seat(hall: Hall) -> None:
    _, at_anns = await hall.enters("ann")
    await hall.enters("bob", resume=at_anns.heard("welcome")[0]["resume"])
    assert at_anns.closed is None


async def test_the_others_see_whose_browser_keeps_the_sound_back(hall: Hall) -> None:
    _, at_anns = await hall.enters("ann")
    bob, _ = await hall.enters("bob")
    for silenced in (True, False):
        status = {"revision": at_anns.timeline["revision"], "position": 0, "buffered": 9, "state": "ready"}
        hall.says(bob, "status", silenced=silenced, **status)
        hall.later(1.0)
        assert at_anns.heard("presence")[-1]["members"][1]["silenced"] is silenced


async def test_the_chair_passes_on_after_a_minute_and_comes_back_with_the_host(hall: Hall) -> None:
    ann, _ = await hall.enters("ann")
    bob, at_bobs = await hall.enters("bob")
    hall.parties.leave(ann, 1000)
    for _ in range(7):
        hall.says(bob, "typing", on=False)
        hall.later(10.0)
    assert at_bobs.heard("presence")[-1]["members"] == [
        {"id": "bob", "name": "Bob", "role": "host", "state": "joining", "drift_ms": None, "rtt_ms": None,
         "muted": False, "silenced": False}
    ]  # fmt: skip
    await hall.enters("ann")
    hall.later(1.0)
    roles = [member["role"] for member in at_bobs.heard("presence")[-1]["members"]]
    assert roles == ["member", "host"]


async def test_the_first_word_to_a_seat_is_its_welcome_whatever_its_coming_changes(hall: Hall) -> None:
    ann, _ = await hall.enters("ann")
    hall.parties.leave(ann, None)
    hall.clock.now += 70
    _, at_bobs = await hall.enters("bob")  # the chair passes to Bob in this very moment
    welcome = at_bobs.heard("welcome")[0]
    assert welcome["you"]["role"] == "host"
    assert at_bobs.frames[0].endswith(json.dumps(welcome["resume"]).encode() + b',"queue":[]}')


async def test_a_film_is_open_to_those_in_the_room_until_they_leave(hall: Hall) -> None:
    ann, bob = (Person(name, name, Role.USER, f"{name}'s session") for name in ("ann", "bob"))
    seat, _ = await hall.enters("ann")
    assert hall.parties.opens(ann, "film")
    assert not hall.parties.opens(ann, "another")
    assert not hall.parties.opens(bob, "film")
    hall.parties.leave(seat, 1000)
    assert not hall.parties.opens(ann, "film")


async def test_a_room_that_everybody_left_is_read_anew_when_they_return(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    hall.says(ann, "seek", seen=at_anns.timeline["revision"], position=77.0)
    revision = at_anns.timeline["revision"]
    hall.parties.leave(ann, 1000)
    assert len(hall.parties.people("room")) == 0
    _, at_anns = await hall.enters("ann")
    assert at_anns.timeline["position"] == 77.0
    assert at_anns.timeline["revision"] > revision


async def test_news_of_the_film_come_at_most_once_a_second_and_the_last_word_counts(hall: Hall) -> None:
    _, at_anns = await hall.enters("ann")
    for i in range(10):
        hall.parties.film_progressed(Work("film", Status.PROCESSING, i / 10))
        hall.later(0.05)
    hall.later(1.0)
    told = [news["progress"] for news in at_anns.heard("video")]
    assert (len(told), told[-1]) == (2, 0.9)


async def test_a_film_that_becomes_ready_can_be_played(hall: Hall) -> None:
    def fresh(tx: Tx) -> None:
        VideoStore().add(tx, replace(FILM, id="fresh"))

    await hall.database.write(fresh)
    ann, at_anns = await hall.enters("ann")
    await hall.parties.load(ann, Load(at_anns.timeline["revision"], "fresh"))
    hall.says(ann, "play", seen=at_anns.timeline["revision"])
    assert at_anns.heard("error")[-1]["code"] == "video_not_ready"
    await hall.database.write(lambda tx: tx.execute("UPDATE videos SET status = 'ready', duration = 9"))
    hall.parties.film_progressed(Work("fresh", Status.READY, 1.0))
    await asyncio.sleep(0.1)
    hall.says(ann, "play", seen=at_anns.timeline["revision"])
    assert at_anns.timeline["playing"]


async def test_a_film_put_into_an_empty_room_is_there_when_people_come(hall: Hall) -> None:
    await hall.parties.put("room", None, "ann")
    _, at_anns = await hall.enters("ann")
    assert at_anns.timeline["video_id"] is None


async def test_many_seats_hear_a_pause_in_one_breath(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    ears = [(await hall.enters("bob"))[1] for _ in range(200)]
    hall.says(ann, "play", seen=at_anns.timeline["revision"])
    hall.clock.now += 5
    hall.says(ann, "pause", seen=at_anns.timeline["revision"])
    assert {ear.frames[-1] for ear in ears} == {at_anns.frames[-1]}
