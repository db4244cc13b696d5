package station

import (
	"fmt"
	"log/slog"

	"callin/app/call"
	"callin/app/picture"
)

// ConferenceEvent is one of Twilio's conference callbacks about one participant.
type ConferenceEvent struct {
	Event      string // StatusCallbackEvent
	Conference string // ConferenceSid
	Line       string
	Call       call.Sid
	Desk       bool // the participant is a desk's softphone
	Talkback   bool // it is one that only the host hears
	Reserve    bool // it came in reserve
	Sequence   int  // SequenceNumber within the conference; 0 when not given
	Muted      bool
	Hold       bool
}

// hearing is what has been heard of one conference.
type hearing struct {
	last map[call.Sid]int // the last SequenceNumber about each participant
	high int              // the highest SequenceNumber
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
func (s *Station) Conference(e ConferenceEvent) { s.locked(func(c *core) { c.conference(e) }) }

func (c *core) conference(e ConferenceEvent) {
	if c.closed.Has(e.Conference) {
		return
	}
	if e.Event == "conference-end" {
		delete(c.heard, e.Conference)
		c.closed.Add(e.Conference)
		return
	}
	h := c.heard[e.Conference]
	if h == nil {
		h = &hearing{last: map[call.Sid]int{}}
		c.heard[e.Conference] = h
	}
	if e.Sequence > h.high+1 {
		c.leave(compareSoon{})
	}
	h.high = max(h.high, e.Sequence)
	if e.Sequence > 0 && e.Sequence <= h.last[e.Call] {
		return
	}
	h.last[e.Call] = e.Sequence
	_, _, ours := c.state.Line(e.Line)
	switch {
	case !ours:
		c.leave(logged{slog.LevelWarn, "a callback about a line that is not ours", []any{"line", fmt.Sprintf("%.40q", e.Line)}})
	case c.state.Over(e.Call):
	case e.Talkback:
		c.talkbackEvent(e)
	case e.Reserve:
		c.reserveEvent(e)
	case e.Desk:
		c.phoneEvent(e)
	default:
		c.callerEvent(e, c.state.Caller(e.Call))
	}
}

// callerEvent takes in what is said of a caller's call; who is nil when Callin
// missed its beginning.
func (c *core) callerEvent(e ConferenceEvent, who *picture.Caller) {
	at := call.OnLine(e.Line, stands(e.Muted, e.Hold))
	switch e.Event {
	case "participant-join":
		if who == nil { // Twilio knows whose it is
			c.leave(compareSoon{})
			return
		}
		c.placed(e.Call, at, e.Conference, told)
	case "participant-mute", "participant-unmute", "participant-hold", "participant-unhold":
		// On its way to a line, its join was overtaken or lost.
		if who != nil && (who.Conference() == e.Conference || who.Moving() && who.Move().To.Kind == call.Line) {
			c.placed(e.Call, at, e.Conference, told)
		}
	}
}
