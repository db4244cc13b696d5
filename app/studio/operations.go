package studio

import (
	"context"
	"fmt"

	"callin/app/call"
)

// Begun is the answer to an operation that begins a move: it is pending until
// the picture says otherwise.
type Begun struct {
	Call call.Sid `json:"call"`
	Move int64    `json:"move"`
}

func refuse(code call.Code, message string) *call.Error {
	return &call.Error{Code: code, Message: message}
}

// caller finds a call that a person named. The lock is held.
func (s *Studio) caller(sid call.Sid) (*caller, error) {
	c := s.state.callers[sid]
	if c == nil {
		return nil, refuse(call.CodeNoSuchCall, "This caller has hung up.")
	}
	return c, nil
}

// still finds a call that is not being moved: at most one move is under way.
func (s *Studio) still(sid call.Sid) (*caller, error) {
	c, err := s.caller(sid)
	if err == nil && c.Move != nil {
		return nil, refuse(call.CodeMoving, c.known()+" is being moved at this moment. Wait until that is done.")
	}
	return c, err
}

// manned checks that the desk's softphone is on the line: without it callers
// would talk to nobody.
func (s *Studio) manned(line string) error {
	l := s.state.lines[line]
	switch {
	case !l.Phone:
		return refuse(call.CodePhoneOffLine, "The desk's phone is not connected. Connect it and press again.")
	case l.Telephone:
		return refuse(call.CodeOnTelephone, "A telephone takes the callers now: * on it brings the next. Hang it up, or connect the desk's phone.")
	case l.Direct:
		return refuse(call.CodeDirectMode, "The desk's phone is in direct mode, where * brings the next caller. Leave direct mode first.")
	}
	return nil
}

// needsPhone reports whether a place needs the desk's softphone.
func needsPhone(p call.Place) bool { return p.Kind == call.Line && p.State != call.Held }

// began is the fact that begins a move.
func began(sid call.Sid, op call.Op, to call.Place) call.Fact {
	return call.Fact{Kind: call.Began, Call: sid, By: op, Place: &to}
}

// Do carries out an operation that moves one call: take, deck, hold, resume,
// drop or undo. It answers when the decision is on disk; the move is pending.
func (s *Studio) Do(ctx context.Context, op call.Op, sid call.Sid) (Begun, error) {
	return s.begin(ctx, op, sid, func(c *caller) (call.Place, error) {
		if op == call.OpUndo {
			return undo(c)
		}
		if op == call.OpDrop && c.Locked {
			return call.Place{}, refuse(call.CodeLocked, c.known()+" is locked. Unlock the card to drop.")
		}
		to, refused := call.To(op, c.Place, StudioLine)
		if refused != nil {
			return to, refused
		}
		return to, nil
	})
}

func undo(c *caller) (call.Place, error) {
	if c.Place.Kind != call.Park {
		return call.Place{}, refuse(call.CodeNotDropped, "There is nothing to undo: this caller is not being dropped.")
	}
	if c.Was == nil || c.Was.Kind == call.Bridge {
		// A bridge cannot be joined from outside: back to the front of the way to it.
		return call.InQueue(OnAirQueue), nil
	}
	return *c.Was, nil
}

// begin records a move of one call to where whither says and sets it going.
func (s *Studio) begin(ctx context.Context, op call.Op, sid call.Sid, whither func(*caller) (call.Place, error)) (Begun, error) {
	if op.Waits() {
		s.turnOf(ctx, sid)
	}
	s.mu.Lock()
	c, err := s.still(sid)
	var to call.Place
	if err == nil {
		to, err = whither(c)
	}
	if err == nil && needsPhone(to) {
		err = s.manned(to.Name)
	}
	if err == nil {
		err = s.writable()
	}
	if err != nil {
		s.mu.Unlock()
		return Begun{}, err
	}
	saved := s.record(began(sid, op, to))
	m := s.job(c)
	s.mu.Unlock()
	// Who pressed may leave: the decision stands.
	if err := s.onDisk(context.WithoutCancel(ctx), saved); err != nil {
		s.abandon(m)
		return Begun{}, err
	}
	s.work.Go(func() { s.carry(m) })
	return Begun{Call: sid, Move: m.number}, nil
}

// Move sends a call to another of the show's queues. Its place in the order
// there is by arrival; its waiting time goes on.
func (s *Studio) Move(ctx context.Context, sid call.Sid, queue string) (Begun, error) {
	return s.begin(ctx, call.OpMove, sid, func(c *caller) (call.Place, error) {
		to := call.InQueue(queue)
		switch {
		case s.state.sids[queue] == "" || s.state.show.State != ShowOpen:
			return to, refuse(call.CodeShowClosed, "The show is closed. Open it to use its queues.")
		case c.Place == to:
			return to, refuse(call.CodeAlreadyThere, c.known()+" is in this queue already.")
		case c.Place.Kind != call.Queue && c.Place.Kind != call.Line:
			return to, refuse(call.CodeNotHere, "This caller cannot be moved now.")
		}
		return to, nil
	})
}

