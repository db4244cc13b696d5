package station

import (
	"slices"

	"callin/app/call"
	"callin/app/picture"
)

// SetDesks takes in which desks the station has, the one on its own computer first. A
// phone of a desk that has gone, or on a line which its desk may not use any more, is
// ended.
func (s *Station) SetDesks(desks []call.Desk) {
	s.locked(func(c *core) {
		c.desks = slices.Clone(desks)
		c.endPhonesThatMayNot()
		c.tellDesks()
	})
}

// endPhonesThatMayNot ends the phones of desks that have gone, and those on a line which
// their desk may not use any more. What fails is done by the next comparison.
func (c *core) endPhonesThatMayNot() {
	for leg, of := range c.state.Phones() {
		if c.desk(of).Roles == call.Watcher {
			c.leave(endPhone{leg: leg})
		}
	}
	for leg, r := range c.state.Reserves() {
		if !c.mayUse(r.Desk, r.Line) {
			c.leave(endPhone{leg: leg})
		}
	}
	for _, l := range c.state.Lines() {
		if l.Phone && !l.Telephone && !c.mayUse(l.Desk, l.Name) {
			c.leave(endPhone{leg: l.Leg})
		}
		for _, leg := range c.state.Talkbacks(l.Name) {
			if !l.Phone || !c.mayTalkBack(c.state.PhoneOf(leg), l.Name) {
				c.leave(endPhone{leg: leg})
			}
		}
	}
}

// NumberOf is the number that callers reach a studio by; empty for none.
func (s *Station) NumberOf(studio call.Studio) (number string) {
	s.locked(func(c *core) {
		is, _ := c.state.Studio(studio)
		number = is.Number
	})
	return number
}

// ProducersAir is whether a studio's show lets producers do what hosts may with who is
// on air or comes there.
func (s *Station) ProducersAir(of call.Studio) (may bool) {
	s.locked(func(c *core) { may = c.state.Show(of).ProducersAir })
	return may
}

// StudioName is what a studio is called; empty when the station has none of that id.
func (s *Station) StudioName(of call.Studio) (name string) {
	s.locked(func(c *core) {
		is, _ := c.state.Studio(of)
		name = is.Name
	})
	return name
}

// desk is one of the station's; the zero one, which may do nothing, when it has none
// of that id.
func (c *core) desk(id call.DeskID) call.Desk {
	for _, d := range c.desks {
		if d.ID == id {
			return d
		}
	}
	return call.Desk{}
}

// mayUse reports whether a desk's phone may have a line: hosts those of their studios,
// as many as these have, and who talks to callers one of their own.
func (c *core) mayUse(id call.DeskID, line string) bool {
	d := c.desk(id)
	if of, air := call.StudioOf(line); air {
		st := c.studio(of)
		isIts := slices.Contains(st.lanes(), line) || line == st.talksOn()
		return d.Roles.Any(call.Host) && slices.Contains(d.Studios, of) && isIts
	}
	return line == id.Line() && d.Roles.Any(call.Host|call.Producer)
}

// Notice shows a sentence to whoever is at a desk now.
func (s *Station) Notice(e *call.Error) {
	s.locked(func(c *core) { c.notice(e.Code, e.Message) })
}

// SetCosts shows what the shows come to.
func (s *Station) SetCosts(costs picture.Costs) {
	s.locked(func(c *core) {
		c.costs = &costs
		c.tell(picture.Change{Costs: c.costs})
	})
}

// Look asks the pages that are open now to look at themselves, by a question's name, and
// is which desks of some roles are open.
func (s *Station) Look(question string, of call.Roles) (open []call.Desk) {
	s.locked(func(c *core) {
		for _, d := range c.desks {
			if c.open[d.ID] > 0 && d.Roles.Any(of) {
				open = append(open, d)
			}
		}
		if len(open) > 0 {
			c.tell(picture.Change{Look: question})
		}
	})
	return open
}

// Opened takes in that somebody has opened a desk; closed is to be called when they
// have closed it.
func (s *Station) Opened(id call.DeskID) (closed func()) {
	change := func(by int) {
		s.locked(func(c *core) {
			before := c.open[id]
			c.open[id] += by
			if (before == 0) == (c.open[id] == 0) {
				return
			}
			if before == 0 {
				c.feedBegan(id)
			} else {
				c.feedEnded(id)
			}
			c.tellDesks()
		})
	}
	change(1)
	return func() { change(-1) }
}

// tellDesks shows which desks there are to all of them.
func (c *core) tellDesks() {
	desks := c.desksNow()
	c.tell(picture.Change{Desks: &desks})
}

func (c *core) desksNow() []picture.Desk {
	desks := make([]picture.Desk, 0, len(c.desks))
	for _, d := range c.desks {
		desks = append(desks, picture.Desk{ID: d.ID, Name: d.Name, Roles: d.Roles, Studios: d.Studios, Here: c.open[d.ID] > 0, CutOff: c.cutOff[d.ID]})
	}
	return desks
}
