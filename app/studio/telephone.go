package studio

import (
	"context"

	"callin/app/call"
)

// mostWrongPins is how many wrong PINs, one after the other and over all calls,
// lock the telephone way.
const mostWrongPins = 5

// applyPin counts wrong PINs.
func (s *state) applyPin(f call.Fact, t *touched) {
	switch {
	case f.Kind == call.PinUnlocked || f.On:
		s.pins = 0
	default:
		s.pins++
	}
	locked := s.pins >= mostWrongPins
	for name, l := range s.lines {
		if l.PinLocked != locked {
			l.PinLocked = locked
			t.lines[name] = true
		}
	}
}

// PinResult is what became of a PIN that was typed.
type PinResult int

const (
	PinWrong  PinResult = iota
	PinRight            // the telephone is the line's phone now
	PinLocked           // too many were wrong: even the right one is refused
)

// TypedPin takes in a PIN that telephone leg typed. The right one makes leg the
// studio line's phone.
func (s *Studio) TypedPin(leg call.Sid, right bool) PinResult {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.pins >= mostWrongPins {
		return PinLocked
	}
	s.record(call.Fact{Kind: call.PinTyped, Call: leg, On: right})
	switch {
	case right:
		s.phone(StudioLine, leg, "telephone")
		return PinRight
	case s.state.pins >= mostWrongPins:
		s.notice(call.CodePinLocked, "Five wrong PINs have locked the telephone way. Unlock it if that was you.")
		return PinLocked
	}
	return PinWrong
}

// PinLocked reports whether telephones cannot try a PIN.
func (s *Studio) PinLocked() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.pins >= mostWrongPins
}

// UnlockPin lets telephones try a PIN again.
func (s *Studio) UnlockPin(ctx context.Context) error {
	s.mu.Lock()
	if s.state.pins < mostWrongPins {
		s.mu.Unlock()
		return refuse(call.CodeNotLocked, "The telephone way is not locked.")
	}
	saved := s.record(call.Fact{Kind: call.PinUnlocked})
	s.mu.Unlock()
	return s.onDisk(ctx, saved)
}

// Announcement is what the DJ on a telephone is told before the next caller.
type Announcement struct {
	// Elsewhere: another phone has the line now, and this one is not needed.
	Elsewhere bool
	// Open is whether the show has a queue to take callers from.
	Open bool
	// Anyone is whether somebody waits; then the rest says who.
	Anyone                bool
	Name, Location, Topic string
}

// TakesNext takes in that telephone leg is done with its caller and ready for the
// next, and tells who Twilio will give it: who has been in the queue for longest.
func (s *Studio) TakesNext(leg call.Sid) Announcement {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bridgeDone(leg)
	switch l := s.state.lines[StudioLine]; {
	case l.Phone && l.leg != leg, s.isGhost(leg):
		return Announcement{Elsewhere: true}
	case !l.Phone:
		s.phone(StudioLine, leg, "telephone")
	}
	a := Announcement{Open: s.state.show.State == ShowOpen || s.state.show.State == ShowOpening}
	var first *caller
	for _, c := range s.state.waiting[OnAirQueue] {
		// One who is being moved may be taken yet, but hardly.
		if c.Move == nil && (first == nil || c.entered < first.entered) {
			first = c
		}
	}
	if first != nil {
		a.Anyone, a.Name, a.Location, a.Topic = true, first.Name, first.Location, first.Topic
	}
	return a
}

// Bridged believes that a call is being put through to a desk's leg, without a line.
func (s *Studio) Bridged(a Arrival, leg call.Sid) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isGhost(leg) { // a ghost takes callers: this one is to wait again
		s.endGhost(leg)
	}
	c := s.known(a)
	switch {
	case c == nil, c.Place.Kind == call.Bridge:
	case c.Move == nil && (c.Place.Kind == call.Park || c.Place.Kind == call.Closing && c.left):
		// This is late: it was put through before it was sent on its way out. One
		// that hears closing words in the queue can still be taken from there.
	default:
		s.record(call.Fact{Kind: call.Placed, Call: c.Call, Place: &call.Place{Kind: call.Bridge}, Leg: leg})
	}
}

