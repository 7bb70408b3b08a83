"""Accounts as they are kept."""

import json
import sqlite3
from collections.abc import Sequence

from watchparty.domain.errors import Conflict
from watchparty.domain.user import Role, User
from watchparty.storage.database import Tx


class UserStore:
    def add(self, tx: Tx, user: User, password_hash: str) -> None:
        """Raises Conflict when the username is taken."""
        try:
            tx.execute(
                "INSERT INTO users (id, username, display_name, password_hash, role, email, disabled, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    user.id,
                    user.username,
                    user.display_name,
                    password_hash,
                    user.role,
                    user.email,
                    user.disabled,
                    user.created_at,
                ),
            )
        except sqlite3.IntegrityError as error:
            raise Conflict("This username is taken.", pointer="/username") from error

    def any(self, tx: Tx) -> bool:
        return tx.execute("SELECT 1 FROM users LIMIT 1").fetchone() is not None

    def get(self, tx: Tx, user_id: str) -> User | None:
        row = tx.execute("SELECT * FROM users WHERE id = ?", (user_id,)).fetchone()
        return _user(row) if row else None

    def named(self, tx: Tx, username: str) -> tuple[User, str] | None:
        """The account and its password hash."""
        row = tx.execute("SELECT * FROM users WHERE username = ?", (username,)).fetchone()
        return (_user(row), row["password_hash"]) if row else None

    def password_hash(self, tx: Tx, user_id: str) -> str:
        row = tx.execute("SELECT password_hash FROM users WHERE id = ?", (user_id,)).fetchone()
        return str(row["password_hash"])

    def many(self, tx: Tx, ids: Sequence[str]) -> list[User]:
        """Those of the ids that exist, in no particular order."""
        rows = tx.execute(
            "SELECT users.* FROM json_each(?) AS wanted JOIN users ON users.id = wanted.value",
            (_json_array(ids),),
        )
        return [_user(row) for row in rows]

    def first_admin(self, tx: Tx) -> User | None:
        row = tx.execute(
            "SELECT * FROM users WHERE role = 'admin' AND NOT disabled ORDER BY created_at LIMIT 1"
        ).fetchone()
        return _user(row) if row else None

    def update_profile(self, tx: Tx, user_id: str, display_name: str, email: str | None) -> None:
        tx.execute("UPDATE users SET display_name = ?, email = ? WHERE id = ?", (display_name, email, user_id))

    def update_password(self, tx: Tx, user_id: str, password_hash: str) -> None:
        tx.execute("UPDATE users SET password_hash = ? WHERE id = ?", (password_hash, user_id))

    def set_role(self, tx: Tx, user_id: str, role: Role) -> None:
        tx.execute("UPDATE users SET role = ? WHERE id = ?", (role, user_id))

    def set_disabled(self, tx: Tx, user_id: str, disabled: bool) -> None:
        tx.execute("UPDATE users SET disabled = ? WHERE id = ?", (disabled, user_id))

    def other_admin(self, tx: Tx, user_id: str) -> str | None:
        """The longest-standing administrator who may sign in, besides this one."""
        row = tx.execute(
            "SELECT id FROM users WHERE role = 'admin' AND disabled = 0 AND id <> ? ORDER BY created_at LIMIT 1",
            (user_id,),
        ).fetchone()
        return row["id"] if row else None

    def bequeath(self, tx: Tx, user_id: str, heir_id: str) -> None:
        """Somebody's films become another's."""
        tx.execute("UPDATE videos SET owner_id = ? WHERE owner_id = ?", (heir_id, user_id))

    def delete(self, tx: Tx, user_id: str) -> None:
        """What is theirs goes along."""
        tx.execute("DELETE FROM users WHERE id = ?", (user_id,))


class SetupTokenStore:
    """The hash of the one link that makes the first administrator."""

    def replace(self, tx: Tx, token_hash: str, expires_at: float) -> None:
        tx.execute(
            "INSERT OR REPLACE INTO setup_token (only, hash, expires_at) VALUES (1, ?, ?)", (token_hash, expires_at)
        )

    def is_valid(self, tx: Tx, token_hash: str, now: float) -> bool:
        row = tx.execute("SELECT 1 FROM setup_token WHERE hash = ? AND expires_at > ?", (token_hash, now)).fetchone()
        return row is not None

    def forget(self, tx: Tx) -> None:
        tx.execute("DELETE FROM setup_token")


def _user(row: sqlite3.Row) -> User:
    return User(
        id=row["id"],
        username=row["username"],
        display_name=row["display_name"],
        role=Role(row["role"]),
        email=row["email"],
        created_at=row["created_at"],
        disabled=bool(row["disabled"]),
    )


def _json_array(values: Sequence[str]) -> str:
    return json.dumps(list(values))
