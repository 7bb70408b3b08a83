from dataclasses import replace

from watchparty.domain.deeds import member_deed, settings_deed
from watchparty.domain.party_event import Logged
from watchparty.domain.rights import Rights, RoomRole
from watchparty.domain.room import Admission, Member, Room

ROOM = Room("room", "Friday", "ann", Admission.OPEN, Rights(), None, None, 10.0, 10.0)
BOB = Member("room", "bob", "Bob", RoomRole.MEMBER, 10.0)


def test_settings_that_changed_are_named_and_nothing_secret_is_told() -> None:
    after = replace(ROOM, name="Saturday", password_hash="secret", updated_at=20.0)
    assert settings_deed(ROOM, after, "ann") == Logged("settings", "ann", None, detail="name, password")
    assert settings_deed(ROOM, replace(ROOM, updated_at=20.0), "ann") is None


def test_what_is_done_to_a_member_has_a_name() -> None:
    def done(**change: object) -> tuple[str, str | None] | None:
        deed = member_deed(BOB, replace(BOB, **change), "ann")  # type: ignore[arg-type]
        return None if deed is None else (deed.kind, deed.detail)

    assert done(muted=True) == ("muted", None)
    assert done(role=RoomRole.COHOST) == ("role", "cohost")
    assert done(removed_at=20.0) == ("kicked", None)
    assert done(removed_at=20.0, banned_at=20.0) == ("banned", None)
    assert done(name="Robert") is None
    unbanned = member_deed(replace(BOB, removed_at=20.0, banned_at=20.0), BOB, "ann")
    assert unbanned == Logged("unbanned", "ann", None, target_id="bob")
    unmuted = member_deed(replace(BOB, muted=True), BOB, "ann")
    assert unmuted == Logged("unmuted", "ann", None, target_id="bob")
