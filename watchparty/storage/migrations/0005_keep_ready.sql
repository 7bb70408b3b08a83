-- Films whose every segment is made beforehand and stays.

ALTER TABLE videos ADD COLUMN keep_ready INTEGER NOT NULL DEFAULT 0 CHECK (keep_ready IN (0, 1));
