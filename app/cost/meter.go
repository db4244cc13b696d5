// Package cost reckons what a show comes to on the station's account: the minutes that
// its facts tell of, at prices that Twilio told. It is an estimate, and is shown as one:
// no price is known here that Twilio did not tell, and nothing waits for it.
package cost

import (
	"maps"
	"slices"

	"callin/app/call"
	"callin/app/picture"
)

// Part is one kind of minutes of a studio's shows.
type Part struct {
	Studio call.Studio
	Kind   picture.CostKind
}

// Meter counts minutes as an account pays them, as a fold over facts: it has no lock
// and no clock. A call that a studio's number took stays that studio's.
type Meter struct {
	open  map[call.Studio]int64 // when a show that is open was opened
	shows map[Part]int64        // of what is over, since the show was opened
	ever  map[Part]int64
	legs  map[call.Sid]*stay // by call, as long as it lasts
	lines map[call.Sid]*stay // by call, as long as it is on a line
	away  silence
}

// stay is what an account pays by the minute until it is over.
type stay struct {
	Part
	line  string
	began int64
	// counts is whether it is a show's: what comes while none is open is none's.
	counts bool
	// phone is whether it is of a phone that has its line, or takes callers from the queue.
	phone bool
}

// NewMeter is one before the first fact.
func NewMeter() *Meter {
	return &Meter{
		open: map[call.Studio]int64{}, shows: map[Part]int64{}, ever: map[Part]int64{},
		legs: map[call.Sid]*stay{}, lines: map[call.Sid]*stay{},
	}
}

// Apply folds a fact.
func (m *Meter) Apply(f call.Fact) {
	m.away.heard(f)
	switch f.Kind {
	case call.ShowSet:
		m.show(f)
	case call.Arrived:
		m.leg(f, Part{f.Studio, picture.CostCallers})
	case call.PinTyped:
		if f.On { // nothing looks after one that has typed no right PIN: its end may go unheard
			m.leg(f, Part{f.Studio, picture.CostTelephones})
		}
	case call.Dialled:
		m.leg(f, Part{m.studioOf(f.Line), picture.CostDesks})
	case call.PhoneSet:
		// A phone that takes callers straight from the queue is on no line.
		m.onLine(f, f.On && call.PhoneMode(f.Code) == call.PhoneOnLine, f.Line)
		m.phone(f)
	case call.TalkbackSet, call.ReserveSet:
		m.onLine(f, f.On, f.Line)
	case call.Placed:
		m.onLine(f, f.Place.Kind == call.Line, f.Place.Name)
	case call.Ended:
		m.over(m.lines, f)
		m.over(m.legs, f)
	case call.ClockSet: // no time has passed
		for _, in := range []map[call.Sid]*stay{m.legs, m.lines} {
			for _, s := range in {
				s.began += f.Step
			}
		}
		for of := range m.open {
			m.open[of] += f.Step
		}
	}
}

func (m *Meter) leg(f call.Fact, of Part) {
	if m.legs[f.Call] == nil {
		m.legs[f.Call] = &stay{Part: of, began: f.At, counts: m.isOpen(of.Studio)}
	}
}

// phone notes whether a leg is a phone that serves its desk. One that comes to that only
// after the show was opened counts from then on.
func (m *Meter) phone(f call.Fact) {
	s := m.legs[f.Call]
	if s == nil {
		return
	}
	s.phone = f.On
	if f.On && !s.counts && m.isOpen(s.Studio) {
		s.began, s.counts = f.At, true
	}
}

func (m *Meter) onLine(f call.Fact, on bool, line string) {
	switch code := call.PhoneMode(f.Code); {
	case f.Kind == call.PhoneSet && code == call.PhoneByHand: // it leaves next
		return
	case on && m.lines[f.Call] != nil && m.lines[f.Call].line == line:
		return
	}
	m.over(m.lines, f)
	if on {
		of := Part{m.studioOf(line), picture.CostLines}
		m.lines[f.Call] = &stay{Part: of, line: line, began: f.At, counts: m.isOpen(of.Studio)}
	}
}

func (m *Meter) over(in map[call.Sid]*stay, f call.Fact) {
	if s := in[f.Call]; s != nil {
		delete(in, f.Call)
		m.count(s, m.away.end(s, f))
	}
}

func (m *Meter) count(s *stay, at int64) {
	if s.counts {
		m.shows[s.Part] += minutes(at - s.began)
		m.ever[s.Part] += minutes(at - s.began)
	}
}

// studioOf is whose a line is. A desk's own is the show's that is open, of several the
// first one's.
func (m *Meter) studioOf(line string) call.Studio {
	if of, air := call.StudioOf(line); air {
		return of
	}
	var open []call.Studio
	for of := range m.open {
		open = append(open, of)
	}
	if len(open) == 0 {
		return ""
	}
	return slices.Min(open)
}

// show begins to count anew when a show opens: who is there already counts from then on.
// Of the legs these are callers and phones that serve a desk. Any other may have ended
// unheard, as it is compared with nothing.
func (m *Meter) show(f call.Fact) {
	state := call.ShowState(f.Code)
	switch {
	case f.Message != "": // it is in no other state
		return
	case state == call.ShowClosed:
		delete(m.open, f.Studio)
		return
	case state == call.ShowOpening || !m.isOpen(f.Studio):
		m.open[f.Studio] = f.At
	}
	if state != call.ShowOpening {
		return
	}
	for _, in := range []map[call.Sid]*stay{m.legs, m.lines} {
		for sid, s := range in {
			if s.Studio != f.Studio {
				continue
			}
			m.count(s, f.At)
			s.began, s.counts = f.At, s.Kind == picture.CostCallers || s.phone || m.lines[sid] != nil
		}
	}
	maps.DeleteFunc(m.shows, func(of Part, _ int64) bool { return of.Studio == f.Studio })
}

// Show are the minutes of a studio's show so far, and Ever those of all shows. What goes
// on counts as if it were over now.
func (m *Meter) Show(of call.Studio, now int64) map[Part]int64 {
	all := m.until(m.shows, now)
	maps.DeleteFunc(all, func(p Part, _ int64) bool { return p.Studio != of })
	return all
}

// Ever are the minutes of all shows that there were.
func (m *Meter) Ever(now int64) map[Part]int64 { return m.until(m.ever, now) }

func (m *Meter) until(over map[Part]int64, now int64) map[Part]int64 {
	all := maps.Clone(over)
	for _, in := range []map[call.Sid]*stay{m.legs, m.lines} {
		for _, s := range in {
			if s.counts {
				all[s.Part] += minutes(m.away.until(s, now) - s.began)
			}
		}
	}
	return all
}

// AnyOpen is whether a show is open.
func (m *Meter) AnyOpen() bool { return len(m.open) > 0 }

func (m *Meter) isOpen(of call.Studio) bool {
	_, open := m.open[of]
	return open
}

const minute = 60_000 // ms

// minutes are those of a length that an account pays: each that has begun, and one for
// a call of no length (Twilio docs: how calls are billed, each leg for itself).
func minutes(ms int64) int64 { return max(1, (ms+minute-1)/minute) }
