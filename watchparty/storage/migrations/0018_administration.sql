-- Looking after the server: who changed what, and settings that were changed while it ran. Times are Unix seconds.

-- Nothing refers to accounts or films here: what was done to them is to be read when they have gone.
CREATE TABLE audit (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice, so that a gap would tell
    at         REAL NOT NULL,
    actor_id   TEXT,                               -- empty for what the server did by itself
    actor_name TEXT,
    action     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    address    TEXT,                               -- where the request came from
    request_id TEXT,
    before     TEXT,                               -- JSON objects without secrets
    after      TEXT
) STRICT;

CREATE TRIGGER audit_is_not_rewritten BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;

-- Settings changed while the server ran; what is not here is as the configuration has it.
CREATE TABLE preferences (
    name       TEXT PRIMARY KEY,
    value      TEXT NOT NULL,  -- JSON
    changed_at REAL NOT NULL
) STRICT;

-- Links by which somebody chooses a password without having one: a new account's, or of somebody who forgot theirs.
CREATE TABLE password_links (
    user_id    TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,  -- a new link ends the one before
    hash       TEXT NOT NULL UNIQUE,  -- SHA-256: whoever reads this file cannot use it
    expires_at REAL NOT NULL
) STRICT;
