"""Uploads under way, as they are kept."""

from watchparty.domain.upload import Upload
from watchparty.storage.database import Tx


class UploadStore:
    def add(self, tx: Tx, upload: Upload) -> None:
        tx.execute(
            "INSERT INTO uploads (id, video_id, size, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
            (upload.id, upload.video_id, upload.size, upload.created_at, upload.expires_at),
        )

    def get(self, tx: Tx, upload_id: str) -> Upload | None:
        row = tx.execute("SELECT * FROM uploads WHERE id = ?", (upload_id,)).fetchone()
        return Upload(**row) if row else None

    def delete_for(self, tx: Tx, video_id: str) -> None:
        tx.execute("DELETE FROM uploads WHERE video_id = ?", (video_id,))

    def forget_expired(self, tx: Tx, now: float) -> None:
        tx.execute("DELETE FROM uploads WHERE expires_at <= ?", (now,))
