package studio

import (
	"time"

	"callin/app/call"
)

// Words are what a caller is told on the way to a place.
type Words string

const (
	NoWords  Words = ""
	Greeting Words = "greeting" // welcome to the show
	Shut     Words = "shut"     // the show takes no calls now
	Thanks   Words = "thanks"   // goodbye after a call or at the end of a show
	Full     Words = "full"     // nobody can be put in the queue
	Message  Words = "message"  // leave a message
	Sorry    Words = "sorry"    // something went wrong, please hold
)

// Answer is what a call should do: the voice listener says it in TwiML.
type Answer struct {
	Place call.Place
	Words Words
	// Offer is whether to offer to leave a message before the words.
	Offer bool
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
	// InQueue is how many Twilio has in the queue that the call is in, itself
	// included (CurrentQueueSize); 0 when that is not told.
	InQueue int
}

// Arrive takes a call in. The same call may be told of more than once.
func (s *Studio) Arrive(a Arrival) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.known(a)
	if c == nil {
		return ended
	}
	if c.Place.Kind != call.Arriving {
		return s.answer(c, NoWords)
	}
	if s.state.show.State != ShowOpen && s.state.show.State != ShowOpening {
		s.placed(c.Call, call.Place{Kind: call.Closing}, "")
		shut := s.answer(c, Shut)
		shut.Offer = s.takesVoicemail()
		return shut
	}
	return Answer{Place: call.InQueue(s.landing()), Words: Greeting}
}

// ended is the answer to what a call asked before its end was heard of.
var ended = Answer{Place: call.Place{Kind: call.Gone}}

// known is the caller of a request, made known by it if need be; nil for one
// whose call has ended: its request was under way. The lock is held.
func (s *Studio) known(a Arrival) *caller {
	if s.state.callers[a.Call] == nil && !s.state.over.has(a.Call) {
		s.record(call.Fact{Kind: call.Arrived, Call: a.Call, Number: &a.Number, Name: &a.Name})
	}
	return s.state.callers[a.Call]
}

// landing is the queue that new callers come to.
func (s *Studio) landing() string {
	if s.state.show.Screens {
		return ScreeningQueue
	}
	return OnAirQueue
}

// answer is the place that c should be in. The lock is held.
func (s *Studio) answer(c *caller, w Words) Answer {
	to := c.intended()
	if to.Kind == call.Arriving {
		to = call.InQueue(s.landing())
	}
	return Answer{Place: to, Words: w}
}

// Sent answers a call that was sent by a move. It says nothing of where the call
// is: Twilio may have asked for an earlier move, and heed no answer to it.
func (s *Studio) Sent(a Arrival) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.known(a)
	if c == nil {
		return ended
	}
	return s.onTheWay(c)
}

// onTheWay is what a call is told that is between two places. The lock is held.
func (s *Studio) onTheWay(c *caller) Answer {
	if to := c.intended(); to.Kind == call.Park || to.Kind == call.Closing {
		return s.parting(to)
	}
	return s.answer(c, NoWords)
}

// Waiting answers a call that asks what to hear in a queue, and believes that it
// is there. A show that is closing says its closing words instead.
func (s *Studio) Waiting(a Arrival, queue string) Answer {
	answer, saved := s.waiting(a, queue)
	s.recorded(saved)
	return answer
}

func (s *Studio) waiting(a Arrival, queue string) (answer Answer, saved <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.known(a)
	if c == nil {
		return ended, nil
	}
	// One whom a move is about to take out of the queue hears words there, once.
	leaving := c.Move != nil && c.sent == c.Move.Number
	if closed := s.state.show.State == ShowClosing || s.state.show.State == ShowClosed; closed && !leaving {
		saved = s.placed(c.Call, call.Place{Kind: call.Closing}, "")
		return Answer{Place: call.Place{Kind: call.Closing}, Words: Thanks}, saved
	}
	switch at := call.InQueue(queue); {
	case c.Move != nil && c.Move.To == at, c.Place == at, c.Place.Kind == call.Arriving:
		s.placed(c.Call, at, "")
	case c.Move == nil: // asked before it was moved, or moved unheard of
		s.doubt()
	}
	s.counted(queue, a.InQueue)
	return Answer{
		Place: call.InQueue(queue), Position: s.state.position(c),
		Waited:   time.Duration(now()-c.Arrived) * time.Millisecond,
		Estimate: s.state.talks.estimate(s.state.position(c)),
	}, nil
}

