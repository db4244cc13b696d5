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
	Answered Words = "answered" // somebody will talk to you now, off air
	Ready    Words = "ready"    // you are ready for the air
	Back     Words = "back"     // you wait again
	Brought  Words = "brought"  // nothing but what one must know who did not hear the greeting
)

// Answer is what a call should do: the voice listener says it in TwiML.
type Answer struct {
	Place  call.Place
	Studio call.Studio // whose show the words are of
	Words  Words
	// Farewell is what a call that is parked is told at the end.
	Farewell call.Farewell
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
	Studio call.Studio // whose number was called
	Number string      // E.164, empty when withheld
	Name   string      // CallerName, where the number has that look-up
	Area   string      // where Twilio says that the number is from; empty when that is not known
	// InQueue is how many Twilio has in the queue that the call is in, itself
	// included (CurrentQueueSize); 0 when that is not told.
	InQueue int
}

// ended is the answer to what a call asked before its end was heard of.
var ended = Answer{Place: call.Place{Kind: call.Gone}}

// answers decides what to answer to a request about a caller's call.
func (s *Station) answers(a Arrival, decide func(studio, *picture.Caller) Answer) (answer Answer) {
	s.locked(func(c *core) {
		who := c.admit(a)
		if who == nil {
			answer = ended
			return
		}
		answer = decide(c.of(who), who)
		answer.Studio = who.Studio()
	})
	return answer
}

// answer is the place that a call should be in.
func (st studio) answer(who *picture.Caller, w Words) Answer {
	to := who.Intended()
	if to.Kind == call.Arriving {
		to = call.InQueue(st.landing())
	}
	return Answer{Place: to, Words: w}
}

// goodbye is what a call is told that is on its way out.
func (st studio) goodbye(who *picture.Caller, to call.Place) Answer {
	a := Answer{Place: to, Studio: st.id, Farewell: who.Farewell()}
	if to.Kind == call.Voicemail {
		a.Words = Message
	}
	if to.Kind == call.Closing {
		a.Words, a.Offer = Thanks, st.showIs(call.ShowClosing, call.ShowClosed) && st.offersVoicemail()
	}
	return a
}

// wordsOf are the words for those whom a move leads to somewhere.
var wordsOf = map[call.Op]Words{call.OpAnswer: Answered, call.OpTalk: Answered, call.OpReady: Ready, call.OpBack: Back, call.OpGive: Brought, call.OpFell: Brought}

// onTheWay is what a call is told that is between two places.
func (st studio) onTheWay(who *picture.Caller) Answer {
	if to := who.Intended(); to.Kind == call.Park || to.Kind == call.Closing || to.Kind == call.Voicemail {
		return st.goodbye(who, to)
	}
	return st.answer(who, wordsOf[who.By()])
}

// Arrive takes a call in. The same call may be told of more than once.
func (s *Station) Arrive(a Arrival) Answer {
	return s.answers(a, func(st studio, who *picture.Caller) Answer {
		if who.Place().Kind != call.Arriving {
			return st.answer(who, NoWords)
		}
		if !st.showIs(call.ShowOpen, call.ShowOpening) {
			st.closing(a.Call, told)
			shut := st.answer(who, Shut)
			shut.Offer = st.offersVoicemail()
			return shut
		}
		if st.tooMany(who) {
			st.closing(a.Call, told)
			return st.answer(who, TooMany)
		}
		return Answer{Place: call.InQueue(st.landing()), Words: Greeting}
	})
}

// tooMany reports whether as many calls as may of who's number came before who and
// still hold places. Withheld numbers are nobody's, and those callers are not one.
func (st studio) tooMany(who *picture.Caller) bool {
	if st.callsPerNumber == 0 {
		return false
	}
	before := 0
	for _, o := range st.state.From(who.Number()) {
		if o == who {
			break
		}
		if o.Studio() != st.id {
			continue
		}
		switch o.Place().Kind {
		case call.Arriving, call.Queue, call.Line, call.Bridge, call.Park:
			before++
		}
	}
	return before >= st.callsPerNumber
}

// Sent answers a call that was sent by a move. It says nothing of where the call
// is: Twilio may have asked for an earlier move, and heed no answer to it.
func (s *Station) Sent(a Arrival) Answer { return s.answers(a, studio.onTheWay) }

