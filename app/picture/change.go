package picture

import "callin/app/call"

// Change is what has been gathered, as a desk is change.
func (c *Changes) Change() Change {
	s := c.state
	change := Change{Seq: s.seq, Now: c.now, Gone: c.gone}
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
	if c.show {
		show := s.show
		change.Show = &show
	}
	if next := s.Next(); next != c.next {
		var sid call.Sid
		if next != nil {
			sid = next.Call()
		}
		change.Next = &sid
	}
	return change
}
