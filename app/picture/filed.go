package picture

import (
	"slices"

	"callin/app/call"
)

// filed is where a caller is found in the lists that have an order.
type filed struct {
	rank    float64
	waiting bool        // in the queue Caller.queue
	ready   bool        // in the studio's
	studio  call.Studio // when it was ready last
}

func (s *State) addNumber(c *Caller) {
	if number := c.card.Number; number != "" {
		s.byNumber[number] = append(s.byNumber[number], c)
	}
}

func (s *State) removeNumber(c *Caller) {
	number := c.card.Number
	if left := slices.DeleteFunc(s.byNumber[number], func(o *Caller) bool { return o == c }); len(left) > 0 {
		s.byNumber[number] = left
	} else {
		delete(s.byNumber, number)
	}
}

func byRank(a, b *Caller) int {
	switch {
	case a.filed.rank < b.filed.rank:
		return -1
	case a.filed.rank > b.filed.rank:
		return 1
	case a.card.Call < b.card.Call:
		return -1
	case a.card.Call > b.card.Call:
		return 1
	}
	return 0
}

// refile puts c where it belongs after a fact about it: into the queue it is in
// now, and among those whom Next can take. A show that closes has thousands who
// are being moved, and none of them is to be passed by at each Next.
func (s *State) refile(c *Caller) {
	here, at := s.callers[c.card.Call] == c, c.card.Place
	f := filed{rank: c.card.Rank, waiting: here && at.Kind == call.Queue}
	f.ready = f.waiting && !c.card.Locked && !c.Moving() && at.Name == c.card.Studio.OnAir()
	// A list is left alone unless it changes: moving what follows costs.
	reranked := f.rank != c.filed.rank
	requeued := reranked || f.waiting != c.filed.waiting || f.waiting && at.Name != c.queue
	f.studio = c.card.Studio
	readied := reranked || f.ready != c.filed.ready || f.ready && f.studio != c.filed.studio
	if requeued && c.filed.waiting {
		s.waiting[c.queue] = without(s.waiting[c.queue], c)
	}
	if readied && c.filed.ready {
		was := s.studio(c.filed.studio)
		was.ready = without(was.ready, c)
	}
	c.filed = f // by which both are in order
	if requeued && f.waiting {
		c.queue = at.Name
		s.waiting[c.queue] = with(s.waiting[c.queue], c)
	}
	if readied && f.ready {
		is := s.studio(f.studio)
		is.ready = with(is.ready, c)
	}
}

func with(list []*Caller, c *Caller) []*Caller {
	i, _ := slices.BinarySearchFunc(list, c, byRank)
	return slices.Insert(list, i, c)
}

func without(list []*Caller, c *Caller) []*Caller {
	i, _ := slices.BinarySearchFunc(list, c, byRank)
	return slices.Delete(list, i, i+1)
}
