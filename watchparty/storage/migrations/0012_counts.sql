-- What people did with a film, counted where it is listed and sorted, in the transaction that keeps each deed.
ALTER TABLE videos ADD COLUMN views INTEGER NOT NULL DEFAULT 0;
ALTER TABLE videos ADD COLUMN likes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE videos ADD COLUMN dislikes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE videos ADD COLUMN comments INTEGER NOT NULL DEFAULT 0;
