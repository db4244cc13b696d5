package station

import (
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

// OnLanes are who is on a studio's lanes, with the number of the lane, and whether its show
// is open.
func (s *Station) OnLanes(of call.Studio) (on map[int]picture.Card, open bool) {
	on = map[int]picture.Card{}
	s.locked(func(c *core) {
		st := c.studio(of)
		for who := range c.state.Callers() {
			if at := who.Place(); at.Kind == call.Line {
				if n := slices.Index(st.lanes(), at.Name); n >= 0 {
					on[n+1] = picture.Card{Call: who.Call(), Name: who.Name(), Place: at, Since: who.Since()}
				}
			}
		}
		open = !st.showIs(call.ShowClosed)
	})
	return on, open
}
