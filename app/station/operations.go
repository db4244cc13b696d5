package station

import (
	"context"
	"fmt"
	"slices"

	"callin/app/call"
	"callin/app/picture"
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

// Deed is an operation on one call.
type Deed struct {
	Op   call.Op
	Call call.Sid
	// From is where the desk showed the call, empty for wherever it is: one that is
	// elsewhere is left alone.
	From []call.Place
	// Over takes the call from another desk that has it.
	Over bool
	// Lane is the line of the lane that the caller is to come onto; empty for a free one.
	Lane string
	// Farewell is what a caller who is dropped is told, and Reason why one is sent back.
	Farewell call.Farewell
	Reason   string
}

// Do carries out a deed with nothing more to say of it.
func (s Seat) Do(ctx context.Context, op call.Op, sid call.Sid, from ...call.Place) (Begun, error) {
	return s.Deed(ctx, Deed{Op: op, Call: sid, From: from})
}

// Deed carries out an operation that moves one call: answer, take, deck, hold, resume,
// message or drop. It answers when the decision is on disk; the move is pending.
func (s Seat) Deed(ctx context.Context, d Deed) (Begun, error) {
	op := d.Op
	return s.move(ctx, d, func(st studio, who *picture.Caller) (call.Place, error) {
		if op == call.OpDrop && who.Locked() {
			return call.Place{}, refuse(call.CodeLocked, who.Called()+" is locked. Unlock the card to drop.")
		}
		if (op == call.OpTake || op == call.OpDeck) && st.show().Screens && who.Place() == call.InQueue(st.id.Screening()) {
			return call.Place{}, refuse(call.CodeNotScreened, who.Called()+" has not been screened yet. Make the caller ready first.")
		}
		if op == call.OpAnswer || op == call.OpTalk {
			if other := st.talksTo(s.desk.ID.Line(), who); other != nil {
				return call.Place{}, refuse(call.CodeAlreadyThere, "You are talking to "+other.Called()+". Finish, or put the caller on hold first.")
			}
		}
		if op == call.OpHold && who.FromHold() {
			return st.hold(who), nil
		}
		lane := st.id.Line()
		// A lane that the studio has no more has no phone: who is held there comes onto another.
		stray := op == call.OpResume && st.isLane(who.Place().Name) && !slices.Contains(st.lanes(), who.Place().Name)
		if op == call.OpTake || op == call.OpDeck || stray {
			var err error
			if lane, err = st.laneFor(who, d.Lane); err != nil {
				return call.Place{}, err
			}
		}
		to, refused := call.To(op, who.Place(), call.Lines{Air: lane, Own: s.desk.ID.Line()})
		if refused != nil {
			return to, refused
		}
		if stray {
			to.Name = lane
		}
		return to, nil
	})
}

// Move sends a call to another of the show's queues. Its place in the order
// there is by arrival; its waiting time goes on.
func (s Seat) Move(ctx context.Context, sid call.Sid, queue string, from ...call.Place) (Begun, error) {
	return s.send(ctx, Deed{Op: call.OpMove, Call: sid, From: from}, queue)
}

// Ready sends a caller who was screened to those who are ready for the air, and Back
// to those who wait to be screened.
func (s Seat) Ready(ctx context.Context, d Deed) (Begun, error) {
	d.Op = call.OpReady
	return s.send(ctx, d, s.studio.OnAir())
}

func (s Seat) Back(ctx context.Context, d Deed) (Begun, error) {
	d.Op = call.OpBack
	return s.send(ctx, d, s.studio.Screening())
}

// Give sends a call to another studio, with its card: to those who are ready there if
// the caller is, else to those who are new.
func (s Seat) Give(ctx context.Context, d Deed, to call.Studio) (Begun, error) {
	d.Op = call.OpGive
	return s.move(ctx, d, func(st studio, who *picture.Caller) (call.Place, error) {
		there := st.core.studio(to)
		is, ok := st.state.Studio(to)
		switch at := who.Place(); {
		case !ok || to == st.id:
			return call.Place{}, refuse(call.CodeNoSuchStudio, "There is no other studio of this name.")
		case !there.queuesStand():
			return call.Place{}, refuse(call.CodeShowClosed, "The show of "+is.Name+" is closed: nobody could take the caller there.")
		case at == call.InQueue(st.id.OnAir()):
			return call.InQueue(to.OnAir()), nil
		case at.Kind != call.Queue && at.Kind != call.Line:
			return call.Place{}, refuse(call.CodeNotHere, "This caller cannot be given away now.")
		}
		return call.InQueue(there.landing()), nil
	})
}

func (s Seat) send(ctx context.Context, d Deed, queue string) (Begun, error) {
	return s.move(ctx, d, func(st studio, who *picture.Caller) (call.Place, error) {
		to := call.InQueue(queue)
		switch at := who.Place(); {
		case st.state.QueueSid(queue) == "" || !st.queuesStand():
			return to, refuse(call.CodeShowClosed, "The show is closed. Open it to use its queues.")
		case at == to:
			return to, refuse(call.CodeAlreadyThere, who.Called()+" is in this queue already.")
		case at.Kind != call.Queue && at.Kind != call.Line:
			return to, refuse(call.CodeNotHere, "This caller cannot be moved now.")
		}
		return to, nil
	})
}

// move decides a move of one call to where whither says, and has it made when
// the decision is on disk.
func (s Seat) move(ctx context.Context, d Deed, whither func(studio, *picture.Caller) (call.Place, error)) (b Begun, err error) {
	if d.Op.Waits() {
		s.decide(func(st studio) { err = st.meant(d) })
		if err != nil {
			return Begun{}, err
		}
		s.awaitMove(ctx, d.Call)
		d.From = nil // where that move led it was known when this was pressed
	}
	var m job
	s.decide(func(st studio) {
		if err = st.meant(d); err == nil {
			m, err = st.move(d, whither)
		}
	})
	if err != nil {
		return Begun{}, err
	}
	return s.decided(ctx, m)
}

// meant refuses what was pressed on a desk that showed the call elsewhere: it was
// meant for what was there.
func (c *core) meant(d Deed) error {
	who := c.state.Caller(d.Call)
	if who == nil || len(d.From) == 0 || slices.Contains(d.From, who.Place()) {
		return nil
	}
	return refuse(call.CodeNotMeant, who.Called()+" was moved at that moment, so nothing was done. Look again, then press.")
}

// move records a move that a person decided. At most one is under way.
func (st studio) move(d Deed, whither func(studio, *picture.Caller) (call.Place, error)) (job, error) {
	who, err := st.named(d.Call)
	if err == nil && who.Moving() {
		err = st.beingMoved(who)
	}
	if err == nil && !d.Over {
		err = st.notAnothers(who)
	}
	var to call.Place
	if err == nil {
		to, err = whither(st, who)
	}
	if err == nil && !st.talksFromHold(d.Op, who) {
		err = st.mayMove(st.belongs(who), to)
	}
	if err == nil && to.Kind == call.Line && to.State != call.Held {
		err = st.phoneReady(to.Name)
	}
	if err == nil {
		err = st.writable()
	}
	if err != nil {
		return job{}, err
	}
	f := began(d.Call, d.Op, to)
	f.Code = string(d.Farewell)
	if d.Op == call.OpBack {
		f.Reason = &d.Reason
	}
	return st.beginWith(f), nil
}

// decided answers a person whose decision began moves, and has them made: when
// that is on disk. Else they are given up, and were never asked of Twilio.
func (s *Station) decided(ctx context.Context, moves ...job) (Begun, error) {
	last := moves[len(moves)-1] // all were recorded together
	// Who pressed may leave: the decision stands.
	if err := s.onDisk(context.WithoutCancel(ctx), last.saved); err != nil {
		for _, m := range moves {
			s.fail(m, call.CodeNotSaved, notSaved)
		}
		return Begun{}, err
	}
	for _, m := range moves {
		s.act(runMove{m})
	}
	return Begun{Call: last.sid, Move: last.number}, nil
}

// beginAll records moves of several calls together, with what else is decided of
// them.
func (c *core) beginAll(facts []call.Fact) (moves []job) {
	saved := c.record(told, facts...)
	for _, f := range facts {
		if f.Kind == call.Began {
			m := c.job(c.state.Caller(f.Call))
			m.saved = saved
			moves = append(moves, m)
		}
	}
	return moves
}

// BringBack resumes everyone who was held because the line's phone was lost; of a studio's
// line, on all its lanes.
func (s Seat) BringBack(ctx context.Context, line string) error {
	var lost []call.Sid
	var ours bool
	talked := map[call.Sid]bool{} // off air meanwhile: they go back to hold first
	s.decide(func(st studio) {
		_, _, ours = st.state.Line(line)
		lines := []string{line}
		if line == st.id.Line() {
			lines = st.id.Lanes(call.MostLanes) // also those that it had before
		}
		for _, line := range lines {
			l, _, _ := st.state.Line(line)
			lost = append(lost, l.Lost...)
		}
		for _, sid := range lost {
			who := st.state.Caller(sid)
			talked[sid] = who != nil && who.FromHold()
		}
	})
	switch of, air := call.StudioOf(line); {
	case !ours, air && of != s.studio:
		return refuse(call.CodeNoSuchLine, fmt.Sprintf("There is no line called %q.", line))
	case len(lost) == 0:
		return refuse(call.CodeNobodyLost, "Nobody is on hold because of a lost phone.")
	}
	var first error
	for _, sid := range lost {
		if talked[sid] {
			continue
		}
		if _, err := s.Do(ctx, call.OpResume, sid); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// keep records what a person decided that moves nobody; no facts are no news.
func (s Seat) keep(ctx context.Context, decide func(studio) ([]call.Fact, error)) error {
	_, err := s.kept(ctx, decide)
	return err
}

// kept is keep that returns the number of the last fact.
func (s Seat) kept(ctx context.Context, decide func(studio) ([]call.Fact, error)) (seq int64, err error) {
	var saved <-chan struct{}
	s.decide(func(st studio) {
		var facts []call.Fact
		facts, err = decide(st)
		if err == nil && len(facts) > 0 {
			err = st.writable()
		}
		if err == nil {
			saved = st.record(told, facts...)
			seq = st.state.Seq()
		}
	})
	if err != nil || saved == nil {
		return seq, err
	}
	return seq, s.onDisk(ctx, saved)
}
