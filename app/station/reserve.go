package station

import (
	"context"
	"sync"

	"callin/app/call"
)

// A desk in reserve has phones on the lanes of a studio that neither hear nor are heard there, by Twilio's mute and
// hold: the studio's phone is another desk's. Taking over makes them the studio's, lane by lane at once, and brings
// those back who were held because the other desk was lost. A page that takes over by itself asks for it, so that a
// reserve that is lost itself does nothing.

// StandsBy takes in that a desk's phone calls to be on a lane in reserve. It reports whether it may.
func (s *Station) StandsBy(desk call.DeskID, leg call.Sid, line string) (goesOn bool) {
	s.locked(func(c *core) {
		of, _, lane := call.LaneOf(line)
		if goesOn = lane && c.mayUse(desk, line) && len(c.studio(of).lanes()) > 1; goesOn && !c.state.HasDialled(leg) {
			c.record(told, call.Fact{Kind: call.Dialled, Call: leg, Desk: desk, Line: line})
		}
	})
	return goesOn
}

// keepOff has a phone in reserve neither hear nor be heard.
type keepOff struct {
	leg        call.Sid
	conference string
}

// reserveEvent takes in what is said of a phone that came to a lane in reserve.
func (c *core) reserveEvent(e ConferenceEvent) {
	line, has := c.state.LineOf(e.Call)
	switch {
	case e.Event == "participant-leave":
		c.standsDown(e.Call)
		c.phoneLeaves(e.Call)
	case has && e.Hold && e.Event == "participant-hold": // it was told so as it took over
		c.leave(letOn{e.Call, e.Conference, line})
	case !has && e.Event == "participant-join":
		c.standsBy(e.Line, e.Conference, e.Call, told)
	}
}

// standsBy has a phone in reserve that has come to a lane. Of one desk the newest is.
func (c *core) standsBy(line, conference string, leg call.Sid, from origin) {
	desk := c.state.PhoneOf(leg)
	if !c.mayUse(desk, line) {
		c.leave(endPhone{leg: leg})
		return
	}
	if older, ok := c.state.Reserve(line, desk); ok && older.Leg != leg {
		c.standsDown(older.Leg)
		c.leave(endPhone{leg: older.Leg})
	}
	c.record(from, call.Fact{Kind: call.ReserveSet, Call: leg, Desk: desk, Line: line, Conference: conference, On: true})
	c.leave(keepOff{leg, conference})
}

// standsDown: a phone is in reserve no more.
func (c *core) standsDown(leg call.Sid) {
	if line, ok := c.state.InReserve(leg); ok {
		c.record(told, call.Fact{Kind: call.ReserveSet, Call: leg, Line: line})
	}
}

// keepOff holds a phone that is in reserve.
func (s *Station) keepOff(e keepOff) {
	err := s.patiently(func(ctx context.Context) error {
		still := false
		s.locked(func(c *core) { _, still = c.state.InReserve(e.leg) })
		if !still {
			return nil
		}
		return s.carrier.SetParticipant(ctx, e.conference, e.leg, call.Held)
	})
	if err != nil { // it is muted from its join on
		s.log.Info("a phone in reserve hears its lane", "call", e.leg, "error", err)
	}
}

// letOn lets a phone hear and be heard that has a line.
type letOn struct {
	leg        call.Sid
	conference string
	line       string
}

func (s *Station) letOn(ctx context.Context, e letOn) error {
	return s.atOnce(ctx, func(ctx context.Context) error {
		return s.carrier.SetParticipant(ctx, e.conference, e.leg, call.Talking)
	})
}

// TakeLanes makes the phones of a desk that is in reserve the studio's on all its lanes, and brings back who was
// held there because the phone of before was lost. One after the other does: two would have some lanes each. Where a
// page does that by itself, the desk of before must be lost still.
func (s Seat) TakeLanes(ctx context.Context, byItself bool) error {
	s.takingLanes <- struct{}{} // whoever has it asks Twilio a few things, each within seconds
	defer func() { <-s.takingLanes }()
	var phones []letOn
	var err error
	s.decide(func(st studio) {
		for _, lane := range st.lanes() {
			if l, _, _ := st.state.Line(lane); byItself && l.Phone {
				err = refuse(call.CodeAlreadyThere, "Another desk has the lanes, or took them over first.")
				return
			}
			r, ok := st.state.Reserve(lane, st.by.ID)
			if !ok {
				err = refuse(call.CodePhoneOffLine, "This desk's phone is not in reserve on each lane yet. Wait a moment, then press again.")
			}
			phones = append(phones, letOn{r.Leg, r.Conference, lane})
		}
		if err == nil {
			err = st.writable()
		}
	})
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx) // who pressed may leave: half of the lanes would be nobody's
	failed := make([]error, len(phones))
	var all sync.WaitGroup
	for n, e := range phones {
		all.Go(func() {
			if failed[n] = s.letOn(ctx, e); failed[n] == nil {
				failed[n] = s.takesLane(ctx, e)
			}
		})
	}
	all.Wait()
	for n, err := range failed {
		if err != nil {
			s.log.Warn("a lane was not taken over", "line", phones[n].line, "error", err)
			return refuse(call.CodeFailed, "Twilio did not give each lane to this desk. Look at the lanes, then press again.")
		}
	}
	return nil
}

// takesLane gives a lane to a phone that was in reserve there, and its caller to that.
func (s Seat) takesLane(ctx context.Context, e letOn) (err error) {
	var lost []call.Sid
	s.decide(func(st studio) {
		if _, still := st.state.InReserve(e.leg); !still {
			err = offLine
			return
		}
		before, has, _ := st.state.Line(e.line)
		saved := st.record(told, call.PhoneHas(e.line, e.leg, call.PhoneOnLine))
		st.troubleOver(about{call.TroubleSound, e.line})
		st.meet(e.line, e.leg)
		if before.Phone {
			delete(st.pages, has)
			st.leave(endPhone{has, saved})
		}
		lost = before.Lost
	})
	for _, sid := range lost {
		s.awaitMove(ctx, sid) // to hold
		if _, refused := s.Do(ctx, call.OpResume, sid); refused != nil {
			s.log.Info("a caller was not brought back", "call", sid, "error", refused)
		}
	}
	return err
}
