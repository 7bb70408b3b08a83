"""Films as they are kept: their words, whereabouts and what was found in them."""

import json
from collections.abc import Collection

from watchparty.domain.video import Status, Video
from watchparty.storage.database import Tx
from watchparty.storage.video_rows import video_of


class VideoStore:
    """Films that live; those in the trash are `TrashStore`'s, and nothing here finds or changes them."""

    def add(self, tx: Tx, video: Video) -> None:
        tx.execute(
            "INSERT INTO videos (id, owner_id, title, description, tags, visibility, status, filename, size, mime_type,"
            " object_key, library_path, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                video.id,
                video.owner_id,
                video.title,
                video.description,
                json.dumps(video.tags),
                video.visibility,
                video.status,
                video.filename,
                video.size,
                video.mime_type,
                video.object_key,
                video.library_path,
                video.created_at,
                video.updated_at,
            ),
        )

    def get(self, tx: Tx, video_id: str) -> Video | None:
        row = tx.execute("SELECT * FROM videos WHERE id = ? AND deleted_at IS NULL", (video_id,)).fetchone()
        return video_of(row) if row else None

    def describe(self, tx: Tx, video: Video) -> None:
        """Keep its title, description, tags and visibility."""
        tx.execute(
            "UPDATE videos SET title = ?, description = ?, tags = ?, visibility = ?, updated_at = ? WHERE id = ?",
            (video.title, video.description, json.dumps(video.tags), video.visibility, video.updated_at, video.id),
        )

    def arrived(self, tx: Tx, video: Video) -> bool:
        """Keep where its bytes lie, now that they are whole. False when the film was deleted meanwhile."""
        changed = tx.execute(
            "UPDATE videos SET status = 'uploaded', reason = NULL, inspection = NULL, object_key = ?, size = ?,"
            " mime_type = ?, updated_at = ? WHERE id = ? AND deleted_at IS NULL",
            (video.object_key, video.size, video.mime_type, video.updated_at, video.id),
        )
        return changed.rowcount == 1

    def set_status(self, tx: Tx, video_id: str, status: Status, reason: str | None, now: float) -> None:
        tx.execute(
            "UPDATE videos SET status = ?, reason = ?, updated_at = ? WHERE id = ? AND deleted_at IS NULL",
            (status, reason, now, video_id),
        )

    def set_inspection(self, tx: Tx, video: Video, inspection: str) -> None:
        """Keep what was found in the file, and that it can be watched."""
        tx.execute(
            "UPDATE videos SET status = ?, reason = NULL, inspection = ?, duration = ?, width = ?, height = ?,"
            " mime_type = ?, updated_at = ? WHERE id = ? AND deleted_at IS NULL",
            (
                video.status,
                inspection,
                video.duration,
                video.width,
                video.height,
                video.mime_type,
                video.updated_at,
                video.id,
            ),
        )

    def inspection(self, tx: Tx, video_id: str) -> str | None:
        row = tx.execute("SELECT inspection FROM videos WHERE id = ?", (video_id,)).fetchone()
        return row["inspection"] if row else None

    def set_poster(self, tx: Tx, video_id: str, key: str) -> None:
        tx.execute("UPDATE videos SET poster_key = ? WHERE id = ?", (key, video_id))

    def set_own_poster(self, tx: Tx, video_id: str, key: str | None) -> str | None:
        """The poster somebody chose, None for the one that was found; returns the key of the one chosen before."""
        row = tx.execute("SELECT own_poster_key FROM videos WHERE id = ?", (video_id,)).fetchone()
        tx.execute("UPDATE videos SET own_poster_key = ? WHERE id = ?", (key, video_id))
        return row["own_poster_key"] if row else None

    def set_keep_ready(self, tx: Tx, video_id: str, on: bool) -> None:
        tx.execute("UPDATE videos SET keep_ready = ? WHERE id = ?", (on, video_id))

    def kept_ready(self, tx: Tx) -> set[str]:
        return {row["id"] for row in tx.execute("SELECT id FROM videos WHERE keep_ready = 1")}

    def some(self, tx: Tx, video_ids: Collection[str]) -> dict[str, Video]:
        """Those of these videos that there are, by id."""
        wanted = json.dumps([*video_ids])
        rows = tx.execute(
            "SELECT * FROM videos WHERE id IN (SELECT value FROM json_each(?)) AND deleted_at IS NULL", (wanted,)
        )
        return {row["id"]: video_of(row) for row in rows}

    def set_storyboard(self, tx: Tx, video_id: str, key: str) -> bool:
        """False when the film was deleted meanwhile."""
        changed = tx.execute("UPDATE videos SET storyboard_key = ? WHERE id = ?", (key, video_id))
        return changed.rowcount == 1

    def without_storyboard(self, tx: Tx) -> str | None:
        """The newest film that could have a storyboard, has none, and had no job to make one."""
        row = tx.execute(
            "SELECT id FROM videos WHERE status = 'ready' AND width IS NOT NULL AND storyboard_key IS NULL"
            " AND deleted_at IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.video_id = videos.id AND jobs.kind = 'storyboard')"
            " ORDER BY created_at DESC, id DESC LIMIT 1"
        ).fetchone()
        return row["id"] if row else None

    def delete(self, tx: Tx, video_id: str) -> None:
        """A file of the watched folder stays where it is, and would come again by itself: its mark is kept."""
        tx.execute(
            "INSERT OR IGNORE INTO left_out (mark) SELECT mark FROM library_files WHERE video_id = ?", (video_id,)
        )
        tx.execute("DELETE FROM videos WHERE id = ?", (video_id,))

    def object_keys(self, tx: Tx) -> set[str]:
        """Every key some film refers to, also one in the trash."""
        rows = tx.execute("SELECT object_key, poster_key, own_poster_key FROM videos")
        return {key for row in rows for key in row if key is not None}

    def storyboard_keys(self, tx: Tx) -> set[str]:
        rows = tx.execute("SELECT storyboard_key FROM videos WHERE storyboard_key IS NOT NULL")
        return {row["storyboard_key"] for row in rows}

    def ids(self, tx: Tx) -> set[str]:
        """Of every film there is, also in the trash."""
        return {row["id"] for row in tx.execute("SELECT id FROM videos")}
