package desk

import (
	"context"

	"callin/app/call"
)

// Sheet is a show told by its callers, for afterwards: one line for each who rang
// in or was given to its studio, as they came.
type Sheet struct {
	Show    call.Edition `json:"show"`
	Callers []CallerLine `json:"callers"`
	// More is how many callers there are besides; the CSV has them all.
	More   int64  `json:"more"`
	Totals Totals `json:"totals"`
	// Troubles is what went wrong with the station itself, oldest first, and
	// MoreTroubles how many there are besides.
	Troubles     []Step `json:"troubles"`
	MoreTroubles int64  `json:"moreTroubles"`
}

// Totals are a show's numbers. Every caller is aired, or gave up, or was sent away,
// given to another studio or not let in, or is here still.
type Totals struct {
	Callers   int64 `json:"callers"`
	Aired     int64 `json:"aired"`
	GaveUp    int64 `json:"gaveUp"`    // hung up while waiting
	SentAway  int64 `json:"sentAway"`  // dropped, or heard the closing words
	GivenAway int64 `json:"givenAway"` // to another studio, not aired in this one
	NotLetIn  int64 `json:"notLetIn"`  // rang while the show was closed, or full
	StillHere int64 `json:"stillHere"` // not aired yet
	Messages  int64 `json:"messages"`
	Failed    int64 `json:"failed"` // callers with whom something failed
	// LongestWaitMs and MeanWaitMs are of those who were let in, and AiredMs is how
	// long all were on air together.
	LongestWaitMs int64 `json:"longestWaitMs"`
	MeanWaitMs    int64 `json:"meanWaitMs"`
	AiredMs       int64 `json:"airedMs"`
}

const (
	// sheetSize is the most callers of a sheet: as many as a queue can hold.
	sheetSize = 5000
	// troublesSize is the most troubles of one.
	troublesSize = 50
)

// sheet tells a show by its callers.
func (r *Room) sheet(ctx context.Context, of call.Studio, show int64) (Sheet, error) {
	e, err := r.edition(ctx, of, show)
	if err != nil {
		return Sheet{}, err
	}
	s := Sheet{Callers: []CallerLine{}, Troubles: []Step{}}
	told, err := r.callers(ctx, e, s.trouble)
	if err != nil {
		return Sheet{}, err
	}
	waited := int64(0)
	for _, w := range told.order {
		line := w.line(r.Station.Now)
		s.Totals.count(w, line)
		if w.queued {
			waited++
			s.Totals.MeanWaitMs += line.WaitedMs
			s.Totals.LongestWaitMs = max(s.Totals.LongestWaitMs, line.WaitedMs)
		}
		if len(s.Callers) < sheetSize {
			s.Callers = append(s.Callers, line)
		} else {
			s.More++
		}
	}
	if waited > 0 {
		s.Totals.MeanWaitMs /= waited
	}
	e.Calls = s.Totals.Callers
	s.Show = e
	return s, nil
}

// trouble takes in what went wrong with the station itself.
func (s *Sheet) trouble(f call.Fact, what string) {
	if len(s.Troubles) < troublesSize {
		s.Troubles = append(s.Troubles, Step{f.Seq, f.At, what, true})
	} else {
		s.MoreTroubles++
	}
}

func (t *Totals) count(w *following, line CallerLine) {
	t.Callers++
	t.AiredMs += line.AiredMs
	switch {
	case w.aired():
		t.Aired++
	case line.Ended == 0:
		t.StillHere++
	case w.outcome == notLetIn:
		t.NotLetIn++
	case w.outcome == sentAway:
		t.SentAway++
	case w.outcome == givenAway:
		t.GivenAway++
	default:
		t.GaveUp++
	}
	if line.MessageSeconds > 0 {
		t.Messages++
	}
	if len(line.Failed) > 0 {
		t.Failed++
	}
}

// callers follows all who came to the studio during a show, each to the end of the
// call, and gives what went wrong with the station meanwhile to trouble.
func (r *Room) callers(ctx context.Context, e call.Edition, trouble func(call.Fact, string)) (*callers, error) {
	told, byHand := r.follow(e.Studio, e.Show, false), map[call.Sid]bool{}
	err := r.inChunks(ctx, e, func(facts []call.Fact) error {
		for _, f := range facts {
			if err := told.meet(ctx, r.Record, f); err != nil {
				return err
			}
			told.apply(f)
			if f.Kind == call.PhoneSet && call.PhoneMode(f.Code) == call.PhoneByHand {
				byHand[f.Call] = true
			}
			if what, failed := ofStation(f, byHand); failed {
				trouble(f, what)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var there []call.Sid
	for _, w := range told.order {
		if w.Ended == 0 || !w.here { // who was given away may be back
			there = append(there, w.Call)
		}
	}
	later, err := r.Record.OfCalls(ctx, there)
	for _, f := range later {
		if f.Seq >= e.Until {
			told.apply(f)
		}
	}
	return told, err
}
