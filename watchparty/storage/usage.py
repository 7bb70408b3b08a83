"""How much of the disk each person's films take."""

from watchparty.storage.database import Tx

# What the person of a row of `users` stores, in bytes, without the film `:besides`. What lies in the trash takes room
# as before, and comes back by one press: it counts.
USED = """(COALESCE((SELECT SUM(size) FROM videos
        WHERE owner_id = users.id AND object_key IS NOT NULL AND id IS NOT :besides), 0)
    + COALESCE((SELECT SUM(most) FROM (SELECT MAX(COALESCE(uploads.size, uploads.received)) AS most
        FROM videos JOIN uploads ON uploads.video_id = videos.id
        WHERE videos.owner_id = users.id AND uploads.finished = 0 AND videos.id IS NOT :besides
        GROUP BY videos.id) AS wanted), 0))"""


class UsageStore:
    def used(self, tx: Tx, user_id: str, besides: str | None = None) -> int:
        """Bytes of originals in the object store, those of films in the trash too, and of uploads under way; without
        those of the film `besides`. Nobody stores nothing."""
        row = tx.execute(
            f"SELECT {USED} AS used FROM users WHERE id = :user_id", {"user_id": user_id, "besides": besides}
        ).fetchone()
        return int(row["used"]) if row else 0

    def videos(self, tx: Tx, user_id: str) -> int:
        """How many films of this person lie in the object store, the trash's included."""
        row = tx.execute(
            "SELECT COUNT(*) AS videos FROM videos WHERE owner_id = ? AND object_key IS NOT NULL", (user_id,)
        ).fetchone()
        return int(row["videos"])

    def quota(self, tx: Tx, user_id: str) -> int | None:
        """Bytes this person may keep, where that was set for them alone."""
        row = tx.execute("SELECT quota FROM users WHERE id = ?", (user_id,)).fetchone()
        return row["quota"] if row else None
