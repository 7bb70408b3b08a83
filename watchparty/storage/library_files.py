"""Which file each film of the watched folder is, so that it is known again under another name."""

import sqlite3

from watchparty.domain.library_file import Found, Kept
from watchparty.domain.video import Status, title_of
from watchparty.storage.database import Tx


class LibraryFileStore:
    def kept(self, tx: Tx) -> list[Kept]:
        """Every film of the watched folder but those in the trash, whose files stay out by their marks."""
        rows = tx.execute(
            "SELECT id, library_path, status, size, inspection IS NOT NULL AS inspected, mark, fingerprint"
            " FROM videos LEFT JOIN library_files ON video_id = id"
            " WHERE library_path IS NOT NULL AND deleted_at IS NULL"
        )
        return [_kept(row) for row in rows]

    def put(self, tx: Tx, video_id: str, mark: str, fingerprint: str) -> None:
        """Keep by what the film's file is known. Nothing when the film was deleted meanwhile."""
        tx.execute(
            "INSERT OR REPLACE INTO library_files (video_id, mark, fingerprint)"
            " SELECT id, :mark, :fingerprint FROM videos WHERE id = :id AND deleted_at IS NULL",
            {"id": video_id, "mark": mark, "fingerprint": fingerprint},
        )

    def move(self, tx: Tx, moves: list[tuple[Kept, Found]], now: float) -> None:
        """Keep where these films lie by now. One that was called like its file still is; other titles stay.

        A film whose place another has taken is left at a path that no file can have.
        """
        for kept, _ in moves:
            # Out of each other's way: two files may have changed names.
            self._set_aside(tx, kept.video_id)
        for kept, found in moves:
            row = tx.execute("SELECT id FROM videos WHERE library_path = ?", (found.path,)).fetchone()
            if row is not None:
                self._set_aside(tx, row["id"])
            self._rename(tx, kept.video_id, found.path, now)

    def _rename(self, tx: Tx, video_id: str, path: str, now: float) -> None:
        row = tx.execute("SELECT filename FROM videos WHERE id = ? AND deleted_at IS NULL", (video_id,)).fetchone()
        if row is None:
            return
        filename = path.rpartition("/")[2]
        tx.execute(
            "UPDATE videos SET library_path = :path, filename = :filename, updated_at = :now,"
            " title = CASE WHEN title = :old THEN :new ELSE title END WHERE id = :id",
            {
                "id": video_id,
                "path": path,
                "filename": filename,
                "now": now,
                "old": title_of(row["filename"]),
                "new": title_of(filename),
            },
        )

    def _set_aside(self, tx: Tx, video_id: str) -> None:
        # Hidden files are never looked at.
        tx.execute(
            "UPDATE videos SET library_path = '.replaced/' || id WHERE id = ? AND deleted_at IS NULL", (video_id,)
        )

    def left_out(self, tx: Tx) -> set[str]:
        """The marks of files whose film was deleted: they are not to come again by themselves."""
        return {row["mark"] for row in tx.execute("SELECT mark FROM left_out")}


def _kept(row: sqlite3.Row) -> Kept:
    return Kept(
        video_id=row["id"],
        path=row["library_path"],
        status=Status(row["status"]),
        size=row["size"],
        inspected=bool(row["inspected"]),
        mark=row["mark"],
        fingerprint=row["fingerprint"],
    )
