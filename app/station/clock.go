package station

import (
	"log/slog"
	"time"

	"callin/app/call"
	"callin/app/picture"
)

const (
	// clockSlack is how far the computer's clock and the station's may come apart
	// before that is a step: less is followed, as clocks do not run alike.
	clockSlack = 2 * time.Second
	// twilioSlack is the same for what Twilio's Date says: it has whole seconds and
	// was under way.
	twilioSlack = 10 * time.Second
)

// clock is the station's. It shows the time of day, and goes on evenly when the
// computer's clock is stepped.
type clock struct {
	wall   func() time.Time         // the computer's clock
	twilio func() (time.Time, bool) // Twilio's; false while it is not known
	shows  int64                    // milliseconds since 1970, at the moment set
	set    time.Time                // read by its monotonic part only
}

func newClock(o Options) clock {
	c := clock{wall: o.Wall, twilio: o.TwilioNow}
	if c.wall == nil {
		c.wall = time.Now
	}
	if c.twilio == nil {
		c.twilio = func() (time.Time, bool) { return time.Time{}, false }
	}
	c.put(c.wall().UnixMilli())
	return c
}

func (c *clock) put(at int64) { c.shows, c.set = at, time.Now() }

func (c *clock) now() int64 { return c.shows + time.Since(c.set).Milliseconds() }

// now is the station's time, in milliseconds since 1970.
func (c *core) now() int64 { return c.clock.now() }

// Now is the station's time, in milliseconds since 1970.
func (s *Station) Now() (now int64) {
	s.locked(func(c *core) { now = c.now() })
	return now
}

// startClock takes the computer's clock over at the start. That it or Twilio's was
// put since the last fact shows by their difference, and which by how long Callin
// was away: time does not go back, and who is still on the telephone makes the
// shorter absence the likelier. Without Twilio's, no more is known than the former.
func (c *core) startClock() {
	wall, last := c.clock.wall().UnixMilli(), c.state.LastAt()
	if last == 0 {
		return
	}
	away := wall - last
	step, _ := c.steppedByTwilio(wall)
	awayByTwilio := away - step
	behind := -clockSlack.Milliseconds()
	switch {
	case awayByTwilio >= behind && (awayByTwilio < away || away < behind):
	case away < behind:
		step = away
	default:
		step = 0
	}
	c.clock.put(wall)
	c.clockStepped(step)
}

// watchClock follows the computer's clock once Twilio has answered. A difference
// to the station's that Twilio's clock does not share is a step, and no time. One
// that it shares is time in which the computer slept, and with it the clock that
// cannot be stepped.
func (c *core) watchClock() {
	wall := c.clock.wall().UnixMilli()
	apart := wall - c.now()
	if abs(apart) <= clockSlack.Milliseconds() {
		c.clock.put(wall)
		c.clockStepped(0)
		return
	}
	step, known := c.steppedByTwilio(wall)
	if !known || apart-step < -twilioSlack.Milliseconds() { // nobody sleeps backwards
		step = apart
	}
	c.clock.put(wall)
	if step == 0 {
		c.tellNow()
	}
	c.clockStepped(step)
}

// steppedByTwilio is how far the computer's clock, which shows wall now, was put
// since it was last compared with Twilio's; false when that cannot be told.
func (c *core) steppedByTwilio(wall int64) (step int64, known bool) {
	before, compared := c.state.AheadOfTwilio()
	twilio, known := c.clock.twilio()
	if !compared || !known {
		return 0, false
	}
	step = wall - twilio.UnixMilli() - before
	if abs(step) <= twilioSlack.Milliseconds() {
		step = 0
	}
	return step, true
}

// clockStepped records that the clock was put by step, and how it stands to
// Twilio's, if either is news. Before anything has happened nothing is recorded.
func (c *core) clockStepped(step int64) {
	if c.state.Seq() == 0 {
		return
	}
	f := call.Fact{Kind: call.ClockSet, Step: step}
	twilio, known := c.clock.twilio()
	if known {
		f.Twilio = twilio.UnixMilli()
	}
	before, compared := c.state.AheadOfTwilio()
	drifted := known && (!compared || abs(c.now()-f.Twilio-before) > twilioSlack.Milliseconds())
	if step == 0 && !drifted {
		return
	}
	c.record(told, f)
	if step == 0 {
		return
	}
	c.started += step
	c.leave(logged{slog.LevelWarn, "this computer's clock was put", []any{"by", time.Duration(step) * time.Millisecond}})
	if c.check.MendedAt != 0 {
		c.tellCheck(func(check *picture.Check) { check.MendedAt += step })
	}
	if t := c.disk.trouble; t != nil {
		moved := *t
		moved.At += step
		c.tellDisk(&moved)
	}
}

func abs(ms int64) int64 { return max(ms, -ms) }

// tellNow has the desks put their clocks.
func (c *core) tellNow() { c.tell(picture.Change{Now: c.now()}) }
