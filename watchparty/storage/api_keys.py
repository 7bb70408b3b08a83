"""API keys as they are kept."""

import json
import sqlite3
from dataclasses import dataclass

from watchparty.domain.api_key import ApiKey
from watchparty.domain.user import Role, Scope
from watchparty.storage.database import Tx


@dataclass(frozen=True)
class LiveKey:
    """A key that can be used, the hash it is recognised by, and whose it is."""

    key: ApiKey
    hash: str
    owner_name: str
    owner_role: Role


class ApiKeyStore:
    """Of the keys themselves only hashes are kept."""

    def add(self, tx: Tx, key: ApiKey, key_hash: str) -> None:
        tx.execute(
            "INSERT INTO api_keys (id, user_id, name, hash, scopes, created_at, expires_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (key.id, key.user_id, key.name, key_hash, json.dumps(sorted(key.scopes)), key.created_at, key.expires_at),
        )

    def of(self, tx: Tx, user_id: str) -> list[ApiKey]:
        """Somebody's keys, newest first."""
        rows = tx.execute("SELECT * FROM api_keys WHERE user_id = ? ORDER BY created_at DESC", (user_id,))
        return [_key(row) for row in rows]

    def delete(self, tx: Tx, user_id: str, key_id: str) -> bool:
        """Whether there was one."""
        return tx.execute("DELETE FROM api_keys WHERE id = ? AND user_id = ?", (key_id, user_id)).rowcount == 1

    def live(self, tx: Tx, now: float) -> list[LiveKey]:
        """Every key that has not ended, of an account that is not disabled."""
        rows = tx.execute(
            "SELECT api_keys.*, display_name, role FROM api_keys JOIN users ON users.id = user_id"
            " WHERE disabled = 0 AND (expires_at IS NULL OR expires_at > ?)",
            (now,),
        )
        return [LiveKey(_key(row), row["hash"], row["display_name"], Role(row["role"])) for row in rows]


def _key(row: sqlite3.Row) -> ApiKey:
    return ApiKey(
        row["id"],
        row["user_id"],
        row["name"],
        frozenset(Scope(scope) for scope in json.loads(row["scopes"])),
        row["created_at"],
        row["expires_at"],
        row["last_seen"],
    )
