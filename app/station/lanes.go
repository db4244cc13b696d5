package station

import (
	"fmt"
	"slices"

	"callin/app/call"
	"callin/app/picture"
)

// lanes are the lines of the studio's lanes.
func (st studio) lanes() []string {
	is, _ := st.state.Studio(st.id)
	return is.Lanes
}

// isLane reports whether a line is a lane of the studio's, also one that it has no more.
func (st studio) isLane(line string) bool {
	of, _, ok := call.LaneOf(line)
	return ok && of == st.id
}

// onLane is who is on a lane, comes there or goes back there; nil for nobody.
func (st studio) onLane(line string, but ...*picture.Caller) *picture.Caller {
	for who := range st.state.Callers() {
		on := func(at call.Place) bool { return at.Kind == call.Line && at.Name == line }
		if !slices.Contains(but, who) && (on(who.Place()) || on(who.Intended()) || who.FromHold() && who.Lane() == line) {
			return who
		}
	}
	return nil
}

// laneFor is the lane onto which a caller comes to air: the wanted one if it is free, the
// one that they are on, or the first that is free. A single lane takes everybody.
func (st studio) laneFor(who *picture.Caller, wanted string) (line string, err error) {
	lanes := st.lanes()
	at := who.Place()
	switch {
	case at.Kind == call.Line && slices.Contains(lanes, at.Name) && (wanted == "" || wanted == at.Name):
		return at.Name, nil
	case wanted != "":
		return st.wantedLane(wanted, who)
	case len(lanes) == 1:
		return lanes[0], nil
	}
	return st.freeLane(who)
}

// wantedLane is a chosen lane, if nobody is on it but some who leave. A single lane takes everybody.
func (st studio) wantedLane(wanted string, but ...*picture.Caller) (line string, err error) {
	lanes := st.lanes()
	if !slices.Contains(lanes, wanted) {
		return "", refuse(call.CodeNoSuchLine, "The studio has no such lane.")
	}
	if other := st.onLane(wanted, but...); other != nil && len(lanes) > 1 {
		return "", refuse(call.CodeLanesTaken, other.Called()+" is on this lane. Choose another one, or drop the caller first.")
	}
	return wanted, st.phoneReady(wanted)
}

// freeLane is the first lane on which nobody is but some who leave, and the desk's phone is.
func (st studio) freeLane(but ...*picture.Caller) (line string, err error) {
	lanes := st.lanes()
	for _, lane := range lanes {
		switch notReady := st.phoneReady(lane); {
		case st.onLane(lane, but...) != nil:
		case notReady != nil:
			if err == nil {
				err = notReady
			}
		default:
			return lane, nil
		}
	}
	if err != nil {
		return "", err
	}
	return "", st.lanesTaken()
}

func (st studio) lanesTaken() *call.Error {
	return refuse(call.CodeLanesTaken, fmt.Sprintf("All %d lanes are taken. Drop somebody who is not locked, or press Next.", len(st.lanes())))
}

// lanesBack are the lanes to which those come back who were dropped, while some who were
// taken leave: each one's own if it is free, else another; empty where there is none. A
// single lane takes everybody.
func (st studio) lanesBack(dropped, taken []*picture.Caller) map[*picture.Caller]string {
	back, given := map[*picture.Caller]string{}, map[string]bool{}
	lanes, leave := st.lanes(), slices.Concat(dropped, taken)
	free := func(lane string) bool {
		return !given[lane] && slices.Contains(lanes, lane) && (len(lanes) == 1 || st.onLane(lane, leave...) == nil)
	}
	give := func(who *picture.Caller, lane string) {
		back[who], given[lane] = lane, len(lanes) > 1
	}
	var others []*picture.Caller
	for _, who := range dropped {
		switch was, _ := who.Was(); {
		case was.Kind != call.Line || !st.isLane(was.Name):
		case free(was.Name):
			give(who, was.Name)
		default:
			others = append(others, who)
		}
	}
	for _, who := range others {
		back[who] = ""
		if i := slices.IndexFunc(lanes, free); i >= 0 {
			give(who, lanes[i])
		}
	}
	return back
}

// awaitVacant waits until who leaves the lane that a move leads to has left it, as two
// callers on a lane would hear each other and go out together. It reports false where that
// one has stayed: then the move is over, and not done.
func (s *Station) awaitVacant(m job) bool {
	there := func() (sid call.Sid, called string) {
		s.locked(func(c *core) {
			st := c.studio(m.studio)
			if m.to.Kind != call.Line || !st.isLane(m.to.Name) || len(st.lanes()) == 1 {
				return
			}
			for who := range c.state.Callers() {
				if at := who.Place(); who.Call() != m.sid && at.Kind == call.Line && at.Name == m.to.Name {
					sid, called = who.Call(), who.Called()
				}
			}
		})
		return sid, called
	}
	leaving, _ := there()
	if leaving == "" {
		return true
	}
	s.awaitMove(s.life, leaving)
	stays, called := there()
	if stays == "" {
		return true
	}
	s.fail(m, call.CodeLanesTaken, called+" is still on this lane. Look, then press again.")
	return false
}
