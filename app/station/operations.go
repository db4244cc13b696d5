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
			return st.hold(), nil
		}
		to, refused := call.To(op, who.Place(), call.Lines{Air: st.id.Line(), Own: s.desk.ID.Line()})
		if refused != nil {
			return to, refused
		}
		return to, nil
	})
}

// Undo takes a drop back, or a Next by whoever it dropped or took: who was dropped
// returns to where they were, and who was taken waits again, first in the queue.
func (s Seat) Undo(ctx context.Context, sid call.Sid) (Begun, error) {
	var both []call.Sid
	s.decide(func(st studio) {
		if who, err := st.named(sid); err == nil {
			dropped, taken := st.pair(who)
			for _, who := range append(dropped, taken...) {
				both = append(both, who.Call())
			}
		}
	})
	for _, sid := range both { // taking back is never too early
		s.awaitMove(ctx, sid)
	}
	var moves []job
	var err error
	s.decide(func(st studio) { moves, err = st.undo(sid) })
	if err != nil {
		return Begun{}, err
	}
	return s.decided(ctx, moves...)
}

// pair is who was dropped and who was taken by what undoing who takes back.
func (st studio) pair(who *picture.Caller) (dropped, taken []*picture.Caller) {
	next := who
	if who.Place().Kind == call.Park || who.MovesTo(call.Place{Kind: call.Park}) {
		dropped = append(dropped, who)
		next = st.state.Caller(who.TakenBack())
	}
	if next == nil || next.Taken() == 0 || st.now()-next.Taken() > st.show().ParkMs {
		return dropped, nil
	}
	for o := range st.state.Callers() {
		if o != who && o.TakenBack() == next.Call() {
			dropped = append(dropped, o)
		}
	}
	return dropped, append(taken, next)
}

func (st studio) undo(sid call.Sid) ([]job, error) {
	who, err := st.named(sid)
	if err != nil {
		return nil, err
	}
	dropped, taken := st.pair(who)
	var facts []call.Fact
	for _, next := range taken {
		if next.Moving() {
			return nil, refuse(call.CodeMoving, next.Called()+" is being moved at this moment. Wait until that is done.")
		}
		if err := st.mayMove(next.Place(), next.Place()); err != nil {
			return nil, err
		}
		if st.queuesStand() && next.Place().Kind == call.Line {
			facts = append(facts, ranks(next, st.state.Waiting(st.id.OnAir()), 0)...)
			facts = append(facts, began(next.Call(), call.OpMove, call.InQueue(st.id.OnAir())))
		}
	}
	for _, who := range dropped {
		to, err := goesBack(who)
		if err == nil {
			err = st.mayMove(who.Place(), to)
		}
		if err == nil && to.Kind == call.Line && to.State != call.Held {
			err = st.phoneReady(to.Name)
		}
		if err != nil {
			return nil, err
		}
		facts = append(facts, began(who.Call(), call.OpUndo, to))
	}
	if len(facts) == 0 {
		return nil, refuse(call.CodeNotDropped, "There is nothing to undo any more: it was too long ago.")
	}
	if err := st.writable(); err != nil {
		return nil, err
	}
	return st.beginAll(facts), nil
}

