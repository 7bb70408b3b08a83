"""Who has been counted as a viewer of what, and when."""

from watchparty.storage.database import Tx


class ViewingStore:
    def count(self, tx: Tx, video_id: str, viewer_id: str, now: float, pause: float) -> bool:
        """One view more of this film. False when this viewer was counted less than `pause` seconds ago."""
        counted = tx.execute(
            # A clock put back must not keep anybody from being counted for as long.
            "INSERT INTO viewings (video_id, viewer_id, counted_at) VALUES (:video_id, :viewer_id, :now)"
            " ON CONFLICT (video_id, viewer_id) DO UPDATE SET counted_at = :now"
            " WHERE abs(:now - counted_at) >= :pause",
            {"video_id": video_id, "viewer_id": viewer_id, "now": now, "pause": pause},
        )
        if counted.rowcount != 1:
            return False
        tx.execute("UPDATE videos SET views = views + 1 WHERE id = ?", (video_id,))
        return True

    def forget(self, tx: Tx, before: float) -> None:
        """Those counted so long ago that they may be counted again."""
        tx.execute("DELETE FROM viewings WHERE counted_at < ?", (before,))
