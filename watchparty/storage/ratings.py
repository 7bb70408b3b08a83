"""Who likes which film, and who does not. How many do stands in the film's own row, where triggers count it."""

import json
from collections.abc import Collection

from watchparty.domain.rating import Rating, Tally
from watchparty.storage.database import Tx


class RatingStore:
    def of(self, tx: Tx, video_id: str, user_id: str) -> Tally:
        """Nobody's of a film that is gone."""
        row = tx.execute("SELECT likes, dislikes FROM videos WHERE id = ?", (video_id,)).fetchone()
        mine = self.mine(tx, user_id, [video_id]).get(video_id)
        return Tally(row["likes"], row["dislikes"], mine) if row else Tally(0, 0, None)

    def mine(self, tx: Tx, user_id: str, video_ids: Collection[str]) -> dict[str, Rating]:
        """What somebody said of these films, by the film's id."""
        rows = tx.execute(
            "SELECT ratings.video_id, ratings.rating FROM json_each(?) AS wanted"
            " JOIN ratings ON ratings.video_id = wanted.value AND ratings.user_id = ?",
            (json.dumps([*video_ids]), user_id),
        )
        return {row["video_id"]: Rating(row["rating"]) for row in rows}

    def set(self, tx: Tx, video_id: str, user_id: str, rating: Rating | None, now: float) -> None:
        """Keep somebody's word about a film that exists; None takes it back."""
        if rating is None:
            tx.execute("DELETE FROM ratings WHERE video_id = ? AND user_id = ?", (video_id, user_id))
        else:
            tx.execute(
                "INSERT INTO ratings (video_id, user_id, rating, created_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (video_id, user_id) DO UPDATE SET rating = excluded.rating",
                (video_id, user_id, rating, now),
            )
