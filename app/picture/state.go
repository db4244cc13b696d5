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
	studios   map[call.Studio]*studio
	names     []call.Studio // of the studios that there are, the first one first
	callers   map[call.Sid]*Caller
	waiting   map[string][]*Caller // by queue name, lowest rank first
	lines     map[string]*Line
	lineNames []string
	bridges   map[call.Sid]*Caller // by the desk's leg
	pins      pins
	byNumber  map[string][]*Caller // in the order of arrival; withheld numbers are not there
	texts     texts
	chat      []Said           // replaced, never changed in place
	voicemail []Voicemail      // replaced, never changed in place
	over      Recent[call.Sid] // calls that have ended
	// dialled are phones in the order in which they asked for their line, and
	// replaced those whose line another one has; stillThere are those of them whose
	// end has not been heard of.
	dialled, replaced Recent[call.Sid]
	phones            map[call.Sid]call.DeskID // whose the phones are that have dialled and not ended
	stillThere        map[call.Sid]bool
	talkbacks         map[call.Sid]string // the line of each leg that speaks to the host alone
	reserves          map[call.Sid]Reserve
	letGo             map[call.Sid]bool // the phones that a person takes off their lines
	ahead             aheadOfTwilio
}

// studio is what is known of one studio.
type studio struct {
	is        Studio
	queueSids map[string]string // by queue name
	ready     []*Caller         // whom Next can take, lowest rank first
	talkTimes talkTimes
	aired     map[string]int64 // by number: when it was on air last in this show, in milliseconds
	typed     typedBefore
	over      Recent[call.Sid] // its callers' calls that have ended
}

// next is whom Next takes; nil for nobody.
func (st *studio) next() *Caller {
	if len(st.ready) == 0 {
		return nil
	}
	return st.ready[0]
}

// told is the studio as desks are told of it.
func (st *studio) told() Studio {
	is := st.is
	if next := st.next(); next != nil {
		is.Next = next.Call()
	}
	return is
}

// aheadOfTwilio is how far the station's clock is ahead of Twilio's, in
// milliseconds, if they have been compared.
type aheadOfTwilio struct {
	by       int64
	compared bool
}

// New is the state before the first fact, of a station that has these studios.
func New(studios ...Studio) *State {
	s := &State{
		studios:    map[call.Studio]*studio{},
		callers:    map[call.Sid]*Caller{},
		waiting:    map[string][]*Caller{},
		lines:      map[string]*Line{},
		bridges:    map[call.Sid]*Caller{},
		stillThere: map[call.Sid]bool{},
		phones:     map[call.Sid]call.DeskID{},
		talkbacks:  map[call.Sid]string{},
		reserves:   map[call.Sid]Reserve{},
		letGo:      map[call.Sid]bool{},
		byNumber:   map[string][]*Caller{},
		texts:      newTexts(),
		pins:       newPins(),
	}
	for _, is := range studios {
		is.Line, is.Show.Queues = is.ID.Line(), is.ID.Queues()
		if is.Lanes == nil {
			is.Lanes = is.ID.Lanes(1)
		}
		if len(is.Lanes) > 1 {
			is.Talkback = is.ID.Talkback()
		}
		s.studio(is.ID).is = is
		s.names = append(s.names, is.ID)
		for _, lane := range is.Lanes {
			s.line(lane)
		}
	}
	return s
}

// studio is one of the studios. A journal may have facts of one that the station has
// no more: what they say is kept, and nobody is told of it.
func (s *State) studio(id call.Studio) *studio {
	st := s.studios[id]
	if st == nil {
		st = &studio{is: Studio{ID: id}, queueSids: map[string]string{}, aired: map[string]int64{}, typed: newTypedBefore()}
		s.studios[id] = st
	}
	return st
}

// isPhones reports whether a name is that of a line which is known from when a phone comes
// there: a desk's own, or one to talk to a host on.
func isPhones(name string) bool {
	_, own := call.DeskOf(name)
	_, talkback := call.TalkbackOf(name)
	return own || talkback
}

// line is a line by its name; nil when it is none's.
func (s *State) line(name string) *Line {
	l := s.lines[name]
	if l != nil {
		return l
	}
	if _, _, air := call.LaneOf(name); !air && !isPhones(name) {
		return nil
	}
	l = &Line{Name: name, PinLocked: s.pins.allLocked(), LockedTelephones: s.pins.locked(), Talkback: []call.DeskID{}, Lost: []call.Sid{}}
	s.lines[name] = l
	s.lineNames = append(s.lineNames, name)
	return l
}

