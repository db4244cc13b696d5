package station

import (
	"context"
	"slices"

	"callin/app/call"
	"callin/app/picture"
)

// Next drops whoever is talking on the line and is not locked, and takes the
// next caller: expect, or the following one if that one has hung up. drops are
// those of whom the desk said that they would be dropped; nil is anybody.
func (s Seat) Next(ctx context.Context, expect call.Sid, drops ...call.Sid) (Begun, error) {
	return s.NextOnto(ctx, "", expect, drops...)
}

// NextOnto is Next onto the line of a chosen lane; of a free one, or one that Next leaves
// free, if it is empty.
func (s Seat) NextOnto(ctx context.Context, wanted string, expect call.Sid, drops ...call.Sid) (b Begun, err error) {
	var moves []job
	s.decide(func(st studio) { moves, err = st.takeNext(wanted, expect, drops) })
	if err != nil {
		return Begun{}, err
	}
	return s.decided(ctx, moves...)
}

func (st studio) takeNext(wanted string, expect call.Sid, drops []call.Sid) ([]job, error) {
	first := call.OnLine(st.id.Line(), call.Talking)
	if err := st.mayMove(first, first); err != nil {
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
	case st.comesToAir(target):
		return nil, refuse(call.CodeMoving, target.Called()+" is being put through at this moment.")
	case target.Locked(), target.Moving(), target.Place() != call.InQueue(st.id.OnAir()):
		return nil, refuse(call.CodeNotMeant, target.Called()+" is not the next any more, so nobody was taken. Look again, then press.")
	}
	if target == nil {
		return nil, refuse(call.CodeNobodyWaiting, "Nobody is waiting to be taken.")
	}
	var facts []call.Fact
	leave := []*picture.Caller{target}
	for who := range st.state.Callers() {
		switch {
		case st.comesToAir(who) && who.Place().Kind != call.Line:
			return nil, refuse(call.CodeMoving, who.Called()+" is being put through at this moment.")
		case !who.Moving() && who.Place().OnAir() && st.isLane(who.Place().Name) && !who.Locked():
			if drops != nil && !slices.Contains(drops, who.Call()) {
				return nil, refuse(call.CodeNotMeant, who.Called()+" came on air at that moment, so nothing was done. Look again, then press.")
			}
			drop := began(who.Call(), call.OpDrop, call.Place{Kind: call.Park})
			drop.Next = target.Call()
			facts = append(facts, drop)
			leave = append(leave, who)
		}
	}
	lane, err := st.laneOfNext(wanted, target, leave)
	if err != nil {
		return nil, err
	}
	return st.beginAll(append(facts, began(target.Call(), call.OpNext, call.OnLine(lane, call.Talking)))), nil
}

// laneOfNext is the lane of whom Next takes: the wanted one, a free one, one that is left by it, or one that takes several.
func (st studio) laneOfNext(wanted string, target *picture.Caller, leave []*picture.Caller) (lane string, err error) {
	if wanted != "" {
		return st.wantedLane(wanted, leave...)
	}
	if lanes := st.lanes(); len(lanes) == 1 {
		return lanes[0], nil
	}
	if lane, err = st.freeLane(target); err != nil {
		lane, err = st.anyLane(leave...)
	}
	return lane, err
}

// comesToAir reports whether a move under way leads a caller to talk on a lane.
func (st studio) comesToAir(who *picture.Caller) bool {
	to := who.Intended()
	return who.Moving() && to.Kind == call.Line && to.State == call.Talking && st.isLane(to.Name)
}
