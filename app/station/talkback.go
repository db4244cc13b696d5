package station

import (
	"cmp"
	"slices"

	"callin/app/call"
)

// TalksBack takes in that a desk's phone calls to speak to the host of a studio's line
// alone, and is told whom it is to be heard by: the host's leg. It reports whether it
// may: hosts and producers of the studio, while the host's phone is on the line.
func (s *Station) TalksBack(desk call.DeskID, leg call.Sid, line string) (host call.Sid, goesOn bool) {
	s.locked(func(c *core) {
		l, has, _ := c.state.Line(line)
		if !c.mayTalkBack(desk, line) || !l.Phone || l.Direct || has == leg {
			return
		}
		if !c.state.HasDialled(leg) {
			c.record(told, call.Fact{Kind: call.Dialled, Call: leg, Desk: desk, Line: line})
		}
		host, goesOn = has, true
	})
	return host, goesOn
}

// mayTalkBack reports whether a desk may speak to the host on a line of a studio's.
func (c *core) mayTalkBack(id call.DeskID, line string) bool {
	d := c.desk(id)
	of, air := call.StudioOf(line)
	return air && line == c.studio(of).talksOn() && d.Roles.Any(call.Host|call.Producer) && slices.Contains(d.Studios, of)
}

// talksOn is the line on which the studio's host is talked to. Of several lanes the page
// makes what each caller hears, and what comes by one of them is heard on the others.
func (st studio) talksOn() string {
	is, _ := st.state.Studio(st.id)
	return cmp.Or(is.Talkback, is.Line)
}

// talkbackEvent takes in what is said of a leg that speaks to the host alone.
func (c *core) talkbackEvent(e ConferenceEvent) {
	on := e.Event == "participant-join"
	if !on && e.Event != "participant-leave" {
		return
	}
	c.record(told, call.Fact{Kind: call.TalkbackSet, Call: e.Call, Desk: c.state.PhoneOf(e.Call), Line: e.Line, On: on})
	if l, _, _ := c.state.Line(e.Line); on && (!l.Phone || !c.mayTalkBack(c.state.PhoneOf(e.Call), e.Line)) {
		c.leave(endPhone{leg: e.Call})
	}
}

// endTalkback ends what is said to the host of a line whose phone has left it.
func (c *core) endTalkback(line string) {
	for _, leg := range c.state.Talkbacks(line) {
		c.leave(endPhone{leg: leg})
	}
}
