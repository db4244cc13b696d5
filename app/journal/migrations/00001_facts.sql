-- +goose Up
CREATE TABLE facts (
    seq  INTEGER PRIMARY KEY,
    at   INTEGER NOT NULL, -- milliseconds since 1970, UTC
    kind TEXT    NOT NULL,
    call TEXT    NOT NULL DEFAULT '', -- CallSid
    body TEXT    NOT NULL             -- JSON
) STRICT;
CREATE INDEX facts_call ON facts (call) WHERE call <> '';

-- +goose Down
DROP TABLE facts;
