"""The sittings of rooms, and what was done in each."""

import sqlite3

from watchparty.domain.room import RoomEvent
from watchparty.domain.room_session import Named, RoomSession, SessionSummary
from watchparty.storage.database import Tx

# Before every session there is: where a list of the newest begins.
NEWEST = (1e300, "")
# How many people and films a summary names.
NAMED = 200


class RoomSessionStore:
    def open(self, tx: Tx, session: RoomSession) -> None:
        tx.execute(
            "INSERT INTO room_sessions (id, room_id, started_at, ended_at) VALUES (?, ?, ?, ?)",
            (session.id, session.room_id, session.started_at, session.ended_at),
        )

    def end(self, tx: Tx, session_id: str, at: float) -> None:
        tx.execute("UPDATE room_sessions SET ended_at = ? WHERE id = ?", (at, session_id))

    def last(self, tx: Tx, room_id: str) -> RoomSession | None:
        """The newest of a room."""
        found = self.page(tx, room_id, NEWEST, 1)
        return found[0] if found else None

    def get(self, tx: Tx, room_id: str, session_id: str) -> RoomSession | None:
        row = tx.execute("SELECT * FROM room_sessions WHERE id = ? AND room_id = ?", (session_id, room_id)).fetchone()
        return _session(row) if row else None

    def page(self, tx: Tx, room_id: str, after: tuple[float, str], limit: int) -> list[RoomSession]:
        """The newest sessions after `after`, newest first."""
        rows = tx.execute(
            "SELECT * FROM room_sessions WHERE room_id = ? AND (started_at, id) < (?, ?)"
            " ORDER BY started_at DESC, id DESC LIMIT ?",
            (room_id, *after, limit),
        )
        return [_session(row) for row in rows]

    def summary(self, tx: Tx, session: RoomSession) -> SessionSummary:
        """What can be said of it in a few words."""
        people = tx.execute(
            "SELECT member_id AS id, name, MIN(seq) AS first FROM room_events"
            " WHERE session_id = ? AND kind = 'joined' AND member_id IS NOT NULL"
            " GROUP BY member_id ORDER BY first LIMIT ?",
            (session.id, NAMED),
        )
        films = tx.execute(
            "SELECT video_id AS id, title AS name, MAX(seq), MIN(seq) AS first FROM room_events"
            " WHERE session_id = ? AND video_id IS NOT NULL GROUP BY video_id ORDER BY first LIMIT ?",
            (session.id, NAMED),
        )
        counts = tx.execute(
            "SELECT kind, COUNT(*) AS number FROM room_events WHERE session_id = ? GROUP BY kind", (session.id,)
        )
        return SessionSummary(
            session,
            people=[Named(row["id"], row["name"]) for row in people],
            films=[Named(row["id"], row["name"]) for row in films],
            counts={row["kind"]: row["number"] for row in counts},
            last_at=self.seen_at(tx, session),
        )

    def seen_at(self, tx: Tx, session: RoomSession) -> float:
        """When anything was last done in it."""
        row = tx.execute("SELECT MAX(at) AS at FROM room_events WHERE session_id = ?", (session.id,)).fetchone()
        return session.started_at if row["at"] is None else float(row["at"])


class RoomEventStore:
    def add(self, tx: Tx, event: RoomEvent) -> None:
        """Write it down; names and titles that it does not carry are those of this moment."""
        tx.execute(
            "INSERT INTO room_events (room_id, session_id, kind, member_id, name, target_id, target_name,"
            " video_id, title, position, from_position, detail, at)"
            " VALUES (:room_id, :session_id, :kind, :member_id, coalesce(:name,"
            "  (SELECT name FROM members WHERE room_id = :room_id AND id = :member_id),"
            "  (SELECT display_name FROM users WHERE id = :member_id)), :target_id, coalesce(:target_name,"
            "  (SELECT name FROM members WHERE room_id = :room_id AND id = :target_id)), :video_id, coalesce(:title,"
            "  (SELECT title FROM videos WHERE id = :video_id)), :position, :from_position, :detail, :at)",
            vars(event),
        )

    def before(self, tx: Tx, room_id: str, seq: int, limit: int) -> list[tuple[int, RoomEvent]]:
        """A room's newest events before `seq`, newest first, each with its own number."""
        rows = tx.execute(
            "SELECT * FROM room_events WHERE room_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?", (room_id, seq, limit)
        )
        return [(row["seq"], _event(row)) for row in rows]

    def before_in(self, tx: Tx, session_id: str, seq: int, limit: int) -> list[tuple[int, RoomEvent]]:
        """The same for one session."""
        rows = tx.execute(
            "SELECT * FROM room_events WHERE session_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
            (session_id, seq, limit),
        )
        return [(row["seq"], _event(row)) for row in rows]

    def after_in(self, tx: Tx, session_id: str, seq: int, limit: int) -> list[tuple[int, RoomEvent]]:
        """A session's first events after `seq`, oldest first."""
        rows = tx.execute(
            "SELECT * FROM room_events WHERE session_id = ? AND seq > ? ORDER BY seq LIMIT ?", (session_id, seq, limit)
        )
        return [(row["seq"], _event(row)) for row in rows]

    def prune(self, tx: Tx, room_id: str, most: int) -> None:
        """Keep a room's newest `most` events, and forget the sessions of which nothing is left."""
        tx.execute(
            "DELETE FROM room_events WHERE room_id = :room_id AND seq <="
            " (SELECT seq FROM room_events WHERE room_id = :room_id ORDER BY seq DESC LIMIT 1 OFFSET :most)",
            {"room_id": room_id, "most": most},
        )
        tx.execute(
            "DELETE FROM room_sessions WHERE room_id = ? AND ended_at IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM room_events WHERE session_id = room_sessions.id)",
            (room_id,),
        )


def _session(row: sqlite3.Row) -> RoomSession:
    return RoomSession(row["id"], row["room_id"], row["started_at"], row["ended_at"])


def _event(row: sqlite3.Row) -> RoomEvent:
    return RoomEvent(
        room_id=row["room_id"],
        kind=row["kind"],
        member_id=row["member_id"],
        name=row["name"],
        position=row["position"],
        at=row["at"],
        session_id=row["session_id"],
        video_id=row["video_id"],
        title=row["title"],
        from_position=row["from_position"],
        target_id=row["target_id"],
        target_name=row["target_name"],
        detail=row["detail"],
    )
