-- What an account is beside a name and a password. Times are Unix seconds.

ALTER TABLE users ADD COLUMN bio TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN avatar TEXT;        -- names its picture, and is new with each one, so that browsers may keep it
ALTER TABLE users ADD COLUMN leaves_at REAL;     -- when a deleted account is gone for good; until then it is disabled
ALTER TABLE users ADD COLUMN keeps_videos INTEGER NOT NULL DEFAULT 0;  -- whether its films stay here when it goes
ALTER TABLE users ADD COLUMN may_return INTEGER NOT NULL DEFAULT 0;    -- whether signing in until then brings it back
CREATE INDEX users_by_role ON users (role, disabled, created_at);
CREATE INDEX users_leaving ON users (leaves_at) WHERE leaves_at IS NOT NULL;

-- Their pictures, made small: a dozen kilobytes each, kept and deleted with the account in one transaction.
CREATE TABLE avatars (
    name    TEXT PRIMARY KEY,
    user_id TEXT NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    picture BLOB NOT NULL                        -- a JPEG
) STRICT;

-- From where somebody signed in, so that they know their devices apart.
ALTER TABLE sessions ADD COLUMN agent TEXT;
ALTER TABLE sessions ADD COLUMN address TEXT;
ALTER TABLE sessions ADD COLUMN last_seen REAL;

-- The second step of signing in. No secret is kept: it follows from the salt and from secret.key.
CREATE TABLE two_step (
    user_id      TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    salt         TEXT NOT NULL,
    confirmed_at REAL,                           -- empty until a first code has shown that the app has the secret
    last_step    INTEGER NOT NULL DEFAULT 0      -- the 30 seconds whose code was taken last: no code is taken twice
) STRICT;

CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash    TEXT NOT NULL,                       -- keyed, since a code is short enough to be typed
    PRIMARY KEY (user_id, hash)
) STRICT, WITHOUT ROWID;

-- What programs sign in with.
CREATE TABLE api_keys (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    hash       TEXT NOT NULL UNIQUE,             -- SHA-256: whoever reads this file cannot sign in with it
    scopes     TEXT NOT NULL,                    -- a JSON array
    created_at REAL NOT NULL,
    expires_at REAL,
    last_seen  REAL
) STRICT;
CREATE INDEX api_keys_by_user ON api_keys (user_id, created_at);

-- Links that let somebody make an account.
CREATE TABLE account_invitations (
    id         TEXT PRIMARY KEY,
    hash       TEXT NOT NULL UNIQUE,             -- whoever reads this file cannot make an account with it
    created_by TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    note       TEXT NOT NULL,                    -- for whom it is
    created_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    max_uses   INTEGER NOT NULL,
    uses       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX account_invitations_by_creator ON account_invitations (created_by, created_at);
CREATE INDEX account_invitations_by_age ON account_invitations (created_at);
CREATE INDEX account_invitations_by_end ON account_invitations (expires_at);
