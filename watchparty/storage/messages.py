"""What was said in rooms, in order."""

import sqlite3

from watchparty.domain.room import ChatLine
from watchparty.storage.database import Tx

# Before everything there is: where a list of the newest begins.
NEWEST = 1 << 62


class MessageStore:
    def add(self, tx: Tx, line: ChatLine) -> None:
        """Keep what was said; the same thing sent again is kept once."""
        tx.execute(
            "INSERT INTO messages (id, room_id, member_id, name, text, client_id, reply_to, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (room_id, member_id, client_id) DO NOTHING",
            (
                line.id,
                line.room_id,
                line.member_id,
                line.name,
                line.text,
                line.client_id,
                line.reply_to,
                line.created_at,
            ),
        )

    def before(self, tx: Tx, room_id: str, seq: int, limit: int) -> list[tuple[int, ChatLine]]:
        """The newest lines said before `seq`, newest first, each with its own number."""
        rows = tx.execute(
            "SELECT * FROM messages WHERE room_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?", (room_id, seq, limit)
        )
        return [(row["seq"], _line(row)) for row in rows]


def _line(row: sqlite3.Row) -> ChatLine:
    return ChatLine(
        id=row["id"],
        room_id=row["room_id"],
        member_id=row["member_id"],
        name=row["name"],
        text=row["text"],
        client_id=row["client_id"],
        reply_to=row["reply_to"],
        created_at=row["created_at"],
    )
