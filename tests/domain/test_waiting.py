import pytest

from tests.domain.scene import Scene
from watchparty.domain.message import State
from watchparty.domain.party_event import Changed, Noticed, Preparing
from watchparty.domain.rights import RoomRole
from watchparty.domain.stage import Film
from watchparty.domain.timeline import Cause


@pytest.fixture
def scene() -> Scene:
    """Ann and Bob, neither of whose players has said anything."""
    scene = Scene()
    scene.sit("bob")
    return scene


def starve(scene: Scene, seat: str, seconds: float) -> None:
    """Have a player run dry for so long, and recover as a player does."""
    scene.starving(seat)
    scene.later(seconds)
    if scene.timeline.playing:
        scene.playing(seat)
    else:
        scene.ready(seat)


def test_a_hiccup_within_the_grace_stops_nobody(scene: Scene) -> None:
    scene.everybody_playing("ann", "bob")
    starve(scene, "bob", 0.9)
    scene.later(10.0)
    assert scene.timeline.playing
    assert not scene.told(Preparing)


def test_after_the_grace_the_room_waits_and_names_whom_it_waits_for(scene: Scene) -> None:
    scene.everybody_playing("ann", "bob")
    scene.starving("bob")
    scene.later(1.0)
    assert (scene.timeline.playing, scene.timeline.cause, scene.waiting_for) == (False, Cause.WAIT, ("bob",))


def test_the_room_goes_on_as_soon_as_everybody_is_ready_again(scene: Scene) -> None:
    scene.everybody_playing("ann", "bob")
    scene.starving("bob")
    scene.later(1.0)
    stood_at = scene.position
    scene.ready("ann")
    scene.later(3.0)
    scene.ready("bob")
    assert (scene.timeline.playing, scene.timeline.position, scene.timeline.cause) == (True, stood_at, Cause.RESUME)


def test_after_ten_seconds_the_room_goes_on_without_whoever_is_late(scene: Scene) -> None:
    scene.everybody_playing("ann", "bob")
    scene.starving("bob")
    scene.later(1.0)
    scene.ready("ann")
    scene.later(9.9)
    assert not scene.timeline.playing
    scene.later(0.2)
    assert scene.timeline.playing
    assert "Bob" in scene.told(Noticed)[-1].text


def test_whoever_was_excused_does_not_stop_the_room_again_until_back_in_step(scene: Scene) -> None:
    scene.everybody_playing("ann", "bob")
    scene.starving("bob")
    scene.later(1.0)
    scene.ready("ann")
    scene.later(10.1)
    revision = scene.timeline.revision
    scene.starving("bob")
    scene.later(30.0)
    assert (scene.timeline.playing, scene.timeline.revision) == (True, revision)


def test_one_member_stops_the_room_twice_in_five_minutes_and_not_a_third_time(scene: Scene) -> None:
    scene.everybody_playing("ann", "bob")
    for _ in range(2):
        scene.starving("bob")
        scene.later(1.0)
        assert not scene.timeline.playing
        scene.ready("ann", "bob")
        scene.later(20.0)
        scene.playing("ann", "bob")
    starve(scene, "bob", 15.0)
    assert scene.timeline.playing
    scene.later(300.0)
    scene.starving("bob")
    scene.later(1.0)
    assert not scene.timeline.playing


def test_a_member_who_stalls_every_twenty_seconds_costs_the_room_two_waits(scene: Scene) -> None:
    scene.everybody_playing("ann", "bob")
    for _ in range(12):
        starve(scene, "bob", 2.0)
        scene.ready("ann")
        scene.later(2.0)
        scene.playing("ann", "bob")
        scene.later(16.0)
    waits = {changed.timeline.revision for changed in scene.told(Changed) if changed.timeline.cause is Cause.WAIT}
    assert len(waits) == 2


def test_at_the_start_of_an_item_the_room_waits_up_to_twenty_seconds(scene: Scene) -> None:
    scene.ready("ann")
    scene.starving("bob")
    scene.play("ann")
    assert (scene.timeline.playing, scene.starting) == (False, True)
    scene.later(19.9)
    assert (scene.timeline.playing, scene.waiting_for) == (False, ("bob",))
    scene.later(0.2)
    assert scene.timeline.playing


def test_after_a_seek_the_room_waits_ten_seconds_at_most(scene: Scene) -> None:
    scene.everybody_playing("ann", "bob")
    scene.seek("ann", 300.0)
    scene.ready("ann")
    scene.later(10.1)
    assert scene.timeline.playing


def test_nobody_is_named_within_the_grace(scene: Scene) -> None:
    scene.everybody_playing("ann", "bob")
    scene.seek("ann", 300.0)
    scene.later(0.9)
    assert not scene.waiting_for
    scene.later(0.2)
    assert set(scene.waiting_for) == {"ann", "bob"}
    scene.ready("ann")
    scene.later(0.3)
    assert scene.waiting_for == ("bob",)


