"""Rows of the table of films as films."""

import json
import sqlite3

from watchparty.domain.video import Status, Video, Visibility


def video_of(row: sqlite3.Row) -> Video:
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
        poster_key=row["own_poster_key"] or row["poster_key"],
        keep_ready=bool(row["keep_ready"]),
        storyboard_key=row["storyboard_key"],
        views=row["views"],
        likes=row["likes"],
        dislikes=row["dislikes"],
        comments=row["comments"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
