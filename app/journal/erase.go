package journal

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"

	"callin/app/call"
)

// Forget blanks everything that tells who the person with a number (E.164) is,
// in every fact of every call of theirs; that there was a call stays. It returns
// how many calls, and the damaged journals set aside earlier, which may have
// the person too and which nothing but deleting helps.
func (j *Journal) Forget(ctx context.Context, number string) (calls int, aside []string, err error) {
	var facts []call.Fact
	// Not every fact with a number has a call, nor every one of a call a number.
	err = j.query(ctx, func(f call.Fact) { facts = append(facts, f) }, `SELECT seq, at, kind, call, body FROM facts
		WHERE body ->> 'number' = ?1 OR call <> '' AND call IN (SELECT call FROM facts WHERE body ->> 'number' = ?1)`, number)
	if err != nil {
		return 0, nil, err
	}
	tx, err := j.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, nil, meaning(err)
	}
	defer tx.Rollback()
	seen := map[call.Sid]bool{}
	for _, f := range facts {
		if f.Call != "" {
			seen[f.Call] = true
		}
		body, err := json.Marshal(f.Nameless())
		if err != nil {
			return 0, nil, fmt.Errorf("journal: fact %d: %w", f.Seq, err)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE facts SET body = ? WHERE seq = ?`, string(body), f.Seq); err != nil {
			return 0, nil, meaning(err)
		}
	}
	if err := tx.Commit(); err != nil {
		return 0, nil, meaning(err)
	}
	if err := j.scrub(ctx); err != nil {
		return 0, nil, err
	}
	if j.path != "" {
		aside, err = filepath.Glob(j.path + "-damaged-*")
	}
	return len(seen), aside, err
}

// scrub leaves no old copy of what was changed or removed in the file or in its
// write-ahead log: a file from before secure_delete has some in free pages.
func (j *Journal) scrub(ctx context.Context) error {
	if _, err := j.db.ExecContext(ctx, `VACUUM`); err != nil {
		return meaning(err)
	}
	// It tells of somebody who still reads what was there in its row, not as an error.
	var busy bool
	var log, moved int
	if err := j.db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &log, &moved); err != nil {
		return meaning(err)
	}
	if busy {
		return &call.Error{Code: call.CodeNotDeleted, Message: "Another program has the journal open, so an old copy is left in it. End that program, then delete the data once more."}
	}
	return nil
}
