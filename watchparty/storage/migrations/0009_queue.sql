-- What rooms watch next. A film that is deleted is gone from every queue.

CREATE TABLE room_queue (
    room_id   TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    place     INTEGER NOT NULL,  -- from 0, without gaps: the whole queue is written anew at each change
    id        TEXT NOT NULL,
    video_id  TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    member_id TEXT NOT NULL,     -- who added it
    name      TEXT NOT NULL,     -- as they were called then
    PRIMARY KEY (room_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX room_queue_by_video ON room_queue (video_id);
