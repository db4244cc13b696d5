package studio

import (
	"context"
	"errors"
	"fmt"
	"time"

	"callin/app/call"
)

// Texts sends text messages.
type Texts interface {
	// Text sends words to a number; call.ErrOptedOut when it wants none.
	Text(ctx context.Context, from, to, words string) error
}

// oncePer is how long a number that was sent a text is sent no other.
const oncePer = 24 * time.Hour

// applyText folds what is known of texts, by number.
func (s *state) applyText(f call.Fact) {
	switch {
	case f.Number == nil:
	case f.Kind == call.Texted:
		s.texted[*f.Number] = f.At
	case f.On:
		s.optedOut[*f.Number] = true
	default:
		delete(s.optedOut, *f.Number)
	}
}

// Why a caller was sent a text.
const (
	waitedTooLong = "waited"
	foundItFull   = "full"
)

// gaveUp reports whether a call that ends now has waited too long in a queue. The
// lock is held.
func (s *Studio) gaveUp(c *caller) bool {
	return c.Place.Kind == call.Queue && now()-c.Arrived > s.sorryAfter.Milliseconds()
}

// sorry sends a caller who was missed a text, if texts are sent at all, the number
// has not opted out, and it was sent none in the last day. That it is sent is on
// record before it is, so that it is never sent twice. The lock is held.
func (s *Studio) sorry(c *caller, why string) {
	number := c.Number
	last, before := s.state.texted[number]
	if s.texts == nil || number == "" || s.state.optedOut[number] || before && now()-last < oncePer.Milliseconds() {
		return
	}
	saved := s.record(call.Fact{Kind: call.Texted, Call: c.Call, Number: &number, Code: why})
	words := fmt.Sprintf("Sorry we missed you on %s. Please call again. Reply STOP to get no more texts.", s.state.show.Name)
	s.work.Go(func() {
		if s.onDisk(s.life, saved) != nil {
			return
		}
		err := s.patiently(func(ctx context.Context) error { return s.texts.Text(ctx, s.station.Number, number, words) })
		switch {
		case errors.Is(err, call.ErrOptedOut):
			s.OptOut(number, true)
		case err != nil:
			s.log.Warn("a text was not sent", "error", err)
		}
	})
}

// OptOut records that a number wants no texts, or wants them again.
func (s *Studio) OptOut(number string, out bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if number != "" && s.state.optedOut[number] != out {
		s.record(call.Fact{Kind: call.OptedOut, Number: &number, On: out})
	}
}
