package station

import (
	"context"

	"callin/app/call"
	"callin/app/picture"
)

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
	lanes := st.lanesBack(dropped, taken)
	for _, who := range dropped {
		to, err := goesBack(who)
		if lane, is := lanes[who]; err == nil && is {
			to.Name = lane
		}
		if err == nil && to.Kind == call.Line && to.Name == "" {
			err = st.lanesTaken()
		}
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
