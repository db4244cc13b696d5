package station

import (
	"context"
	"time"

	"callin/app/call"
	"callin/app/picture"
)

const (
	// compareLost is how often the picture is compared while Twilio does not reach
	// Callin: nothing else tells what happens.
	compareLost = 3 * time.Second
	// followEvery is how often Twilio is then asked what became of a move.
	followEvery = 500 * time.Millisecond
)

// SetWayIn takes in why Twilio does not reach Callin; nil when it does.
func (s *Station) SetWayIn(wrong *call.Error) { s.locked(func(c *core) { c.setWayIn(wrong) }) }

func (c *core) setWayIn(wrong *call.Error) {
	c.wayIn = nil
	c.recordWayIn(wrong)
	if wrong != nil {
		c.wayIn = &picture.Trouble{Code: wrong.Code, Message: wrong.Message, At: c.now()}
	}
	c.tell(picture.Change{WayIn: orNone(c.wayIn)})
	c.leave(compareSoon{})
	if c.wayIn != nil {
		return
	}
	// Who was left to Twilio's own music hears of us again.
	for sid := range c.alone {
		if who := c.state.Caller(sid); who != nil && !who.Moving() && who.Place().Kind == call.Queue {
			c.leave(askAgain{sid: sid, from: who.Place(), queueSid: c.state.QueueSid(who.Queue())})
		}
		delete(c.alone, sid)
	}
}

// askAgain makes a call that waits ask Callin again what to do.
func (s *Station) askAgain(e askAgain) {
	err := s.patiently(func(ctx context.Context) error {
		return s.carrier.Redirect(ctx, e.sid, e.from, e.queueSid, 0)
	})
	if err != nil {
		s.log.Info("a call could not be made to ask again", "call", e.sid, "error", err)
	}
}

// reached reports whether Twilio reaches Callin now.
func (s *Station) reached(ctx context.Context) bool { return s.wayIn == nil || s.wayIn(ctx) }

// takenOver is why this station changes nothing any more: another one has the
// account's calls. nil when it has them.
func (c *core) takenOver() error {
	if c.wayIn != nil && c.wayIn.Code == call.CodeTakenOver {
		return refuse(c.wayIn.Code, c.wayIn.Message)
	}
	return nil
}

// Ours refuses what only the station may do that has the account's calls.
func (s *Station) Ours() (err error) {
	s.locked(func(c *core) { err = c.takenOver() })
	return err
}

// unheard reports whether nothing will be heard of what a call does.
func (s *Station) unheard(sid call.Sid) (is bool) {
	s.locked(func(c *core) { is = c.wayIn != nil || c.elsewhere || c.alone[sid] })
	return is
}