// LeftQueue answers a call that has left a queue, by Twilio's QueueResult.
func (s *Studio) LeftQueue(a Arrival, result string) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	left := call.Fact{Kind: call.Left, Call: a.Call, Code: result}
	if result == "hangup" { // nobody is there to hear the answer
		s.record(left)
		return Answer{Place: call.Place{Kind: call.Gone}}
	}
	c := s.known(a)
	if c == nil {
		return ended
	}
	s.record(left)
	switch result {
	case "queue-full":
		if m := c.Move; m != nil && m.To != c.Place && (c.Place.Kind == call.Queue || c.Place.Kind == call.Line) {
			s.record(call.Fact{Kind: call.Failed, Call: c.Call, Move: m.Number, Code: call.CodeQueueFull.String(), Message: "The other queue is full."})
			return s.answer(c, Sorry)
		}
		s.placed(c.Call, call.Place{Kind: call.Closing}, "")
		s.sorry(c, foundItFull)
		return Answer{Place: call.Place{Kind: call.Closing}, Words: Full}
	case "bridged", "bridging-in-process":
		return s.afterBridge(c, false)
	case "redirected-from-bridged":
		// Only Drop takes a caller out of a bridge, even if it was given up.
		if c.Move == nil && c.Place.Kind == call.Bridge {
			s.placed(c.Call, call.Place{Kind: call.Park}, "")
		}
	case "error", "system-error":
		return s.answer(c, Sorry)
	}
	return s.onTheWay(c) // Twilio may heed this answer and not the move's
}

// FellOut answers a call that came to the end of its line without anybody having
// moved it: it hears words and waits again, in its old order.
func (s *Studio) FellOut(a Arrival) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.known(a)
	if c == nil {
		return ended
	}
	if c.Move == nil && c.Place.Kind == call.Line {
		to := call.InQueue(OnAirQueue)
		if s.state.show.State != ShowOpen {
			to = call.Place{Kind: call.Closing}
		}
		s.record(began(c.Call, call.OpFell, to))
		m := s.job(c)
		s.work.Go(func() { s.watch(m) })
	}
	if c.intended().Kind == call.Closing {
		s.placed(c.Call, call.Place{Kind: call.Closing}, "")
		return s.answer(c, Thanks)
	}
	return s.answer(c, Sorry)
}

// DeskCalls takes a desk's softphone in. In direct mode it is there at once, and
// done with the caller of before; on a line, when it has joined. It reports
// whether it may go on: the line is one of ours, and has no other phone since.
func (s *Studio) DeskCalls(leg call.Sid, line string, direct bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.state.lines[line]
	if l == nil || s.isGhost(leg) {
		return false
	}
	if s.dialled[leg] == 0 {
		s.legs++
		s.dialled[leg] = s.legs
	}
	if direct {
		s.bridgeDone(leg)
		if l.leg != leg || !l.Direct {
			s.phone(line, leg, "direct")
		}
	}
	return true
}

// phone records that leg is the phone on the line; an older one that is
// still there is a ghost and is ended. The lock is held.
func (s *Studio) phone(line string, leg call.Sid, mode string) {
	if s.state.over.has(leg) || s.isGhost(leg) { // before this was heard of
		return
	}
	l := s.state.lines[line]
	ghost, replaces := l.leg, l.Phone && l.leg != leg
	s.record(call.Fact{Kind: call.PhoneSet, Call: leg, Line: line, On: true, Code: mode})
	if replaces {
		s.endGhost(ghost)
		s.steadyLine(line) // who talked with the ghost there would be alone with it gone
	}
}

// phoneEnded records that a softphone has left its line: who was talking is
// held at once, so that callers are never left alone on air. The lock is held.
func (s *Studio) phoneEnded(leg call.Sid) {
	for name, l := range s.state.lines {
		if !l.Phone || l.leg != leg {
			continue
		}
		s.record(call.Fact{Kind: call.PhoneSet, Call: leg, Line: name})
		s.steadyLine(name)
	}
}

// steadyLine brings everyone on a line to how they should stand there. The lock
// is held.
func (s *Studio) steadyLine(name string) {
	for _, c := range s.state.callers {
		if c.Place.Kind == call.Line && c.Place.Name == name {
			s.steady(c)
		}
	}
}
