import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.services.hall import Hall, HandClock
from watchparty.domain.room import RoomEvent
from watchparty.domain.room_session import GOES_ON_WITHIN, RoomSession
from watchparty.storage.messages import NEWEST as NEWEST_EVENT
from watchparty.storage.room_sessions import NEWEST, RoomEventStore, RoomSessionStore


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with Hall.open(tmp_path) as hall:
        yield hall


async def sessions(hall: Hall) -> list[RoomSession]:
    """Oldest first."""
    await hall.minutes.written()
    return (await hall.database.read(lambda tx: RoomSessionStore().page(tx, "room", NEWEST, 100)))[::-1]


async def events(hall: Hall) -> list[RoomEvent]:
    """Oldest first."""
    await hall.minutes.written()
    found = await hall.database.read(lambda tx: RoomEventStore().before(tx, "room", NEWEST_EVENT, 100))
    return [event for _, event in found][::-1]


async def test_a_session_is_from_the_first_who_comes_until_the_last_has_left(hall: Hall) -> None:
    ann, _ = await hall.enters("ann")
    bob, _ = await hall.enters("bob")
    began_at = hall.clock.time()
    hall.parties.leave(ann, 1000)
    hall.later(30.0)
    assert [session.ended_at for session in await sessions(hall)] == [None]
    hall.parties.leave(bob, 1000)
    [session] = await sessions(hall)
    assert (session.started_at, session.ended_at) == (began_at, hall.clock.time())
    assert {event.session_id for event in await events(hall)} == {session.id}
    await hall.enters("ann")
    assert [each.id == session.id for each in await sessions(hall)] == [True, False]


async def test_a_line_that_breaks_for_a_moment_ends_no_session(hall: Hall) -> None:
    ann, _ = await hall.enters("ann")
    hall.parties.leave(ann, None)
    hall.later(50.0)
    await hall.enters("ann", resume=ann.resume)
    hall.later(1.0)
    assert len(await sessions(hall)) == 1
    assert await hall.log() == [("joined", "ann")]


async def test_a_session_goes_on_after_the_server_was_stopped(tmp_path: Path) -> None:
    clock = HandClock()
    async with Hall.open(tmp_path, clock) as hall:
        await hall.enters("ann")
        clock.now += 1000.0
    clock.now += 20.0
    async with Hall.open(tmp_path, clock) as hall:
        await hall.enters("ann")
        [session] = await sessions(hall)
        assert session.ended_at is None
        assert await hall.log() == [("joined", "ann"), ("restarted", None), ("joined", "ann")]


async def test_a_session_that_a_crash_cut_off_ended_with_its_last_sign_of_life(tmp_path: Path) -> None:
    clock = HandClock()
    (tmp_path / "one").mkdir()
    async with Hall.open(tmp_path / "one", clock) as hall:
        ann, ear = await hall.enters("ann")
        hall.later(5.0)
        hall.says(ann, "play", seen=ear.timeline["revision"])
        hall.later(3.0)
        died_at = clock.time()
        await hall.minutes.written()
        shutil.copytree(tmp_path / "one", tmp_path / "two")
    clock.now += GOES_ON_WITHIN + 1
    async with Hall.open(tmp_path / "two", clock) as hall:
        await hall.enters("ann")
        before, now = await sessions(hall)
        assert before.ended_at == died_at
        assert now.ended_at is None


async def test_it_is_written_down_from_where_to_where_by_whom_in_which_film(hall: Hall) -> None:
    ann, ear = await hall.enters("ann")
    hall.says(ann, "seek", seen=ear.timeline["revision"], position=60)
    hall.later(1.0)
    hall.says(ann, "seek", seen=ear.timeline["revision"], position=90)
    hall.says(ann, "rate", seen=ear.timeline["revision"], rate=1.5)
    _, first, second, rate = await events(hall)
    assert (first.kind, first.from_position, first.position) == ("sought", 0.0, 60.0)
    assert (second.from_position, second.position, second.name) == (60.0, 90.0, "Ann")
    assert (second.video_id, second.title) == ("film", "A film")
    assert (rate.kind, rate.detail) == ("rate", "1.5")


async def test_it_is_written_down_for_whom_the_room_waited_and_whom_it_went_on_without(hall: Hall) -> None:
    ann, ear = await hall.enters("ann")
    seats = [(await hall.enters("bob"))[0], (await hall.enters("cleo"))[0]]

    def all_are(state: str) -> None:
        for seat in (ann, *seats):
            hall.says(seat, "status", revision=ear.timeline["revision"], position=0, buffered=9, state=state)

    all_are("ready")
    hall.says(ann, "play", seen=ear.timeline["revision"])
    hall.later(1.0)
    all_are("playing")
    for seat in seats:
        hall.says(seat, "status", revision=ear.timeline["revision"], position=0, buffered=0, state="starving")
    hall.later(1.0)
    hall.says(ann, "status", revision=ear.timeline["revision"], position=0, buffered=9, state="ready")
    hall.later(10.0)
    log = (await hall.log())[3:]
    assert log == [
        ("played", "ann"), ("waited", "bob"), ("waited", "cleo"), ("excused", "bob"), ("excused", "cleo")
    ]  # fmt: skip


async def test_whoever_has_left_is_still_known_by_name(hall: Hall) -> None:
    await hall.parties.put("room", None, "bob")
    await hall.enters("ann")
    await hall.parties.put("room", await hall.parties._library.find(None, "film"), "bob")  # type: ignore[arg-type]
    assert [(event.kind, event.name) for event in await events(hall)] == [("joined", "Ann"), ("loaded", "Bob")]
