"""Rooms as they are kept: their settings, where playback stands, and who belongs to them."""

import json
import sqlite3
from dataclasses import dataclass

from watchparty.domain.rights import Rights, RoomRole
from watchparty.domain.room import Admission, Member, Room, RoomCard
from watchparty.storage.database import Tx

# Before every room there is: where a list begins.
NEWEST = (1e300, "")

_CARD = """
    SELECT rooms.*, timelines.video_id, users.display_name AS host_name,
        (SELECT COUNT(*) FROM members WHERE members.room_id = rooms.id AND removed_at IS NULL) AS members
    FROM rooms JOIN timelines ON timelines.room_id = rooms.id JOIN users ON users.id = rooms.host_id
"""


@dataclass(frozen=True)
class SavedTimeline:
    """Where playback was last known to stand; `position` in seconds, `saved_at` in Unix seconds."""

    revision: int
    video_id: str | None
    position: float
    rate: float
    saved_at: float


class RoomStore:
    def add(self, tx: Tx, room: Room) -> None:
        tx.execute(
            "INSERT INTO rooms"
            " (id, name, host_id, admission, rights, password_hash, created_at, updated_at, slow_mode)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                room.id,
                room.name,
                room.host_id,
                room.admission,
                _rights_text(room.rights),
                room.password_hash,
                room.created_at,
                room.updated_at,
                room.slow_mode,
            ),
        )
        tx.execute(
            "INSERT INTO timelines (room_id, video_id, revision, position, rate, saved_at) VALUES (?, ?, 0, 0, 1, ?)",
            (room.id, room.video_id, room.created_at),
        )

    def get(self, tx: Tx, room_id: str) -> RoomCard | None:
        row = tx.execute(_CARD + "WHERE rooms.id = ?", (room_id,)).fetchone()
        return _card(row) if row else None

    def page(self, tx: Tx, person_id: str | None, after: tuple[float, str], limit: int) -> list[RoomCard]:
        """The newest rooms after `after` that a person may know of: open to knocking, or theirs. All, for None."""
        rows = tx.execute(
            _CARD
            + """
            WHERE (rooms.created_at, rooms.id) < (:at, :id)
              AND (:person_id IS NULL OR admission <> 'invite' OR EXISTS (
                  SELECT 1 FROM members
                  WHERE members.room_id = rooms.id AND members.id = :person_id AND removed_at IS NULL))
            ORDER BY rooms.created_at DESC, rooms.id DESC LIMIT :limit
            """,
            {"at": after[0], "id": after[1], "person_id": person_id, "limit": limit},
        )
        return [_card(row) for row in rows]

    def update(self, tx: Tx, room: Room) -> None:
        """Keep its settings."""
        tx.execute(
            "UPDATE rooms SET name = ?, admission = ?, rights = ?, password_hash = ?, slow_mode = ?, updated_at = ?"
            " WHERE id = ?",
            (
                room.name,
                room.admission,
                _rights_text(room.rights),
                room.password_hash,
                room.slow_mode,
                room.updated_at,
                room.id,
            ),
        )

    def delete(self, tx: Tx, room_id: str) -> None:
        tx.execute("DELETE FROM rooms WHERE id = ?", (room_id,))

    def timeline(self, tx: Tx, room_id: str) -> SavedTimeline | None:
        row = tx.execute("SELECT * FROM timelines WHERE room_id = ?", (room_id,)).fetchone()
        return _timeline(row) if row else None

    def save_timeline(self, tx: Tx, room_id: str, saved: SavedTimeline) -> None:
        """Keep where playback stands. A film deleted meanwhile leaves the room without one."""
        tx.execute(
            "UPDATE timelines SET revision = ?, position = ?, rate = ?, saved_at = ?,"
            " video_id = (SELECT id FROM videos WHERE id = ? AND deleted_at IS NULL) WHERE room_id = ?",
            (saved.revision, saved.position, saved.rate, saved.saved_at, saved.video_id, room_id),
        )


class MemberStore:
    def put(self, tx: Tx, member: Member) -> None:
        """Add somebody to a room, or back to it, keeping what they said there before."""
        tx.execute(
            "INSERT INTO members (room_id, id, user_id, name, role, muted, joined_at, removed_at, banned_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (room_id, id) DO UPDATE SET"
            " name = excluded.name, role = excluded.role, muted = excluded.muted, removed_at = excluded.removed_at,"
            " banned_at = excluded.banned_at",
            (
                member.room_id,
                member.id,
                None if member.is_guest else member.id,
                member.name,
                member.role,
                member.muted,
                member.joined_at,
                member.removed_at,
                member.banned_at,
            ),
        )

    def get(self, tx: Tx, room_id: str, member_id: str) -> Member | None:
        row = tx.execute("SELECT * FROM members WHERE room_id = ? AND id = ?", (room_id, member_id)).fetchone()
        return _member(row) if row else None

    def banned(self, tx: Tx, room_id: str) -> list[Member]:
        """Who is to stay out, latest first."""
        rows = tx.execute(
            "SELECT * FROM members WHERE room_id = ? AND banned_at IS NOT NULL ORDER BY banned_at DESC, id", (room_id,)
        )
        return [_member(row) for row in rows]

    def roles(self, tx: Tx, person_id: str) -> dict[str, RoomRole]:
        """The rooms that somebody with an account belongs to, and as what."""
        rows = tx.execute("SELECT room_id, role FROM members WHERE user_id = ? AND removed_at IS NULL", (person_id,))
        return {row["room_id"]: RoomRole(row["role"]) for row in rows}

    def list(self, tx: Tx, room_id: str) -> list[Member]:
        """Everybody who belongs to the room, longest first."""
        rows = tx.execute(
            "SELECT * FROM members WHERE room_id = ? AND removed_at IS NULL ORDER BY joined_at, id", (room_id,)
        )
        return [_member(row) for row in rows]


def _rights_text(rights: Rights) -> str:
    return json.dumps(rights.words, separators=(",", ":"))


def _card(row: sqlite3.Row) -> RoomCard:
    room = Room(
        id=row["id"],
        name=row["name"],
        host_id=row["host_id"],
        admission=Admission(row["admission"]),
        rights=Rights.of(json.loads(row["rights"])),
        password_hash=row["password_hash"],
        video_id=row["video_id"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        slow_mode=row["slow_mode"],
    )
    return RoomCard(room, row["host_name"], row["members"])


def _timeline(row: sqlite3.Row) -> SavedTimeline:
    return SavedTimeline(row["revision"], row["video_id"], row["position"], row["rate"], row["saved_at"])


def _member(row: sqlite3.Row) -> Member:
    return Member(
        room_id=row["room_id"],
        id=row["id"],
        name=row["name"],
        role=RoomRole(row["role"]),
        joined_at=row["joined_at"],
        muted=bool(row["muted"]),
        removed_at=row["removed_at"],
        banned_at=row["banned_at"],
    )
