package station

import (
	"cmp"

	"callin/app/call"
	"callin/app/picture"
)

// Seat is a desk's place at the station, in one of its studios. What a person decides
// there is decided of that studio's show and callers, and its facts say at which desk.
type Seat struct {
	*Station
	desk   call.Desk
	studio call.Studio
}

// Seat is the place of a desk in a studio. Whether the desk may be there is for who
// lets it in to know.
func (s *Station) Seat(desk call.Desk, in call.Studio) Seat { return Seat{s, desk, in} }

// decide lets somebody at the desk make a decision, as Station.locked does.
func (s Seat) decide(decide func(studio)) {
	s.locked(func(c *core) {
		c.by = s.desk
		defer func() { c.by = call.Desk{} }()
		decide(c.studio(s.studio))
	})
}

// studio is one of the station's studios, for what is decided about it.
type studio struct {
	*core
	id call.Studio
}

func (c *core) studio(id call.Studio) studio { return studio{c, id} }

// of is the studio that a caller is in.
func (c *core) of(who *picture.Caller) studio { return studio{c, who.Studio()} }

// show is the studio's show.
func (st studio) show() picture.Show { return st.state.Show(st.id) }

// record records facts about the studio.
func (st studio) record(from origin, facts ...call.Fact) <-chan struct{} {
	for i := range facts {
		facts[i].Studio = st.id
	}
	return st.core.record(from, facts...)
}

// landing is the queue that new callers come to.
func (st studio) landing() string {
	if st.show().Screens {
		return st.id.Screening()
	}
	return st.id.OnAir()
}

// next is whom Next takes; nil for nobody.
func (st studio) next() *picture.Caller { return st.state.Next(st.id) }

// named finds a call of the studio's that a person named.
func (st studio) named(sid call.Sid) (*picture.Caller, error) {
	who := st.state.Caller(sid)
	switch {
	case who == nil:
		return nil, refuse(call.CodeNoSuchCall, "This caller has hung up.")
	case who.Studio() != st.id:
		return nil, refuse(call.CodeNoSuchCall, "This caller is in another studio.")
	}
	return who, nil
}

// mayMove refuses a move to or from the air at a desk that is no host's, unless the
// show lets producers do that.
func (st studio) mayMove(from, to call.Place) error {
	if st.by.Roles.Any(call.Host) || st.show().ProducersAir || !st.isAir(from) && !st.isAir(to) {
		return nil
	}
	return refuse(call.CodeNotAllowed, "Who is on air, or comes there, is for a host's desk. The show's settings can let producers do it too.")
}

// isAir reports whether a place is where a host has callers: on air, or on the line
// that goes there.
func (st studio) isAir(at call.Place) bool {
	return at.Kind == call.Bridge || at.Kind == call.Line && st.isLane(at.Name)
}

// beingMoved refuses what is to be done with a call that is under a move, and says
// whose that is.
func (st studio) beingMoved(who *picture.Caller) error {
	if by := who.Move().Desk; by != st.by.ID {
		return refuse(call.CodeMoving, who.Called()+" is being moved by "+st.called(by)+" at this moment. Wait until that is done.")
	}
	return refuse(call.CodeMoving, who.Called()+" is being moved at this moment. Wait until that is done.")
}

// notAnothers refuses what is to be done with a caller whom another desk talks to off
// air: that is asked first.
func (st studio) notAnothers(who *picture.Caller) error {
	of, own := call.DeskOf(who.Place().Name)
	if who.Place().Kind != call.Line || !own || of == st.by.ID {
		return nil
	}
	return refuse(call.CodeAnothers, st.called(of)+" is talking to "+who.Called()+". Press again to take the caller over.")
}

// called is what to call a desk in a sentence.
func (c *core) called(id call.DeskID) string { return cmp.Or(c.desk(id).Name, "another desk") }

// talksTo is who else is talked to on a line, or is about to be; nil for nobody.
func (c *core) talksTo(line string, but *picture.Caller) *picture.Caller {
	talking := call.OnLine(line, call.Talking)
	for who := range c.state.Callers() {
		if who != but && who.Intended() == talking {
			return who
		}
	}
	return nil
}

// notice shows a sentence to whoever is at a desk of the studio now.
func (st studio) notice(code call.Code, message string) {
	st.tell(picture.Change{Notice: &picture.Trouble{Code: code, Message: message, At: st.now()}, NoticeTo: &st.id})
}
