-- Accounts and the sessions that stand for them. Times are Unix seconds.

CREATE TABLE users (
    id            TEXT PRIMARY KEY,
    username      TEXT NOT NULL UNIQUE,  -- lower case, so that Ann and ann cannot both exist
    display_name  TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('admin', 'user')),
    email         TEXT,
    disabled      INTEGER NOT NULL DEFAULT 0,
    created_at    REAL NOT NULL
) STRICT;

-- One signing-in on one device. Ending it ends every token that came from it.
CREATE TABLE sessions (
    id         TEXT PRIMARY KEY,
    user_id    TEXT REFERENCES users (id) ON DELETE CASCADE,  -- empty for guests, who have no account
    guest_id   TEXT,
    guest_name TEXT,
    room_id    TEXT,
    created_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    CHECK ((user_id IS NULL) <> (guest_id IS NULL))
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_room ON sessions (room_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Every refresh token a session was ever given, so that a stolen one is noticed when it is used again.
CREATE TABLE refresh_tokens (
    hash          TEXT PRIMARY KEY,  -- SHA-256: whoever reads this file cannot sign in with it
    session_id    TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at    REAL NOT NULL,
    superseded_at REAL
) STRICT;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- The link that makes the first administrator; there is never more than one.
CREATE TABLE setup_token (
    only       INTEGER PRIMARY KEY CHECK (only = 1),
    hash       TEXT NOT NULL,
    expires_at REAL NOT NULL
) STRICT;
