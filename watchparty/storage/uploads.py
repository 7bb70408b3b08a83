"""Uploads under way, as they are kept."""

import sqlite3

from watchparty.domain.upload import Upload
from watchparty.storage.database import Tx


class UploadStore:
    def add(self, tx: Tx, upload: Upload) -> None:
        tx.execute(
            "INSERT INTO uploads (id, video_id, size, created_at, expires_at, makes_film, metadata)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                upload.id,
                upload.video_id,
                upload.size,
                upload.created_at,
                upload.expires_at,
                upload.makes_film,
                upload.metadata,
            ),
        )

    def get(self, tx: Tx, upload_id: str) -> Upload | None:
        row = tx.execute("SELECT * FROM uploads WHERE id = ?", (upload_id,)).fetchone()
        return _upload(row) if row else None

    def advance(self, tx: Tx, upload_id: str, received: int, expires_at: float) -> bool:
        """Keep how many bytes are on the disk for certain. False when the upload has been given up meanwhile."""
        changed = tx.execute(
            "UPDATE uploads SET received = ?, expires_at = ? WHERE id = ? AND finished = 0",
            (received, expires_at, upload_id),
        )
        return changed.rowcount == 1

    def set_size(self, tx: Tx, upload_id: str, size: int) -> None:
        tx.execute("UPDATE uploads SET size = ? WHERE id = ?", (size, upload_id))

    def finish(self, tx: Tx, upload: Upload, size: int) -> None:
        """The film has these bytes; whatever else was to bring its bytes is given up."""
        tx.execute("DELETE FROM uploads WHERE video_id = ? AND id <> ?", (upload.video_id, upload.id))
        tx.execute("UPDATE uploads SET finished = 1, size = ?, received = ? WHERE id = ?", (size, size, upload.id))

    def give_up(self, tx: Tx, upload: Upload) -> None:
        """Forget it, and its film where that was made for it and never got its bytes."""
        tx.execute("DELETE FROM uploads WHERE id = ?", (upload.id,))
        if upload.makes_film:
            tx.execute("DELETE FROM videos WHERE id = ? AND status = 'pending'", (upload.video_id,))

    def forget(self, tx: Tx, video_id: str) -> None:
        """Whatever was to bring this film's bytes."""
        tx.execute("DELETE FROM uploads WHERE video_id = ?", (video_id,))

    def expired(self, tx: Tx, now: float) -> list[Upload]:
        rows = tx.execute("SELECT * FROM uploads WHERE expires_at <= ?", (now,))
        return [_upload(row) for row in rows]

    def unfinished(self, tx: Tx) -> dict[str, str]:
        """Every upload that is still to be finished, with its film."""
        rows = tx.execute("SELECT id, video_id FROM uploads WHERE finished = 0")
        return {row["id"]: row["video_id"] for row in rows}


def _upload(row: sqlite3.Row) -> Upload:
    return Upload(
        id=row["id"],
        video_id=row["video_id"],
        size=row["size"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        received=row["received"],
        finished=bool(row["finished"]),
        makes_film=bool(row["makes_film"]),
        metadata=row["metadata"],
    )
