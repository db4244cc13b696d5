package picture

import "callin/app/call"

// Change is what has been gathered, as a desk is told.
func (c *Changes) Change() Change {
	s := c.state
	told := Change{Seq: s.seq, Gone: c.gone}
	for _, caller := range c.cards {
		if s.callers[caller.card.Call] == caller { // else it is gone
			told.Cards = append(told.Cards, caller.card)
		}
	}
	for _, name := range c.lines {
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
