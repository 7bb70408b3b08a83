"""Comments as they are kept. How many a film and a comment have stands in their own rows, where triggers count it."""

import sqlite3

from watchparty.domain.comment import Comment, WantedComments
from watchparty.storage.database import Tx

# What is deleted is listed only as long as others have answered it. One whole statement for each list there is.
_SHOWN = "(deleted_at IS NULL OR replies > 0)"
_NEWEST = f"SELECT * FROM comments WHERE video_id = :video_id AND parent_id IS NULL AND {_SHOWN}"
_LISTS = {
    (False, True): f"{_NEWEST} AND seq < :after ORDER BY seq DESC LIMIT :limit",
    (False, False): f"{_NEWEST} AND seq > :after ORDER BY seq LIMIT :limit",
    (True, True): "SELECT * FROM comments WHERE parent_id = :parent_id AND deleted_at IS NULL"
    " AND seq < :after ORDER BY seq DESC LIMIT :limit",
    (True, False): "SELECT * FROM comments WHERE parent_id = :parent_id AND deleted_at IS NULL"
    " AND seq > :after ORDER BY seq LIMIT :limit",
}
# Beyond both ends of every list.
_FIRST, _LAST = 0, 1 << 62


class CommentStore:
    def add(self, tx: Tx, comment: Comment) -> None:
        tx.execute(
            "INSERT INTO comments (id, video_id, author_id, parent_id, text, at, mentions, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                comment.id,
                comment.video_id,
                comment.author_id,
                comment.parent_id,
                comment.text,
                comment.at,
                " ".join(comment.mentions),
                comment.created_at,
            ),
        )

    def get(self, tx: Tx, comment_id: str) -> Comment | None:
        """Deleted ones, too, while they are remembered."""
        row = tx.execute("SELECT * FROM comments WHERE id = ?", (comment_id,)).fetchone()
        return _comment(row) if row else None

    def list(self, tx: Tx, wanted: WantedComments) -> list[Comment]:
        rows = tx.execute(
            _LISTS[wanted.parent_id is not None, wanted.newest_first],
            {
                "video_id": wanted.video_id,
                "parent_id": wanted.parent_id,
                "after": wanted.after if wanted.after is not None else (_LAST if wanted.newest_first else _FIRST),
                "limit": wanted.limit,
            },
        )
        return [_comment(row) for row in rows]

    def edit(self, tx: Tx, comment: Comment) -> None:
        tx.execute(
            "UPDATE comments SET text = ?, at = ?, mentions = ?, edited_at = ? WHERE id = ?",
            (comment.text, comment.at, " ".join(comment.mentions), comment.edited_at, comment.id),
        )

    def delete(self, tx: Tx, comment_id: str, by: str, now: float) -> None:
        """Its words stay until they are forgotten."""
        tx.execute(
            "UPDATE comments SET deleted_at = ?, deleted_by = ? WHERE id = ? AND deleted_at IS NULL",
            (now, by, comment_id),
        )

    def restore(self, tx: Tx, comment_id: str) -> None:
        tx.execute("UPDATE comments SET deleted_at = NULL, deleted_by = NULL WHERE id = ?", (comment_id,))

    def forget(self, tx: Tx, before: float) -> None:
        """Empty what was deleted before then; the rows stay, so that answers to them still make sense."""
        tx.execute(
            "UPDATE comments SET text = '', mentions = '', at = NULL WHERE text <> '' AND deleted_at < ?", (before,)
        )


def _comment(row: sqlite3.Row) -> Comment:
    return Comment(
        id=row["id"],
        video_id=row["video_id"],
        author_id=row["author_id"],
        text=row["text"],
        created_at=row["created_at"],
        at=row["at"],
        parent_id=row["parent_id"],
        mentions=tuple(row["mentions"].split()),
        replies=row["replies"],
        edited_at=row["edited_at"],
        deleted_at=row["deleted_at"],
        deleted_by=row["deleted_by"],
        seq=row["seq"],
    )
