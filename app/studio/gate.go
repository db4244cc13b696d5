package studio

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"callin/app/call"
)

const (
	// atOnce is how long a person's move is tried while Twilio asks for patience;
	// then the button is given back.
	atOnce = 2 * time.Second
	// perMove is how long such a move may take in all.
	perMove = 8 * time.Second
	// firstShut and longestShut are how long the gate is shut when Twilio does
	// not say how long.
	firstShut   = 250 * time.Millisecond
	longestShut = 16 * time.Second
)

// gate is shut while Twilio asks for patience (20429). What can wait, such as
// comparing, closing words and texts, waits there; what a person presses goes
// past it and finds the room that this leaves.
type gate struct {
	mu    sync.Mutex
	until time.Time
	next  time.Duration // how long it is shut the next time
}

// pass waits until the gate is open; it reports false when ctx ends first.
func (g *gate) pass(ctx context.Context) bool {
	for {
		g.mu.Lock()
		wait := time.Until(g.until)
		g.mu.Unlock()
		if wait <= 0 {
			return ctx.Err() == nil
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return false
		}
	}
}

// heard shuts the gate when Twilio asks for patience, each time for longer until
// it takes something again.
func (g *gate) heard(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var later *call.Later
	switch {
	case !errors.Is(err, call.ErrLater):
		g.next = firstShut
	case errors.As(err, &later) && later.After > 0:
		g.shut(later.After)
	case !time.Now().Before(g.until): // the first of those that went together
		g.shut(max(g.next, firstShut))
		g.next = min(2*max(g.next, firstShut), longestShut)
	}
}

func (g *gate) shut(wait time.Duration) {
	if until := time.Now().Add(wait); until.After(g.until) {
		g.until = until
	}
}

// settle asks Twilio for what a person pressed, again while it asks for
// patience, but not for longer than atOnce.
func (s *Studio) settle(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, perMove)
	defer cancel()
	deadline := time.Now().Add(atOnce)
	for pause := 100 * time.Millisecond; ; pause *= 2 {
		err := do(ctx)
		s.gate.heard(err)
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
func (s *Studio) patiently(do func(context.Context) error) error {
	for s.gate.pass(s.life) {
		ctx, cancel := context.WithTimeout(s.life, perMove)
		err := do(ctx)
		cancel()
		s.gate.heard(err)
		if !errors.Is(err, call.ErrLater) {
			return err
		}
	}
	return call.ErrUnknown
}
