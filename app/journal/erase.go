package journal

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"callin/app/call"
)

// over are the calls that have ended and of which nothing was heard since ?1.
const over = `SELECT call FROM facts WHERE call <> '' GROUP BY call HAVING max(at) < ?1 AND sum(kind = 'ended') > 0`

// Prune removes what is older than before, as far as nothing follows from it
// any more: the facts of calls that are over, but not the messages that are still
// there and the PINs that still count; what shows and phones did before
// they last did something else, and which phones dialled or came too late. What
// desks see of what is left is the same.
func (j *Journal) Prune(ctx context.Context, before time.Time) (removed int64, err error) {
	done, err := j.db.ExecContext(ctx, `DELETE FROM facts WHERE at < ?1 AND seq < (SELECT max(seq) FROM facts) AND (
		call IN (`+over+`) AND kind NOT IN ('phone', 'pin')
			AND (kind <> 'recorded' OR body ->> 'recording' IN (SELECT body ->> 'recording' FROM facts WHERE kind = 'unrecorded'))
		OR kind = 'show' AND seq < (SELECT max(seq) FROM facts WHERE kind = 'show' AND at < ?1 AND body ->> 'code' = 'opening')
		OR kind = 'dialled'
		OR kind = 'pin' AND (seq < (SELECT max(seq) FROM facts WHERE kind = 'pin-unlocked') OR seq < (SELECT max(seq) FROM facts later
			WHERE later.kind = 'pin' AND later.body ->> 'on' AND later.body ->> 'number' IS facts.body ->> 'number'))
		OR kind = 'phone' AND seq NOT IN (SELECT max(seq) FROM facts
			WHERE kind = 'phone' AND coalesce(body ->> 'code', '') NOT IN ('older', 'replaced') GROUP BY body ->> 'line'))`, before.UnixMilli())
	if err != nil {
		return 0, meaning(err)
	}
	removed, err = done.RowsAffected()
	if err == nil && removed > 0 {
		err = j.scrub(ctx)
	}
	return removed, meaning(err)
}

// KeepFor removes what is older than days, now and once a day, until ctx ends.
// 0 keeps everything.
func (j *Journal) KeepFor(ctx context.Context, days int, log *slog.Logger) {
	for days > 0 {
		removed, err := j.Prune(ctx, time.Now().AddDate(0, 0, -days))
		if err != nil && ctx.Err() == nil {
			log.Warn("old facts could not be removed", "error", err)
		} else if removed > 0 {
			log.Info("old facts were removed", "facts", removed, "older than days", days)
		}
		select {
		case <-time.After(24 * time.Hour):
		case <-ctx.Done():
			return
		}
	}
}

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
