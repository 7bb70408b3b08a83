-- What people think of films and say below them, and what people are told. Times are Unix seconds.

CREATE TABLE ratings (
    video_id   TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    rating     TEXT NOT NULL CHECK (rating IN ('like', 'dislike')),
    created_at REAL NOT NULL,
    PRIMARY KEY (video_id, user_id)  -- one opinion a person
) STRICT, WITHOUT ROWID;
CREATE INDEX ratings_by_user ON ratings (user_id);

-- Triggers count, not the program: an account that is deleted takes its ratings along, and then nobody else would.
CREATE TRIGGER rating_added AFTER INSERT ON ratings BEGIN
    UPDATE videos SET likes = likes + (NEW.rating = 'like'), dislikes = dislikes + (NEW.rating = 'dislike')
    WHERE id = NEW.video_id;
END;
CREATE TRIGGER rating_changed AFTER UPDATE OF rating ON ratings BEGIN
    UPDATE videos SET likes = likes + (NEW.rating = 'like') - (OLD.rating = 'like'),
        dislikes = dislikes + (NEW.rating = 'dislike') - (OLD.rating = 'dislike')
    WHERE id = NEW.video_id;
END;
CREATE TRIGGER rating_removed AFTER DELETE ON ratings BEGIN
    UPDATE videos SET likes = likes - (OLD.rating = 'like'), dislikes = dislikes - (OLD.rating = 'dislike')
    WHERE id = OLD.video_id;
END;

CREATE TABLE comments (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order they were written in, whatever the clock did
    id         TEXT NOT NULL UNIQUE,
    video_id   TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    author_id  TEXT REFERENCES users (id) ON DELETE SET NULL,      -- empty once the account is gone, and the text with it
    parent_id  TEXT REFERENCES comments (id) ON DELETE CASCADE,    -- the comment it answers, which answers none itself
    text       TEXT NOT NULL,
    at         REAL,                               -- seconds into the film
    mentions   TEXT NOT NULL DEFAULT '',           -- accounts' ids, a space between them
    replies    INTEGER NOT NULL DEFAULT 0,         -- those that are not deleted
    created_at REAL NOT NULL,
    edited_at  REAL,
    deleted_at REAL,                               -- the text stays for as long as it can be restored
    deleted_by TEXT
) STRICT;
CREATE INDEX comments_by_video ON comments (video_id, seq);
CREATE INDEX comments_at_top ON comments (video_id, seq) WHERE parent_id IS NULL;
CREATE INDEX comments_by_parent ON comments (parent_id, seq);
CREATE INDEX comments_by_author ON comments (author_id);
CREATE INDEX comments_to_forget ON comments (deleted_at) WHERE text <> '';

CREATE TRIGGER comment_added AFTER INSERT ON comments BEGIN
    UPDATE videos SET comments = comments + 1 WHERE id = NEW.video_id;
    UPDATE comments SET replies = replies + 1 WHERE id = NEW.parent_id;
END;
CREATE TRIGGER comment_deleted AFTER UPDATE OF deleted_at ON comments
WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN
    UPDATE videos SET comments = comments - 1 WHERE id = NEW.video_id;
    UPDATE comments SET replies = replies - 1 WHERE id = NEW.parent_id;
END;
CREATE TRIGGER comment_restored AFTER UPDATE OF deleted_at ON comments
WHEN OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL BEGIN
    UPDATE videos SET comments = comments + 1 WHERE id = NEW.video_id;
    UPDATE comments SET replies = replies + 1 WHERE id = NEW.parent_id;
END;
-- Films are found by the names of those who have said something below them.
DROP VIEW commenters;
CREATE VIEW commenters AS SELECT comments.video_id, users.display_name AS name
    FROM comments JOIN users ON users.id = comments.author_id
    WHERE comments.deleted_at IS NULL GROUP BY comments.video_id, comments.author_id;

-- What a deleted account said goes with it; what others answered stays.
CREATE TRIGGER comment_orphaned AFTER UPDATE OF author_id ON comments WHEN NEW.author_id IS NULL BEGIN
    UPDATE comments SET text = '', mentions = '', deleted_at = ifnull(deleted_at, (julianday('now') - 2440587.5) * 86400.0), deleted_by = NULL
    WHERE id = NEW.id;
    UPDATE search SET commenters =
        (SELECT ifnull(group_concat(name, ' '), '') FROM commenters WHERE video_id = NEW.video_id)
    WHERE rowid = (SELECT number FROM search_rows WHERE video_id = NEW.video_id);
END;

CREATE TABLE notifications (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,     -- who is told
    kind       TEXT NOT NULL,
    data       TEXT NOT NULL,                      -- JSON: what else the sentence needs
    -- What it is about: gone, that leaves nothing to tell.
    actor_id   TEXT REFERENCES users (id) ON DELETE CASCADE,
    video_id   TEXT REFERENCES videos (id) ON DELETE CASCADE,
    comment_id TEXT REFERENCES comments (id) ON DELETE CASCADE,
    room_id    TEXT REFERENCES rooms (id) ON DELETE CASCADE,
    created_at REAL NOT NULL,
    read_at    REAL
) STRICT;
CREATE INDEX notifications_by_user ON notifications (user_id, seq);
CREATE INDEX notifications_unread ON notifications (user_id, seq) WHERE read_at IS NULL;
CREATE INDEX notifications_by_actor ON notifications (actor_id);
CREATE INDEX notifications_by_video ON notifications (video_id);
CREATE INDEX notifications_by_comment ON notifications (comment_id);
CREATE INDEX notifications_by_room ON notifications (room_id);

-- What somebody does not want to be told of; everything else is told.
CREATE TABLE unwanted_notifications (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind    TEXT NOT NULL,
    PRIMARY KEY (user_id, kind)
) STRICT, WITHOUT ROWID;
