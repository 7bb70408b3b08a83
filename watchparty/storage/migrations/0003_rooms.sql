-- Rooms: who belongs to them, how one gets in, where playback stands, what was said and done. Times are Unix seconds.

CREATE TABLE rooms (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    host_id       TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    admission     TEXT NOT NULL CHECK (admission IN ('open', 'approval', 'invite')),
    control       TEXT NOT NULL CHECK (control IN ('everyone', 'hosts')),
    password_hash TEXT,
    created_at    REAL NOT NULL,
    updated_at    REAL NOT NULL
) STRICT;
CREATE INDEX rooms_by_age ON rooms (created_at DESC, id DESC);
CREATE INDEX rooms_by_host ON rooms (host_id);

-- Apart from the room's settings, since it is written every few seconds while a film plays.
CREATE TABLE timelines (
    room_id  TEXT PRIMARY KEY REFERENCES rooms (id) ON DELETE CASCADE,
    video_id TEXT REFERENCES videos (id) ON DELETE SET NULL,
    revision INTEGER NOT NULL,
    position REAL NOT NULL,     -- seconds of media
    rate     REAL NOT NULL,
    saved_at REAL NOT NULL
) STRICT;
CREATE INDEX timelines_by_video ON timelines (video_id);

CREATE TABLE members (
    room_id    TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    id         TEXT NOT NULL,   -- the account's id, or the guest's
    user_id    TEXT REFERENCES users (id) ON DELETE CASCADE,  -- empty for guests, who have no account
    name       TEXT NOT NULL,
    role       TEXT NOT NULL CHECK (role IN ('host', 'cohost', 'member', 'guest')),
    muted      INTEGER NOT NULL DEFAULT 0,
    joined_at  REAL NOT NULL,
    removed_at REAL,            -- shown out, and remembered so that an open door does not let them straight back in
    PRIMARY KEY (room_id, id),
    CHECK ((user_id IS NULL) = (role = 'guest'))
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_user ON members (user_id);

CREATE TABLE invites (
    id         TEXT PRIMARY KEY,
    room_id    TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL UNIQUE,  -- whoever reads this file cannot walk in with it
    pin_hash   TEXT NOT NULL UNIQUE,  -- keyed, since a million PINs are quickly tried; unique, since it finds the room
    role       TEXT NOT NULL CHECK (role IN ('cohost', 'member', 'guest')),
    created_by TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    max_uses   INTEGER,
    uses       INTEGER NOT NULL DEFAULT 0,
    email      TEXT
) STRICT;
CREATE INDEX invites_by_room ON invites (room_id, created_at);
CREATE INDEX invites_by_end ON invites (expires_at);
CREATE INDEX invites_by_creator ON invites (created_by);

CREATE TABLE access_requests (
    id         TEXT PRIMARY KEY,
    room_id    TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    person_id  TEXT NOT NULL,   -- the account's id, or the one the guest will have
    user_id    TEXT REFERENCES users (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    message    TEXT NOT NULL,
    status     TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'denied')),
    created_at REAL NOT NULL,
    decided_at REAL,
    decided_by TEXT
) STRICT;
CREATE INDEX access_requests_by_room ON access_requests (room_id, status, created_at);
CREATE UNIQUE INDEX access_requests_once ON access_requests (room_id, person_id) WHERE status = 'pending';
CREATE INDEX access_requests_by_user ON access_requests (user_id);

CREATE TABLE messages (
    seq        INTEGER PRIMARY KEY,  -- the order things were said in
    id         TEXT NOT NULL UNIQUE,
    room_id    TEXT NOT NULL,
    member_id  TEXT NOT NULL,
    name       TEXT NOT NULL,        -- as it was then
    text       TEXT NOT NULL,
    client_id  TEXT NOT NULL,
    reply_to   TEXT,
    created_at REAL NOT NULL,
    UNIQUE (room_id, member_id, client_id),  -- sent again after a lost connection, it is said once
    FOREIGN KEY (room_id, member_id) REFERENCES members (room_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX messages_by_room ON messages (room_id, seq);

CREATE TABLE room_events (
    seq       INTEGER PRIMARY KEY,
    room_id   TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    kind      TEXT NOT NULL,
    member_id TEXT,                  -- nobody, when the room did it by itself
    name      TEXT,
    position  REAL,                  -- seconds of media
    at        REAL NOT NULL
) STRICT;
CREATE INDEX room_events_by_room ON room_events (room_id, seq);
