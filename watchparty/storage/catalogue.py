"""The library as lists: filtered, searched, in every order, a page at a time."""

from watchparty.domain.video import Sort, Wanted
from watchparty.storage.database import Tx

Found = tuple[str, float | str]
"""A film's id, and by what it stands where it stands."""

_FILTER = """
    videos.deleted_at IS NULL
    AND (:viewer_id IS NULL OR owner_id = :viewer_id OR (visibility = 'public' AND status = 'ready'))
    AND (:status IS NULL OR status = :status)
    AND (:visibility IS NULL OR visibility = :visibility)
    AND (:owner_id IS NULL OR owner_id = :owner_id)
    AND (:tag IS NULL OR videos.id IN (SELECT video_id FROM video_tags WHERE tag = :tag))
    AND (:first IS NULL OR videos.id IN (SELECT video_id FROM search JOIN search_rows ON number = search.rowid WHERE
        (title LIKE :first ESCAPE '\\' OR description LIKE :first ESCAPE '\\' OR search.tags LIKE :first ESCAPE '\\')
        AND (:second IS NULL OR title LIKE :second ESCAPE '\\' OR description LIKE :second ESCAPE '\\'
            OR search.tags LIKE :second ESCAPE '\\')))
"""
_MATCHING = """
    AND (:match IS NULL OR videos.id IN
        (SELECT video_id FROM search JOIN search_rows ON number = search.rowid WHERE search MATCH :match))
"""

# One whole statement for each order there is, so that each can be pasted into sqlite3 and explained. They find no more
# than ids: the rows of films are long, and only those of one page are wanted.
LISTS = {
    Sort.NEWEST: f"SELECT id, created_at AS key FROM videos WHERE {_FILTER} {_MATCHING}"
    " AND (:key IS NULL OR (created_at, id) < (:key, :id)) ORDER BY created_at DESC, id DESC LIMIT :limit",
    Sort.OLDEST: f"SELECT id, created_at AS key FROM videos WHERE {_FILTER} {_MATCHING}"
    " AND (:key IS NULL OR (created_at, id) > (:key, :id)) ORDER BY created_at, id LIMIT :limit",
    Sort.TITLE: f"SELECT id, title AS key FROM videos WHERE {_FILTER} {_MATCHING}"
    " AND (:key IS NULL OR (title COLLATE NOCASE, id) > (:key, :id)) ORDER BY title COLLATE NOCASE, id LIMIT :limit",
    Sort.VIEWS: f"SELECT id, views AS key FROM videos WHERE {_FILTER} {_MATCHING}"
    " AND (:key IS NULL OR (views, id) < (:key, :id)) ORDER BY views DESC, id DESC LIMIT :limit",
    Sort.LIKES: f"SELECT id, likes AS key FROM videos WHERE {_FILTER} {_MATCHING}"
    " AND (:key IS NULL OR (likes, id) < (:key, :id)) ORDER BY likes DESC, id DESC LIMIT :limit",
    # A word in the title says more than one in a tag, and that more than one in passing.
    Sort.RELEVANCE: "WITH hits AS MATERIALIZED"
    " (SELECT rowid AS hit, bm25(search, 10.0, 2.0, 5.0, 1.0) AS score FROM search WHERE search MATCH :match)"
    # Asked of a set made beforehand: many films may have the word, and to look each up would take longer.
    " SELECT video_id AS id, score AS key FROM hits JOIN search_rows ON number = hit"
    f" WHERE video_id IN (SELECT id FROM videos WHERE {_FILTER})"
    " AND (:key IS NULL OR (score, video_id) > (:key, :id)) ORDER BY score, video_id LIMIT :limit",
}


class CatalogueStore:
    def page(self, tx: Tx, wanted: Wanted, sort: Sort) -> list[Found]:
        """The films of one page, in order. Without words to weigh, the newest stand first instead of the fittest."""
        key, video_id = wanted.after or (None, None)
        match, fragments = (wanted.sought.match, wanted.sought.fragments) if wanted.sought else (None, ())
        if sort is Sort.RELEVANCE and match is None:
            sort = Sort.NEWEST
        rows = tx.execute(
            LISTS[sort],
            {
                "viewer_id": wanted.viewer_id,
                "match": match,
                "first": fragments[0] if fragments else None,
                "second": fragments[1] if len(fragments) > 1 else None,
                "status": wanted.status,
                "visibility": wanted.visibility,
                "owner_id": wanted.owner_id,
                "tag": wanted.tag,
                "key": key,
                "id": video_id,
                "limit": wanted.limit,
            },
        )
        return [(row["id"], row["key"]) for row in rows]

    def tags(self, tx: Tx, viewer_id: str | None, limit: int) -> list[tuple[str, int]]:
        """The tags of the films that `viewer_id` may see listed (None: of all), and on how many each stands."""
        rows = tx.execute(
            "SELECT tag, COUNT(*) AS videos FROM video_tags WHERE video_id IN (SELECT id FROM videos"
            " WHERE deleted_at IS NULL"
            " AND (:viewer_id IS NULL OR owner_id = :viewer_id OR (visibility = 'public' AND status = 'ready')))"
            " GROUP BY tag ORDER BY videos DESC, tag LIMIT :limit",
            {"viewer_id": viewer_id, "limit": limit},
        )
        return [(row["tag"], row["videos"]) for row in rows]

    def owners(self, tx: Tx, viewer_id: str | None, limit: int) -> list[tuple[str, int]]:
        """Whose films these are, by id, and how many of them."""
        rows = tx.execute(
            "SELECT owner_id, COUNT(*) AS videos FROM videos WHERE deleted_at IS NULL"
            " AND (:viewer_id IS NULL OR owner_id = :viewer_id OR (visibility = 'public' AND status = 'ready'))"
            # The plus keeps it off the index of owners, for which it would read the films themselves.
            " GROUP BY +owner_id ORDER BY videos DESC, owner_id LIMIT :limit",
            {"viewer_id": viewer_id, "limit": limit},
        )
        return [(row["owner_id"], row["videos"]) for row in rows]
