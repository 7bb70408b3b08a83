-- Who may do what in a room, action by action, instead of one word for who steers; and people who are to stay out.

-- JSON, action to the least role that may: always written and read whole.
ALTER TABLE rooms ADD COLUMN rights TEXT NOT NULL CHECK (json_valid(rights))
    DEFAULT '{"play":"guest","seek":"guest","rate":"guest","queue":"member","chat":"guest","invite":"member","kick":"cohost"}';
UPDATE rooms SET rights =
    '{"play":"cohost","seek":"cohost","rate":"cohost","queue":"cohost","chat":"guest","invite":"member","kick":"cohost"}'
    WHERE control = 'hosts';
-- Where one came in by invitation or knocking, hosts alone invited.
UPDATE rooms SET rights = json_set(rights, '$.invite', 'cohost') WHERE admission <> 'open';
ALTER TABLE rooms DROP COLUMN control;

ALTER TABLE members ADD COLUMN banned_at REAL;  -- not let in again by any door, until a host takes it back
