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
// next, and tells who Twilio will give it: who has been in the queue for longest.
func (s *Station) TakesNext(leg call.Sid) (a Announcement) {
	s.locked(func(c *core) { a = c.takesNext(leg) })
	return a
}

func (c *core) takesNext(leg call.Sid) Announcement {
	c.bridgeDone(leg)
	switch l, has, _ := c.state.Line(StudioLine); {
	case l.Phone && has != leg, c.state.Replaced(leg):
		return Announcement{Elsewhere: true}
	case !l.Phone:
		c.takeLine(StudioLine, leg, call.PhoneTelephone)
	}
	a := Announcement{Open: c.showIs(call.ShowOpening) || c.queuesStand()}
	var first *picture.Caller
	for _, who := range c.state.Waiting(OnAirQueue) {
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
	l, leg, _ := c.state.Line(StudioLine)
	if who == nil || who.Moving() || who.Changed() > since || !l.Phone || !l.Direct {
		return false
	}
	before := c.state.BridgedWith(leg)
	if before != nil && (!dropped(before) || before.Changed() > since) {
		return false
	}
	switch at := who.Place(); at.Kind {
	case call.Queue:
		if at.Name != OnAirQueue {
			return false
		}
	case call.Park, call.Closing: // it never heard of that, or would have ended
		if c.now()-who.Since() < c.state.Show().ParkMs+compareEvery.Milliseconds() {
			return false
		}
	default:
		return false
	}
	if before != nil { // the phone has the next one, so that was done
		c.placed(before.Call(), call.Place{Kind: call.Park}, "", compared)
	}
	c.putThrough(sid, leg, compared)
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
		c.waitAgain(who, from)
	}
}

// waitAgain returns a call that nobody moved to its queue, if there is one: the
// request that is about to come sends it there.
func (c *core) waitAgain(who *picture.Caller, from origin) {
	if !c.queuesStand() {
		c.closing(who.Call(), from)
		return
	}
	c.leave(awaitCallback{c.begin(who.Call(), call.OpFell, call.InQueue(OnAirQueue))})
}

// LeftBridge answers a call that has left a bridge and was told to wait a moment.
// At last, when nothing was heard of the phone, it waits again.
func (s *Station) LeftBridge(a Arrival, last bool) Answer {
	return s.answers(a, func(c *core, who *picture.Caller) Answer { return c.afterBridge(who, last) })
}

// afterBridge is where a call goes that has left a bridge: after * to the closing
// words, back to its queue when the phone has ended. Which it was is told by
// another request, before this one or after: until then the answer is the bridge
// itself.
func (c *core) afterBridge(who *picture.Caller, last bool) Answer {
	if at := who.Place().Kind; !who.Moving() && (at == call.Queue || at == call.Arriving) {
		// The whisper was not heard of. Whoever has the line has had the caller.
		_, leg, _ := c.state.Line(StudioLine)
		c.putThrough(who.Call(), leg, told)
	}
	if !who.Moving() && who.Place().Kind == call.Bridge && (last || c.state.BridgedWith(who.Leg()) != who) {
		c.waitAgain(who, told)
	}
	switch who.Intended().Kind {
	case call.Closing:
		c.closing(who.Call(), told)
		return c.answer(who, Thanks)
	case call.Queue:
		return c.answer(who, Sorry)
	}
	return c.answer(who, NoWords)
}
