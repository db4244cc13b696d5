package studio

import (
	"context"
	"errors"

	"callin/app/call"
)

// effect is something that a decision leaves to do when the lock is free: one of
// the types below.
type effect any

type (
	// runMove asks Twilio for a move and sees it through.
	runMove struct{ job }
	// awaitCallback sees a move through that Twilio makes without being asked.
	awaitCallback struct{ job }
	// endPhone ends the call of a phone that another one has replaced.
	endPhone struct{ leg call.Sid }
	// sendText sends a text when that it was is on disk.
	sendText struct {
		number, words string
		saved         <-chan struct{}
	}
	// makeQueues, emptyQueues and deleteQueues are what opening and closing the
	// show need of Twilio.
	makeQueues   struct{}
	emptyQueues  struct{}
	deleteQueues struct{ sids []string }
	// compareSoon compares the picture with Twilio before its time.
	compareSoon struct{}
	// checkCounts looks again, a moment later, whether as many wait in the queues
	// as Twilio said.
	checkCounts struct{}
	// logged is written to the log.
	logged struct {
		message string
		args    []any
	}
)

// act does what a decision left to do. It does not wait for it.
func (s *Studio) act(e effect) {
	switch e := e.(type) {
	case runMove:
		s.work.Go(func() { s.run(e.job) })
	case awaitCallback:
		s.work.Go(func() { s.awaitCallback(e.job) })
	case endPhone:
		s.work.Go(func() { s.endPhone(e.leg) })
	case sendText:
		s.work.Go(func() { s.sendText(e) })
	case makeQueues:
		s.work.Go(s.makeQueues)
	case emptyQueues:
		s.work.Go(s.emptyQueues)
	case deleteQueues:
		s.work.Go(func() { s.deleteQueues(e.sids) })
	case compareSoon:
		select {
		case s.doubts <- struct{}{}:
		default: // one is asked for already
		}
	case checkCounts:
		s.work.Go(func() {
			if s.pause(listsLag) {
				s.locked((*core).checkCounts)
			}
		})
	case logged:
		s.log.Warn(e.message, e.args...)
	}
}

// endPhone ends a phone's call. What fails is done by the next comparison.
func (s *Studio) endPhone(leg call.Sid) {
	switch err := s.carrier.End(s.life, leg); {
	case errors.Is(err, call.ErrGone):
		s.Ended(leg, call.StatusGone)
	case err != nil:
		s.log.Info("a desk's older call could not be ended", "call", leg, "error", err)
	}
}

// sendText sends a text, for as long as Twilio asks for patience.
func (s *Studio) sendText(e sendText) {
	if s.onDisk(s.life, e.saved) != nil {
		return
	}
	var from string
	s.locked(func(c *core) { from = c.station.Number })
	err := s.patiently(func(ctx context.Context) error { return s.texts.Text(ctx, from, e.number, e.words) })
	switch {
	case errors.Is(err, call.ErrOptedOut):
		s.OptOut(e.number, true)
	case err != nil:
		s.log.Warn("a text was not sent", "error", err)
	}
}
