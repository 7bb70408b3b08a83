"""Bad days of a room: one slow player, one vanishing host, everybody at once; on a clock of our own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.services.hall import Ear, Hall
from watchparty.services.seat import Seat


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with Hall.open(tmp_path) as hall:
        yield hall


class Player:
    """Somebody seated whose player says how it is."""

    def __init__(self, hall: Hall, seat: Seat, ear: Ear) -> None:
        self.hall, self.seat, self.ear = hall, seat, ear

    @classmethod
    async def enter(cls, hall: Hall, who: str) -> "Player":
        return cls(hall, *await hall.enters(who))

    def is_(self, state: str) -> None:
        timeline = self.ear.timeline
        self.hall.says(self.seat, "status", revision=timeline["revision"], position=timeline["position"],
                       buffered=10.0, state=state)  # fmt: skip

    def does(self, what: str, **fields: float) -> None:
        self.hall.says(self.seat, what, seen=self.ear.timeline["revision"], **fields)

    @property
    def plays(self) -> bool:
        return bool(self.ear.timeline["playing"])

    @property
    def waits_for(self) -> list[str]:
        return list(self.ear.timeline["waiting_for"])


async def everybody_playing(hall: Hall) -> tuple[Player, Player]:
    """Ann and Bob, in step, three seconds into the film."""
    ann, bob = await Player.enter(hall, "ann"), await Player.enter(hall, "bob")
    ann.is_("ready")
    bob.is_("ready")
    ann.does("play")
    hall.later(1.5)
    ann.is_("playing")
    bob.is_("playing")
    hall.later(1.5)
    assert ann.plays
    return ann, bob


async def frozen(hall: Hall, ann: Player, bob: Player, most: float = 30.0) -> float:
    """Seconds until it plays again, Ann's player doing as it is told, Bob's only keeping its line alive."""
    since = hall.clock.now
    while not ann.plays:
        hall.later(0.1)
        ann.is_("ready")
        bob.seat.heard_at = hall.clock.now
        assert hall.clock.now < since + most, "the room is stuck"
    return hall.clock.now - since


async def test_a_player_that_is_never_ready_for_the_beginning_is_named_and_left_behind_after_twenty_seconds(
    hall: Hall,
) -> None:
    ann, bob = await Player.enter(hall, "ann"), await Player.enter(hall, "bob")
    ann.is_("ready")
    bob.is_("starving")
    ann.does("play")
    hall.later(0.5)
    assert (ann.plays, ann.waits_for) == (False, [])
    hall.later(1.0)
    assert ann.waits_for == ["bob"]
    assert await frozen(hall, ann, bob) == pytest.approx(18.5, abs=0.2)
    assert ["Bob" in notice["text"] for notice in bob.ear.heard("notice") if notice["code"] == "excused"] == [True]


async def test_a_player_that_is_never_ready_after_a_seek_is_left_behind_after_ten_seconds(hall: Hall) -> None:
    ann, bob = await everybody_playing(hall)
    ann.does("seek", position=300.0)
    assert ann.ear.heard("prepare")
    bob.is_("starving")
    assert await frozen(hall, ann, bob) == pytest.approx(10.0, abs=0.2)
    assert ann.ear.timeline["position"] == 300.0


async def test_whoever_was_left_behind_catches_up_and_is_waited_for_again(hall: Hall) -> None:
    ann, bob = await everybody_playing(hall)
    bob.is_("starving")
    hall.later(1.1)
    await frozen(hall, ann, bob)
    bob.is_("playing")
    hall.later(3.0)
    bob.is_("starving")
    hall.later(1.1)
    assert ann.waits_for == ["bob"]


async def test_one_who_stalls_every_twenty_seconds_freezes_the_room_twice_in_five_minutes_for_ten_seconds(
    hall: Hall,
) -> None:
    ann, bob = await everybody_playing(hall)
    begun, freezes = hall.clock.now, []
    while hall.clock.now < begun + 280:
        bob.is_("starving")
        hall.later(1.1)
        if not ann.plays:
            freezes.append(await frozen(hall, ann, bob))
        for _ in range(18):
            both_play_on(hall, ann, bob)
        assert ann.plays
    assert freezes == [pytest.approx(10.0, abs=0.2)] * 2
    for _ in range(30):
        both_play_on(hall, ann, bob)
    bob.is_("starving")
    hall.later(1.1)
    assert ann.waits_for == ["bob"]  # after five minutes it is forgiven


def both_play_on(hall: Hall, ann: Player, bob: Player) -> None:
    hall.later(1.0)
    ann.is_("playing")
    bob.is_("playing")


async def test_a_line_that_dies_while_the_room_waits_for_it_is_not_waited_for_any_longer(hall: Hall) -> None:
    ann, bob = await everybody_playing(hall)
    bob.is_("starving")
    hall.later(1.1)
    assert not ann.plays
    hall.parties.leave(bob.seat, None)
    ann.is_("ready")
    hall.later(0.5)
    assert ann.plays


async def test_a_host_who_vanishes_without_a_word_loses_the_chair_for_as_long_as_they_are_away(hall: Hall) -> None:
    ann, bob = await everybody_playing(hall)
    ann_is_silent_since = hall.clock.now
    while not ann.ear.dropped:
        hall.later(1.0)
        bob.is_("playing")
        assert hall.clock.now < ann_is_silent_since + 18
    hall.parties.leave(ann.seat, None)
    assert roles(bob) == {"ann": "host", "bob": "member"}
    for _ in range(62):
        hall.later(1.0)
        bob.is_("playing")
    assert roles(bob)["bob"] == "host"
    assert bob.plays  # nobody noticed anything else
    await Player.enter(hall, "ann")
    hall.later(1.0)
    assert roles(bob) == {"ann": "host", "bob": "member"}


def roles(player: Player) -> dict[str, str]:
    return {member["id"]: member["role"] for member in player.ear.heard("presence")[-1]["members"]}


async def test_a_resume_token_of_long_ago_takes_nobodys_place_and_keeps_nobody_out(hall: Hall) -> None:
    await Player.enter(hall, "ann")
    bob = await Player.enter(hall, "bob")
    token = bob.ear.heard("welcome")[0]["resume"]
    hall.parties.leave(bob.seat, None)
    for _ in range(70):
        hall.later(1.0)
    _, ear = await hall.enters("bob", resume=token)
    assert ear.heard("welcome")[0]["you"]["id"] == "bob"
    assert ear.closed is None
    _, other = await hall.enters("bob", resume="never given")
    assert other.closed is None
    assert ear.closed is None
