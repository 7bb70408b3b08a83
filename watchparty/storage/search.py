"""The index of words. Triggers keep up with what films say of themselves; what stands elsewhere is told here."""

from watchparty.storage.database import Tx


class SearchStore:
    def refresh(self, tx: Tx, video_id: str) -> None:
        """The names of those who have commented on this film may be others: have it found by them."""
        tx.execute(
            "UPDATE search SET commenters = (SELECT coalesce(group_concat(name, ' '), '') FROM commenters"
            " WHERE video_id = :id) WHERE rowid = (SELECT number FROM search_rows WHERE video_id = :id)",
            {"id": video_id},
        )
