import pytest

from tests.domain.scene import Scene
from watchparty.domain.party_event import PresenceChanged
from watchparty.domain.rights import Control, RoomRole


@pytest.fixture
def scene() -> Scene:
    """Ann, the host; Bob, a member; Gus, a guest. Only hosts may steer."""
    scene = Scene(control=Control.HOSTS)
    scene.sit("gus", RoomRole.GUEST)
    scene.sit("bob")
    return scene


def roles(scene: Scene) -> dict[str, str]:
    return {watcher.member_id: str(watcher.role) for watcher in scene.party.watchers}


def test_the_chair_waits_a_minute_for_the_host(scene: Scene) -> None:
    scene.leave("ann")
    scene.later(59.0)
    assert scene.play("bob") == "not_allowed"


def test_after_a_minute_the_chair_passes_to_a_member_and_everybody_hears(scene: Scene) -> None:
    scene.leave("ann")
    heard = len(scene.told(PresenceChanged))
    scene.later(61.0)
    assert roles(scene) == {"gus": "guest", "bob": "host"}
    assert len(scene.told(PresenceChanged)) == heard + 1
    assert scene.play("bob") is None


def test_a_cohost_comes_before_members(scene: Scene) -> None:
    scene.sit("cleo", RoomRole.COHOST)
    scene.leave("ann")
    scene.later(61.0)
    assert roles(scene)["cleo"] == "host"


def test_the_chair_is_the_hosts_again_when_they_return(scene: Scene) -> None:
    scene.leave("ann")
    scene.later(61.0)
    scene.sit("ann", RoomRole.HOST)
    assert roles(scene) == {"gus": "guest", "bob": "member", "ann": "host"}


def test_a_guest_never_takes_the_chair(scene: Scene) -> None:
    scene.leave("bob")
    scene.leave("ann")
    scene.later(600.0)
    assert scene.play("gus") == "not_allowed"


def test_a_chair_nobody_could_take_goes_to_the_next_member_who_comes(scene: Scene) -> None:
    scene.leave("bob")
    scene.leave("ann")
    scene.later(600.0)
    scene.sit("cleo")
    assert roles(scene)["cleo"] == "host"


def test_the_chair_passes_on_once_more_when_its_holder_leaves(scene: Scene) -> None:
    scene.sit("cleo")
    scene.leave("ann")
    scene.later(61.0)
    scene.leave("bob")
    scene.later(61.0)
    assert roles(scene) == {"gus": "guest", "cleo": "host"}


def test_a_promotion_is_felt_at_once(scene: Scene) -> None:
    scene.party.change_member("bob", scene.now, role=RoomRole.COHOST)
    assert scene.play("bob") is None
