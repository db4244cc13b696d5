package station

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"callin/app/call"
)

// A desk's phone that leaves its lanes is lost, and Twilio tells that at once. But a page that died without a word
// leaves a silent phone, which Twilio keeps for half a minute. So when a desk with several lanes has no feed any
// more, its page is asked through Twilio, in the phone's own call, what it hears: whether sound passes is known to
// nobody else. (Of a participant Twilio tells speech alone, and a host who listens says nothing.) A page that
// answers is cut off from the station only, and nobody is held.

// Pages reaches the pages that have phones by way of Twilio.
type Pages interface {
	// Listen has Twilio tell what the page of a phone says in its call, see PageSays.
	Listen(ctx context.Context, leg call.Sid) error
	// AskPage asks the page of a phone to say what it hears.
	AskPage(ctx context.Context, leg call.Sid) error
}

const (
	// feedBack is how long the feed of a desk may be away, and its page take to answer through Twilio.
	feedBack = 2 * time.Second
	// askPageEvery is how often a page that is cut off is asked again, and one that has just come onto the line.
	askPageEvery = 5 * time.Second
	// askPageTimes is how often a page is asked that has just come: it may not be there yet.
	askPageTimes = 4
)

// page is what is known of a phone's page by way of Twilio.
type page struct {
	// answers is whether it ever has: of one that has not, silence says nothing.
	answers bool
	carried time.Time // when it said last that sound passes
}

type (
	// meetPage makes a way through Twilio to the page of a phone that has come onto a lane.
	meetPage struct{ leg call.Sid }
	// hearOf finds out whether the phone of a desk still carries sound whose feed ended at since.
	hearOf struct {
		desk  call.DeskID
		line  string
		leg   call.Sid
		since time.Time
	}
)

// mayFallSilent reports whether a line is the first of several lanes: its phone's page speaks for all of them.
func (c *core) mayFallSilent(line string) bool {
	of, n, ok := call.LaneOf(line)
	return ok && n == 1 && len(c.studio(of).lanes()) > 1
}

// meet has the page of a phone met that has come onto a lane.
func (c *core) meet(line string, leg call.Sid) {
	if c.mayFallSilent(line) && c.pages[leg] == nil {
		c.pages[leg] = &page{}
		c.leave(meetPage{leg})
	}
}

// meetAll meets those again that were on their lanes before this start. Their desks may be gone since.
func (c *core) meetAll() {
	for _, l := range c.state.Lines() {
		if !l.Phone || l.Direct || !c.mayFallSilent(l.Name) {
			continue
		}
		c.meet(l.Name, l.Leg)
		if c.open[l.Desk] == 0 {
			c.feedEnded(l.Desk)
		}
	}
}

func (s *Station) meetPage(leg call.Sid) {
	if err := s.patiently(func(ctx context.Context) error { return s.pages.Listen(ctx, leg) }); err != nil {
		s.log.Info("a phone's page cannot be heard through Twilio", "call", leg, "error", err)
		return
	}
	for range askPageTimes {
		_ = s.patiently(func(ctx context.Context) error { return s.pages.AskPage(ctx, leg) })
		if !s.pause(askPageEvery) {
			return
		}
		over := false
		s.locked(func(c *core) { over = c.pages[leg] == nil || c.pages[leg].answers })
		if over {
			return
		}
	}
}

// PageSays takes in what the page of a phone says through Twilio: whether sound passes between it and the line.
func (s *Station) PageSays(leg call.Sid, carries bool) {
	s.locked(func(c *core) {
		p := c.pages[leg]
		if p == nil {
			return
		}
		p.answers = true
		if carries {
			p.carried = time.Now()
		}
	})
}

// feedEnded has the phones of a desk heard of that nobody has open any more.
func (c *core) feedEnded(desk call.DeskID) {
	c.away[desk] = time.Now()
	for _, l := range c.state.Lines() {
		if l.Phone && l.Desk == desk && !l.Direct && c.mayFallSilent(l.Name) {
			c.leave(hearOf{desk, l.Name, l.Leg, c.away[desk]})
		}
	}
}

// feedBegan: a desk is open again.
func (c *core) feedBegan(desk call.DeskID) {
	delete(c.away, desk)
	delete(c.cutOff, desk)
}

// hearOf asks the page of a phone until its desk is open again, or the phone is off the line. Where it cannot be
// asked, or could not answer, Twilio's own word is waited for.
func (s *Station) hearOf(e hearOf) {
	for {
		asked := time.Now()
		within, cancel := context.WithTimeout(s.life, feedBack)
		err := s.pages.AskPage(within, e.leg)
		reached := s.reached(within)
		<-within.Done()
		cancel()
		goesOn := false
		s.locked(func(c *core) {
			goesOn = c.heardOf(e, asked, reached && (err == nil || errors.Is(err, call.ErrGone)))
		})
		if s.life.Err() != nil || !goesOn || !s.pause(askPageEvery-feedBack) {
			return
		}
	}
}

// heardOf decides what becomes of a phone whose page was asked; sure is whether it could have answered. It
// reports whether to ask again.
func (c *core) heardOf(e hearOf, asked time.Time, sure bool) (again bool) {
	_, has, _ := c.state.Line(e.line)
	p := c.pages[e.leg]
	switch {
	case has != e.leg || p == nil || !c.away[e.desk].Equal(e.since):
		return false
	case !p.carried.Before(asked):
		if !c.cutOff[e.desk] {
			c.cutOff[e.desk] = true
			c.tellDesks()
		}
	case p.answers && sure && c.wayIn == nil:
		of, _ := call.StudioOf(e.line)
		c.leave(logged{slog.LevelWarn, "a desk is lost: its page does not answer, and its phone is silent", []any{"desk", e.desk, "call", e.leg}})
		c.studio(of).loses(e.desk)
		return false
	}
	return true
}

// loses takes the silent phones of a desk off the studio's lanes, which holds who talked there, and off the line by
// which its host is talked to, and ends them.
func (st studio) loses(desk call.DeskID) {
	for _, line := range append(slices.Clone(st.lanes()), st.talksOn()) {
		if l, leg, _ := st.state.Line(line); l.Phone && l.Desk == desk && !l.Direct {
			st.leave(endPhone{leg, st.phoneOff(leg, call.PhoneSilent)})
		}
	}
}
