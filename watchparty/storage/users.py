"""Accounts as they are kept."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from watchparty.domain.errors import Conflict
from watchparty.domain.user import Role, User
from watchparty.storage.database import Tx


@dataclass(frozen=True)
class Belongings:
    """What somebody's account holds, by id: films they uploaded, films of the watched folder, rooms they run."""

    uploaded: Sequence[str]
    in_folder: Sequence[str]
    rooms: Sequence[str]


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

    def with_names(self, tx: Tx, usernames: Collection[str]) -> list[User]:
        """Those of the usernames that exist, in no particular order."""
        rows = tx.execute(
            "SELECT users.* FROM json_each(?) AS wanted JOIN users ON users.username = wanted.value",
            (_json_array([*usernames]),),
        )
        return [_user(row) for row in rows]

    def first_admin(self, tx: Tx) -> User | None:
        row = tx.execute(
            "SELECT * FROM users WHERE role = 'admin' AND NOT disabled ORDER BY created_at LIMIT 1"
        ).fetchone()
        return _user(row) if row else None

    def everybody(self, tx: Tx) -> list[User]:
        """Everybody, by username."""
        return [_user(row) for row in tx.execute("SELECT * FROM users ORDER BY username")]

    def update_profile(self, tx: Tx, user: User) -> None:
        tx.execute(
            "UPDATE users SET display_name = ?, email = ?, bio = ? WHERE id = ?",
            (user.display_name, user.email, user.bio, user.id),
        )

    def set_avatar(self, tx: Tx, user_id: str, name: str, picture: bytes) -> None:
        """In place of the one before."""
        tx.execute("INSERT OR REPLACE INTO avatars (name, user_id, picture) VALUES (?, ?, ?)", (name, user_id, picture))
        tx.execute("UPDATE users SET avatar = ? WHERE id = ?", (name, user_id))

    def forget_avatar(self, tx: Tx, user_id: str) -> None:
        tx.execute("DELETE FROM avatars WHERE user_id = ?", (user_id,))
        tx.execute("UPDATE users SET avatar = NULL WHERE id = ?", (user_id,))

    def avatar(self, tx: Tx, name: str) -> bytes | None:
        """The picture of this name, a JPEG."""
        row = tx.execute("SELECT picture FROM avatars WHERE name = ?", (name,)).fetchone()
        return row["picture"] if row else None

    def set_role(self, tx: Tx, user_id: str, role: Role) -> None:
        tx.execute("UPDATE users SET role = ? WHERE id = ?", (role, user_id))

    def disable(self, tx: Tx, user_id: str) -> None:
        """Until `enable`; an account that was to leave stays from now on."""
        tx.execute("UPDATE users SET disabled = 1, leaves_at = NULL WHERE id = ?", (user_id,))

    def enable(self, tx: Tx, user_id: str) -> None:
        tx.execute("UPDATE users SET disabled = 0, leaves_at = NULL WHERE id = ?", (user_id,))

    def leave(self, tx: Tx, user_id: str, at: float, *, keeps_videos: bool, may_return: bool) -> None:
        """Disabled from now on, and due to be deleted `at`."""
        tx.execute(
            "UPDATE users SET disabled = 1, leaves_at = ?, keeps_videos = ?, may_return = ? WHERE id = ?",
            (at, keeps_videos, may_return, user_id),
        )

    def other_admin(self, tx: Tx, user_id: str) -> str | None:
        """The longest-standing administrator who may sign in, besides this one."""
        row = tx.execute(
            "SELECT id FROM users WHERE role = 'admin' AND disabled = 0 AND id <> ? ORDER BY created_at LIMIT 1",
            (user_id,),
        ).fetchone()
        return row["id"] if row else None

    def due(self, tx: Tx, now: float) -> list[User]:
        """Deleted accounts whose time is over."""
        rows = tx.execute("SELECT * FROM users WHERE leaves_at IS NOT NULL AND leaves_at <= ?", (now,))
        return [_user(row) for row in rows]

    def belongings(self, tx: Tx, user_id: str) -> Belongings:
        videos = tx.execute("SELECT id, library_path FROM videos WHERE owner_id = ?", (user_id,)).fetchall()
        rooms = tx.execute("SELECT id FROM rooms WHERE host_id = ?", (user_id,))
        return Belongings(
            uploaded=[row["id"] for row in videos if row["library_path"] is None],
            in_folder=[row["id"] for row in videos if row["library_path"] is not None],
            rooms=[row["id"] for row in rooms],
        )

    def hand_over(self, tx: Tx, video_ids: Sequence[str], owner_id: str) -> None:
        """These films are somebody else's from now on."""
        tx.execute(
            "UPDATE videos SET owner_id = ? WHERE id IN (SELECT value FROM json_each(?))",
            (owner_id, _json_array(video_ids)),
        )

    def delete(self, tx: Tx, user_id: str) -> None:
        """For good, with whatever still belongs to it."""
        tx.execute("DELETE FROM users WHERE id = ?", (user_id,))

    def update_password(self, tx: Tx, user_id: str, password_hash: str) -> None:
        tx.execute("UPDATE users SET password_hash = ? WHERE id = ?", (password_hash, user_id))


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
        bio=row["bio"],
        avatar=row["avatar"],
        leaves_at=row["leaves_at"],
        keeps_videos=bool(row["keeps_videos"]),
        may_return=bool(row["may_return"]),
    )


def _json_array(values: Sequence[str]) -> str:
    return json.dumps(list(values))
