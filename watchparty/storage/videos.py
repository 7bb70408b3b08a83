"""Films as they are kept: their words, whereabouts and what was found in them."""

import json
import sqlite3
from collections.abc import Collection

from watchparty.domain.video import Status, Video, Visibility, Wanted
from watchparty.storage.database import Tx

_FILTER = """
    (:viewer_id IS NULL OR owner_id = :viewer_id OR (visibility = 'public' AND status = 'ready'))
    AND (:q IS NULL OR title LIKE :q ESCAPE '\\')
    AND (:status IS NULL OR status = :status)
    AND (:visibility IS NULL OR visibility = :visibility)
    AND (:owner_id IS NULL OR owner_id = :owner_id)
    AND (:tag IS NULL OR EXISTS (SELECT 1 FROM json_each(tags) WHERE value = :tag))
"""

# One whole statement for each order there is, so that each can be pasted into sqlite3 and explained.
_LISTS = {
    "newest": f"SELECT * FROM videos WHERE {_FILTER}"
    " AND (:key IS NULL OR (created_at, id) < (:key, :id)) ORDER BY created_at DESC, id DESC LIMIT :limit",
    "oldest": f"SELECT * FROM videos WHERE {_FILTER}"
    " AND (:key IS NULL OR (created_at, id) > (:key, :id)) ORDER BY created_at, id LIMIT :limit",
    "title": f"SELECT * FROM videos WHERE {_FILTER}"
    " AND (:key IS NULL OR (title COLLATE NOCASE, id) > (:key, :id)) ORDER BY title COLLATE NOCASE, id LIMIT :limit",
}


class VideoStore:
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
        row = tx.execute("SELECT * FROM videos WHERE id = ?", (video_id,)).fetchone()
        return _video(row) if row else None

    def list(self, tx: Tx, wanted: Wanted, sort: str) -> list[Video]:
        key, video_id = wanted.after or (None, None)
        rows = tx.execute(
            _LISTS[sort],
            {
                "viewer_id": wanted.viewer_id,
                "q": None if wanted.q is None else _containing(wanted.q),
                "status": wanted.status,
                "visibility": wanted.visibility,
                "owner_id": wanted.owner_id,
                "tag": wanted.tag,
                "key": key,
                "id": video_id,
                "limit": wanted.limit,
            },
        )
        return [_video(row) for row in rows]

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
            " mime_type = ?, updated_at = ? WHERE id = ?",
            (video.object_key, video.size, video.mime_type, video.updated_at, video.id),
        )
        return changed.rowcount == 1

    def set_status(self, tx: Tx, video_id: str, status: Status, reason: str | None, now: float) -> None:
        tx.execute(
            "UPDATE videos SET status = ?, reason = ?, updated_at = ? WHERE id = ?", (status, reason, now, video_id)
        )

    def set_inspection(self, tx: Tx, video: Video, inspection: str) -> None:
        """Keep what was found in the file, and that it can be watched."""
        tx.execute(
            "UPDATE videos SET status = ?, reason = NULL, inspection = ?, duration = ?, width = ?, height = ?,"
            " mime_type = ?, updated_at = ? WHERE id = ?",
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

    def set_keep_ready(self, tx: Tx, video_id: str, on: bool) -> None:
        tx.execute("UPDATE videos SET keep_ready = ? WHERE id = ?", (on, video_id))

    def kept_ready(self, tx: Tx) -> set[str]:
        return {row["id"] for row in tx.execute("SELECT id FROM videos WHERE keep_ready = 1")}

    def some(self, tx: Tx, video_ids: Collection[str]) -> dict[str, Video]:
        """Those of these videos that there are, by id."""
        wanted = json.dumps([*video_ids])
        rows = tx.execute("SELECT * FROM videos WHERE id IN (SELECT value FROM json_each(?))", (wanted,))
        return {row["id"]: _video(row) for row in rows}

    def set_storyboard(self, tx: Tx, video_id: str, key: str) -> bool:
        """False when the film was deleted meanwhile."""
        changed = tx.execute("UPDATE videos SET storyboard_key = ? WHERE id = ?", (key, video_id))
        return changed.rowcount == 1

    def without_storyboard(self, tx: Tx) -> str | None:
        """The newest film that could have a storyboard, has none, and had no job to make one."""
        row = tx.execute(
            "SELECT id FROM videos WHERE status = 'ready' AND width IS NOT NULL AND storyboard_key IS NULL"
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
        """Every key some film refers to."""
        rows = tx.execute("SELECT object_key, poster_key FROM videos")
        return {key for row in rows for key in row if key is not None}

    def storyboard_keys(self, tx: Tx) -> set[str]:
        rows = tx.execute("SELECT storyboard_key FROM videos WHERE storyboard_key IS NOT NULL")
        return {row["storyboard_key"] for row in rows}

    def ids(self, tx: Tx) -> set[str]:
        return {row["id"] for row in tx.execute("SELECT id FROM videos")}


class PositionStore:
    """Where people left off."""

    def get(self, tx: Tx, user_id: str, video_id: str) -> float:
        row = tx.execute(
            "SELECT position FROM positions WHERE user_id = ? AND video_id = ?", (user_id, video_id)
        ).fetchone()
        return float(row["position"]) if row else 0.0

    def set(self, tx: Tx, user_id: str, video_id: str, position: float, now: float) -> None:
        tx.execute(
            "INSERT OR REPLACE INTO positions (user_id, video_id, position, updated_at) VALUES (?, ?, ?, ?)",
            (user_id, video_id, position, now),
        )


def _containing(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _video(row: sqlite3.Row) -> Video:
    return Video(
        id=row["id"],
        owner_id=row["owner_id"],
        title=row["title"],
        description=row["description"],
        tags=tuple(json.loads(row["tags"])),
        visibility=Visibility(row["visibility"]),
        status=Status(row["status"]),
        reason=row["reason"],
        filename=row["filename"],
        size=row["size"],
        mime_type=row["mime_type"],
        object_key=row["object_key"],
        library_path=row["library_path"],
        duration=row["duration"],
        width=row["width"],
        height=row["height"],
        poster_key=row["poster_key"],
        keep_ready=bool(row["keep_ready"]),
        storyboard_key=row["storyboard_key"],
        views=row["views"],
        likes=row["likes"],
        dislikes=row["dislikes"],
        comments=row["comments"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
