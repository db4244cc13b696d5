package journal

import (
	"context"
	"log/slog"
	"time"
)

// old are the facts from before ?1. The times of those from before the clock was
// put are moved as far as it was: then the clock that shows the right time now
// has dated them all.
const old = `
	steps AS MATERIALIZED (SELECT seq, body ->> 'step' AS step FROM facts WHERE kind = 'clock'),
	old AS MATERIALIZED (SELECT seq FROM facts WHERE at + (SELECT coalesce(sum(step), 0) FROM steps WHERE steps.seq > facts.seq) < ?1)`

// over are the calls that have ended and of which nothing was heard since ?1.
const over = `SELECT call FROM facts WHERE call <> '' GROUP BY call HAVING min(seq IN old) AND sum(kind = 'ended') > 0`

// Prune removes what is older than before, as far as nothing follows from it
// any more: the facts of calls that are over, but not the messages that are still
// there and the PINs that still count; what shows and phones did before
// they last did something else, and which phones dialled or came too late;
// what went wrong, and what desks said to one another. What
// desks see of what is left is the same.
func (j *Journal) Prune(ctx context.Context, before time.Time) (removed int64, err error) {
	done, err := j.db.ExecContext(ctx, `WITH `+old+` DELETE FROM facts WHERE seq IN old AND seq < (SELECT max(seq) FROM facts) AND (
		call IN (`+over+`) AND kind NOT IN ('phone', 'pin')
			AND (kind <> 'recorded' OR body ->> 'recording' IN (SELECT body ->> 'recording' FROM facts WHERE kind = 'unrecorded'))
		OR kind = 'show' AND seq < (SELECT max(seq) FROM facts later
			WHERE later.kind = 'show' AND later.studio = facts.studio AND later.seq IN old AND later.body ->> 'code' = 'opening')
		OR kind IN ('dialled', 'trouble', 'tracks', 'talkback', 'chatted', 'chat-seen')
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

// Clocks are what shows how old a fact is.
type Clocks struct {
	// Wall is this computer's, which may be wrong.
	Wall func() time.Time
	// Twilio is another one; false while it is not known, nil when there is no
	// other, as a rehearsal's is this computer's.
	Twilio func() (now time.Time, known bool)
}

const (
	// clocksAgree is how far apart two clocks may be for one to bear the other out.
	clocksAgree = 3 * 24 * time.Hour
	// lastAgrees is how long before the start the last fact may be from to bear
	// the computer's clock out where there is no other one.
	lastAgrees = 31 * 24 * time.Hour
	// pruneEvery is how often old facts are looked for, and doubtEvery how often
	// while the clocks do not agree.
	pruneEvery, doubtEvery = 24 * time.Hour, time.Hour
)

// KeepFor removes what is older than days, now and once a day, until ctx ends.
// 0 keeps everything. What is removed cannot be had back, so one clock's word is
// not enough. also removes what else is kept as long; nil for nothing.
func (b *Beginning) KeepFor(ctx context.Context, days int, clocks Clocks, also func(before time.Time), log *slog.Logger) {
	began, warned := time.Now(), false
	for days > 0 {
		again := pruneEvery
		now := clocks.Wall()
		doubt, err := b.doubt(ctx, now, time.Since(began), clocks.Twilio)
		var removed int64
		switch {
		case err != nil:
		case doubt == "":
			warned = false
			before := now.AddDate(0, 0, -days)
			removed, err = b.Prune(ctx, before)
			if also != nil {
				also(before)
			}
		default:
			again = doubtEvery
			if !warned {
				log.Warn("old facts are kept for now, as the time is in doubt: "+doubt, "this computer's clock", now.UTC())
			}
			warned = true
		}
		if err != nil && ctx.Err() == nil {
			log.Warn("old facts could not be removed", "error", err)
		} else if removed > 0 {
			log.Info("old facts were removed", "facts", removed, "older than days", days)
		}
		select {
		case <-time.After(again):
		case <-ctx.Done():
			return
		}
	}
}

// doubt is why the computer's clock, which shows now, is not to be believed; empty
// when another one bears it out and nothing in the journal is of a later time.
// Where there is no other clock, the last fact from before the start must: that
// was running ago.
func (b *Beginning) doubt(ctx context.Context, now time.Time, running time.Duration, twilio func() (time.Time, bool)) (string, error) {
	var last int64
	row := b.db.QueryRowContext(ctx, `SELECT coalesce((SELECT at FROM facts ORDER BY seq DESC LIMIT 1), 0)`)
	if err := row.Scan(&last); err != nil {
		return "", meaning(err)
	}
	if time.UnixMilli(last).Sub(now) > clocksAgree {
		return "the last fact is of a later time", nil
	}
	if twilio == nil {
		if b.LastAt != 0 && now.Sub(time.UnixMilli(b.LastAt)) > running+lastAgrees {
			return "the last fact is old, and no other clock is known", nil
		}
		return "", nil
	}
	theirs, known := twilio()
	switch {
	case !known:
		return "Twilio's clock is not known yet", nil
	case now.Sub(theirs).Abs() > clocksAgree:
		return "Twilio's clock shows " + theirs.UTC().Format(time.RFC3339), nil
	}
	return "", nil
}
