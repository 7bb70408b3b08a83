from watchparty.domain.rights import RoomRole
from watchparty.domain.room import Invite


def invite(**changes: float) -> Invite:
    return Invite("i", "r", RoomRole.MEMBER, "ann", created_at=0, expires_at=100, **changes)  # type: ignore[arg-type]


def test_an_invitation_ends_at_its_time() -> None:
    assert invite().is_open(99.9)
    assert not invite().is_open(100)


def test_an_invitation_ends_with_its_last_use() -> None:
    assert invite(max_uses=2, uses=1).is_open(0)
    assert not invite(max_uses=2, uses=2).is_open(0)
