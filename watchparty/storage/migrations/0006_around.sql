-- What stands around the picture: storyboards for the scrub bar, and subtitles that people brought.

ALTER TABLE videos ADD COLUMN storyboard_key TEXT;  -- the folder of its sheets in the object store
-- So that asking which film lacks one does not read the whole library.
CREATE INDEX videos_without_storyboard ON videos (created_at DESC, id DESC)
    WHERE storyboard_key IS NULL AND status = 'ready' AND width IS NOT NULL;

CREATE TABLE subtitles (
    id         TEXT PRIMARY KEY,
    video_id   TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    label      TEXT NOT NULL,
    language   TEXT NOT NULL,             -- a BCP 47 tag, "und" where nobody said
    format     TEXT NOT NULL,             -- what was sent; what is kept is WebVTT
    object_key TEXT NOT NULL UNIQUE,
    created_by TEXT REFERENCES users (id) ON DELETE SET NULL,
    created_at REAL NOT NULL
) STRICT;
CREATE INDEX subtitles_by_video ON subtitles (video_id, created_at);
CREATE INDEX subtitles_by_person ON subtitles (created_by);
