"""How much of the disk each person's films take."""

from watchparty.storage.database import Tx


class UsageStore:
    def used(self, tx: Tx, user_id: str, besides: str | None = None) -> int:
        """Bytes of originals in the object store and of uploads under way; without those of the film `besides`."""
        row = tx.execute(
            "SELECT COALESCE((SELECT SUM(size) FROM videos"
            "   WHERE owner_id = :user_id AND object_key IS NOT NULL AND id IS NOT :besides), 0)"
            " + COALESCE((SELECT SUM(most) FROM (SELECT MAX(COALESCE(uploads.size, uploads.received)) AS most"
            "   FROM videos JOIN uploads ON uploads.video_id = videos.id"
            "   WHERE videos.owner_id = :user_id AND uploads.finished = 0 AND videos.id IS NOT :besides"
            "   GROUP BY videos.id) AS wanted), 0) AS used",
            {"user_id": user_id, "besides": besides},
        ).fetchone()
        return int(row["used"])

    def videos(self, tx: Tx, user_id: str) -> int:
        """How many films of this person lie in the object store."""
        row = tx.execute(
            "SELECT COUNT(*) AS videos FROM videos WHERE owner_id = ? AND object_key IS NOT NULL", (user_id,)
        ).fetchone()
        return int(row["videos"])

    def quota(self, tx: Tx, user_id: str) -> int | None:
        """Bytes this person may keep, where that was set for them alone."""
        row = tx.execute("SELECT quota FROM users WHERE id = ?", (user_id,)).fetchone()
        return row["quota"] if row else None
