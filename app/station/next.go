package station

import (
	"context"
	"slices"

	"callin/app/call"
)

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
