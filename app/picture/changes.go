package picture

import "callin/app/call"

// Changes gathers what facts change in a state.
type Changes struct {
	state     *State
	next      *Caller // whom Next took before
	cards     map[call.Sid]bool
	gone      []call.Sid
	lines     map[string]bool
	show      bool
	voicemail bool
}

// Changes begins to gather: give it to Apply with the facts that follow.
func (s *State) Changes() *Changes { return &Changes{state: s, next: s.Next()} }

func (c *Changes) card(of *Caller) {
	if c.cards == nil {
		c.cards = map[call.Sid]bool{}
	}
	c.cards[of.card.Call] = true
}

func (c *Changes) over(sid call.Sid) {
	delete(c.cards, sid)
	c.gone = append(c.gone, sid)
}

func (c *Changes) line(name string) {
	if c.lines == nil {
		c.lines = map[string]bool{}
	}
	c.lines[name] = true
}

// Change is what has been gathered, as a desk is told.
func (c *Changes) Change() Change {
	s := c.state
	told := Change{Seq: s.seq, Gone: c.gone}
	for sid := range c.cards {
		if caller := s.callers[sid]; caller != nil {
			told.Cards = append(told.Cards, caller.card)
		}
	}
	for name := range c.lines {
		told.Lines = append(told.Lines, s.lines[name].Line)
	}
	if c.voicemail {
		all := append([]Voicemail{}, s.voicemail...)
		told.Voicemail = &all
	}
	if c.show {
		show := s.show
		told.Show = &show
	}
	if next := s.Next(); next != c.next {
		var sid call.Sid
		if next != nil {
			sid = next.Call()
		}
		told.Next = &sid
	}
	return told
}
