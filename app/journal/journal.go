// Package journal keeps a station's facts on disk, in SQLite. What Append has
// returned for survives a crash of Callin and of the machine.
package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"callin/app/call"
	"callin/app/plain"
)

// Journal is one file of facts. Its methods may be called at the same time.
type Journal struct {
	db   *sql.DB
	path string // empty in memory
}

// Close closes the file.
func (j *Journal) Close() error { return j.db.Close() }

// Append writes facts, all or none, and returns when they are on disk. A fact
// that is there already, word for word, is not written twice: after an error
// nobody can know whether the disk had it. Another fact under a number that is
// there is an error.
func (j *Journal) Append(ctx context.Context, facts []call.Fact) error {
	tx, err := j.db.BeginTx(ctx, nil)
	if err != nil {
		return meaning(err)
	}
	defer tx.Rollback()
	insert, err := tx.PrepareContext(ctx, `INSERT INTO facts (seq, at, kind, call, studio, body) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (seq) DO UPDATE SET at = at WHERE at = excluded.at AND kind = excluded.kind AND call = excluded.call AND studio = excluded.studio AND body = excluded.body`)
	if err != nil {
		return meaning(err)
	}
	defer insert.Close()
	for _, f := range facts {
		body, err := json.Marshal(f)
		if err != nil {
			return fmt.Errorf("journal: fact %d: %w", f.Seq, err)
		}
		done, err := insert.ExecContext(ctx, f.Seq, f.At, string(f.Kind), string(f.Call), string(f.Studio), string(body))
		if err != nil {
			return meaning(err)
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return fmt.Errorf("journal: another fact has the number %d", f.Seq)
		}
	}
	return meaning(tx.Commit())
}

// Read gives every fact to each, in order. A fact that makes no sense is
// ErrDamaged.
func (j *Journal) Read(ctx context.Context, each func(call.Fact)) error {
	return j.query(ctx, each, `SELECT `+columns+everything)
}

// columns are a fact's, as query reads them.
const columns = "seq, at, kind, call, studio, body"

const everything = " FROM facts ORDER BY seq"

// query gives the facts that a SELECT of columns finds to each.
func (j *Journal) query(ctx context.Context, each func(call.Fact), query string, args ...any) error {
	rows, err := j.db.QueryContext(ctx, query, args...)
	if err != nil {
		return meaning(err)
	}
	defer rows.Close()
	for rows.Next() {
		var f call.Fact
		var body sql.RawBytes
		if err := rows.Scan(&f.Seq, &f.At, &f.Kind, &f.Call, &f.Studio, &body); err != nil {
			return meaning(err)
		}
		if err := json.Unmarshal(body, &f); err != nil {
			return fmt.Errorf("%w: fact %d: %w", ErrDamaged, f.Seq, err)
		}
		if !f.Whole() {
			return fmt.Errorf("%w: fact %d makes no sense", ErrDamaged, f.Seq)
		}
		straighten(f)
		each(f)
	}
	return meaning(rows.Err())
}

// straighten makes what outsiders wrote as it would be taken in today: an earlier
// Callin may have kept it as it came.
func straighten(f call.Fact) {
	for _, text := range []*string{f.Name, f.Location, f.Topic, f.Area} {
		if text != nil {
			*text = plain.Line(*text)
		}
	}
	if f.Number != nil {
		*f.Number = call.Number(*f.Number)
	}
}
