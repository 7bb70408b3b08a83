-- The library: what there is to watch, how it got here, and the work done on it. Times are Unix seconds.

CREATE TABLE videos (
    id          TEXT PRIMARY KEY,
    owner_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title       TEXT NOT NULL,
    description TEXT NOT NULL,
    tags        TEXT NOT NULL,            -- a JSON array
    visibility  TEXT NOT NULL CHECK (visibility IN ('private', 'unlisted', 'public')),
    status      TEXT NOT NULL CHECK (status IN ('pending', 'uploaded', 'processing', 'ready', 'failed', 'missing')),
    reason      TEXT,                     -- why it failed, in a sentence
    filename    TEXT,
    size        INTEGER,                  -- bytes
    mime_type   TEXT,
    object_key  TEXT UNIQUE,              -- the original in the object store
    library_path TEXT UNIQUE,             -- or the file in the watched folder, which stays where it is
    duration    REAL,                     -- seconds
    width       INTEGER,                  -- pixels as shown
    height      INTEGER,
    inspection  TEXT,                     -- JSON: what the file holds and its grid, found once
    poster_key  TEXT,
    created_at  REAL NOT NULL,
    updated_at  REAL NOT NULL
) STRICT;
CREATE INDEX videos_by_age ON videos (created_at DESC, id DESC);
CREATE INDEX videos_by_title ON videos (title COLLATE NOCASE, id);
CREATE INDEX videos_by_owner ON videos (owner_id, created_at DESC);

-- Where somebody left off.
CREATE TABLE positions (
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    video_id   TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    position   REAL NOT NULL,             -- seconds
    updated_at REAL NOT NULL,
    PRIMARY KEY (user_id, video_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX positions_by_video ON positions (video_id);

CREATE TABLE uploads (
    id         TEXT PRIMARY KEY,
    video_id   TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    size       INTEGER,                   -- bytes announced, when they were
    created_at REAL NOT NULL,
    expires_at REAL NOT NULL
) STRICT;
CREATE INDEX uploads_by_video ON uploads (video_id);
CREATE INDEX uploads_by_end ON uploads (expires_at);

CREATE TABLE jobs (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    video_id    TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    status      TEXT NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    progress    REAL NOT NULL DEFAULT 0,  -- 0 to 1
    attempts    INTEGER NOT NULL DEFAULT 0,  -- counted before each begins, so that a file that kills the server is known
    error       TEXT,
    created_at  REAL NOT NULL,
    started_at  REAL,
    finished_at REAL
) STRICT;
CREATE INDEX jobs_waiting ON jobs (status, created_at);
CREATE INDEX jobs_by_video ON jobs (video_id, created_at);
