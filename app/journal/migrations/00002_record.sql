-- A show's record is found by the facts that open and close shows, and counted
-- by those of callers who rang in.

-- +goose Up
CREATE INDEX facts_show ON facts (seq) WHERE kind = 'show';
CREATE INDEX facts_arrived ON facts (seq) WHERE kind = 'arrived';

-- +goose Down
DROP INDEX facts_arrived;
DROP INDEX facts_show;
