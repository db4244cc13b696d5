package station

import (
	"time"

	"callin/app/call"
	"callin/app/picture"
)

// Words are what a caller is told on the way to a place.
type Words string

const (
	NoWords  Words = ""
	Greeting Words = "greeting" // welcome to the show
	Shut     Words = "shut"     // the show takes no calls now
	Thanks   Words = "thanks"   // goodbye after a call or at the end of a show
	Full     Words = "full"     // nobody can be put in the queue
	TooMany  Words = "too-many" // as many calls of this number wait as may
	Message  Words = "message"  // leave a message
	Sorry    Words = "sorry"    // something went wrong, please hold
)

// Answer is what a call should do: the voice listener says it in TwiML.
type Answer struct {
	Place call.Place
	Words Words
	// Offer is whether to offer to leave a message before the words.
	Offer bool
	// Alone is that the call cannot ask Callin what to do next: Twilio does not reach
	// it. What it is told must do until somebody moves it on.
	Alone bool
	// Position counts from 1, and Waited is since the call came in, in a queue.
	Position int
	Waited   time.Duration
	// Estimate is how long it may take yet, 0 when there is no ground for one.
	Estimate time.Duration
}

// Arrival is a call that rings in.
type Arrival struct {
	Call   call.Sid
	Number string // E.164, empty when withheld
	Name   string // CallerName, where the number has that look-up
	Area   string // where Twilio says that the number is from; empty when that is not known
	// InQueue is how many Twilio has in the queue that the call is in, itself
	// included (CurrentQueueSize); 0 when that is not told.
	InQueue int
}

// ended is the answer to what a call asked before its end was heard of.
var ended = Answer{Place: call.Place{Kind: call.Gone}}

// answers decides what to answer to a request about a caller's call.
func (s *Station) answers(a Arrival, decide func(*core, *picture.Caller) Answer) (answer Answer) {
	s.locked(func(c *core) {
		who := c.admit(a)
		if who == nil {
			answer = ended
			return
		}
		answer = decide(c, who)
	})
	return answer
}

// answer is the place that a call should be in.
func (c *core) answer(who *picture.Caller, w Words) Answer {
	to := who.Intended()
	if to.Kind == call.Arriving {
		to = call.InQueue(c.landing())
	}
	return Answer{Place: to, Words: w}
}

// goodbye is what a call is told that is on its way out.
func (c *core) goodbye(to call.Place) Answer {
	a := Answer{Place: to}
	if to.Kind == call.Closing {
		a.Words, a.Offer = Thanks, c.showIs(call.ShowClosing, call.ShowClosed) && c.offersVoicemail()
	}
	return a
}

// onTheWay is what a call is told that is between two places.
func (c *core) onTheWay(who *picture.Caller) Answer {
	if to := who.Intended(); to.Kind == call.Park || to.Kind == call.Closing {
		return c.goodbye(to)
	}
	return c.answer(who, NoWords)
}

// Arrive takes a call in. The same call may be told of more than once.
func (s *Station) Arrive(a Arrival) Answer {
	return s.answers(a, func(c *core, who *picture.Caller) Answer {
		if who.Place().Kind != call.Arriving {
			return c.answer(who, NoWords)
		}
		if !c.showIs(call.ShowOpen, call.ShowOpening) {
			c.closing(a.Call, told)
			shut := c.answer(who, Shut)
			shut.Offer = c.offersVoicemail()
			return shut
		}
		if c.tooMany(who) {
			c.closing(a.Call, told)
			return c.answer(who, TooMany)
		}
		return Answer{Place: call.InQueue(c.landing()), Words: Greeting}
	})
}

// tooMany reports whether as many calls as may of who's number came before who and
// still hold places. Withheld numbers are nobody's, and those callers are not one.
func (c *core) tooMany(who *picture.Caller) bool {
	if c.callsPerNumber == 0 {
		return false
	}
	before := 0
	for _, o := range c.state.From(who.Number()) {
		if o == who {
			break
		}
		switch o.Place().Kind {
		case call.Arriving, call.Queue, call.Line, call.Bridge, call.Park:
			before++
		}
	}
	return before >= c.callsPerNumber
}

// Sent answers a call that was sent by a move. It says nothing of where the call
// is: Twilio may have asked for an earlier move, and heed no answer to it.
func (s *Station) Sent(a Arrival) Answer { return s.answers(a, (*core).onTheWay) }

