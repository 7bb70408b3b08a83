"""Sessions and the refresh tokens that prolong them, as they are kept."""

import json
import sqlite3
from collections.abc import Sequence
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


@dataclass(frozen=True)
class KeptDevice:
    """Where somebody signed in; times are in Unix seconds, `last_seen` to the minute or so."""

    session_id: str
    agent: str | None
    address: str | None
    created_at: float
    last_seen: float


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

    def add_user(self, tx: Tx, device: KeptDevice, user_id: str, expires_at: float) -> bool:
        """False for an account that is disabled or gone."""
        added = tx.execute(
            "INSERT INTO sessions (id, user_id, created_at, expires_at, agent, address, last_seen)"
            " SELECT ?, id, ?, ?, ?, ?, ? FROM users WHERE id = ? AND disabled = 0",
            (
                device.session_id,
                device.created_at,
                expires_at,
                device.agent,
                device.address,
                device.last_seen,
                user_id,
            ),
        )
        return added.rowcount == 1

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

    def end_others(self, tx: Tx, user_id: str, session_id: str) -> None:
        """All of somebody's sessions but this one."""
        tx.execute("DELETE FROM sessions WHERE user_id = ? AND id <> ?", (user_id, session_id))

    def end_user(self, tx: Tx, user_id: str) -> None:
        """All of somebody's sessions, and the keys of their programs."""
        tx.execute("DELETE FROM sessions WHERE user_id = ?", (user_id,))
        tx.execute("DELETE FROM api_keys WHERE user_id = ?", (user_id,))

    def devices(self, tx: Tx, user_id: str) -> list[KeptDevice]:
        rows = tx.execute(
            "SELECT id, agent, address, created_at, coalesce(last_seen, created_at) FROM sessions WHERE user_id = ?",
            (user_id,),
        )
        return [KeptDevice(*row) for row in rows]

    def seen(self, tx: Tx, session_id: str, at: float, address: str | None) -> None:
        """The id is a session's or an API key's."""
        tx.execute(
            "UPDATE sessions SET last_seen = ?, address = coalesce(?, address) WHERE id = ?", (at, address, session_id)
        )
        tx.execute("UPDATE api_keys SET last_seen = ? WHERE id = ?", (at, session_id))

    def ended(self, tx: Tx, ids: Sequence[str]) -> list[str]:
        """Those of these sessions and keys that are over, or whose account is disabled."""
        rows = tx.execute(
            "SELECT wanted.value AS id FROM json_each(?) AS wanted"
            " WHERE NOT EXISTS (SELECT 1 FROM sessions LEFT JOIN users ON users.id = sessions.user_id"
            " WHERE sessions.id = wanted.value AND coalesce(users.disabled, 0) = 0)"
            " AND NOT EXISTS (SELECT 1 FROM api_keys JOIN users ON users.id = api_keys.user_id"
            " WHERE api_keys.id = wanted.value AND users.disabled = 0)",
            (json.dumps(list(ids)),),
        )
        return [row["id"] for row in rows]

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
