"""Films in the trash: out of everybody's sight with all that is theirs, until they come back or are truly gone."""

from watchparty.domain.trash import Trashed
from watchparty.domain.video import Video
from watchparty.storage.database import Tx
from watchparty.storage.video_rows import video_of

# What says of a job that it ended with its film, so that it begins anew when that comes back.
DELETED = "The film was deleted."
# Hidden files are never looked at: no file of the watched folder has a path like this.
_SET_ASIDE = ".trash/"
_LOST = ".replaced/"
REPLACED = "Another film has taken the place of its file in the watched folder."


class TrashStore:
    def put(self, tx: Tx, video_id: str, now: float) -> bool:
        """Take a living film out of everything it stands in. False when there is no such film.

        A file of the watched folder stays where it is, and would come again by itself: its mark is kept, its path left
        to whatever takes its place.
        """
        gone = tx.execute(
            "UPDATE videos SET deleted_at = :now, library_path = '.trash/' || id || '/' || library_path"
            " WHERE id = :id AND deleted_at IS NULL",
            {"id": video_id, "now": now},
        )
        if gone.rowcount != 1:
            return False
        tx.execute(
            "INSERT OR IGNORE INTO left_out (mark) SELECT mark FROM library_files WHERE video_id = ?", (video_id,)
        )
        tx.execute("DELETE FROM uploads WHERE video_id = ?", (video_id,))
        tx.execute("DELETE FROM room_queue WHERE video_id = ?", (video_id,))
        tx.execute("UPDATE timelines SET video_id = NULL WHERE video_id = ?", (video_id,))
        tx.execute(
            "UPDATE jobs SET status = 'cancelled', error = ?, finished_at = ?"
            " WHERE video_id = ? AND status IN ('queued', 'running')",
            (DELETED, now, video_id),
        )
        return True

    def restore(self, tx: Tx, trashed: Trashed, now: float) -> None:
        """Put it back as it was, and what was being done to it into the queue."""
        video = trashed.video
        path = self._way_back(tx, video)
        tx.execute(
            "UPDATE videos SET deleted_at = NULL, library_path = :path, updated_at = :now WHERE id = :id",
            {"id": video.id, "now": now, "path": path or f"{_LOST}{video.id}" if video.library_path else None},
        )
        if video.library_path and path is None:
            tx.execute("UPDATE videos SET status = 'missing', reason = ? WHERE id = ?", (REPLACED, video.id))
        tx.execute("DELETE FROM left_out WHERE mark = (SELECT mark FROM library_files WHERE video_id = ?)", (video.id,))
        tx.execute(
            "UPDATE jobs SET status = 'queued', deaths = 0, retries = 0, run_at = ?, error = NULL, progress = 0,"
            " started_at = NULL, finished_at = NULL WHERE video_id = ? AND status = 'cancelled' AND error = ?",
            (now, video.id, DELETED),
        )

    def get(self, tx: Tx, video_id: str) -> Trashed | None:
        row = tx.execute("SELECT * FROM videos WHERE id = ? AND deleted_at IS NOT NULL", (video_id,)).fetchone()
        return Trashed(video_of(row), row["deleted_at"]) if row else None

    def page(self, tx: Tx, owner_id: str | None, after: tuple[float, str] | None, limit: int) -> list[Trashed]:
        """What `owner_id` (None: anybody) has deleted, the latest first."""
        key, video_id = after or (None, None)
        rows = tx.execute(
            "SELECT * FROM videos WHERE deleted_at IS NOT NULL AND (:owner_id IS NULL OR owner_id = :owner_id)"
            " AND (:key IS NULL OR (deleted_at, id) < (:key, :id)) ORDER BY deleted_at DESC, id DESC LIMIT :limit",
            {"owner_id": owner_id, "key": key, "id": video_id, "limit": limit},
        )
        return [Trashed(video_of(row), row["deleted_at"]) for row in rows]

    def due(self, tx: Tx, before: float) -> list[str]:
        """Those that have lain in it since `before`, or longer."""
        rows = tx.execute("SELECT id FROM videos WHERE deleted_at IS NOT NULL AND deleted_at <= ?", (before,))
        return [row["id"] for row in rows]

    def oldest(self, tx: Tx) -> float | None:
        """When the film was deleted that has lain in it longest."""
        row = tx.execute("SELECT MIN(deleted_at) AS oldest FROM videos WHERE deleted_at IS NOT NULL").fetchone()
        return None if row["oldest"] is None else float(row["oldest"])

    def purge(self, tx: Tx, video_id: str) -> bool:
        """Forget a film of the trash for good, and every row that is its. False when it is not there any more."""
        gone = tx.execute("DELETE FROM videos WHERE id = ? AND deleted_at IS NOT NULL", (video_id,))
        return gone.rowcount == 1

    def _way_back(self, tx: Tx, video: Video) -> str | None:
        """Where its file lay in the watched folder; None when another film's lies there now."""
        if video.library_path is None:
            return None
        path = video.library_path.removeprefix(f"{_SET_ASIDE}{video.id}/")
        taken = tx.execute("SELECT 1 FROM videos WHERE library_path = ?", (path,)).fetchone()
        return path if taken is None else None
