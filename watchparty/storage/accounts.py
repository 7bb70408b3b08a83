"""Accounts with what they take, and the links by which somebody chooses a password."""

import sqlite3

from watchparty.domain.account import Account, WantedAccounts
from watchparty.domain.user import Role, User
from watchparty.storage.database import Tx
from watchparty.storage.usage import USED

_FACTS = f"""users.id, username, display_name, role, email, disabled, users.created_at,
    (SELECT COUNT(*) FROM videos WHERE owner_id = users.id AND deleted_at IS NULL) AS videos,
    {USED} AS stored, quota,
    (SELECT COUNT(*) FROM sessions WHERE user_id = users.id) AS sessions,
    (SELECT MAX(coalesce(last_seen, sessions.created_at)) FROM sessions WHERE user_id = users.id) AS last_seen,
    (SELECT confirmed_at FROM two_step WHERE user_id = users.id) IS NOT NULL AS two_step, leaves_at"""


class AccountStore:
    def page(self, tx: Tx, wanted: WantedAccounts) -> list[Account]:
        rows = tx.execute(
            f"SELECT {_FACTS} FROM users WHERE username > :after"
            " AND (:q IS NULL OR username LIKE :q ESCAPE '\\' OR display_name LIKE :q ESCAPE '\\')"
            " AND (:role IS NULL OR role = :role) AND (:disabled IS NULL OR disabled = :disabled)"
            " ORDER BY username LIMIT :limit",
            {
                "after": wanted.after or "",
                "q": None if wanted.q is None else _containing(wanted.q),
                "role": wanted.role,
                "disabled": wanted.disabled,
                "limit": wanted.limit,
                "besides": None,
            },
        )
        return [_account(row) for row in rows]

    def get(self, tx: Tx, user_id: str) -> Account | None:
        row = tx.execute(
            f"SELECT {_FACTS} FROM users WHERE id = :user_id", {"user_id": user_id, "besides": None}
        ).fetchone()
        return _account(row) if row else None

    def set_quota(self, tx: Tx, user_id: str, quota: int | None) -> None:
        tx.execute("UPDATE users SET quota = ? WHERE id = ?", (quota, user_id))


class PasswordLinkStore:
    """One link at most for each account; its secret is kept as a hash."""

    def replace(self, tx: Tx, user_id: str, token_hash: str, expires_at: float) -> None:
        tx.execute(
            "INSERT OR REPLACE INTO password_links (user_id, hash, expires_at) VALUES (?, ?, ?)",
            (user_id, token_hash, expires_at),
        )

    def take(self, tx: Tx, token_hash: str, now: float) -> str | None:
        """Whose link it is, which is spent by this; None for one that is wrong, spent or over."""
        row = tx.execute(
            "DELETE FROM password_links WHERE hash = ? RETURNING user_id, expires_at", (token_hash,)
        ).fetchone()
        return row["user_id"] if row and row["expires_at"] > now else None


def _account(row: sqlite3.Row) -> Account:
    user = User(
        id=row["id"],
        username=row["username"],
        display_name=row["display_name"],
        role=Role(row["role"]),
        email=row["email"],
        created_at=row["created_at"],
        disabled=bool(row["disabled"]),
    )
    return Account(
        user,
        videos=row["videos"],
        stored=row["stored"],
        sessions=row["sessions"],
        last_seen=row["last_seen"],
        two_step=bool(row["two_step"]),
        leaves_at=row["leaves_at"],
        quota=row["quota"],
    )


def _containing(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
