package picture

import (
	"iter"
	"maps"
	"slices"

	"callin/app/call"
)

// Reserve is a desk's phone that is on a lane in reserve.
type Reserve struct {
	Leg        call.Sid
	Desk       call.DeskID
	Line       string
	Conference string
}

// Reserves are all phones in reserve, by their calls.
func (s *State) Reserves() iter.Seq2[call.Sid, Reserve] { return maps.All(s.reserves) }

// Reserve is the phone that a desk has in reserve on a line.
func (s *State) Reserve(line string, of call.DeskID) (r Reserve, ok bool) {
	for _, r := range s.reserves {
		if r.Line == line && r.Desk == of {
			return r, true
		}
	}
	return Reserve{}, false
}

// InReserve is the line on which a phone is in reserve; false when it is on none so.
func (s *State) InReserve(leg call.Sid) (line string, ok bool) {
	r, ok := s.reserves[leg]
	return r.Line, ok
}

// applyReserve notes that a phone is in reserve, or is so no more.
func (s *State) applyReserve(leg call.Sid, is *Reserve, changed *Changes) {
	at, was := s.reserves[leg]
	delete(s.reserves, leg)
	if is != nil {
		at, was = *is, true
		s.reserves[leg] = at
	}
	l := s.line(at.Line)
	if !was || l == nil {
		return
	}
	l.Reserve = nil
	for _, r := range s.reserves {
		if r.Line == l.Name {
			l.Reserve = append(l.Reserve, r.Desk)
		}
	}
	slices.Sort(l.Reserve)
	changed.line(l.Name)
}
