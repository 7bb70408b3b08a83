"""Sessions and the refresh tokens that prolong them, as they are kept."""

import sqlite3
from dataclasses import dataclass

from watchparty.domain.user import Person, Role
from watchparty.storage.database import Tx


@dataclass(frozen=True)
class KeptSession:
    """`expires_at` is in Unix seconds."""

    person: Person
    expires_at: float


@dataclass(frozen=True)
class KeptToken:
    session_id: str
    expires_at: float
    superseded_at: float | None


class SessionStore:
    def live(self, tx: Tx, now: float) -> list[KeptSession]:
        """Every session that has not ended, with whoever it stands for."""
        rows = tx.execute(
            "SELECT sessions.id, user_id, guest_id, guest_name, room_id, expires_at, display_name, role"
            " FROM sessions LEFT JOIN users ON users.id = user_id"
            " WHERE expires_at > ? AND NOT coalesce(disabled, 0)",
            (now,),
        )
        return [_kept(row) for row in rows]

    def add_user(self, tx: Tx, session_id: str, user_id: str, now: float, expires_at: float) -> None:
        tx.execute(
            "INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)",
            (session_id, user_id, now, expires_at),
        )

    def add_guest(self, tx: Tx, guest: Person, now: float, expires_at: float) -> None:
        tx.execute(
            "INSERT INTO sessions (id, guest_id, guest_name, room_id, created_at, expires_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (guest.session_id, guest.id, guest.name, guest.room_id, now, expires_at),
        )

    def prolong(self, tx: Tx, session_id: str, expires_at: float) -> None:
        tx.execute("UPDATE sessions SET expires_at = ? WHERE id = ?", (expires_at, session_id))

    def end(self, tx: Tx, session_id: str) -> None:
        """Its refresh tokens go with it."""
        tx.execute("DELETE FROM sessions WHERE id = ?", (session_id,))

    def end_user(self, tx: Tx, user_id: str) -> None:
        """All of somebody's sessions."""
        tx.execute("DELETE FROM sessions WHERE user_id = ?", (user_id,))

    def forget_expired(self, tx: Tx, now: float) -> None:
        tx.execute("DELETE FROM sessions WHERE expires_at <= ?", (now,))

    def add_token(self, tx: Tx, token_hash: str, session_id: str, expires_at: float) -> None:
        tx.execute(
            "INSERT INTO refresh_tokens (hash, session_id, expires_at) VALUES (?, ?, ?)",
            (token_hash, session_id, expires_at),
        )

    def token(self, tx: Tx, token_hash: str) -> KeptToken | None:
        row = tx.execute(
            "SELECT session_id, expires_at, superseded_at FROM refresh_tokens WHERE hash = ?", (token_hash,)
        ).fetchone()
        return KeptToken(row["session_id"], row["expires_at"], row["superseded_at"]) if row else None

    def supersede(self, tx: Tx, token_hash: str, now: float) -> None:
        tx.execute("UPDATE refresh_tokens SET superseded_at = ? WHERE hash = ?", (now, token_hash))


def _kept(row: sqlite3.Row) -> KeptSession:
    if row["user_id"] is not None:
        person = Person(row["user_id"], row["display_name"], Role(row["role"]), row["id"])
    else:
        person = Person(row["guest_id"], row["guest_name"], Role.GUEST, row["id"], row["room_id"])
    return KeptSession(person, row["expires_at"])
