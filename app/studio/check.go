package studio

import (
	"errors"
	"time"

	"callin/app/call"
)

// Check is what is said of comparing with Twilio. Like the disk's state it is no
// fact: the latest is what counts.
type Check struct {
	// Now is whether Twilio is being asked where everybody is, after a gap: at
	// the start, or when it takes long.
	Now bool `json:"now"`
	// LostAt is when Twilio ceased to answer; 0 while it answers.
	LostAt int64 `json:"lostAt"`
	// Mended is how many callers were elsewhere than the desk showed, or gone,
	// the last time that there were any, and MendedAt when that was.
	Mended   int64 `json:"mended"`
	MendedAt int64 `json:"mendedAt"`
}

// noticeable is how long a comparison takes before the desk says so: each half
// minute's would only flicker.
const noticeable = time.Second

// checking tells the desks what is to be said of comparing with Twilio. The lock
// is held.
func (s *Studio) checking(change func(*Check)) {
	before := s.check
	change(&s.check)
	if c := s.check; c != before {
		s.hub.publish(Change{Check: &c})
	}
}

// beginCheck says that Twilio is asked, once that is noticeable. What it returns
// says how that went.
func (s *Studio) beginCheck() (end func(err error)) {
	asking := true
	slow := time.AfterFunc(noticeable, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if asking {
			s.checking(func(c *Check) { c.Now = true })
		}
	})
	return func(err error) {
		slow.Stop()
		s.mu.Lock()
		defer s.mu.Unlock()
		asking = false
		s.checking(func(c *Check) {
			switch {
			case err == nil:
				c.Now, c.LostAt = false, 0
			case errors.Is(err, call.ErrLater): // it does answer
				c.Now, c.LostAt = true, 0
			case c.LostAt == 0:
				c.LostAt = now()
			}
		})
	}
}

// saysMended says how many callers were elsewhere than the desk showed. The lock is held.
func (s *Studio) saysMended(callers int64) {
	if callers > 0 {
		s.checking(func(c *Check) { c.Mended, c.MendedAt = callers, now() })
	}
}
