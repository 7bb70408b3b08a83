-- Films whose every segment is made beforehand and stays.

ALTER TABLE videos ADD COLUMN keep_ready INTEGER NOT NULL DEFAULT 0 CHECK (keep_ready IN (0, 1));
-- Asked for at every start.
CREATE INDEX videos_kept_ready ON videos (id) WHERE keep_ready = 1;
