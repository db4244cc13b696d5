-- Callers whom another studio has given are counted by the facts that gave them.

-- +goose Up
CREATE INDEX facts_given ON facts (call) WHERE kind = 'began' AND body ->> 'by' = 'give';

-- +goose Down
DROP INDEX facts_given;
