"""What hosts do to a room and to its members, as lines of the room's record."""

from dataclasses import fields

from watchparty.domain.party_event import Logged
from watchparty.domain.room import Member, Room

_NO_SETTINGS = frozenset({"id", "host_id", "video_id", "created_at", "updated_at"})


def settings_deed(before: Room, after: Room, by: str) -> Logged | None:
    """Which settings are others now, by their names; of the password only that it is. None when none is."""
    names = [field.name for field in fields(Room) if field.name not in _NO_SETTINGS]
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    words = ["password" if name == "password_hash" else name for name in changed]
    return Logged("settings", by, None, detail=", ".join(words)) if words else None


def member_deed(before: Member, after: Member, by: str) -> Logged | None:
    """What was done to a member, None when nothing was."""
    if (before.banned_at is None) != (after.banned_at is None):
        return Logged("unbanned" if after.banned_at is None else "banned", by, None, target_id=after.id)
    if before.is_in and not after.is_in:
        return Logged("kicked", by, None, target_id=after.id)
    if before.muted != after.muted:
        return Logged("muted" if after.muted else "unmuted", by, None, target_id=after.id)
    if before.role is not after.role:
        return Logged("role", by, None, target_id=after.id, detail=after.role)
    return None
