package station

import (
	"context"
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

// sharedLane is the lane that takes callers although somebody is on it: a single one, and the last one where that is
// set. They hear each other there, and have one fader. It is empty where there is none, as in a studio that the
// station has no more.
func (st studio) sharedLane() string {
	is, _ := st.state.Studio(st.id)
	last := len(is.Lanes) - 1
	if last == 0 || last > 0 && is.SharedLane {
		return is.Lanes[last]
	}
	return ""
}

// takesSeveral reports whether a line is the shared lane.
func (st studio) takesSeveral(line string) bool { return line != "" && line == st.sharedLane() }

// onLane is who is on a lane, comes there or goes back there, or may come there yet; nil for nobody.
func (st studio) onLane(line string, but ...*picture.Caller) *picture.Caller {
	for who := range st.state.Callers() {
		on := func(at call.Place) bool { return at.Kind == call.Line && at.Name == line }
		if !slices.Contains(but, who) && (on(who.Place()) || on(who.Intended()) || who.FromHold() && who.Lane() == line || slices.Contains(st.mayCome[who.Call()], line)) {
			return who
		}
	}
	return nil
}

// laneFor is the lane onto which a caller comes to air: the wanted one if they may come there, the
// one that they are on, or the first that is free.
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
	return st.anyLane(who)
}

// errNotKnownYet keeps a lane from being taken for free onto which somebody was moved as Callin ended.
var errNotKnownYet = refuse(call.CodeBusy, "Callin has just started and is asking Twilio where everybody is. Press again in a moment.")

// wantedLane is a chosen lane, if it takes several or nobody is on it but some who leave.
func (st studio) wantedLane(wanted string, but ...*picture.Caller) (line string, err error) {
	lanes := st.lanes()
	if !slices.Contains(lanes, wanted) {
		return "", refuse(call.CodeNoSuchLine, "The studio has no such lane.")
	}
	if st.takesSeveral(wanted) {
		return wanted, st.phoneReady(wanted)
	}
	if !st.knows {
		return "", errNotKnownYet
	}
	if other := st.onLane(wanted, but...); other != nil {
		return "", refuse(call.CodeLanesTaken, other.Called()+" is on this lane. Choose another one, or drop the caller first.")
	}
	return wanted, st.phoneReady(wanted)
}

// freeLane is the first lane on which nobody is but some who leave, and the desk's phone is.
func (st studio) freeLane(but ...*picture.Caller) (line string, err error) {
	if !st.knows {
		return "", errNotKnownYet
	}
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

// anyLane is the first free lane, or the last one if that takes several.
func (st studio) anyLane(but ...*picture.Caller) (line string, err error) {
	if line, err = st.freeLane(but...); err == nil {
		return line, nil
	}
	if shared := st.sharedLane(); shared != "" {
		return shared, st.phoneReady(shared)
	}
	return "", err
}

// ToLane moves a caller who is on a lane to another one, where they stand as they stood: who is not heard joins it
// muted. Without a wanted one it is the first that is free.
func (s Seat) ToLane(ctx context.Context, d Deed) (Begun, error) {
	d.Op = call.OpLane
	return s.move(ctx, d, func(st studio, who *picture.Caller) (call.Place, error) {
		lane, err := st.otherLane(who, d.Lane)
		return call.OnLine(lane, who.Place().State), err
	})
}

// otherLane is the lane to which a caller is moved who is on one.
func (st studio) otherLane(who *picture.Caller, wanted string) (line string, err error) {
	at := who.Place()
	switch {
	case len(st.lanes()) == 1:
		return "", refuse(call.CodeNoSuchLine, "The studio has one lane, which all callers share.")
	case at.Kind != call.Line || !st.isLane(at.Name):
		return "", refuse(call.CodeNotOnLine, "Only a caller who is on a lane can be moved to another one.")
	case wanted == at.Name:
		return "", refuse(call.CodeAlreadyThere, who.Called()+" is on this lane already.")
	case wanted != "":
		return st.wantedLane(wanted, who)
	}
	if line, err = st.anyLane(); err != nil || line == at.Name {
		return "", refuse(call.CodeLanesTaken, "No other lane is free with the desk's phone on it.")
	}
	return line, nil
}

func (st studio) lanesTaken() *call.Error {
	return refuse(call.CodeLanesTaken, fmt.Sprintf("All %d lanes are taken. Drop somebody who is not locked, or press Next.", len(st.lanes())))
}

// lanesBack are the lanes to which those come back who were dropped, while some who were
// taken leave: each one's own if it is free, else another; empty where there is none. One that
// takes several takes all.
func (st studio) lanesBack(dropped, taken []*picture.Caller) map[*picture.Caller]string {
	back, given := map[*picture.Caller]string{}, map[string]bool{}
	lanes, leave := st.lanes(), slices.Concat(dropped, taken)
	free := func(lane string) bool {
		return slices.Contains(lanes, lane) && (st.takesSeveral(lane) || !given[lane] && st.onLane(lane, leave...) == nil)
	}
	give := func(who *picture.Caller, lane string) {
		back[who], given[lane] = lane, true
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
// callers on a lane would hear each other and go out together, which is for one that takes
// several only. It reports false where that one has stayed: then the move is over, and not done.
func (s *Station) awaitVacant(m job) bool {
	there := func() (sid call.Sid, called string) {
		s.locked(func(c *core) {
			st := c.studio(m.studio)
			quiets := m.from.Kind == call.Line && m.from.Name == m.to.Name && m.to.State != call.Talking
			if m.to.Kind != call.Line || !st.isLane(m.to.Name) || st.takesSeveral(m.to.Name) || quiets {
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
