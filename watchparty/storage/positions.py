"""Where people left off, and with that what they have watched."""

import json
from collections.abc import Collection

from watchparty.domain.watched import FINISHED, Watched
from watchparty.storage.database import Tx
from watchparty.storage.video_rows import video_of


class PositionStore:
    def get(self, tx: Tx, user_id: str, video_id: str) -> float:
        row = tx.execute(
            "SELECT position FROM positions WHERE user_id = ? AND video_id = ?", (user_id, video_id)
        ).fetchone()
        return float(row["position"]) if row else 0.0

    def some(self, tx: Tx, user_id: str, video_ids: Collection[str]) -> dict[str, float]:
        """Where this person left off in those of these films that they have begun."""
        rows = tx.execute(
            "SELECT video_id, position FROM positions WHERE user_id = ?"
            " AND video_id IN (SELECT value FROM json_each(?))",
            (user_id, json.dumps([*video_ids])),
        )
        return {row["video_id"]: row["position"] for row in rows}

    def set(self, tx: Tx, user_id: str, video_id: str, position: float, now: float) -> None:
        tx.execute(
            "INSERT OR REPLACE INTO positions (user_id, video_id, position, updated_at) VALUES (?, ?, ?, ?)",
            (user_id, video_id, position, now),
        )

    def history(
        self,
        tx: Tx,
        user_id: str,
        *,
        sees_all: bool,
        unfinished: bool,
        after: tuple[float, str] | None,
        limit: int,
    ) -> list[Watched]:
        """What this person has watched and may still see, the latest first."""
        key, video_id = after or (None, None)
        rows = tx.execute(
            "SELECT videos.*, position, positions.updated_at AS watched_at FROM positions"
            " JOIN videos ON videos.id = positions.video_id WHERE user_id = :user_id AND deleted_at IS NULL"
            " AND (:sees_all OR owner_id = :user_id OR (status = 'ready' AND visibility <> 'private'))"
            " AND (NOT :unfinished OR (status = 'ready' AND position > 0 AND position <= duration * :finished))"
            " AND (:key IS NULL OR (positions.updated_at, positions.video_id) < (:key, :id))"
            " ORDER BY positions.updated_at DESC, positions.video_id DESC LIMIT :limit",
            {
                "user_id": user_id,
                "sees_all": sees_all,
                "unfinished": unfinished,
                "finished": FINISHED,
                "key": key,
                "id": video_id,
                "limit": limit,
            },
        )
        return [Watched(video_of(row), row["position"], row["watched_at"]) for row in rows]

    def forget(self, tx: Tx, user_id: str, video_id: str) -> bool:
        """False when there was nothing to forget."""
        found = tx.execute("DELETE FROM positions WHERE user_id = ? AND video_id = ?", (user_id, video_id))
        return found.rowcount == 1

    def forget_all(self, tx: Tx, user_id: str) -> None:
        tx.execute("DELETE FROM positions WHERE user_id = ?", (user_id,))
