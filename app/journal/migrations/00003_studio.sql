-- A station has several studios, each with a record of its own. What an earlier
-- Callin wrote is the first one's.

-- +goose Up
ALTER TABLE facts ADD COLUMN studio TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE facts DROP COLUMN studio;
