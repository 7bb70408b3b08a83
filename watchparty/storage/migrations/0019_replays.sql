-- What was answered to requests that carried an Idempotency-Key, so that a repeated one gets the same answer.
CREATE TABLE replays (
    person_id TEXT NOT NULL,      -- no reference: guests have no row anywhere, and all of this is gone in a day
    key_hash TEXT NOT NULL,
    said TEXT NOT NULL,           -- hash of method, address and body: the same key for something else is a mistake
    answer BLOB,                  -- sealed, since answers hold links and keys that are shown once; NULL while under way
    begun_at REAL NOT NULL,
    PRIMARY KEY (person_id, key_hash)
) WITHOUT ROWID;

CREATE INDEX replays_by_age ON replays (begun_at);
