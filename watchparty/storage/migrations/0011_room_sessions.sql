-- What happened in a room, sitting by sitting: each from the first person coming until the last has left.

CREATE TABLE room_sessions (
    id         TEXT PRIMARY KEY,
    room_id    TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    started_at REAL NOT NULL,
    ended_at   REAL             -- empty while it goes on, and after a server was killed in the middle of it
) STRICT;
CREATE INDEX room_sessions_by_room ON room_sessions (room_id, started_at DESC, id DESC);

ALTER TABLE room_events ADD COLUMN session_id TEXT REFERENCES room_sessions (id) ON DELETE CASCADE;
ALTER TABLE room_events ADD COLUMN video_id TEXT;       -- no reference: what was shown stays known when it is deleted
ALTER TABLE room_events ADD COLUMN title TEXT;          -- the film's, as it was then
ALTER TABLE room_events ADD COLUMN from_position REAL;  -- where a jump began, seconds of media
ALTER TABLE room_events ADD COLUMN target_id TEXT;      -- the member something was done to
ALTER TABLE room_events ADD COLUMN target_name TEXT;
ALTER TABLE room_events ADD COLUMN detail TEXT;         -- the speed, the role, the settings: a word or a few
CREATE INDEX room_events_by_session ON room_events (session_id, seq);

-- What was written down before sittings were told apart is one of its own.
INSERT INTO room_sessions (id, room_id, started_at, ended_at)
    SELECT 'before-' || room_id, room_id, MIN(at), MAX(at) FROM room_events GROUP BY room_id;
UPDATE room_events SET session_id = 'before-' || room_id;
