package studio

import (
	"fmt"

	"callin/app/call"
)

// ConferenceEvent is one of Twilio's conference callbacks about one participant.
type ConferenceEvent struct {
	Event      string // StatusCallbackEvent
	Conference string // ConferenceSid
	Line       string
	Call       call.Sid
	Desk       bool // the participant is a desk's softphone
	Sequence   int  // SequenceNumber within the conference; 0 when not given
	Muted      bool
	Hold       bool
}

// hearing is what has been heard of one conference.
type hearing struct {
	last map[call.Sid]int // the last SequenceNumber about each participant
	high int              // the highest SequenceNumber
	desk int              // that of the last softphone's join
}

// stands is how a participant stands by Twilio's two flags.
func stands(muted, hold bool) call.State {
	switch {
	case hold:
		return call.Held
	case muted:
		return call.Deck
	}
	return call.Talking
}

// Conference takes in a conference callback. One that comes after a later one
// about the same participant, or after the conference's end, changes nothing;
// one that was skipped makes Callin ask Twilio.
func (s *Studio) Conference(e ConferenceEvent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed.has(e.Conference) {
		return
	}
	if e.Event == "conference-end" {
		delete(s.heard, e.Conference)
		s.closed.add(e.Conference)
		return
	}
	h := s.heard[e.Conference]
	if h == nil {
		h = &hearing{last: map[call.Sid]int{}}
		s.heard[e.Conference] = h
	}
	if e.Sequence > h.high+1 {
		s.doubt()
	}
	h.high = max(h.high, e.Sequence)
	if e.Sequence > 0 && e.Sequence <= h.last[e.Call] {
		return
	}
	h.last[e.Call] = e.Sequence
	l := s.state.lines[e.Line]
	switch {
	case l == nil:
		s.log.Warn("a callback about a line that is not ours", "line", fmt.Sprintf("%.40q", e.Line))
	case s.state.over.has(e.Call):
	case e.Desk:
		s.deskEvent(e, h, l)
	default:
		s.callerEvent(e)
	}
}

// deskEvent takes in what is said of a softphone. The lock is held.
func (s *Studio) deskEvent(e ConferenceEvent, h *hearing, l *line) {
	switch e.Event {
	case "participant-join":
		if e.Sequence > 0 && e.Sequence < h.desk { // it was replaced before this was heard
			s.endGhost(e.Call)
			return
		}
		h.desk = e.Sequence
		if l.leg != e.Call || !l.Phone {
			s.phone(e.Line, e.Call, "")
		}
	case "participant-leave":
		s.phoneEnded(e.Call)
	}
}

// callerEvent takes in what is said of a caller's call. The lock is held.
func (s *Studio) callerEvent(e ConferenceEvent) {
	c := s.state.callers[e.Call]
	switch e.Event {
	case "participant-join":
		if c == nil { // Callin missed its beginning: Twilio knows whose it is
			s.doubt()
			return
		}
		s.placed(e.Call, call.OnLine(e.Line, stands(e.Muted, e.Hold)), e.Conference)
	case "participant-mute", "participant-unmute", "participant-hold", "participant-unhold":
		// On its way to a line, its join was overtaken or lost.
		if c != nil && (c.conference == e.Conference || c.Move != nil && c.Move.To.Kind == call.Line) {
			s.placed(e.Call, call.OnLine(e.Line, stands(e.Muted, e.Hold)), e.Conference)
		}
	}
}
