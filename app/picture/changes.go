package picture

import (
	"slices"

	"callin/app/call"
)

// Changes gathers what facts change in a state.
type Changes struct {
	state     *State
	number    int64     // of the first fact
	next      []*Caller // whom Next took before, by studio
	cards     []*Caller
	gone      []call.Sid
	now       int64 // 0 unless the clock was put
	lines     []string
	shows     []call.Studio
	voicemail bool
	chat      []Said
}

// Changes begins to gather: give it to Apply with the facts that follow.
func (s *State) Changes() *Changes {
	c := &Changes{state: s, number: s.seq + 1, next: make([]*Caller, len(s.names))}
	for i, id := range s.names {
		c.next[i] = s.studios[id].next()
	}
	return c
}

func (c *Changes) card(of *Caller) {
	if of.gathered != c.number {
		of.gathered = c.number
		c.cards = append(c.cards, of)
	}
}

func (c *Changes) over(sid call.Sid) { c.gone = append(c.gone, sid) }

func (c *Changes) line(name string) {
	if !slices.Contains(c.lines, name) {
		c.lines = append(c.lines, name)
	}
}

// Change is what has been gathered, as desks are told it.
func (c *Changes) Change() Change {
	s := c.state
	change := Change{Seq: s.seq, Now: c.now, Gone: c.gone, Chat: c.chat}
	for _, caller := range c.cards {
		if s.callers[caller.card.Call] == caller { // else it is gone
			change.Cards = append(change.Cards, caller.card)
		}
	}
	for _, name := range c.lines {
		change.Lines = append(change.Lines, *s.lines[name])
	}
	if c.voicemail {
		all := append([]Voicemail{}, s.voicemail...)
		change.Voicemail = &all
	}
	for i, id := range s.names {
		if st := s.studios[id]; st.next() != c.next[i] || slices.Contains(c.shows, id) {
			change.Studios = append(change.Studios, st.told())
		}
	}
	return change
}
