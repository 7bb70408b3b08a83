-- A library that is searched, sorted, tidied and looked back on. Times are Unix seconds.

ALTER TABLE videos ADD COLUMN deleted_at REAL;       -- in the trash since then; empty for all that live
ALTER TABLE videos ADD COLUMN own_poster_key TEXT;   -- a poster somebody chose, over the one that was found

-- What lists are filtered by stands in the index of each order, so that only the films of the page itself are read.
DROP INDEX videos_by_age;
DROP INDEX videos_by_title;
CREATE INDEX videos_by_age ON videos (created_at DESC, id DESC, owner_id, visibility, status, deleted_at)
    WHERE deleted_at IS NULL;
CREATE INDEX videos_by_title ON videos (title COLLATE NOCASE, id, owner_id, visibility, status, deleted_at)
    WHERE deleted_at IS NULL;
CREATE INDEX videos_by_views ON videos (views DESC, id DESC, owner_id, visibility, status, deleted_at)
    WHERE deleted_at IS NULL;
CREATE INDEX videos_by_likes ON videos (likes DESC, id DESC, owner_id, visibility, status, deleted_at)
    WHERE deleted_at IS NULL;
CREATE INDEX videos_in_trash ON videos (deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL;

-- Each tag of each film, whatever its case, so that films are found by it and tags are counted.
CREATE TABLE video_tags (
    tag      TEXT NOT NULL COLLATE NOCASE,
    video_id TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    PRIMARY KEY (tag, video_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX video_tags_by_video ON video_tags (video_id);

-- Words of films. A number of its own for each, since VACUUM gives rows without one new numbers.
CREATE TABLE search_rows (
    number   INTEGER PRIMARY KEY,
    video_id TEXT NOT NULL UNIQUE REFERENCES videos (id) ON DELETE CASCADE
) STRICT;
CREATE VIRTUAL TABLE search USING fts5 (
    title, description, tags, commenters,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);

-- Who has commented on which film, by their names; replaced when there are comments.
CREATE VIEW commenters AS SELECT '' AS video_id, '' AS name WHERE 0;

INSERT INTO search_rows (video_id) SELECT id FROM videos;
INSERT INTO search (rowid, title, description, tags, commenters)
    SELECT number, title, description, (SELECT group_concat(value, ' ') FROM json_each(tags)), ''
    FROM search_rows JOIN videos ON videos.id = video_id;
INSERT OR IGNORE INTO video_tags (tag, video_id) SELECT value, videos.id FROM videos, json_each(videos.tags);

CREATE TRIGGER videos_added AFTER INSERT ON videos BEGIN
    INSERT INTO search_rows (video_id) VALUES (new.id);
    INSERT INTO search (rowid, title, description, tags, commenters)
        SELECT number, new.title, new.description, (SELECT group_concat(value, ' ') FROM json_each(new.tags)), ''
        FROM search_rows WHERE video_id = new.id;
    INSERT OR IGNORE INTO video_tags (tag, video_id) SELECT value, new.id FROM json_each(new.tags);
END;
CREATE TRIGGER videos_described AFTER UPDATE OF title, description, tags ON videos
    WHEN new.title <> old.title OR new.description <> old.description OR new.tags <> old.tags BEGIN
    UPDATE search SET title = new.title, description = new.description,
        tags = (SELECT group_concat(value, ' ') FROM json_each(new.tags))
        WHERE rowid = (SELECT number FROM search_rows WHERE video_id = new.id);
    DELETE FROM video_tags WHERE video_id = new.id;
    INSERT OR IGNORE INTO video_tags (tag, video_id) SELECT value, new.id FROM json_each(new.tags);
END;
-- A film's row takes its number along, and the number its words.
CREATE TRIGGER search_rows_gone AFTER DELETE ON search_rows BEGIN
    DELETE FROM search WHERE rowid = old.number;
END;

-- When each viewer was last counted, so that nobody counts twice within the hour.
CREATE TABLE viewings (
    video_id   TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    viewer_id  TEXT NOT NULL,   -- an account's id, or a guest's
    counted_at REAL NOT NULL,
    PRIMARY KEY (video_id, viewer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX viewings_by_age ON viewings (counted_at);

-- What somebody watched last comes first.
CREATE INDEX positions_by_time ON positions (user_id, updated_at DESC, video_id DESC);
