-- What happened and who has to hear of it: kept with the deed itself, so that no crash comes between the two.

CREATE TABLE events (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: pages ask for what came after the last they heard
    kind         TEXT NOT NULL,
    subject      TEXT NOT NULL,              -- no reference: of what was deleted one hears too
    owner_id     TEXT,
    people       TEXT NOT NULL,              -- a JSON array: the accounts that may know of it besides
    said         TEXT NOT NULL CHECK (json_valid(said)),
    at           REAL NOT NULL,
    delivered_at REAL                        -- empty until every listener has taken it
) STRICT;
CREATE INDEX events_pending ON events (seq) WHERE delivered_at IS NULL;
CREATE INDEX events_by_delivery ON events (delivered_at);  -- the oldest are forgotten

-- Where other programs want to hear of it. Their secrets are made of secret.key and `secret_id`, and stand nowhere.
CREATE TABLE webhooks (
    id            TEXT PRIMARY KEY,
    url           TEXT NOT NULL,
    description   TEXT NOT NULL,
    kinds         TEXT NOT NULL CHECK (json_valid(kinds)),  -- an array of kinds of events; empty is all of them
    enabled       INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    notice        TEXT,                      -- why the server disabled it
    failing_since REAL,                      -- the first of the failures since its last success
    secret_id     TEXT NOT NULL,
    former_secret_id TEXT,                   -- signs too until then, so that receivers can change over
    former_until  REAL,
    created_by    TEXT REFERENCES users (id) ON DELETE SET NULL,
    created_at    REAL NOT NULL,
    updated_at    REAL NOT NULL
) STRICT;
CREATE INDEX webhooks_by_age ON webhooks (created_at DESC, id DESC);
CREATE INDEX webhooks_by_person ON webhooks (created_by);

CREATE TABLE webhook_deliveries (
    id          TEXT PRIMARY KEY,            -- the header webhook-id, the same for every try
    webhook_id  TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event_seq   INTEGER,                     -- empty for tests and replays; no reference: events are forgotten sooner
    kind        TEXT NOT NULL,
    body        TEXT NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
    tries       INTEGER NOT NULL DEFAULT 0,
    due_at      REAL,                        -- when the next try is, while there is one
    created_at  REAL NOT NULL,
    finished_at REAL,
    UNIQUE (webhook_id, event_seq)           -- an event that is heard twice after a crash is sent once
) STRICT;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (webhook_id, created_at DESC, id DESC);
CREATE INDEX webhook_deliveries_by_end ON webhook_deliveries (finished_at);

CREATE TABLE webhook_tries (
    delivery_id TEXT NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    number      INTEGER NOT NULL,            -- 1 for the first
    at          REAL NOT NULL,
    seconds     REAL NOT NULL,               -- how long it took
    status      INTEGER,                     -- of HTTP, where there was an answer
    answer      TEXT,                        -- its first bytes
    error       TEXT,                        -- why there was none, in a sentence
    PRIMARY KEY (delivery_id, number)
) STRICT, WITHOUT ROWID;

-- What an external encoder reports is signed with this; there is none until an administrator makes one.
CREATE TABLE incoming_secret (
    only_one   INTEGER PRIMARY KEY CHECK (only_one = 1),
    secret_id  TEXT NOT NULL,
    created_at REAL NOT NULL
) STRICT;

-- Reports that were carried out, so that one that comes twice is not carried out twice.
CREATE TABLE incoming_webhooks (
    id          TEXT PRIMARY KEY,            -- the header webhook-id
    received_at REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX incoming_webhooks_by_age ON incoming_webhooks (received_at);
