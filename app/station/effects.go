package station

import (
	"context"
	"errors"
	"log/slog"

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
	endPhone struct {
		leg   call.Sid
		saved <-chan struct{} // closed when that is on disk; nil when it is
	}
	// sendText sends a text, once it is on disk that it is sent.
	sendText struct {
		from, number, words string
		saved               <-chan struct{}
	}
	// askAgain makes a call that waits with Twilio's music ask Callin what to do.
	askAgain struct {
		sid      call.Sid
		from     call.Place
		queueSid string
	}
	// closeInTime closes a stopping show for good when that can no longer be taken back.
	closeInTime struct{ in call.Studio }
	// makeQueues, emptyQueues and deleteQueues are what opening and closing the
	// show need of Twilio.
	makeQueues   struct{ in call.Studio }
	emptyQueues  struct{ in call.Studio }
	deleteQueues struct {
		in    call.Studio
		sids  []string
		saved <-chan struct{} // closed when it is on disk that the show closes
	}
	// compareSoon compares the picture with Twilio before its time.
	compareSoon struct{}
	// doubtCounts looks again, a moment later, whether as many wait in the queues
	// as Twilio said.
	doubtCounts struct{}
	// logged has something written to the log, which may block.
	logged struct {
		level   slog.Level
		message string
		args    []any
	}
)

// act does what a decision left to do, and waits for nothing but the log.
func (s *Station) act(e effect) {
	switch e := e.(type) {
	case runMove:
		s.work.Go(func() { s.run(e.job) })
	case keepOff:
		s.work.Go(func() { s.keepOff(e) })
	case letOn:
		s.work.Go(func() { _ = s.letOn(s.life, e) })
	case meetPage:
		if s.pages != nil {
			s.work.Go(func() { s.meetPage(e.leg) })
		}
	case hearOf:
		if s.pages != nil {
			s.work.Go(func() { s.hearOf(e) })
		}
	case awaitCallback:
		s.work.Go(func() { s.awaitCallback(e.job) })
	case endPhone:
		s.work.Go(func() { s.endPhone(e) })
	case sendText:
		s.work.Go(func() { s.sendText(e) })
	case askAgain:
		s.work.Go(func() { s.askAgain(e) })
	case makeQueues:
		s.work.Go(func() { s.makeQueues(e.in) })
	case closeInTime:
		s.work.Go(func() { s.closeInTime(e.in) })
	case emptyQueues:
		s.work.Go(func() { s.emptyQueues(e.in) })
	case deleteQueues:
		s.work.Go(func() { s.deleteQueues(e) })
	case compareSoon:
		select {
		case s.doubts <- struct{}{}:
		default: // one is asked for already
		}
	case doubtCounts:
		s.work.Go(func() {
			if s.pause(listsLag) {
				s.locked((*core).doubtCounts)
			}
		})
	case logged:
		s.log.Log(s.life, e.level, e.message, e.args...)
	}
}

// endPhone ends a phone's call. What fails is done by the next comparison.
func (s *Station) endPhone(e endPhone) {
	s.waitForDisk(e.saved)
	switch err := s.carrier.End(s.life, e.leg); {
	case errors.Is(err, call.ErrGone):
		s.Ended(e.leg, call.StatusGone)
	case err != nil:
		s.log.Info("a desk's older call could not be ended", "call", e.leg, "error", err)
	}
}

// sendText sends a text, for as long as Twilio asks for patience.
func (s *Station) sendText(e sendText) {
	if s.onDisk(s.life, e.saved) != nil {
		return
	}
	err := s.patiently(func(ctx context.Context) error { return s.texts.Text(ctx, e.from, e.number, e.words) })
	switch {
	case errors.Is(err, call.ErrOptedOut):
		s.OptOut(e.number, true)
	case err != nil:
		s.log.Warn("a text was not sent", "error", err)
	}
}