// Waiting answers a call that asks what to hear in a queue, and believes that it
// is there. A show that is closing says its closing words instead.
func (s *Station) Waiting(a Arrival, queue string) Answer {
	var saved <-chan struct{}
	answer := s.answers(a, func(c *core, who *picture.Caller) (answer Answer) {
		answer, saved = c.waiting(who, a.InQueue, queue)
		return answer
	})
	s.waitForDisk(saved)
	return answer
}

func (c *core) waiting(who *picture.Caller, inQueue int, queue string) (answer Answer, saved <-chan struct{}) {
	// One whom a move is about to take out of the queue hears words there, once.
	leaving := who.Moving() && c.asked[who.Call()] == who.Move().Number
	if c.showIs(call.ShowClosing, call.ShowClosed) && !leaving {
		saved = c.closing(who.Call(), told)
		return Answer{Place: call.Place{Kind: call.Closing}, Words: Thanks}, saved
	}
	if who.Place().Kind == call.Arriving && c.tooMany(who) { // its greeting was not asked of us
		saved = c.closing(who.Call(), told)
		return c.answer(who, TooMany), saved
	}
	at := call.InQueue(queue)
	switch {
	case who.MovesTo(at), who.Place() == at, who.Place().Kind == call.Arriving:
		c.placed(who.Call(), at, "", told)
	case !who.Moving(): // asked before it was moved, or moved unheard of
		c.leave(compareSoon{})
	}
	c.counted(queue, inQueue)
	position := c.state.Position(who)
	return Answer{
		Place: at, Position: position, Estimate: c.state.Estimate(position),
		Waited: time.Duration(c.now()-who.Arrived()) * time.Millisecond,
	}, nil
}

// LeftQueue answers a call that has left a queue, by Twilio's QueueResult.
func (s *Station) LeftQueue(a Arrival, result call.QueueResult) Answer {
	if result == call.QueueHangup { // nobody is there to hear the answer
		s.locked(func(c *core) { c.record(told, call.LeftAs(a.Call, result)) })
		return ended
	}
	return s.answers(a, func(c *core, who *picture.Caller) Answer {
		c.record(told, call.LeftAs(a.Call, result))
		switch result {
		case call.QueueFull:
			return c.foundFull(who)
		case call.QueueBridged, call.QueueBridging:
			return c.afterBridge(who, false)
		case call.QueueRedirectedFromBridged:
			// Only Drop takes a caller out of a bridge, even if it was given up.
			if !who.Moving() && who.Place().Kind == call.Bridge || dropped(who) {
				c.placed(a.Call, call.Place{Kind: call.Park}, "", told)
			}
		case call.QueueError, call.QueueSystemError:
			return c.answer(who, Sorry)
		}
		return c.onTheWay(who) // Twilio may heed this answer and not the move's
	})
}

// foundFull leads back a call that a move sent to a full queue, and thanks one
// that has no other place.
func (c *core) foundFull(who *picture.Caller) Answer {
	at, m := who.Place(), who.Move()
	if who.Moving() && m.To != at && (at.Kind == call.Queue || at.Kind == call.Line) {
		c.record(told, call.NotDone(who.Call(), m.Number, call.CodeQueueFull, "The other queue is full."))
		return c.answer(who, Sorry)
	}
	c.closing(who.Call(), told)
	c.sorry(who, call.FoundQueueFull)
	return Answer{Place: call.Place{Kind: call.Closing}, Words: Full}
}

// FellOut answers a call that came to the end of its line although nobody moved
// it: it hears words and waits again, in its old order.
func (s *Station) FellOut(a Arrival) Answer {
	return s.answers(a, func(c *core, who *picture.Caller) Answer {
		if !who.Moving() && who.Place().Kind == call.Line {
			to := call.InQueue(OnAirQueue)
			if !c.queuesStand() {
				to = call.Place{Kind: call.Closing}
			}
			c.leave(awaitCallback{c.begin(a.Call, call.OpFell, to)})
		}
		if who.Intended().Kind == call.Closing {
			c.closing(a.Call, told)
			return c.answer(who, Thanks)
		}
		return c.answer(who, Sorry)
	})
}

// Ended takes in that a call is over, by its final CallStatus.
func (s *Station) Ended(sid call.Sid, status call.CallStatus) {
	s.locked(func(c *core) { c.gone(sid, status, told) })
}
