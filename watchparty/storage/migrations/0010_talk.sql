-- Talk: how often one may speak in a room, who was meant, and what was taken back.

ALTER TABLE rooms ADD COLUMN slow_mode INTEGER NOT NULL DEFAULT 0
    CHECK (slow_mode BETWEEN 0 AND 3600);  -- seconds between two lines of one member; 0 is off

ALTER TABLE messages ADD COLUMN mentions TEXT NOT NULL DEFAULT '';  -- members' ids, a space between them

-- Who took the line back. Its text is emptied then; the row stays, so that answers to it still make sense.
ALTER TABLE messages ADD COLUMN unsaid_by TEXT;
