package journal

import (
	"context"
	"encoding/json"

	"callin/app/call"
)

// cameTo finds the facts by which callers of other studios came to a studio, ?1, by its
// names, ?2: what was heard of a call last is its earlier studio's.
const cameTo = `kind = 'placed' AND studio <> ?1 AND coalesce(body ->> '$.place.name', '') IN (SELECT value FROM json_each(?2))`

// ofStudio finds the facts of a studio, ?1, with its names, ?2, and those of the station
// as a whole.
const ofStudio = `(studio = ?1 OR ` + cameTo + ` OR call = '' AND kind IN ('clock', 'trouble', 'opted-out', 'forgotten', 'pin-unlocked') AND coalesce(body ->> 'line', '') = '')`

// rangIn and given count the callers who came to a studio, ?1, with its names, ?2, from
// number ?3 to before number ?4, or ever if that is 0: by ringing, and from another
// studio. Who comes back is none.
const (
	rangIn = `SELECT count(*) FROM facts WHERE kind = 'arrived' AND studio = ?1 AND seq >= ?3 AND (?4 = 0 OR seq < ?4)`
	given  = `SELECT count(DISTINCT call) FROM facts f WHERE ` + cameTo + ` AND seq >= ?3 AND (?4 = 0 OR seq < ?4)
		AND call <> '' AND call IN (SELECT call FROM facts WHERE kind = 'began' AND body ->> 'by' = 'give')
		AND NOT EXISTS (SELECT 1 FROM facts was WHERE was.call = f.call AND was.call <> '' AND was.studio = ?1 AND was.seq < f.seq)`
)

func names(of call.Studio) string {
	list, _ := json.Marshal(append(append(of.Queues(), of.Talkback()), of.Lanes(call.MostLanes)...)) // of texts
	return string(list)
}

// Editions are the shows of a studio that the journal has, the last one first.
func (j *Journal) Editions(ctx context.Context, of call.Studio) ([]call.Edition, error) {
	var editions []call.Edition
	err := j.query(ctx, func(f call.Fact) {
		last := len(editions) - 1
		switch {
		case f.Message != "": // a trouble
		case f.Code == "opening" && (last < 0 || editions[last].Closed != 0):
			editions = append(editions, call.Edition{Studio: of, Show: f.Seq, Opened: f.At})
		case f.Code == "closed" && last >= 0 && editions[last].Closed == 0:
			editions[last].Closed = f.At
		}
	}, `SELECT `+columns+` FROM facts WHERE kind = 'show' AND studio = ? ORDER BY seq`, string(of))
	if err != nil {
		return nil, err
	}
	for i := range editions {
		e := &editions[i]
		if i+1 < len(editions) {
			e.Until = editions[i+1].Show
		}
		row := j.db.QueryRowContext(ctx, `SELECT (`+rangIn+`) + (`+given+`)`, string(of), names(of), e.Show, e.Until)
		if err := row.Scan(&e.Calls); err != nil {
			return nil, meaning(err)
		}
	}
	for i, k := 0, len(editions)-1; i < k; i, k = i+1, k-1 {
		editions[i], editions[k] = editions[k], editions[i]
	}
	return editions, nil
}

// Before gives at most most facts of a studio, by which callers came to it from another
// one too, and of the station as a whole, from number from to before number until, the last one first.
func (j *Journal) Before(ctx context.Context, of call.Studio, from, until int64, most int) ([]call.Fact, error) {
	return j.some(ctx, `SELECT `+columns+` FROM facts WHERE `+ofStudio+` AND seq >= ?3 AND seq < ?4 ORDER BY seq DESC LIMIT ?5`, string(of), names(of), from, until, most)
}

// After gives at most most facts of a studio, by which callers came to it from another
// one too, and of the station as a whole, from number from to before number until, the first one first.
func (j *Journal) After(ctx context.Context, of call.Studio, from, until int64, most int) ([]call.Fact, error) {
	return j.some(ctx, `SELECT `+columns+` FROM facts WHERE `+ofStudio+` AND seq >= ?3 AND seq < ?4 ORDER BY seq LIMIT ?5`, string(of), names(of), from, until, most)
}

// About gives the facts that say who the callers of some calls are, in order.
func (j *Journal) About(ctx context.Context, calls []call.Sid) ([]call.Fact, error) {
	list, err := json.Marshal(calls)
	if err != nil {
		return nil, err
	}
	return j.some(ctx, `SELECT `+columns+` FROM facts
		WHERE call IN (SELECT value FROM json_each(?)) AND call <> '' AND kind IN ('arrived', 'noted') ORDER BY seq`, string(list))
}

// OfCalls gives all facts of some calls, in order.
func (j *Journal) OfCalls(ctx context.Context, calls []call.Sid) ([]call.Fact, error) {
	list, err := json.Marshal(calls)
	if err != nil {
		return nil, err
	}
	return j.some(ctx, `SELECT `+columns+` FROM facts
		WHERE call IN (SELECT value FROM json_each(?)) AND call <> '' ORDER BY seq`, string(list))
}

// OfKinds gives the facts of some kinds from number from to before number until, in
// order.
func (j *Journal) OfKinds(ctx context.Context, from, until int64, kinds ...call.FactKind) ([]call.Fact, error) {
	list, err := json.Marshal(kinds)
	if err != nil {
		return nil, err
	}
	return j.some(ctx, `SELECT `+columns+` FROM facts
		WHERE seq >= ? AND seq < ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY seq`, from, until, string(list))
}

func (j *Journal) some(ctx context.Context, query string, args ...any) ([]call.Fact, error) {
	var facts []call.Fact
	err := j.query(ctx, func(f call.Fact) { facts = append(facts, f) }, query, args...)
	return facts, err
}