// Waiting answers a call that asks what to hear in a queue, and believes that it
// is there. A show that is closing says its closing words instead.
func (s *Station) Waiting(a Arrival, queue string) Answer {
	var saved <-chan struct{}
	answer := s.answers(a, func(st studio, who *picture.Caller) (answer Answer) {
		answer, saved = st.waiting(who, a.InQueue, queue)
		return answer
	})
	s.waitForDisk(saved)
	return answer
}

func (st studio) waiting(who *picture.Caller, inQueue int, queue string) (answer Answer, saved <-chan struct{}) {
	if of, ok := call.StudioOf(queue); ok { // a caller who is given to another studio hears of that one
		st = st.core.studio(of)
	}
	// One whom a move is about to take out of the queue hears words there, once.
	leaving := who.Moving() && st.asked[who.Call()] == who.Move().Number
	if st.showIs(call.ShowClosing, call.ShowClosed) && !leaving {
		saved = st.closing(who.Call(), told)
		return Answer{Place: call.Place{Kind: call.Closing}, Words: Thanks}, saved
	}
	if who.Place().Kind == call.Arriving && st.tooMany(who) { // its greeting was not asked of us
		saved = st.closing(who.Call(), told)
		return st.answer(who, TooMany), saved
	}
	at := call.InQueue(queue)
	st.heardAt[who.Call()] = time.Now()
	switch {
	case who.MovesTo(at), who.Place() == at, who.Place().Kind == call.Arriving:
		st.placed(who.Call(), at, "", told)
	case !who.Moving(): // asked before it was moved, or moved unheard of
		st.leave(compareSoon{})
	}
	st.counted(queue, inQueue)
	position := st.state.Position(who)
	return Answer{
		Place: at, Position: position, Estimate: st.state.Estimate(st.id, position),
		Waited: time.Duration(st.now()-who.Arrived()) * time.Millisecond,
	}, nil
}

// LeftQueue answers a call that has left a queue, by Twilio's QueueResult.
func (s *Station) LeftQueue(a Arrival, result call.QueueResult) Answer {
	if result == call.QueueHangup { // nobody is there to hear the answer
		s.locked(func(c *core) { c.record(told, call.LeftAs(a.Call, result)) })
		return ended
	}
	return s.answers(a, func(st studio, who *picture.Caller) Answer {
		st.record(told, call.LeftAs(a.Call, result))
		switch result {
		case call.QueueFull:
			return st.foundFull(who)
		case call.QueueBridged, call.QueueBridging:
			return st.afterBridge(who, false)
		case call.QueueRedirectedFromBridged:
			// Only Drop takes a caller out of a bridge, even if it was given up.
			if !who.Moving() && who.Place().Kind == call.Bridge || dropped(who) {
				st.placed(a.Call, call.Place{Kind: call.Park}, "", told)
			}
		case call.QueueError, call.QueueSystemError:
			return st.answer(who, Sorry)
		}
		return st.onTheWay(who) // Twilio may heed this answer and not the move's
	})
}

// foundFull leads back a call that a move sent to a full queue, and thanks one
// that has no other place.
func (st studio) foundFull(who *picture.Caller) Answer {
	at, m := who.Place(), who.Move()
	if who.Moving() && m.To != at && (at.Kind == call.Queue || at.Kind == call.Line) {
		st.record(told, call.NotDone(who.Call(), m.Number, call.CodeQueueFull, "The other queue is full."))
		return st.answer(who, Sorry)
	}
	st.closing(who.Call(), told)
	st.sorry(who, call.FoundQueueFull)
	return Answer{Place: call.Place{Kind: call.Closing}, Words: Full}
}

// FellOut answers a call that came to the end of its line although nobody moved
// it: it hears words and waits again, in its old order.
func (s *Station) FellOut(a Arrival) Answer {
	return s.answers(a, func(st studio, who *picture.Caller) Answer {
		if !who.Moving() && who.Place().Kind == call.Line {
			to := call.InQueue(st.id.OnAir())
			if _, own := call.DeskOf(who.Place().Name); own {
				to = call.InQueue(st.landing())
			}
			if !st.queuesStand() {
				to = call.Place{Kind: call.Closing}
			}
			st.leave(awaitCallback{st.begin(a.Call, call.OpFell, to)})
		}
		if who.Intended().Kind == call.Closing {
			st.closing(a.Call, told)
			return st.answer(who, Thanks)
		}
		return st.answer(who, Sorry)
	})
}

// Ended takes in that a call is over, by its final CallStatus.
func (s *Station) Ended(sid call.Sid, status call.CallStatus) {
	s.locked(func(c *core) { c.gone(sid, status, told) })
}
