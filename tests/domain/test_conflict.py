import pytest

from tests.domain.scene import Scene
from watchparty.domain.party_event import Changed, Refused
from watchparty.domain.rights import RoomRole
from watchparty.domain.timeline import Cause


@pytest.fixture
def scene() -> Scene:
    """Ann, the host, with Bob and Cleo, who are members."""
    scene = Scene()
    scene.sit("bob")
    scene.sit("cleo")
    return scene


def test_a_revision_that_does_not_exist_yet_cannot_have_been_seen(scene: Scene) -> None:
    assert scene.play("bob", seen=scene.timeline.revision + 1) == "bad_seen"


def test_two_who_pause_at_the_same_moment_pause_once(scene: Scene) -> None:
    scene.play("bob")
    scene.later(5.0)
    seen = scene.timeline.revision
    assert scene.pause("bob", seen=seen) is None
    scene.later(0.2)
    assert scene.pause("cleo", seen=seen) == "superseded"
    assert (scene.timeline.revision, scene.timeline.by) == (seen + 1, "bob")


def test_fifty_who_pause_at_once_pause_once(scene: Scene) -> None:
    for i in range(50):
        scene.sit(f"m{i}")
    scene.play("bob")
    scene.later(5.0)
    seen = scene.timeline.revision
    codes = [scene.pause(f"m{i}", seen=seen) for i in range(50)]
    assert (codes[0], set(codes[1:])) == (None, {"superseded"})
    assert scene.timeline.revision == seen + 1


def test_a_play_meant_before_a_pause_that_undid_it_is_dropped(scene: Scene) -> None:
    seen = scene.timeline.revision
    scene.play("bob", seen=seen)
    scene.pause("cleo")
    assert scene.play("ann", seen=seen) == "superseded"
    assert not scene.timeline.playing


def test_a_pause_after_that_moment_is_a_new_wish(scene: Scene) -> None:
    scene.play("bob")
    scene.later(1.0)
    scene.pause("bob")
    scene.play("bob")
    scene.later(0.3)
    assert scene.pause("cleo", seen=scene.timeline.revision - 1) is None


def test_the_last_of_different_wishes_holds(scene: Scene) -> None:
    scene.play("bob")
    scene.later(3.0)
    seen = scene.timeline.revision
    scene.seek("bob", 60.0, seen=seen)
    scene.later(1.0)
    assert scene.pause("cleo", seen=seen) is None
    assert not scene.timeline.playing
    assert scene.timeline.position == pytest.approx(60.0, abs=1.0)


def test_a_member_who_had_not_seen_the_hosts_change_does_not_undo_it(scene: Scene) -> None:
    seen = scene.timeline.revision
    scene.play("ann")
    scene.later(5.0)
    assert scene.pause("bob", seen=seen) == "host_wins"
    assert scene.seek("bob", 60.0, seen=seen) == "host_wins"
    assert scene.pause("bob") is None


def test_a_cohost_does_not_lose_to_the_host(scene: Scene) -> None:
    scene.sit("hal", RoomRole.COHOST)
    seen = scene.timeline.revision
    scene.play("ann")
    scene.later(5.0)
    assert scene.pause("hal", seen=seen) is None


def test_seeks_hold_in_the_order_they_were_made_not_the_order_they_came(scene: Scene) -> None:
    scene.seek("bob", 60.0, at=scene.now - 0.1)
    scene.later(1.0)
    assert scene.seek("cleo", 90.0, at=scene.now - 1.5) == "older_seek"
    assert scene.timeline.position == 60.0


@pytest.mark.parametrize("off", [-10.0, 10.0])
def test_a_time_that_cannot_be_is_replaced_by_the_time_it_came(scene: Scene, off: float) -> None:
    scene.seek("bob", 60.0)
    scene.later(1.0)
    assert scene.seek("cleo", 90.0, at=scene.now + off) is None
    scene.later(1.0)
    assert scene.seek("bob", 120.0) is None


def test_a_burst_of_seeks_becomes_two_and_the_last_one_holds(scene: Scene) -> None:
    before = scene.timeline.revision
    for i in range(10):
        scene.seek("bob", 10.0 * i)
        scene.later(0.01)
    assert scene.timeline.position == 0.0
    scene.later(0.2)
    assert (scene.timeline.position, scene.timeline.revision) == (90.0, before + 2)


def test_a_held_seek_is_carried_out_before_what_comes_after_it(scene: Scene) -> None:
    scene.play("bob")
    scene.later(1.0)
    scene.seek("bob", 100.0)
    scene.seek("bob", 200.0)
    assert scene.pause("bob") is None
    assert (scene.timeline.position, scene.timeline.cause) == (200.0, Cause.PAUSE)


def test_a_command_that_is_refused_does_not_carry_out_a_held_seek(scene: Scene) -> None:
    scene.seek("bob", 10.0)
    scene.seek("bob", 20.0)
    before = len(scene.events)
    assert scene.pause("cleo") == "already_paused"
    assert [type(event) for event in scene.events[before:]] == [Refused]
    assert scene.position == 10.0
    scene.later(0.2)
    assert scene.position == 20.0


def test_the_hosts_held_seek_is_the_hosts_change(scene: Scene) -> None:
    scene.seek("ann", 10.0)
    scene.seek("ann", 20.0)
    seen = scene.timeline.revision
    scene.later(0.5)
    assert scene.seek("bob", 300.0, seen=seen) == "host_wins"


def test_only_the_sender_hears_of_a_refusal(scene: Scene) -> None:
    told = len(scene.told(Changed))
    scene.pause("bob")
    assert [refused.seat for refused in scene.told(Refused)] == ["bob"]
    assert len(scene.told(Changed)) == told
