"""Numbers for those who look after the server."""

import json
from collections.abc import Collection

from watchparty.storage.database import Tx


class StatisticsStore:
    def accounts(self, tx: Tx) -> int:
        return int(tx.execute("SELECT COUNT(*) FROM users").fetchone()[0])

    def rooms(self, tx: Tx) -> int:
        return int(tx.execute("SELECT COUNT(*) FROM rooms").fetchone()[0])

    def sessions(self, tx: Tx) -> int:
        return int(tx.execute("SELECT COUNT(*) FROM sessions").fetchone()[0])

    def videos(self, tx: Tx) -> dict[str, int]:
        """How many films stand how, by status; those in the trash do not count."""
        rows = tx.execute("SELECT status, COUNT(*) AS videos FROM videos WHERE deleted_at IS NULL GROUP BY status")
        return {row["status"]: row["videos"] for row in rows}

    def trash(self, tx: Tx) -> int:
        return int(tx.execute("SELECT COUNT(*) FROM videos WHERE deleted_at IS NOT NULL").fetchone()[0])

    def stored_by_owner(self, tx: Tx) -> dict[str, tuple[int, int]]:
        """How many films each person has, and how many bytes their originals take here."""
        rows = tx.execute(
            "SELECT owner_id, COUNT(*) AS videos, SUM(CASE WHEN object_key IS NULL THEN 0 ELSE size END) AS size"
            " FROM videos GROUP BY owner_id"
        )
        return {row["owner_id"]: (row["videos"], row["size"] or 0) for row in rows}

    def owners(self, tx: Tx, video_ids: Collection[str]) -> dict[str, str]:
        """Whose these films are, those that there are."""
        rows = tx.execute(
            "SELECT videos.id, owner_id FROM json_each(?) AS wanted JOIN videos ON videos.id = wanted.value",
            (json.dumps([*video_ids]),),
        )
        return {row["id"]: row["owner_id"] for row in rows}
