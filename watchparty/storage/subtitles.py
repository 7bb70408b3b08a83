"""Subtitles that people brought, as they are kept."""

from watchparty.domain.subtitle import Subtitle
from watchparty.storage.database import Tx


class SubtitleStore:
    def add(self, tx: Tx, subtitle: Subtitle) -> None:
        tx.execute(
            "INSERT INTO subtitles (id, video_id, label, language, format, object_key, created_by, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                subtitle.id,
                subtitle.video_id,
                subtitle.label,
                subtitle.language,
                subtitle.format,
                subtitle.object_key,
                subtitle.created_by,
                subtitle.created_at,
            ),
        )

    def of(self, tx: Tx, video_id: str) -> list[Subtitle]:
        """Those of one film, the oldest first."""
        rows = tx.execute("SELECT * FROM subtitles WHERE video_id = ? ORDER BY created_at, id", (video_id,))
        return [Subtitle(**row) for row in rows]

    def get(self, tx: Tx, video_id: str, subtitle_id: str) -> Subtitle | None:
        row = tx.execute("SELECT * FROM subtitles WHERE id = ? AND video_id = ?", (subtitle_id, video_id)).fetchone()
        return Subtitle(**row) if row else None

    def delete(self, tx: Tx, subtitle_id: str) -> None:
        tx.execute("DELETE FROM subtitles WHERE id = ?", (subtitle_id,))

    def object_keys(self, tx: Tx) -> set[str]:
        """Every key some subtitle refers to."""
        return {row["object_key"] for row in tx.execute("SELECT object_key FROM subtitles")}
