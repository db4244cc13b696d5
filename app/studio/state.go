package studio

import (
	"slices"

	"callin/app/call"
)

// state is the fold over all facts. It is changed by apply only.
type state struct {
	seq     int64
	show    Show
	sids    map[string]string // queue name to QueueSid
	callers map[call.Sid]*caller
	waiting map[string][]*caller // by queue name, lowest rank first
	ready   []*caller            // whom Next can take, lowest rank first
	lines   map[string]*line
	bridges map[call.Sid]*caller // by the desk's leg
	pins    int                  // wrong ones, one after the other
	talks   talks
	// texted is when a number was sent a text last, in milliseconds.
	texted    map[string]int64
	optedOut  map[string]bool
	voicemail []Voicemail // replaced, never changed in place
	over      bygone[call.Sid]
	replaced  bygone[call.Sid]    // phones' legs
	ghosts    map[call.Sid]string // those that may be there yet, with their line
}

// caller is a call's card with what desks need not see.
type caller struct {
	Card
	by         call.Op  // of the move under way
	conference string   // ConferenceSid, while on a line
	queue      string   // the queue it is in or was in last
	left       bool     // Twilio's queue has said since that it has left it
	entered    int64    // the fact by which it came to its place
	leg        call.Sid // the desk's, while in a bridge
	changed    int64    // the last fact about it
	sent       int64    // the last move that Twilio was asked for; not of the fold
}

// intended is where the call should be: every TwiML answer follows from it.
func (c *caller) intended() call.Place {
	if c.Move != nil {
		return c.Move.To
	}
	return c.Place
}

// known is what to call the caller in a sentence.
func (c *caller) known() string {
	switch {
	case c.Name != "":
		return c.Name
	case c.Number != "":
		return c.Number
	}
	return "The caller"
}

// line is a desk's conference with its softphone's leg.
type line struct {
	Line
	leg call.Sid
}

func newState(show Show, lines []string) *state {
	s := &state{
		show:    show,
		sids:    map[string]string{},
		callers: map[call.Sid]*caller{},
		waiting: map[string][]*caller{},
		lines:   map[string]*line{},
		bridges: map[call.Sid]*caller{},
		ghosts:  map[call.Sid]string{},
		texted:  map[string]int64{}, optedOut: map[string]bool{},
	}
	for _, name := range lines {
		s.lines[name] = &line{Line: Line{Name: name, Lost: []call.Sid{}}}
	}
	return s
}

// touched is what a fact changed.
type touched struct {
	cards     map[call.Sid]bool
	gone      map[call.Sid]bool
	lines     map[string]bool
	show      bool
	voicemail bool
}

func (t *touched) card(c *caller) { t.cards[c.Call] = true }

// apply folds f into the state. A fact about a call that is not there, or that
// says nothing new, changes nothing.
func (s *state) apply(f call.Fact, t *touched) {
	s.seq = f.Seq
	switch f.Kind {
	case call.ShowSet:
		s.applyShow(f, t)
		return
	case call.PhoneSet:
		s.applyPhone(f, t)
		return
	case call.PinTyped, call.PinUnlocked:
		s.applyPin(f, t)
		return
	case call.Recorded, call.Unrecorded:
		s.applyVoicemail(f, t)
		return
	case call.Texted, call.OptedOut:
		s.applyText(f)
		return
	case call.Arrived:
		s.applyArrived(f, t)
		return
	}
	c := s.callers[f.Call]
	if c == nil {
		return
	}
	c.changed = f.Seq
	t.card(c)
	defer s.judge(c)
	switch f.Kind {
	case call.Began:
		s.applyBegan(c, f, t)
	case call.Placed:
		s.applyPlaced(c, f, t)
	case call.Left:
		c.left = true
	case call.Failed:
		if c.Move != nil && c.Move.Number == f.Move {
			if c.by == call.OpLost {
				s.found(c.Call, t)
			}
			c.Move, c.by, c.Was = nil, "", keepWas(c)
			c.Trouble = &Trouble{Code: call.CodeOf(f.Code), Message: f.Message, At: f.At}
		}
	case call.Ended:
		s.over.add(c.Call)
		s.unqueue(c)
		s.part(c)
		s.talks.over(c, f.At)
		s.found(c.Call, t)
		delete(s.callers, c.Call)
		delete(t.cards, c.Call)
		t.gone[c.Call] = true
	case call.Noted:
		set(&c.Name, f.Name)
		set(&c.Location, f.Location)
		set(&c.Topic, f.Topic)
	case call.LockSet:
		c.Locked = f.On
	case call.Ordered:
		s.unqueue(c) // where it is found by its old rank
		s.pass(c)
		c.Rank = f.Rank
		s.requeue(c)
	}
}

// keepWas is the way back of a call that is parked whatever became of a move.
func keepWas(c *caller) *call.Place {
	if c.Place.Kind == call.Park {
		return c.Was
	}
	return nil
}

func set(field *string, to *string) {
	if to != nil {
		*field = *to
	}
}

func (s *state) applyArrived(f call.Fact, t *touched) {
	if s.callers[f.Call] != nil {
		return
	}
	c := &caller{Card: Card{
		Call: f.Call, Arrived: f.At, Since: f.At, Rank: float64(f.Seq),
		Place: call.Place{Kind: call.Arriving},
	}, changed: f.Seq}
	set(&c.Number, f.Number)
	set(&c.Name, f.Name)
	if f.Place != nil {
		c.Place = *f.Place
	}
	s.callers[c.Call] = c
	s.requeue(c)
	s.judge(c)
	t.card(c)
}

