"""What films hold, byte for byte, as a hash: two with the same are the same file."""

from watchparty.storage.database import Tx


class ContentStore:
    def put(self, tx: Tx, video_id: str, sha256: str) -> None:
        tx.execute("INSERT OR REPLACE INTO contents (video_id, sha256) VALUES (?, ?)", (video_id, sha256))

    def same(self, tx: Tx, video_id: str) -> list[str]:
        """The other films with the very same bytes."""
        rows = tx.execute(
            "SELECT video_id FROM contents WHERE sha256 = (SELECT sha256 FROM contents WHERE video_id = :id)"
            " AND video_id <> :id LIMIT 100",
            {"id": video_id},
        )
        return [row["video_id"] for row in rows]
