package picture

import (
	"slices"

	"callin/app/call"
)

func byRank(a, b *Caller) int {
	switch {
	case a.card.Rank < b.card.Rank:
		return -1
	case a.card.Rank > b.card.Rank:
		return 1
	case a.card.Call < b.card.Call:
		return -1
	case a.card.Call > b.card.Call:
		return 1
	}
	return 0
}

// joinQueue puts c where it belongs in the queue it is in now, if it is in one.
func (s *State) joinQueue(c *Caller) {
	if c.card.Place.Kind != call.Queue {
		return
	}
	c.queue = c.card.Place.Name
	q := s.waiting[c.queue]
	i, there := slices.BinarySearchFunc(q, c, byRank)
	if !there {
		s.waiting[c.queue] = slices.Insert(q, i, c)
	}
}

// leaveQueue takes c out of the queue it is in.
func (s *State) leaveQueue(c *Caller) {
	q := s.waiting[c.queue]
	if i, there := slices.BinarySearchFunc(q, c, byRank); there {
		s.waiting[c.queue] = slices.Delete(q, i, i+1)
	}
}

// updateReady keeps ready right after a fact about c: a show that closes has
// thousands who are being moved, and none of them is to be passed by at each fact.
func (s *State) updateReady(c *Caller) {
	s.removeReady(c)
	can := s.callers[c.card.Call] == c && !c.card.Locked && !c.Moving() && c.card.Place == call.InQueue(s.show.Queues[0])
	if can {
		i, _ := slices.BinarySearchFunc(s.ready, c, byRank)
		s.ready = slices.Insert(s.ready, i, c)
	}
}

func (s *State) removeReady(c *Caller) {
	if i, is := slices.BinarySearchFunc(s.ready, c, byRank); is {
		s.ready = slices.Delete(s.ready, i, i+1)
	}
}

// Position counts from 1 within the queue that c is in.
func (s *State) Position(c *Caller) int {
	i, _ := slices.BinarySearchFunc(s.waiting[c.queue], c, byRank)
	return i + 1
}
