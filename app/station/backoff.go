package station

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"callin/app/call"
)

const (
	// pressPatience is how long a person's move is tried while Twilio asks for
	// patience; then the button is given back.
	pressPatience = 2 * time.Second
	// askTimeout is how long one thing that Twilio is asked for may take in all.
	askTimeout = 8 * time.Second
	// firstBackoff and longestBackoff are how long Twilio is left alone when it does
	// not say how long.
	firstBackoff   = 250 * time.Millisecond
	longestBackoff = 16 * time.Second
)

// backoff is until when Twilio has asked to be left alone (20429). What can wait,
// such as comparing, closing words and texts, waits; what a person presses is
// asked nevertheless and finds the room that this leaves.
type backoff struct {
	mu    sync.Mutex
	until time.Time
	next  time.Duration // how long the next one is
}

// wait waits until it is over; it reports false when ctx ends first.
func (b *backoff) wait(ctx context.Context) bool {
	for {
		b.mu.Lock()
		left := time.Until(b.until)
		b.mu.Unlock()
		if left <= 0 {
			return ctx.Err() == nil
		}
		select {
		case <-time.After(left):
		case <-ctx.Done():
			return false
		}
	}
}

// heard takes in how Twilio answered: each time that it asks for patience it gets
// more, until it takes something again.
func (b *backoff) heard(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var later *call.Later
	switch {
	case !errors.Is(err, call.ErrLater):
		b.next = firstBackoff
	case errors.As(err, &later) && later.After > 0:
		b.begin(later.After)
	case !time.Now().Before(b.until): // the first of those that went together
		b.begin(max(b.next, firstBackoff))
		b.next = min(2*max(b.next, firstBackoff), longestBackoff)
	}
}

func (b *backoff) begin(wait time.Duration) {
	if until := time.Now().Add(wait); until.After(b.until) {
		b.until = until
	}
}

// atOnce asks Twilio for what a person pressed, again while it asks for
// patience, but not for longer than pressPatience.
func (s *Station) atOnce(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	deadline := time.Now().Add(pressPatience)
	for pause := 100 * time.Millisecond; ; pause *= 2 {
		err := do(ctx)
		s.backoff.heard(err)
		if !errors.Is(err, call.ErrLater) || time.Now().Add(pause).After(deadline) {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", call.ErrUnknown, ctx.Err())
		}
	}
}

// patiently asks Twilio for what can wait, for as long as it asks for patience.
func (s *Station) patiently(do func(context.Context) error) error {
	for s.backoff.wait(s.life) {
		ctx, cancel := context.WithTimeout(s.life, askTimeout)
		err := do(ctx)
		cancel()
		s.backoff.heard(err)
		if !errors.Is(err, call.ErrLater) {
			return err
		}
	}
	return call.ErrUnknown
}
