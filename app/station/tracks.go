package station

import (
	"cmp"
	"math"
	"slices"

	"callin/app/call"
	"callin/app/picture"
)

// RecordsUntil is up to when the desk was on the air with a page's phone that mixes the lanes
// of a studio whose tracks are recorded, in milliseconds since 1970: 0 for never, far away
// while it is.
func (s Seat) RecordsUntil() (until int64) {
	s.decide(func(st studio) {
		if !st.show().Tracks || len(st.lanes()) == 1 {
			return
		}
		for _, lane := range st.lanes() { // one alone may be cut
			l, _, ok := st.state.Line(lane)
			switch {
			case !ok, l.Desk != st.by.ID, l.Telephone, l.Direct:
			case l.Phone:
				until = math.MaxInt64 / 2
			default:
				until = max(until, l.Since)
			}
		}
	})
	return until
}

// SetTracks shows how the recording of a studio's isolated tracks stands, and keeps in its
// record when one begins, and why it stops.
func (s *Station) SetTracks(t picture.Tracks) {
	s.locked(func(c *core) {
		if t.Trouble != nil {
			t.Trouble.At = c.now()
		}
		was := c.tracks[t.Studio]
		c.tracks[t.Studio] = t
		c.tell(picture.Change{Tracks: []picture.Tracks{t}})
		switch {
		case t.Trouble != nil && (was.Trouble == nil || was.Trouble.Code != t.Trouble.Code):
			c.record(told, call.Fact{Kind: call.TracksSet, Studio: t.Studio, Message: t.Trouble.Message})
		case t.Folder != was.Folder && t.Folder != "", t.Trouble == nil && was.Trouble != nil && t.On:
			c.record(told, call.Fact{Kind: call.TracksSet, Studio: t.Studio, On: true, File: t.Folder})
		}
	})
}

// tracksNow are how the recordings of all studios stand that have one.
func (c *core) tracksNow() (all []picture.Tracks) {
	for _, id := range c.state.Studios() {
		if t, ok := c.tracks[id]; ok {
			all = append(all, t)
		}
	}
	return all
}

// OnLane is a caller on a lane, which counts from 1, and whether that takes several.
type OnLane struct {
	Lane   int
	Shared bool
	Card   picture.Card
}

// OnLanes are who is on a studio's lanes, the first lane's first and of one lane's who came there first, and whether
// the show is open.
func (s *Station) OnLanes(of call.Studio) (on []OnLane, open bool) {
	s.locked(func(c *core) {
		st := c.studio(of)
		for who := range c.state.Callers() {
			if at := who.Place(); at.Kind == call.Line {
				if n := slices.Index(st.lanes(), at.Name); n >= 0 {
					card := picture.Card{Call: who.Call(), Name: who.Name(), Place: at, Since: who.Since()}
					on = append(on, OnLane{n + 1, st.takesSeveral(at.Name), card})
				}
			}
		}
		open = !st.showIs(call.ShowClosed)
	})
	slices.SortFunc(on, func(a, b OnLane) int {
		return cmp.Or(a.Lane-b.Lane, cmp.Compare(a.Card.Since, b.Card.Since), cmp.Compare(a.Card.Call, b.Card.Call))
	})
	return on, open
}
