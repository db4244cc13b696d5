package station

import (
	"cmp"

	"callin/app/call"
	"callin/app/picture"
)

// hold is where a caller of the air is on hold.
func (st studio) hold(who *picture.Caller) call.Place {
	return call.OnLine(cmp.Or(who.Lane(), st.id.Line()), call.Held)
}

// belongs is the place that decides who may move a caller: who is talked to from hold is
// on hold for the host.
func (st studio) belongs(who *picture.Caller) call.Place {
	if who.FromHold() {
		return st.hold(who)
	}
	return who.Place()
}

// talksFromHold reports whether an operation talks off air to who is on hold on the
// studio's line, or puts them back: nobody comes to air or leaves it by that.
func (st studio) talksFromHold(op call.Op, who *picture.Caller) bool {
	return op == call.OpTalk || who.FromHold() && (op == call.OpHold || op == call.OpAnswer)
}
