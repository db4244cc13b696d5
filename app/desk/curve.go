package desk

import (
	"context"

	"callin/app/call"
)

// Curve is how many waited over a show, and how long: of one that is open until now.
type Curve struct {
	// Points are in order. The first one is the opening; each of the others says what
	// was the most since the one before it, so that no peak is lost.
	Points []CurvePoint `json:"points"`
	// MostWaiting is how many waited at once at most, and MostAt since when.
	MostWaiting int64 `json:"mostWaiting"`
	MostAt      int64 `json:"mostAt"`
}

// CurvePoint is a moment of a Curve. Times are by the clock as it was put last, so
// that they go on evenly. A wait counts from when the caller came to the studio.
type CurvePoint struct {
	At            int64 `json:"at"`
	Waiting       int64 `json:"waiting"`
	OnAir         int64 `json:"onAir"`
	LongestWaitMs int64 `json:"longestWaitMs"`
}

const (
	// curveSize is how many points a curve has at most, beside its first and last one.
	curveSize = 600
	// curveStep is the time between two points of a short show, in ms.
	curveStep = 1000
)

// curve folds a show's queue over time from its facts. As in its sheet, those who
// rang in before it was opened are not in it.
func (r *Room) curve(ctx context.Context, of call.Studio, show int64) (Curve, error) {
	e, err := r.edition(ctx, of, show)
	if err != nil {
		return Curve{}, err
	}
	d := drawing{studio: of, opened: e.Opened, step: curveStep, of: map[call.Sid]*drawn{}}
	err = r.inChunks(ctx, e, func(facts []call.Fact) error {
		for _, f := range facts {
			d.apply(f)
		}
		return nil
	})
	if !d.closed {
		d.pass(r.Station.Now() - d.opened)
	}
	return d.curve(), err
}

// drawing is a curve as far as facts have been folded. Its times count from the
// opening, so that a clock that is put moves nothing but the opening.
type drawing struct {
	studio call.Studio
	opened int64
	passed int64
	closed bool
	of     map[call.Sid]*drawn
	order  []*drawn // as they came
	oldest int      // nobody before this one of them waits
	// waiting and onAir are how many do now.
	waiting, onAir int64
	step           int64
	points         []CurvePoint // a step apart
	since          CurvePoint   // the most since the last point
	most, mostAt   int64
}

// drawn is one caller in a drawing.
type drawn struct {
	nth     int
	arrived int64
	place   call.Place
}

func (d *drawing) apply(f call.Fact) {
	if d.closed {
		return
	}
	if f.Kind == call.ClockSet {
		d.opened += f.Step
	}
	d.pass(f.At - d.opened)
	in, named := placedIn(f)
	switch c := d.of[f.Call]; {
	case f.Kind == call.ShowSet && f.Message == "" && f.Code == string(call.ShowClosed):
		d.closed = true
	case named && in != d.studio:
		if c != nil { // given away
			d.move(c, call.Place{Kind: call.Gone})
		}
	case (f.Kind == call.Arrived || brought(f, d.studio)) && c == nil:
		c = &drawn{nth: len(d.order), arrived: d.passed}
		d.of[f.Call], d.order = c, append(d.order, c)
		if f.Place != nil {
			d.move(c, *f.Place)
		}
	case f.Kind == call.Placed && c != nil:
		d.move(c, *f.Place)
	case f.Kind == call.Ended && c != nil:
		d.move(c, call.Place{Kind: call.Gone})
	}
}

func (d *drawing) move(c *drawn, to call.Place) {
	d.count(c, -1)
	c.place = to
	d.count(c, 1)
	if to.Kind == call.Queue {
		d.oldest = min(d.oldest, c.nth)
	}
	if d.waiting > d.most {
		d.most, d.mostAt = d.waiting, d.passed
	}
}

func (d *drawing) count(c *drawn, n int64) {
	switch {
	case c.place.Kind == call.Queue:
		d.waiting += n
	case c.place.OnAir():
		d.onAir += n
	}
}

// pass lets time pass, in which nothing changes, until so long after the opening.
func (d *drawing) pass(until int64) {
	d.passed = max(d.passed, until)
	for {
		begun := int64(len(d.points)) * d.step
		if d.passed > begun {
			d.note(min(d.passed, begun+d.step))
		}
		if d.passed < begun+d.step {
			return
		}
		d.points = append(d.points, d.since)
		d.since = CurvePoint{}
		if len(d.points) == curveSize {
			d.halve()
		}
	}
}

// note takes the state as it has been until a time into what is the most since the
// last point.
func (d *drawing) note(at int64) {
	for d.oldest < len(d.order) && d.order[d.oldest].place.Kind != call.Queue {
		d.oldest++
	}
	now := CurvePoint{At: at, Waiting: d.waiting, OnAir: d.onAir}
	if d.oldest < len(d.order) {
		now.LongestWaitMs = at - d.order[d.oldest].arrived
	}
	d.since = both(d.since, now)
}

// halve makes one point of two: a show may be open for days.
func (d *drawing) halve() {
	for i := range curveSize / 2 {
		d.points[i] = both(d.points[2*i], d.points[2*i+1])
	}
	d.points = d.points[:curveSize/2]
	d.step *= 2
}

func both(a, b CurvePoint) CurvePoint {
	return CurvePoint{max(a.At, b.At), max(a.Waiting, b.Waiting), max(a.OnAir, b.OnAir), max(a.LongestWaitMs, b.LongestWaitMs)}
}

func (d *drawing) curve() Curve {
	c := Curve{Points: append([]CurvePoint{{}}, d.points...), MostWaiting: d.most}
	if d.since.At > 0 {
		c.Points = append(c.Points, d.since)
	}
	for i := range c.Points {
		c.Points[i].At += d.opened
	}
	if d.most > 0 {
		c.MostAt = d.opened + d.mostAt
	}
	return c
}