func (s *state) applyBegan(c *caller, f call.Fact, t *touched) {
	if f.Place.Kind == call.Park && c.Place.Kind != call.Park {
		was := c.Place
		c.Was = &was
	}
	c.Move = &Moving{Number: f.Seq, To: *f.Place, Began: f.At}
	c.by = f.By
	c.Trouble = nil
	if f.By == call.OpLost {
		if l := s.lines[c.Place.Name]; l != nil && !slices.Contains(l.Lost, c.Call) {
			l.Lost = append(slices.Clone(l.Lost), c.Call)
			t.lines[l.Name] = true
		}
	}
}

func (s *state) applyPlaced(c *caller, f call.Fact, t *touched) {
	to := *f.Place
	if to.Kind == call.Queue {
		c.left = false
	}
	if to != c.Place {
		if c.Place.OnAir() {
			c.AirMs += f.At - c.Since
		}
		c.Since, c.entered = f.At, f.Seq
		c.Place = to
		s.requeue(c)
	}
	s.part(c)
	if to.Kind == call.Bridge && f.Leg != "" {
		c.leg = f.Leg
		s.bridges[f.Leg] = c
	}
	if f.Conference != "" || to.Kind != call.Line {
		c.conference = f.Conference
	}
	if c.Move != nil && c.Move.To == to {
		c.Move, c.by = nil, ""
	}
	c.Was = keepWas(c)
	if to.Kind != call.Line || to.State != call.Held {
		s.found(c.Call, t)
	}
}

func (s *state) applyShow(f call.Fact, t *touched) {
	t.show = true
	if f.Message != "" {
		s.show.Trouble = &Trouble{Code: call.CodeOf(f.Code), Message: f.Message, At: f.At}
		return
	}
	s.show.State, s.show.Trouble = ShowState(f.Code), nil
	if s.show.State == ShowOpening {
		s.talks = talks{}
	}
	switch {
	case f.Queues != nil:
		s.sids = f.Queues
	case f.Code == string(ShowClosed): // an empty map is not kept in a fact
		s.sids = map[string]string{}
	}
}

func (s *state) applyPhone(f call.Fact, t *touched) {
	l := s.lines[f.Line]
	switch {
	case l == nil:
		return
	case f.Code == "replaced":
		delete(s.ghosts, f.Call)
		return
	case f.On && l.Phone && l.leg != f.Call:
		s.replaced.add(l.leg)
		s.ghosts[l.leg] = l.Name
	}
	l.Phone, l.Since, l.leg = f.On, f.At, f.Call
	l.Telephone = f.On && f.Code == "telephone"
	l.Direct = l.Telephone || f.On && f.Code == "direct"
	t.lines[l.Name] = true
}

// found takes a call off the lists of those held because a phone was lost.
func (s *state) found(sid call.Sid, t *touched) {
	for _, l := range s.lines {
		if i := slices.Index(l.Lost, sid); i >= 0 {
			l.Lost = slices.Delete(slices.Clone(l.Lost), i, i+1)
			t.lines[l.Name] = true
		}
	}
}

func byRank(a, b *caller) int {
	switch {
	case a.Rank < b.Rank:
		return -1
	case a.Rank > b.Rank:
		return 1
	case a.Call < b.Call:
		return -1
	case a.Call > b.Call:
		return 1
	}
	return 0
}

// requeue puts c where it belongs in the queue it is in now.
func (s *state) requeue(c *caller) {
	s.unqueue(c)
	if c.Place.Kind != call.Queue {
		return
	}
	c.queue = c.Place.Name
	q := s.waiting[c.queue]
	i, _ := slices.BinarySearchFunc(q, c, byRank)
	s.waiting[c.queue] = slices.Insert(q, i, c)
}

func (s *state) unqueue(c *caller) {
	q := s.waiting[c.queue]
	if i, there := slices.BinarySearchFunc(q, c, byRank); there {
		s.waiting[c.queue] = slices.Delete(q, i, i+1)
	}
}

// next is whom Next takes: the first in the queue that feeds the air who is
// neither locked nor being moved.
func (s *state) next() call.Sid {
	if len(s.ready) == 0 {
		return ""
	}
	return s.ready[0].Call
}

// judge keeps ready right after a fact about c: a show that closes has thousands
// who are being moved, and none of them is to be passed by at each fact.
func (s *state) judge(c *caller) {
	can := s.callers[c.Call] == c && !c.Locked && c.Move == nil && c.Place == call.InQueue(s.show.Queues[0])
	s.pass(c)
	if can {
		i, _ := slices.BinarySearchFunc(s.ready, c, byRank)
		s.ready = slices.Insert(s.ready, i, c)
	}
}

func (s *state) pass(c *caller) {
	if i, is := slices.BinarySearchFunc(s.ready, c, byRank); is {
		s.ready = slices.Delete(s.ready, i, i+1)
	}
}

// position counts from 1 within the queue that c is in.
func (s *state) position(c *caller) int {
	i, _ := slices.BinarySearchFunc(s.waiting[c.queue], c, byRank)
	return i + 1
}
