-- Uploads that go on after a break, films known again by their content, and how much each person may keep.

ALTER TABLE uploads ADD COLUMN received INTEGER NOT NULL DEFAULT 0 CHECK (received >= 0);  -- bytes that are on the disk for certain
ALTER TABLE uploads ADD COLUMN finished INTEGER NOT NULL DEFAULT 0 CHECK (finished IN (0, 1));  -- kept for clients that did not hear the last answer
ALTER TABLE uploads ADD COLUMN makes_film INTEGER NOT NULL DEFAULT 0 CHECK (makes_film IN (0, 1));  -- its film was made for it, and goes with it
ALTER TABLE uploads ADD COLUMN metadata TEXT;  -- as the client gave it, who may ask for it again
CREATE INDEX uploads_unfinished ON uploads (id, video_id) WHERE finished = 0;

CREATE TABLE contents (
    video_id TEXT PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
    sha256   TEXT NOT NULL  -- of the original, in hexadecimal digits
) STRICT, WITHOUT ROWID;
CREATE INDEX contents_by_hash ON contents (sha256);  -- the same file sent twice is not refused, but told

ALTER TABLE users ADD COLUMN quota INTEGER CHECK (quota >= 0);  -- bytes, 0 for no limit; NULL: what the server's setting says