// taken believes that a live call that is in none of Twilio's lists is put through
// to the phone that takes callers straight from the queue, when it should be in
// one and nobody has moved it: its whisper was lost. Twilio lists no bridges, so
// this is inferred. Nothing must have been heard of the call since fact since.
// The lock is held.
func (s *Studio) taken(sid call.Sid, since int64) bool {
	c, l := s.state.callers[sid], s.state.lines[StudioLine]
	if c == nil || c.Move != nil || c.changed > since || !l.Phone || !l.Direct || s.state.bridges[l.leg] != nil {
		return false
	}
	switch c.Place.Kind {
	case call.Queue:
		if c.Place.Name != OnAirQueue {
			return false
		}
	case call.Park, call.Closing: // it never heard of that, or would have ended
		if now()-c.Since < s.state.show.ParkMs+between.Milliseconds() {
			return false
		}
	default:
		return false
	}
	s.record(call.Fact{Kind: call.Placed, Call: sid, Place: &call.Place{Kind: call.Bridge}, Leg: l.leg})
	return true
}

// bridgeDone: the desk's leg asks for the next caller, so the last one it was
// bridged with is done. The lock is held.
func (s *Studio) bridgeDone(leg call.Sid) {
	if c := s.state.bridges[leg]; c != nil && c.Move == nil {
		s.placed(c.Call, call.Place{Kind: call.Closing}, "")
	}
}

// bridgeLost: the desk's leg has ended, and did not ask for the next caller
// before: the one it was bridged with waits again. The lock is held.
func (s *Studio) bridgeLost(leg call.Sid) {
	if c := s.state.bridges[leg]; c != nil && c.Move == nil {
		s.waitAgain(c)
	}
}

// waitAgain returns a call that nobody moved to its queue, if there is one: the
// request that is about to come sends it there. The lock is held.
func (s *Studio) waitAgain(c *caller) {
	if s.state.show.State != ShowOpen {
		s.placed(c.Call, call.Place{Kind: call.Closing}, "")
		return
	}
	s.record(began(c.Call, call.OpFell, call.InQueue(OnAirQueue)))
	m := s.job(c)
	s.work.Go(func() { s.watch(m) })
}

// Parted answers a call that has left a bridge and was told to wait a moment. At
// last, when nothing was heard of the desk's leg, it waits again.
func (s *Studio) Parted(a Arrival, last bool) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.known(a)
	if c == nil {
		return ended
	}
	return s.afterBridge(c, last)
}

// afterBridge is where a call goes that has left a bridge: after * to the closing
// words, back to its queue when the desk's leg has ended. Which it was is told by
// another request, before this one or after: until then the answer is the bridge
// itself. The lock is held.
func (s *Studio) afterBridge(c *caller, last bool) Answer {
	if c.Move == nil && (c.Place.Kind == call.Queue || c.Place.Kind == call.Arriving) {
		// The whisper was not heard of. Whoever has the line has had the caller.
		s.record(call.Fact{Kind: call.Placed, Call: c.Call, Place: &call.Place{Kind: call.Bridge}, Leg: s.state.lines[StudioLine].leg})
	}
	if c.Move == nil && c.Place.Kind == call.Bridge && (last || s.state.bridges[c.leg] != c) {
		s.waitAgain(c)
	}
	switch c.intended().Kind {
	case call.Closing:
		s.placed(c.Call, call.Place{Kind: call.Closing}, "")
		return s.answer(c, Thanks)
	case call.Queue:
		return s.answer(c, Sorry)
	}
	return s.answer(c, NoWords)
}

// part ends what is known of a call's bridge.
func (s *state) part(c *caller) {
	if s.bridges[c.leg] == c {
		delete(s.bridges, c.leg)
	}
	c.leg = ""
}

// here reports whether a phone is on the line itself: a direct one is not.
func (l *line) here() bool { return l.Phone && !l.Direct }
