package journal

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"

	"callin/app/call"
)

// Forget blanks everything that tells who the person with a number (E.164) is,
// in every fact of every call of theirs; that there was a call stays. What it
// returns is true also when only an old copy could not be removed.
func (j *Journal) Forget(ctx context.Context, number string) (erased call.Erased, err error) {
	var facts []call.Fact
	// Not every fact with a number has a call, nor every one of a call a number.
	err = j.query(ctx, func(f call.Fact) { facts = append(facts, f) }, `SELECT `+columns+` FROM facts
		WHERE body ->> 'number' = ?1 OR call <> '' AND call IN (SELECT call FROM facts WHERE body ->> 'number' = ?1)`, number)
	if err != nil {
		return erased, err
	}
	saved, err := j.savedWith(ctx, facts)
	if err != nil {
		return erased, err
	}
	tx, err := j.db.BeginTx(ctx, nil)
	if err != nil {
		return erased, meaning(err)
	}
	defer tx.Rollback()
	seen := map[call.Sid]bool{}
	for _, f := range facts {
		if f.Call != "" {
			seen[f.Call] = true
		}
		body, err := json.Marshal(f.Nameless())
		if err != nil {
			return erased, fmt.Errorf("journal: fact %d: %w", f.Seq, err)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE facts SET body = ? WHERE seq = ?`, string(body), f.Seq); err != nil {
			return erased, meaning(err)
		}
	}
	if err := tx.Commit(); err != nil {
		return erased, meaning(err)
	}
	erased.Calls, erased.Files = len(seen), saved
	if err := j.scrub(ctx); err != nil {
		return erased, err
	}
	if j.path != "" {
		erased.Aside, err = filepath.Glob(j.path + "-damaged-*")
	}
	return erased, err
}

// CallsOf are the calls of a number (E.164).
func (j *Journal) CallsOf(ctx context.Context, number string) (calls []call.Sid, err error) {
	rows, err := j.db.QueryContext(ctx, `SELECT DISTINCT call FROM facts WHERE call <> '' AND body ->> 'number' = ?`, number)
	if err != nil {
		return nil, meaning(err)
	}
	defer rows.Close()
	for rows.Next() {
		var sid call.Sid
		if err := rows.Scan(&sid); err != nil {
			return nil, meaning(err)
		}
		calls = append(calls, sid)
	}
	return calls, meaning(rows.Err())
}

// savedWith are the files that were saved with any of some facts in them. Of two
// with one path the later one has replaced the other.
func (j *Journal) savedWith(ctx context.Context, facts []call.Fact) (files []call.SavedFile, err error) {
	err = j.query(ctx, func(e call.Fact) {
		if !slices.ContainsFunc(facts, func(f call.Fact) bool { return e.Show <= f.Seq && f.Seq < e.Until }) {
			return
		}
		files = slices.DeleteFunc(files, func(f call.SavedFile) bool { return f.Name == e.File && filepath.IsAbs(f.Name) })
		files = append(files, call.SavedFile{Name: e.File, At: e.At})
	}, `SELECT `+columns+` FROM facts WHERE kind = 'exported' ORDER BY seq`)
	return files, err
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