// Next drops whoever is talking on the line and is not locked, and takes the
// next caller: expect, if that one still waits, else the following one.
func (s *Studio) Next(ctx context.Context, expect call.Sid) (Begun, error) {
	s.mu.Lock()
	err := s.manned(StudioLine)
	if err == nil {
		err = s.writable()
	}
	if err != nil {
		s.mu.Unlock()
		return Begun{}, err
	}
	target := s.state.callers[expect]
	if target == nil || target.Locked || target.Move != nil || target.Place != call.InQueue(OnAirQueue) {
		target = s.state.callers[s.state.next()]
	}
	if target == nil {
		s.mu.Unlock()
		return Begun{}, refuse(call.CodeNobodyWaiting, "Nobody is waiting to be taken.")
	}
	air := call.OnLine(StudioLine, call.Talking)
	var facts []call.Fact
	for _, c := range s.state.callers {
		switch {
		case c.Move != nil && c.Move.To == air && c.Place.Kind != call.Line:
			s.mu.Unlock()
			return Begun{}, refuse(call.CodeMoving, c.known()+" is being put through at this moment.")
		case c.Move == nil && c.Place == air && !c.Locked:
			facts = append(facts, began(c.Call, call.OpDrop, call.Place{Kind: call.Park}))
		}
	}
	facts = append(facts, began(target.Call, call.OpNext, air))
	saved := s.record(facts...)
	jobs := make([]job, len(facts))
	for i, f := range facts {
		jobs[i] = s.job(s.state.callers[f.Call])
	}
	s.mu.Unlock()
	// Who pressed may leave: the decision stands.
	if err := s.onDisk(context.WithoutCancel(ctx), saved); err != nil {
		s.abandon(jobs...)
		return Begun{}, err
	}
	for _, m := range jobs {
		s.work.Go(func() { s.carry(m) })
	}
	last := jobs[len(jobs)-1]
	return Begun{Call: last.sid, Move: last.number}, nil
}

// BringBack resumes everyone who was held because the line's softphone was lost.
func (s *Studio) BringBack(ctx context.Context, line string) error {
	s.mu.Lock()
	l := s.state.lines[line]
	if l == nil {
		s.mu.Unlock()
		return refuse(call.CodeNoSuchLine, fmt.Sprintf("There is no line called %q.", line))
	}
	lost := l.Lost
	s.mu.Unlock()
	if len(lost) == 0 {
		return refuse(call.CodeNobodyLost, "Nobody is on hold because of a lost phone.")
	}
	var first error
	for _, sid := range lost {
		if _, err := s.Do(ctx, call.OpResume, sid); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// keep records a fact that a person decided about a call, after check.
func (s *Studio) keep(ctx context.Context, sid call.Sid, facts func(*caller) ([]call.Fact, error)) error {
	s.mu.Lock()
	c, err := s.caller(sid)
	var decided []call.Fact
	if err == nil {
		decided, err = facts(c)
	}
	if err == nil && len(decided) > 0 {
		err = s.writable()
	}
	if err != nil || len(decided) == 0 {
		s.mu.Unlock()
		return err
	}
	saved := s.record(decided...)
	s.mu.Unlock()
	return s.onDisk(ctx, saved)
}

// Note keeps what somebody typed on a card; a nil field stays as it is.
func (s *Studio) Note(ctx context.Context, sid call.Sid, name, location, topic *string) error {
	return s.keep(ctx, sid, func(*caller) ([]call.Fact, error) {
		return []call.Fact{{Kind: call.Noted, Call: sid, Name: name, Location: location, Topic: topic}}, nil
	})
}

// Lock makes Next and Drop pass the call by, or not.
func (s *Studio) Lock(ctx context.Context, sid call.Sid, on bool) error {
	return s.keep(ctx, sid, func(*caller) ([]call.Fact, error) {
		return []call.Fact{{Kind: call.LockSet, Call: sid, On: on}}, nil
	})
}

// Order puts a waiting call before another one of its queue, or last.
func (s *Studio) Order(ctx context.Context, sid, before call.Sid) error {
	return s.keep(ctx, sid, func(c *caller) ([]call.Fact, error) {
		if c.Place.Kind != call.Queue {
			return nil, refuse(call.CodeNotWaiting, "Only callers who wait in a queue can be put in order.")
		}
		others := make([]*caller, 0, len(s.state.waiting[c.queue]))
		at := -1
		for _, o := range s.state.waiting[c.queue] {
			if o == c {
				continue
			}
			if o.Call == before {
				at = len(others)
			}
			others = append(others, o)
		}
		switch {
		case before == sid:
			return nil, nil
		case before == "":
			at = len(others)
		case at < 0:
			return nil, refuse(call.CodeNotInQueue, "The other caller is not in this queue any more.")
		}
		return ranks(c, others, at), nil
	})
}

// ranks are the facts that put c among others at index at. A number between
// the neighbours' ranks does; when there is none left, all are numbered anew.
func ranks(c *caller, others []*caller, at int) []call.Fact {
	var rank float64
	switch {
	case len(others) == 0:
		return nil
	case at == 0:
		rank = others[0].Rank - 1
	case at == len(others):
		rank = others[at-1].Rank + 1
	default:
		rank = (others[at-1].Rank + others[at].Rank) / 2
		if rank <= others[at-1].Rank || rank >= others[at].Rank {
			var facts []call.Fact
			base := others[0].Rank
			for i, o := range append(append(append([]*caller{}, others[:at]...), c), others[at:]...) {
				facts = append(facts, call.Fact{Kind: call.Ordered, Call: o.Call, Rank: base + float64(i)})
			}
			return facts
		}
	}
	return []call.Fact{{Kind: call.Ordered, Call: c.Call, Rank: rank}}
}
