-- Jobs that people ask for, that wait for their turn or for a disk, and that leave something behind.

ALTER TABLE jobs ADD COLUMN created_by TEXT REFERENCES users (id) ON DELETE SET NULL;  -- so that nobody's hundred starve another's one
ALTER TABLE jobs ADD COLUMN options TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(options));  -- what was asked for, as JSON
ALTER TABLE jobs ADD COLUMN result TEXT CHECK (result IS NULL OR json_valid(result));  -- what was made, as JSON; its key keeps the object alive
ALTER TABLE jobs ADD COLUMN run_at REAL NOT NULL DEFAULT 0;     -- not before then
ALTER TABLE jobs ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0;  -- attempts that ended with the server; retries after faults are no deaths
ALTER TABLE jobs ADD COLUMN retries INTEGER NOT NULL DEFAULT 0 CHECK (retries >= 0);

UPDATE jobs SET created_by = (SELECT owner_id FROM videos WHERE id = jobs.video_id), run_at = created_at;

DROP INDEX jobs_waiting;
CREATE INDEX jobs_by_turn ON jobs (status, kind, created_by, created_at);  -- the oldest of each person and kind
CREATE INDEX jobs_by_age ON jobs (created_at DESC, id DESC);
CREATE INDEX jobs_by_end ON jobs (status, finished_at DESC);               -- what history is cut to
CREATE INDEX jobs_by_person ON jobs (created_by);
