"""Rooms' queues as they are kept."""

import sqlite3
from collections.abc import Sequence

from watchparty.domain.queue import Item, standing
from watchparty.domain.video import Status
from watchparty.storage.database import Tx


class QueueStore:
    def list(self, tx: Tx, room_id: str) -> list[Item]:
        """A room's queue in order, with what its films are called now."""
        rows = tx.execute(
            "SELECT room_queue.*, videos.title, videos.duration, videos.status"
            " FROM room_queue JOIN videos ON videos.id = room_queue.video_id"
            " WHERE room_id = ? AND deleted_at IS NULL ORDER BY place",
            (room_id,),
        )
        return [_item(row) for row in rows]

    def replace(self, tx: Tx, room_id: str, items: Sequence[Item]) -> None:
        """Keep a room's queue. Films, and a room, deleted meanwhile are passed over."""
        tx.execute("DELETE FROM room_queue WHERE room_id = ?", (room_id,))
        for place, item in enumerate(items):
            tx.execute(
                "INSERT INTO room_queue (room_id, place, id, video_id, member_id, name)"
                " SELECT rooms.id, ?, ?, videos.id, ?, ? FROM rooms, videos WHERE rooms.id = ? AND videos.id = ?"
                " AND videos.deleted_at IS NULL",
                (place, item.id, item.by, item.by_name, room_id, item.video_id),
            )


def _item(row: sqlite3.Row) -> Item:
    return Item(
        id=row["id"],
        video_id=row["video_id"],
        title=row["title"],
        duration=row["duration"],
        by=row["member_id"],
        by_name=row["name"],
        status=standing(Status(row["status"])),
    )
