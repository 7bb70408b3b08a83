"""What people are told of, as it is kept, and what they do not want to be told of."""

import json
import sqlite3
from collections.abc import Collection

from watchparty.domain.notification import Kind, Notification, Told
from watchparty.storage.database import Tx

# Words are looked up when somebody reads, and what cannot be told any more is left out: a comment that was deleted, and
# a room that is no longer theirs. Whether they may see the film is for the service to say.
_TELLABLE = """
    FROM notifications
    LEFT JOIN users AS actors ON actors.id = notifications.actor_id
    LEFT JOIN comments ON comments.id = notifications.comment_id
    LEFT JOIN rooms ON rooms.id = notifications.room_id
    WHERE notifications.user_id = :user_id AND comments.deleted_at IS NULL
    AND (rooms.id IS NULL OR rooms.host_id = :user_id)
"""


class NotificationStore:
    def add(self, tx: Tx, notification: Notification) -> None:
        """The same one again is kept once."""
        tx.execute(
            "INSERT INTO notifications (id, user_id, kind, data, actor_id, video_id, comment_id, room_id, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            (
                notification.id,
                notification.user_id,
                notification.kind,
                json.dumps(dict(notification.data)),
                notification.actor_id,
                notification.video_id,
                notification.comment_id,
                notification.room_id,
                notification.created_at,
            ),
        )

    def prune(self, tx: Tx, user_id: str, before: float, most: int) -> None:
        """Let go of what came before then, and of all but the newest."""
        tx.execute(
            "DELETE FROM notifications WHERE user_id = :user_id AND (created_at < :before OR seq <="
            " (SELECT seq FROM notifications WHERE user_id = :user_id ORDER BY seq DESC LIMIT 1 OFFSET :most))",
            {"user_id": user_id, "before": before, "most": most},
        )

    def page(self, tx: Tx, user_id: str, before: int, limit: int) -> list[Told]:
        """The newest of those kept before `before`, newest first, with words but without the film's name."""
        rows = tx.execute(
            "SELECT notifications.*, actors.display_name AS actor, comments.text AS said, rooms.name AS room"
            f" {_TELLABLE} AND notifications.seq < :before ORDER BY notifications.seq DESC LIMIT :limit",
            {"user_id": user_id, "before": before, "limit": limit},
        )
        return [Told(_notification(row), actor=row["actor"], room=row["room"], said=row["said"]) for row in rows]

    def unread(self, tx: Tx, user_id: str) -> dict[str | None, int]:
        """How many are unread, by the film they are about."""
        rows = tx.execute(
            f"SELECT notifications.video_id, count(*) AS many {_TELLABLE}"
            " AND notifications.read_at IS NULL GROUP BY notifications.video_id",
            {"user_id": user_id},
        )
        return {row["video_id"]: row["many"] for row in rows}

    def read(self, tx: Tx, user_id: str, ids: Collection[str], now: float) -> None:
        tx.execute(
            "UPDATE notifications SET read_at = ? WHERE user_id = ? AND read_at IS NULL"
            " AND id IN (SELECT value FROM json_each(?))",
            (now, user_id, json.dumps([*ids])),
        )

    def read_all(self, tx: Tx, user_id: str, now: float) -> None:
        tx.execute("UPDATE notifications SET read_at = ? WHERE user_id = ? AND read_at IS NULL", (now, user_id))

    def delete(self, tx: Tx, user_id: str, notification_id: str) -> bool:
        """Whether there was one."""
        gone = tx.execute("DELETE FROM notifications WHERE id = ? AND user_id = ?", (notification_id, user_id))
        return gone.rowcount == 1

    def delete_all(self, tx: Tx, user_id: str) -> None:
        tx.execute("DELETE FROM notifications WHERE user_id = ?", (user_id,))

    def unwanted(self, tx: Tx, user_id: str) -> set[Kind]:
        rows = tx.execute("SELECT kind FROM unwanted_notifications WHERE user_id = ?", (user_id,))
        return {Kind(row["kind"]) for row in rows}

    def set_unwanted(self, tx: Tx, user_id: str, kinds: Collection[Kind]) -> None:
        tx.execute("DELETE FROM unwanted_notifications WHERE user_id = ?", (user_id,))
        tx.executemany(
            "INSERT INTO unwanted_notifications (user_id, kind) VALUES (?, ?)", [(user_id, kind) for kind in kinds]
        )


def _notification(row: sqlite3.Row) -> Notification:
    return Notification(
        id=row["id"],
        user_id=row["user_id"],
        kind=Kind(row["kind"]),
        created_at=row["created_at"],
        actor_id=row["actor_id"],
        video_id=row["video_id"],
        comment_id=row["comment_id"],
        room_id=row["room_id"],
        data=json.loads(row["data"]),
        read_at=row["read_at"],
        seq=row["seq"],
    )
