"""Events as they are kept: beside the deed they tell of, until everybody has heard, and a while longer."""

import json
import sqlite3
from collections.abc import Iterable

from watchparty.domain.event import Event, restored
from watchparty.storage.database import Tx


class EventStore:
    def add(self, tx: Tx, event: Event, at: float) -> None:
        tx.execute(
            "INSERT INTO events (kind, subject, owner_id, people, said, at) VALUES (?, ?, ?, ?, ?, ?)",
            (event.kind, event.subject, event.owner_id, json.dumps(event.people), json.dumps(event.fields()), at),
        )

    def pending(self, tx: Tx, after: int, limit: int) -> list[Event]:
        """The first events after `after` that not everybody has heard of."""
        rows = tx.execute(
            "SELECT * FROM events WHERE delivered_at IS NULL AND seq > ? ORDER BY seq LIMIT ?", (after, limit)
        )
        return [_event(row) for row in rows]

    def after(self, tx: Tx, seq: int, limit: int) -> list[Event]:
        """The first events after `seq`, heard or not."""
        return [
            _event(row) for row in tx.execute("SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?", (seq, limit))
        ]

    def kept(self, tx: Tx) -> tuple[int, int]:
        """The numbers of the first and the last event that are still known; 1 and 0 when there is none."""
        first = tx.execute("SELECT MIN(seq) AS seq FROM events").fetchone()["seq"]
        last = tx.execute("SELECT MAX(seq) AS seq FROM events").fetchone()["seq"]
        return (1, 0) if first is None else (first, last)

    def deliver(self, tx: Tx, seqs: Iterable[int], now: float) -> None:
        """Everybody has heard of these."""
        tx.executemany("UPDATE events SET delivered_at = ? WHERE seq = ?", [(now, seq) for seq in seqs])

    def prune(self, tx: Tx, keep: int, before: float) -> None:
        """Forget those that everybody heard of before then, and all of them but about the newest `keep`."""
        tx.execute("DELETE FROM events WHERE delivered_at < ?", (before,))
        tx.execute(
            "DELETE FROM events WHERE delivered_at IS NOT NULL AND seq <= (SELECT MAX(seq) FROM events) - ?", (keep,)
        )


def _event(row: sqlite3.Row) -> Event:
    envelope = {
        "subject": row["subject"],
        "owner_id": row["owner_id"],
        "people": tuple(json.loads(row["people"])),
        "at": row["at"],
        "seq": row["seq"],
    }
    return restored(row["kind"], envelope, json.loads(row["said"]))
