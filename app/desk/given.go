package desk

import (
	"cmp"
	"context"

	"callin/app/call"
)

// given is where a caller is who may be given from one studio to another. What
// happens in another studio is that one's: nothing of it is folded.
type given struct {
	in   call.Studio
	here bool   // in the studio that is told of
	came int64  // the number of the fact by which the call came here first; 0 for never
	who  person // as the card says it now, wherever that was typed
	// away and brought are what a step calls the fact that has just given the caller away,
	// or here.
	away, brought string
}

// called is what a studio is called in a sentence.
func (r *Room) called(of call.Studio) string {
	return cmp.Or(r.Station.StudioName(of), "another studio")
}

// comes begins a caller's line, or goes on with that of one who was here before.
func (c *callers) comes(w *following, f call.Fact) {
	w.here, w.since, w.Ended, w.Left = true, f.At, 0, ""
	if w.came != 0 {
		return
	}
	w.came, w.Arrived = f.Seq, f.At
	if f.Seq >= c.from {
		c.order = append(c.order, w)
	}
}

// gives follows a caller whom a fact shows in another studio than before.
func (c *callers) gives(w *following, f call.Fact) {
	w.away, w.brought = "", ""
	to, named := placedIn(f)
	if !named || to == w.in {
		return
	}
	from := w.in
	w.in = to
	switch {
	case w.here:
		w.here, w.away = false, "Given to "+c.called(to)
	case to == c.studio:
		w.brought = "From " + c.called(from) + ": "
		if w.came == 0 {
			w.From = c.called(from)
		}
		c.comes(w, f)
	}
}

// placedIn is the studio that a fact shows a call in; false when it says none.
func placedIn(f call.Fact) (in call.Studio, named bool) {
	if f.Kind != call.Placed {
		return "", false
	}
	return call.StudioOf(f.Place.Name)
}

// brought reports whether a fact has brought a caller of another studio to this one.
func brought(f call.Fact, to call.Studio) bool {
	in, named := placedIn(f)
	return named && in == to && f.Studio != to
}

// leaves ends the line of a caller who was given away.
func (w *following) leaves(f call.Fact) {
	w.passed(f.At)
	w.place, w.move = *f.Place, nil
	w.Left, w.outcome, w.Ended = w.away, givenAway, f.At
}

// meet folds what came before of a caller whom a fact brings from another studio: the
// card comes with the call.
func (c *callers) meet(ctx context.Context, record Record, f call.Fact) error {
	if c.of[f.Call] != nil || !brought(f, c.studio) {
		return nil
	}
	all, err := record.OfCalls(ctx, []call.Sid{f.Call})
	for _, before := range all {
		if before.Seq < f.Seq {
			c.apply(before)
		}
	}
	return err
}
