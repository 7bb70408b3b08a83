import pytest

from watchparty.domain.room import Action, Control, Invite, RoomRole, may


@pytest.mark.parametrize("action", [Action.PLAY, Action.SEEK, Action.RATE, Action.LOAD])
@pytest.mark.parametrize("role", [RoomRole.MEMBER, RoomRole.GUEST])
def test_members_and_guests_steer_the_film_only_where_everyone_may(role: RoomRole, action: Action) -> None:
    assert may(role, action, Control.EVERYONE)
    assert not may(role, action, Control.HOSTS)


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", [RoomRole.HOST, RoomRole.COHOST])
@pytest.mark.parametrize("control", list(Control))
def test_hosts_may_do_everything(role: RoomRole, action: Action, control: Control) -> None:
    assert may(role, action, control)


@pytest.mark.parametrize("action", [Action.MANAGE, Action.PLAY_NOW])
@pytest.mark.parametrize("role", [RoomRole.MEMBER, RoomRole.GUEST])
def test_only_hosts_manage_a_room_and_end_its_waits(role: RoomRole, action: Action) -> None:
    assert not may(role, action, Control.EVERYONE)


@pytest.mark.parametrize("role", list(RoomRole))
def test_everybody_may_talk(role: RoomRole) -> None:
    assert may(role, Action.CHAT, Control.HOSTS)


def invite(**changes: float) -> Invite:
    return Invite("i", "r", RoomRole.MEMBER, "ann", created_at=0, expires_at=100, **changes)  # type: ignore[arg-type]


def test_an_invitation_ends_at_its_time() -> None:
    assert invite().is_open(99.9)
    assert not invite().is_open(100)


def test_an_invitation_ends_with_its_last_use() -> None:
    assert invite(max_uses=2, uses=1).is_open(0)
    assert not invite(max_uses=2, uses=2).is_open(0)
