package picture

import (
	"iter"
	"maps"
	"slices"

	"callin/app/call"
)

// State is the fold over all facts of a station. Apply changes it; everything
// else only looks.
type State struct {
	seq       int64
	at        int64 // of the last fact
	show      Show
	queueSids map[string]string // by queue name
	callers   map[call.Sid]*Caller
	waiting   map[string][]*Caller // by queue name, lowest rank first
	ready     []*Caller            // whom Next can take, lowest rank first
	lines     map[string]*Line
	lineNames []string
	bridges   map[call.Sid]*Caller // by the desk's leg
	pins      pins
	talkTimes talkTimes
	byNumber  map[string][]*Caller // in the order of arrival; withheld numbers are not there
	aired     map[string]int64     // by number: when it was on air last in this show, in milliseconds
	typed     typedBefore
	texts     texts
	voicemail []Voicemail      // replaced, never changed in place
	over      Recent[call.Sid] // calls that have ended
	// dialled are phones in the order in which they asked for their line, and
	// replaced those whose line another one has; stillThere are those of them whose
	// end has not been heard of.
	dialled, replaced Recent[call.Sid]
	stillThere        map[call.Sid]bool
	letGo             call.Sid // the phone that a person took off its line last
	ahead             aheadOfTwilio
}

// aheadOfTwilio is how far the station's clock is ahead of Twilio's, in
// milliseconds, if they have been compared.
type aheadOfTwilio struct {
	by       int64
	compared bool
}

// New is the state before the first fact.
func New(show Show, lines []string) *State {
	s := &State{
		show:       show,
		queueSids:  map[string]string{},
		callers:    map[call.Sid]*Caller{},
		waiting:    map[string][]*Caller{},
		lines:      map[string]*Line{},
		lineNames:  lines,
		bridges:    map[call.Sid]*Caller{},
		stillThere: map[call.Sid]bool{},
		byNumber:   map[string][]*Caller{},
		aired:      map[string]int64{},
		typed:      newTypedBefore(),
		texts:      newTexts(),
		pins:       newPins(),
	}
	for _, name := range lines {
		s.lines[name] = &Line{Name: name, LockedTelephones: []string{}, Lost: []call.Sid{}}
	}
	return s
}

// Seq is the number of the last fact.
func (s *State) Seq() int64 { return s.seq }

// LastAt is the time of the last fact; 0 before there is one.
func (s *State) LastAt() int64 { return s.at }

// Show is the show.
func (s *State) Show() Show { return s.show }

// QueueSid is the QueueSid of one of the show's queues; empty when Twilio has it not.
func (s *State) QueueSid(queue string) string { return s.queueSids[queue] }

// QueueSids are those that Twilio has, by name.
func (s *State) QueueSids() map[string]string { return maps.Clone(s.queueSids) }

// Caller is the caller of a call; nil when there is none.
func (s *State) Caller(sid call.Sid) *Caller { return s.callers[sid] }

// Callers are all whose calls are not over, in no order.
func (s *State) Callers() iter.Seq[*Caller] { return maps.Values(s.callers) }

// Waiting are those who wait in a queue, lowest rank first. The slice is the
// state's own.
func (s *State) Waiting(queue string) []*Caller { return s.waiting[queue] }

// AllWaiting are those who wait, by queue.
func (s *State) AllWaiting() iter.Seq2[string, []*Caller] { return maps.All(s.waiting) }

// AnyoneWaits is whether somebody is in a queue.
func (s *State) AnyoneWaits() bool {
	for _, q := range s.waiting {
		if len(q) > 0 {
			return true
		}
	}
	return false
}

// Position counts from 1 within the queue that c is in.
func (s *State) Position(c *Caller) int {
	i, _ := slices.BinarySearchFunc(s.waiting[c.queue], c, byRank)
	return i + 1
}

// From are the calls of a number that are not over, in the order in which they
// came. The slice is the state's own.
func (s *State) From(number string) []*Caller { return s.byNumber[number] }

// AiredAt is when a number was on air last in this show, in milliseconds; 0 for never.
func (s *State) AiredAt(number string) int64 { return s.aired[number] }

// Next is whom Next takes: the first in the queue that feeds the air who is
// neither locked nor being moved; nil for nobody.
func (s *State) Next() *Caller {
	if len(s.ready) == 0 {
		return nil
	}
	return s.ready[0]
}

// Lines are all lines, and Line is one with its phone's leg; false when there is none.
func (s *State) Lines() []Line {
	lines := make([]Line, len(s.lineNames))
	for i, name := range s.lineNames {
		lines[i] = *s.lines[name]
	}
	return lines
}

func (s *State) Line(name string) (l Line, leg call.Sid, ok bool) {
	at, ok := s.lines[name]
	if !ok {
		return Line{}, "", false
	}
	return *at, at.Leg, true
}

// LineOf is the line that a phone has; false when it has none.
func (s *State) LineOf(leg call.Sid) (name string, ok bool) {
	for name, l := range s.lines {
		if l.Phone && l.Leg == leg {
			return name, true
		}
	}
	return "", false
}

// BridgedWith is the caller whom a phone is talking to without a line; nil for nobody.
func (s *State) BridgedWith(leg call.Sid) *Caller { return s.bridges[leg] }

// Over is whether a call has ended, as far as it is remembered.
func (s *State) Over(sid call.Sid) bool { return s.over.Has(sid) }

// HasDialled is whether a phone has asked for a line before.
func (s *State) HasDialled(leg call.Sid) bool { return s.dialled.Has(leg) }

// Older is whether a phone asked for its line before another one did; false when
// that is not known of both.
func (s *State) Older(leg, than call.Sid) bool { return s.dialled.Before(leg, than) }

// Replaced is whether a phone's line is another one's now, whether its call has
// ended since or not.
func (s *State) Replaced(leg call.Sid) bool { return s.replaced.Has(leg) }

// ReplacedPhones are those whose end has not been heard of. Two phones must not
// take callers, and one that takes them straight from the queue is in no list of
// Twilio's.
func (s *State) ReplacedPhones() iter.Seq[call.Sid] { return maps.Keys(s.stillThere) }

// Voicemail are the messages that callers have left, oldest first.
func (s *State) Voicemail() []Voicemail { return s.voicemail }

// AheadOfTwilio is how far the station's clock is ahead of Twilio's, in
// milliseconds; false when they have not been compared.
func (s *State) AheadOfTwilio() (by int64, compared bool) { return s.ahead.by, s.ahead.compared }

// Picture is what a desk sees of all this; who shows it adds the rest.
func (s *State) Picture() Picture {
	p := Picture{
		Seq: s.seq, Show: s.show, Lines: s.Lines(), Cards: make([]Card, 0, len(s.callers)),
		Voicemail: append([]Voicemail{}, s.voicemail...),
	}
	for _, c := range s.callers {
		p.Cards = append(p.Cards, c.card)
	}
	if next := s.Next(); next != nil {
		p.Next = next.Call()
	}
	return p
}
