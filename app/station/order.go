package station

import (
	"context"

	"callin/app/call"
	"callin/app/picture"
)

// Order puts a waiting call before another one of its queue, or last.
func (s Seat) Order(ctx context.Context, sid, before call.Sid) error {
	return s.keep(ctx, func(st studio) ([]call.Fact, error) {
		who, err := st.named(sid)
		if err != nil {
			return nil, err
		}
		return st.order(who, before)
	})
}

// MakeNext puts a waiting call at the head of the queue that feeds the air, where it
// stays: whoever comes back to the queue comes after it.
func (s Seat) MakeNext(ctx context.Context, sid call.Sid) error {
	return s.keep(ctx, func(st studio) ([]call.Fact, error) {
		who, err := st.waitsForAir(sid)
		if err != nil {
			return nil, err
		}
		first := st.state.Waiting(st.id.OnAir())[0]
		if first == who && who.MadeNext() {
			return nil, nil
		}
		return []call.Fact{{Kind: call.Ordered, Call: sid, Rank: min(first.Rank(), 1) - 1, Code: string(call.OrderNext)}}, nil
	})
}

// waitsForAir finds a call that a person named in the queue that feeds the air.
func (st studio) waitsForAir(sid call.Sid) (*picture.Caller, error) {
	who, err := st.named(sid)
	if err == nil && who.Place() != call.InQueue(st.id.OnAir()) {
		err = refuse(call.CodeNotWaiting, who.Called()+" does not wait for the air. Make the caller ready first.")
	}
	return who, err
}

// Propose puts a waiting call before all that nobody made next: a producer's word for
// who should come on air, which a host's own goes before.
func (s Seat) Propose(ctx context.Context, sid call.Sid) error {
	return s.keep(ctx, func(st studio) ([]call.Fact, error) {
		who, err := st.waitsForAir(sid)
		switch {
		case err != nil:
			return nil, err
		case who.MadeNext():
			return nil, refuse(call.CodeAlreadyThere, who.Called()+" was made next by a host already.")
		}
		rank := 1.0
		for _, o := range st.state.Waiting(st.id.OnAir()) {
			if !o.MadeNext() {
				rank = min(rank, o.Rank())
				break
			}
		}
		return []call.Fact{{Kind: call.Ordered, Call: sid, Rank: rank / 2, Code: string(call.OrderProposed)}}, nil
	})
}

// NotNow puts a caller who waits to be screened after all others who do.
func (s Seat) NotNow(ctx context.Context, sid call.Sid) error {
	return s.keep(ctx, func(st studio) ([]call.Fact, error) {
		who, err := st.named(sid)
		switch {
		case err != nil:
			return nil, err
		case who.Place() != call.InQueue(st.id.Screening()):
			return nil, refuse(call.CodeNotWaiting, who.Called()+" does not wait to be screened.")
		}
		all := st.state.Waiting(st.id.Screening())
		last := all[len(all)-1]
		return []call.Fact{{Kind: call.Ordered, Call: sid, Rank: last.Rank() + 1, Code: string(call.OrderNotNow)}}, nil
	})
}

func (st studio) order(who *picture.Caller, before call.Sid) ([]call.Fact, error) {
	if who.Place().Kind != call.Queue {
		return nil, refuse(call.CodeNotWaiting, "Only callers who wait in a queue can be put in order.")
	}
	if before == who.Call() {
		return nil, nil
	}
	queue := st.state.Waiting(who.Queue())
	others := make([]*picture.Caller, 0, len(queue))
	at := -1
	for _, o := range queue {
		if o == who {
			continue
		}
		if o.Call() == before {
			at = len(others)
		}
		others = append(others, o)
	}
	switch {
	case before == "":
		at = len(others)
	case at < 0:
		return nil, refuse(call.CodeNotInQueue, "The other caller is not in this queue any more.")
	}
	facts := ranks(who, others, at)
	// Nobody but a host puts somebody where a host's own next is.
	if len(others) == 0 || st.by.Roles.Any(call.Host) {
		return facts, nil
	}
	if at < len(others) && others[at].MadeNext() {
		return nil, refuse(call.CodeNotAllowed, others[at].Called()+" was made next by a host: only a host's desk puts somebody before.")
	}
	if len(facts) == 1 && facts[0].Rank <= 0 {
		facts[0].Rank = others[at].Rank() / 2
	}
	return facts, nil
}

// ranks are the facts that put who among others at index at. A number between
// the neighbours' ranks does; when there is none left, all are numbered anew.
func ranks(who *picture.Caller, others []*picture.Caller, at int) []call.Fact {
	var rank float64
	switch {
	case len(others) == 0:
		return nil
	case at == 0:
		rank = others[0].Rank() - 1
	case at == len(others):
		rank = others[at-1].Rank() + 1
	default:
		rank = (others[at-1].Rank() + others[at].Rank()) / 2
		if rank <= others[at-1].Rank() || rank >= others[at].Rank() {
			var facts []call.Fact
			base := others[0].Rank()
			for i, o := range append(append(append([]*picture.Caller{}, others[:at]...), who), others[at:]...) {
				facts = append(facts, call.Fact{Kind: call.Ordered, Call: o.Call(), Rank: base + float64(i)})
			}
			return facts
		}
	}
	return []call.Fact{{Kind: call.Ordered, Call: who.Call(), Rank: rank}}
}
