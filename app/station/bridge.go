package station

import (
	"callin/app/call"
	"callin/app/picture"
)

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
// next of a studio, and tells who Twilio will give it: who has been in the queue for longest.
func (s *Station) TakesNext(of call.Studio, leg call.Sid) (a Announcement) {
	s.locked(func(c *core) { a = c.studio(of).takesNext(leg) })
	return a
}

func (st studio) takesNext(leg call.Sid) Announcement {
	st.bridgeDone(leg)
	switch l, has, _ := st.state.Line(st.id.Line()); {
	case l.Phone && has != leg, st.state.Replaced(leg):
		return Announcement{Elsewhere: true}
	case !l.Phone:
		st.takeLine(st.id.Line(), leg, call.PhoneTelephone)
	}
	a := Announcement{Open: st.showIs(call.ShowOpening) || st.queuesStand()}
	var first *picture.Caller
	for _, who := range st.state.Waiting(st.id.OnAir()) {
		// One who is being moved may be taken yet, but hardly.
		if !who.Moving() && (first == nil || who.Entered() < first.Entered()) {
			first = who
		}
	}
	if first != nil {
		a.Anyone, a.Name, a.Location, a.Topic = true, first.Name(), first.Location(), first.Topic()
	}
	return a
}

// Bridged believes that a call is being put through to a phone, without a line.
func (s *Station) Bridged(a Arrival, leg call.Sid) {
	s.locked(func(c *core) {
		if c.state.Replaced(leg) { // it takes callers nevertheless: this one is to wait again
			c.leave(endPhone{leg: leg})
		}
		c.bridged(c.admit(a), leg)
	})
}

func (c *core) bridged(who *picture.Caller, leg call.Sid) {
	switch {
	case who == nil, who.Place().Kind == call.Bridge:
	case !who.Moving() && (who.Place().Kind == call.Park || who.Place().Kind == call.Closing && who.Left()):
		// This is late: it was put through before it was sent on its way out. One
		// that hears closing words in the queue can still be taken from there.
	default:
		c.putThrough(who.Call(), leg, told)
	}
}

// putThrough records that a call is put through to a phone, without a line.
func (c *core) putThrough(sid, leg call.Sid, from origin) {
	c.record(from, call.Fact{Kind: call.Placed, Call: sid, Place: &call.Place{Kind: call.Bridge}, Leg: leg})
}

// taken believes that a live call that is in none of Twilio's lists is put through
// to the phone that takes callers straight from the queue, when it should be in
// one and nobody has moved it: its whisper was lost. Twilio lists no bridges, so
// this is inferred. Nothing must have been heard of the call since fact since.
func (c *core) taken(sid call.Sid, since int64) bool {
	who := c.state.Caller(sid)
	return who != nil && c.of(who).taken(who, since)
}

func (st studio) taken(who *picture.Caller, since int64) bool {
	l, leg, _ := st.state.Line(st.id.Line())
	if who.Moving() || who.Changed() > since || !l.Phone || !l.Direct {
		return false
	}
	before := st.state.BridgedWith(leg)
	if before != nil && (!dropped(before) || before.Changed() > since) {
		return false
	}
	switch at := who.Place(); at.Kind {
	case call.Queue:
		if at.Name != st.id.OnAir() {
			return false
		}
	case call.Park, call.Closing: // it never heard of that, or would have ended
		if st.now()-who.Since() < st.show().ParkMs+compareEvery.Milliseconds() {
			return false
		}
	default:
		return false
	}
	if before != nil { // the phone has the next one, so that was done
		st.placed(before.Call(), call.Place{Kind: call.Park}, "", compared)
	}
	st.putThrough(who.Call(), leg, compared)
	return true
}

// dropped reports whether a call is on its way out of a bridge by Drop.
func dropped(who *picture.Caller) bool {
	return who.Place().Kind == call.Bridge && who.MovesTo(call.Place{Kind: call.Park})
}

// bridgeDone: the phone asks for the next caller, so the last one it was bridged
// with is done.
func (c *core) bridgeDone(leg call.Sid) {
	switch who := c.state.BridgedWith(leg); {
	case who == nil:
	case dropped(who):
		c.placed(who.Call(), call.Place{Kind: call.Park}, "", told)
	case !who.Moving():
		c.closing(who.Call(), told)
	}
}

// bridgeLost: the phone has ended, and did not ask for the next caller before:
// the one it was bridged with waits again.
func (c *core) bridgeLost(leg call.Sid, from origin) {
	if who := c.state.BridgedWith(leg); who != nil && !who.Moving() {
		c.of(who).waitAgain(who, from)
	}
}

// waitAgain returns a call that nobody moved to its queue, if there is one: the
// request that is about to come sends it there.
func (st studio) waitAgain(who *picture.Caller, from origin) {
	if !st.queuesStand() {
		st.closing(who.Call(), from)
		return
	}
	st.leave(awaitCallback{st.begin(who.Call(), call.OpFell, call.InQueue(st.id.OnAir()))})
}

// LeftBridge answers a call that has left a bridge and was told to wait a moment.
// At last, when nothing was heard of the phone, it waits again.
func (s *Station) LeftBridge(a Arrival, last bool) Answer {
	return s.answers(a, func(st studio, who *picture.Caller) Answer { return st.afterBridge(who, last) })
}

// afterBridge is where a call goes that has left a bridge: after * to the closing
// words, back to its queue when the phone has ended. Which it was is told by
// another request, before this one or after: until then the answer is the bridge
// itself.
func (st studio) afterBridge(who *picture.Caller, last bool) Answer {
	if at := who.Place().Kind; !who.Moving() && (at == call.Queue || at == call.Arriving) {
		// The whisper was not heard of. Whoever has the line has had the caller.
		_, leg, _ := st.state.Line(st.id.Line())
		st.putThrough(who.Call(), leg, told)
	}
	if !who.Moving() && who.Place().Kind == call.Bridge && (last || st.state.BridgedWith(who.Leg()) != who) {
		st.waitAgain(who, told)
	}
	switch who.Intended().Kind {
	case call.Closing:
		st.closing(who.Call(), told)
		return st.answer(who, Thanks)
	case call.Queue:
		return st.answer(who, Sorry)
	}
	return st.answer(who, NoWords)
}
