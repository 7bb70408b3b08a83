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
            "INSERT INTO messages (id, room_id, member_id, name, text, client_id, reply_to, created_at, mentions)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (room_id, member_id, client_id) DO NOTHING",
            (
                line.id,
                line.room_id,
                line.member_id,
                line.name,
                line.text,
                line.client_id,
                line.reply_to,
                line.created_at,
                " ".join(line.mentions),
            ),
        )

    def get(self, tx: Tx, room_id: str, message_id: str) -> ChatLine | None:
        row = tx.execute("SELECT * FROM messages WHERE id = ? AND room_id = ?", (message_id, room_id)).fetchone()
        return _line(row) if row else None

    def unsay(self, tx: Tx, message_id: str, by: str) -> None:
        """Take a line back: its text is gone, that there was one stays."""
        tx.execute(
            "UPDATE messages SET text = '', mentions = '', unsaid_by = ? WHERE id = ? AND unsaid_by IS NULL",
            (by, message_id),
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
        mentions=tuple(row["mentions"].split()),
        unsaid_by=row["unsaid_by"],
    )
