-- By what a film of the watched folder is known again when its file has another name or place.

CREATE TABLE library_files (
    video_id    TEXT PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
    mark        TEXT NOT NULL,  -- device, inode, size and time of change: the very same file, untouched
    fingerprint TEXT NOT NULL   -- a hash of its size and of three places in it: the same content, copied or on another disk
) STRICT;

-- Files whose film somebody has deleted from the library. They stay on the disk, and out of the library.
CREATE TABLE left_out (
    mark TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