def test_names_are_told_again_under_the_same_revision(scene: Scene) -> None:
    scene.everybody_playing("ann", "bob")
    scene.seek("ann", 300.0)
    revision = scene.timeline.revision
    scene.later(1.5)
    scene.ready("ann")
    scene.later(1.0)
    last = scene.told(Changed)[-1]
    assert (last.timeline.revision, last.waiting_for) == (revision, ("bob",))


def test_the_host_can_start_without_the_late(scene: Scene) -> None:
    scene.everybody_playing("ann", "bob")
    scene.starving("bob")
    scene.later(1.5)
    scene.ready("ann")
    assert scene.play_now("bob") == "not_allowed"
    assert scene.play_now("ann") is None
    assert scene.timeline.playing


def test_there_is_nothing_to_start_when_nobody_is_waited_for(scene: Scene) -> None:
    assert scene.play_now("ann") == "not_waiting"


def test_whoever_leaves_is_not_waited_for_any_more(scene: Scene) -> None:
    scene.everybody_playing("ann", "bob")
    scene.starving("bob")
    scene.later(1.5)
    scene.ready("ann")
    scene.leave("bob")
    assert scene.timeline.playing


def test_a_joiner_is_never_waited_for_until_in_step_once(scene: Scene) -> None:
    scene.everybody_playing("ann", "bob")
    told = len(scene.told(Changed))
    scene.sit("joe")
    scene.starving("joe")
    scene.later(30.0)
    assert (scene.timeline.playing, len(scene.told(Changed))) == (True, told)
    scene.playing("joe")
    scene.starving("joe")
    scene.later(1.0)
    assert scene.waiting_for == ("joe",)


@pytest.mark.parametrize("state", [State.HIDDEN, State.IDLE])
def test_hidden_pages_and_people_who_only_talk_are_never_waited_for(scene: Scene, state: State) -> None:
    scene.everybody_playing("ann", "bob")
    scene.says("bob", state)
    scene.seek("ann", 60.0)
    scene.ready("ann")
    assert scene.timeline.playing


def test_a_page_that_comes_back_to_the_front_is_a_joiner_again(scene: Scene) -> None:
    scene.everybody_playing("ann", "bob")
    scene.says("bob", State.HIDDEN)
    starve(scene, "bob", 5.0)
    assert scene.timeline.playing


def test_a_player_that_never_says_anything_holds_nobody_up(scene: Scene) -> None:
    scene.ready("ann")
    scene.play("ann")
    assert scene.timeline.playing


def test_those_in_the_room_before_the_first_play_are_waited_for_however_new_they_are(scene: Scene) -> None:
    scene.ready("ann")
    scene.sit("joe")
    scene.starving("joe")
    scene.play("ann")
    assert not scene.timeline.playing
    scene.ready("joe")
    assert scene.timeline.playing


def test_a_new_film_waits_for_everybody_again(scene: Scene) -> None:
    scene.everybody_playing("ann", "bob")
    scene.load("ann", Film("next", 60.0, is_ready=True))
    scene.ready("ann")
    scene.play("ann")
    assert not scene.timeline.playing
    scene.ready("bob")
    assert scene.timeline.playing


def test_a_pause_while_the_room_waits_ends_the_wait(scene: Scene) -> None:
    scene.everybody_playing("ann", "bob")
    scene.starving("bob")
    scene.later(1.5)
    assert scene.pause("ann") is None
    scene.ready("ann", "bob")
    scene.later(60.0)
    assert (scene.timeline.playing, scene.starting, scene.timeline.cause) == (False, False, Cause.PAUSE)


def test_a_seek_while_the_room_waits_waits_at_the_new_position(scene: Scene) -> None:
    scene.everybody_playing("ann", "bob")
    scene.starving("bob")
    scene.later(1.5)
    scene.seek("ann", 200.0)
    scene.ready("ann", "bob")
    assert (scene.timeline.playing, scene.timeline.position) == (True, 200.0)


def test_ready_taken_back_is_not_ready(scene: Scene) -> None:
    scene.everybody_playing("ann", "bob")
    scene.seek("ann", 200.0)
    scene.ready("bob")
    scene.starving("bob")
    scene.ready("ann")
    assert not scene.timeline.playing


def test_a_change_of_rate_does_not_ask_everybody_to_prepare_again(scene: Scene) -> None:
    scene.everybody_playing("ann", "bob")
    scene.seek("ann", 200.0)
    scene.ready("bob")
    scene.rate("ann", 1.5)
    scene.ready("ann")
    assert (scene.timeline.playing, scene.timeline.rate) == (True, 1.5)


def test_somebody_with_two_stalled_players_spends_one_wait(scene: Scene) -> None:
    scene.sit("bob", RoomRole.MEMBER, seat="bob's phone")
    scene.everybody_playing("ann", "bob", "bob's phone")
    scene.starving("bob", "bob's phone")
    scene.later(1.0)
    assert scene.waiting_for == ("bob",)
    scene.ready("ann", "bob", "bob's phone")
    scene.later(5.0)
    scene.playing("ann", "bob", "bob's phone")
    scene.starving("bob")
    scene.later(1.0)
    assert not scene.timeline.playing