// goesBack is where a dropped call goes when that is undone.
func goesBack(who *picture.Caller) (call.Place, error) {
	switch was, known := who.Was(); {
	case who.Moving():
		return was, refuse(call.CodeMoving, who.Called()+" is being moved at this moment. Wait until that is done.")
	case who.Place().Kind != call.Park:
		return was, refuse(call.CodeNotDropped, "There is nothing to undo: this caller is not being dropped.")
	case !known || was.Kind == call.Bridge:
		// A bridge cannot be joined from outside: back to the front of the way to it.
		return call.InQueue(who.Studio().OnAir()), nil
	default:
		return was, nil
	}
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

// Next drops whoever is talking on the line and is not locked, and takes the
// next caller: expect, or the following one if that one has hung up. drops are
// those of whom the desk said that they would be dropped; nil is anybody.
func (s Seat) Next(ctx context.Context, expect call.Sid, drops ...call.Sid) (b Begun, err error) {
	var moves []job
	s.decide(func(st studio) { moves, err = st.takeNext(expect, drops) })
	if err != nil {
		return Begun{}, err
	}
	return s.decided(ctx, moves...)
}

func (st studio) takeNext(expect call.Sid, drops []call.Sid) ([]job, error) {
	air := call.OnLine(st.id.Line(), call.Talking)
	if err := st.mayMove(air, air); err != nil {
		return nil, err
	}
	if err := st.phoneReady(st.id.Line()); err != nil {
		return nil, err
	}
	if err := st.writable(); err != nil {
		return nil, err
	}
	target := st.state.Caller(expect)
	switch {
	case target == nil:
		target = st.next()
	case target.MovesTo(air):
		return nil, refuse(call.CodeMoving, target.Called()+" is being put through at this moment.")
	case target.Locked(), target.Moving(), target.Place() != call.InQueue(st.id.OnAir()):
		return nil, refuse(call.CodeNotMeant, target.Called()+" is not the next any more, so nobody was taken. Look again, then press.")
	}
	if target == nil {
		return nil, refuse(call.CodeNobodyWaiting, "Nobody is waiting to be taken.")
	}
	var facts []call.Fact
	for who := range st.state.Callers() {
		switch {
		case who.MovesTo(air) && who.Place().Kind != call.Line:
			return nil, refuse(call.CodeMoving, who.Called()+" is being put through at this moment.")
		case !who.Moving() && who.Place() == air && !who.Locked():
			if drops != nil && !slices.Contains(drops, who.Call()) {
				return nil, refuse(call.CodeNotMeant, who.Called()+" came on air at that moment, so nothing was done. Look again, then press.")
			}
			drop := began(who.Call(), call.OpDrop, call.Place{Kind: call.Park})
			drop.Next = target.Call()
			facts = append(facts, drop)
		}
	}
	return st.beginAll(append(facts, began(target.Call(), call.OpNext, air))), nil
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

// BringBack resumes everyone who was held because the line's phone was lost.
func (s Seat) BringBack(ctx context.Context, line string) error {
	var l picture.Line
	var ours bool
	talked := map[call.Sid]bool{} // off air meanwhile: they go back to hold first
	s.decide(func(st studio) {
		l, _, ours = st.state.Line(line)
		for _, sid := range l.Lost {
			who := st.state.Caller(sid)
			talked[sid] = who != nil && who.FromHold()
		}
	})
	switch of, air := call.StudioOf(line); {
	case !ours, air && of != s.studio:
		return refuse(call.CodeNoSuchLine, fmt.Sprintf("There is no line called %q.", line))
	case len(l.Lost) == 0:
		return refuse(call.CodeNobodyLost, "Nobody is on hold because of a lost phone.")
	}
	var first error
	for _, sid := range l.Lost {
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

// Note is what somebody typed on a card; a nil field stays as it is.
type Note struct {
	Name, Location, Topic, Notes, Language *string
	Rating                                 *int // 1 to 5, 0 for none
}

// Note keeps what somebody typed, also of a caller of the studio's who has just hung up,
// and returns the number of the fact: a picture that has come so far has what was typed.
func (s Seat) Note(ctx context.Context, sid call.Sid, n Note) (seq int64, err error) {
	return s.kept(ctx, func(st studio) ([]call.Fact, error) {
		_, err := st.named(sid)
		if st.state.WasCaller(st.id, sid) {
			err = nil
		}
		return []call.Fact{{Kind: call.Noted, Call: sid, Name: n.Name, Location: n.Location, Topic: n.Topic, Notes: n.Notes, Language: n.Language, Rating: n.Rating}}, err
	})
}

// Lock makes Next and Drop pass the call by, or not.
func (s Seat) Lock(ctx context.Context, sid call.Sid, on bool) error {
	return s.keep(ctx, func(st studio) ([]call.Fact, error) {
		who, err := st.named(sid)
		if err == nil {
			err = st.mayMove(st.belongs(who), who.Place())
		}
		return []call.Fact{{Kind: call.LockSet, Call: sid, On: on}}, err
	})
}
