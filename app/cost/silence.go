package cost

import "callin/app/call"

const (
	// long is how long no fact comes where Callin was probably away: a journal does not
	// tell of its starts.
	long = 10 * minute
	// settled is how long after the first fact of a start Callin has compared with Twilio.
	settled = minute
)

// silence is the latest time in which nothing was heard, as Callin was away. What is
// found to have ended in it counts up to its beginning, as nobody knows how much longer
// it was; what goes on after it counts whole, as Twilio bills it.
type silence struct {
	from, to int64 // the facts around it; to is 0 until there is one
	last     int64 // the latest fact
	// unsure is whether Callin has started and not yet compared with Twilio: then
	// nobody knows what goes on.
	unsure bool
}

// Started tells that the facts so far are a journal's, and that the next ones are new.
func (m *Meter) Started() { m.away = silence{from: m.away.last, last: m.away.last, unsure: true} }

func (s *silence) heard(f call.Fact) {
	s.from += f.Step // 0 but where the clock was put
	s.to += f.Step
	s.last += f.Step
	switch {
	case s.unsure && s.to <= s.from:
		s.to = f.At
	case s.unsure:
		s.unsure = f.At-s.to < settled
	case f.At-s.last >= long:
		s.from, s.to = s.last, f.At
	}
	s.last = f.At
}

// end is until when a stay counts that f says is over. That a phone was lost is said of
// its line first, as if Twilio had told it.
func (s *silence) end(of *stay, f call.Fact) int64 {
	found := f.Mended || f.Kind == call.PhoneSet && f.At-s.to < settled
	if found && of.began <= s.from {
		return s.from
	}
	return f.At
}

// until is until when a stay counts that goes on, as far as is known.
func (s *silence) until(of *stay, now int64) int64 {
	if s.unsure && of.began <= s.from {
		return s.from
	}
	return now
}