// Seq is the number of the last fact.
func (s *State) Seq() int64 { return s.seq }

// LastAt is the time of the last fact; 0 before there is one.
func (s *State) LastAt() int64 { return s.at }

// Studios are the station's, the first one first.
func (s *State) Studios() []call.Studio { return s.names }

// Studio is one of the station's studios; false when it has none of that id.
func (s *State) Studio(id call.Studio) (is Studio, ok bool) {
	if !slices.Contains(s.names, id) {
		return Studio{}, false
	}
	return s.studios[id].told(), true
}

// Show is the show of a studio.
func (s *State) Show(of call.Studio) Show { return s.studio(of).is.Show }

// QueueSid is the QueueSid of a show's queue; empty when Twilio has it not.
func (s *State) QueueSid(queue string) string {
	of, _ := call.StudioOf(queue)
	return s.studio(of).queueSids[queue]
}

// QueueSids are those of a studio's show that Twilio has, by name.
func (s *State) QueueSids(of call.Studio) map[string]string {
	return maps.Clone(s.studio(of).queueSids)
}

// Caller is the caller of a call; nil when there is none.
func (s *State) Caller(sid call.Sid) *Caller { return s.callers[sid] }

// Callers are all whose calls are not over, in no order.
func (s *State) Callers() iter.Seq[*Caller] { return maps.Values(s.callers) }

// Waiting are those who wait in a queue, lowest rank first. The slice is the
// state's own.
func (s *State) Waiting(queue string) []*Caller { return s.waiting[queue] }

// AllWaiting are those who wait, by queue.
func (s *State) AllWaiting() iter.Seq2[string, []*Caller] { return maps.All(s.waiting) }

// AnyoneWaits is whether somebody is in a queue of a studio's.
func (s *State) AnyoneWaits(of call.Studio) bool {
	for _, queue := range of.Queues() {
		if len(s.waiting[queue]) > 0 {
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

// AiredAt is when a number was on air last in a studio's show, in milliseconds; 0 for
// never.
func (s *State) AiredAt(of call.Studio, number string) int64 { return s.studio(of).aired[number] }

// Next is whom Next takes in a studio: the first in the queue that feeds the air who
// is neither locked nor being moved; nil for nobody.
func (s *State) Next(of call.Studio) *Caller { return s.studio(of).next() }

// Lines are all lines that there has been a phone on, and those of the studios. Line is
// one with its phone's leg; false when no desk can have one of that name.
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
		return Line{Name: name}, "", isPhones(name) // on which none has been yet
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

// WasCaller is whether a call that has ended was a caller's of a studio, as far as it
// is remembered.
func (s *State) WasCaller(of call.Studio, sid call.Sid) bool { return s.studio(of).over.Has(sid) }

// StudioAtEnd is the studio in which a call ended that rang the number of one.
func (s *State) StudioAtEnd(sid call.Sid, rang call.Studio) call.Studio {
	for id, st := range s.studios {
		if st.over.Has(sid) {
			return id
		}
	}
	return rang
}

// PhoneOf is whose a phone is; the desk's on the station's own computer when it is not
// known.
func (s *State) PhoneOf(leg call.Sid) call.DeskID { return s.phones[leg] }

// Phones are the desks' phones that have called and not ended, with whose they are.
func (s *State) Phones() iter.Seq2[call.Sid, call.DeskID] { return maps.All(s.phones) }

// Talkbacks are the legs that speak to the host alone on a line.
func (s *State) Talkbacks(line string) (legs []call.Sid) {
	for leg, on := range s.talkbacks {
		if on == line {
			legs = append(legs, leg)
		}
	}
	return legs
}

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
		Seq: s.seq, Studios: make([]Studio, 0, len(s.names)), Lines: s.Lines(), Cards: make([]Card, 0, len(s.callers)),
		Desks:     []Desk{},
		Chat:      append([]Said{}, s.chat...),
		Voicemail: append([]Voicemail{}, s.voicemail...),
	}
	for _, c := range s.callers {
		p.Cards = append(p.Cards, c.card)
	}
	for _, id := range s.names {
		p.Studios = append(p.Studios, s.studios[id].told())
	}
	return p
}
