package station

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"callin/app/call"
	"callin/app/picture"
)

const (
	// callbackPatience is how long Twilio may take to say that a move is done after
	// it took the order; then it is asked.
	callbackPatience = 5 * time.Second
	// nextGoesOn is how long after Next was pressed it may go on to the following
	// caller when the first one has gone.
	nextGoesOn = 2 * time.Second
	// statusLag is how long after one look at a Call the next one is worth while.
	statusLag = 250 * time.Millisecond
	// resolveTimeout is how long finding out what became of a move may take.
	resolveTimeout = 8 * time.Second
)

// job is what is needed to make a move without the lock.
type job struct {
	number     int64
	sid        call.Sid
	studio     call.Studio
	op         call.Op
	from, to   call.Place
	queueSid   string
	conference string
	began      time.Time       // by a clock that nobody puts
	saved      <-chan struct{} // closed when it is on disk; nil when it is
}

// job describes the move of a call that is under way.
func (c *core) job(who *picture.Caller) job {
	m := who.Move()
	return job{
		number: m.Number, sid: who.Call(), studio: who.Studio(), op: who.By(), from: who.Place(), to: m.To,
		queueSid: c.state.QueueSid(who.Queue()), conference: who.Conference(),
		began: time.Now().Add(-time.Duration(c.now()-m.Began) * time.Millisecond),
	}
}

// staysOnLine reports whether the move only changes how the call stands on its line.
func (m job) staysOnLine() bool {
	return m.from.Kind == call.Line && m.to.Kind == call.Line && m.from.Name == m.to.Name && m.conference != ""
}

// leadsOut reports whether the move leads off the air and out. Twilio sends no
// callback for these; its 200 is the confirmation.
func (m job) leadsOut() bool {
	return m.to.Kind == call.Park || m.to.Kind == call.Closing || m.to.Kind == call.Voicemail
}

// stillAt reports whether the call is where it was to be moved from.
func (m job) stillAt(at call.Whereabouts) bool {
	if m.from.Kind == call.Queue {
		return at.QueueSid == m.queueSid && m.queueSid != ""
	}
	return m.from.Kind == call.Line && at.Line == m.from.Name
}

// run asks Twilio for a move and sees it through to its end: done, refused, or
// found out by asking.
func (s *Station) run(m job) {
	s.waitForDisk(m.saved)
	if !s.awaitVacant(m) {
		return
	}
	s.finish(m, s.ask(m))
}

// errOver is that a move has ended before Twilio was asked for it, as when a wait
// request has said the closing words.
var errOver = errors.New("the move is over")

// ask asks Twilio for a move: one that somebody pressed at once, one of a show
// that closes when there is room.
func (s *Station) ask(m job) error {
	do := func(ctx context.Context) error {
		var goodbye Answer
		var over bool
		s.locked(func(c *core) { goodbye, over = c.asking(m) })
		switch {
		case over:
			return errOver
		case m.staysOnLine():
			return s.carrier.SetParticipant(ctx, m.conference, m.sid, m.to.State)
		case m.leadsOut():
			// With all that it is still to hear, even if Callin ends in the next instant.
			return s.carrier.RedirectTo(ctx, m.sid, s.script(m.sid, goodbye))
		}
		if s.reached(ctx) {
			return s.carrier.Redirect(ctx, m.sid, m.from, m.queueSid, m.number)
		}
		// Nobody is sent to an address that does not answer.
		s.locked(func(c *core) { c.alone[m.sid] = true })
		return s.carrier.RedirectTo(ctx, m.sid, s.script(m.sid, Answer{Place: m.to, Studio: m.studio, Alone: true}))
	}
	if m.op != call.OpClose {
		return s.atOnce(s.life, do)
	}
	return s.patiently(func(ctx context.Context) error {
		err := do(ctx)
		if errors.Is(err, call.ErrLater) {
			s.locked(func(c *core) { c.notAsked(m) })
		}
		return err
	})
}

// asking notes that Twilio is asked for a move now, and tells what its call is
// still to hear on the way out. It reports true when the move is over already.
func (c *core) asking(m job) (goodbye Answer, over bool) {
	who := c.state.Caller(m.sid)
	switch {
	case who == nil || !who.UnderMove(m.number):
		return Answer{}, true
	case m.op == call.OpClose && who.Place().Kind == call.Bridge:
		c.record(told, call.NotDone(m.sid, m.number, call.CodeOnAir, "The DJ has taken this caller."))
		return Answer{}, true
	}
	c.asked[m.sid] = m.number
	return c.of(who).goodbye(who, m.to), false
}

// notAsked takes that back: Twilio did nothing.
func (c *core) notAsked(m job) {
	if c.asked[m.sid] == m.number {
		delete(c.asked, m.sid)
	}
}

// finish sees a move through to its end after Twilio was asked for it.
func (s *Station) finish(m job, err error) {
	switch {
	case errors.Is(err, errOver):
	case s.life.Err() != nil: // Callin ends: the next start takes it up
	case err == nil && m.staysOnLine():
		s.locked(func(c *core) { c.doneOnLine(m) })
	case err == nil && m.leadsOut():
		s.locked(func(c *core) { c.doneOut(m) })
	case err == nil:
		s.awaitCallback(m)
	case errors.Is(err, call.ErrLater):
		s.fail(m, call.CodeBusy, "Twilio is busy. Press again in a moment.")
	default:
		s.log.Info("a move is asked about", "move", m.number, "call", m.sid, "error", err)
		if errors.Is(err, call.ErrGone) {
			s.awaitOver(m)
		}
		if errors.Is(err, call.ErrUnknown) {
			s.act(compareSoon{}) // the desk is to know soon if Twilio does not answer at all
		}
		s.resolve(m)
	}
}

// doneOnLine records that a call stands on its line as it was told to, unless it
// has left that line meanwhile.
func (c *core) doneOnLine(m job) {
	if who := c.state.Caller(m.sid); who != nil && who.UnderMove(m.number) && who.Conference() == m.conference {
		c.placed(m.sid, m.to, m.conference, told)
	}
}

// doneOut records that a call is on its way out, unless it has been moved on.
func (c *core) doneOut(m job) {
	if who := c.state.Caller(m.sid); who != nil && who.UnderMove(m.number) {
		c.placed(m.sid, m.to, "", told)
	}
}

// awaitCallback gives Twilio time to tell of a move, then asks. While Twilio does
// not reach Callin it is asked all the time.
func (s *Station) awaitCallback(m job) {
	end := time.Now().Add(callbackPatience)
	for s.unheard(m.sid) && time.Now().Before(end) {
		if !s.pause(followEvery) || !s.underWay(m) {
			return
		}
		if _, err := s.compareShared(s.life); err != nil {
			break
		}
	}
	if s.pause(time.Until(end)) && s.underWay(m) {
		s.resolve(m)
	}
}

// underWay reports whether a move has not ended.
func (s *Station) underWay(m job) (is bool) {
	s.locked(func(c *core) {
		who := c.state.Caller(m.sid)
		is = who != nil && who.UnderMove(m.number)
	})
	return is
}

// awaitOver waits until Twilio's Call agrees that a caller has gone, which can
// lag behind the queue that it has left, but no longer than Next may go on.
func (s *Station) awaitOver(m job) {
	for until := m.began.Add(nextGoesOn - statusLag); time.Now().Before(until); {
		found, err := s.carrier.Find(s.life, m.sid)
		if err != nil || found.Status.Over() || !s.pause(statusLag) {
			return
		}
	}
}

// resolve finds out from Twilio what became of a move.
func (s *Station) resolve(m job) {
	ctx, cancel := context.WithTimeout(s.life, resolveTimeout)
	defer cancel()
	found, err := s.carrier.Find(ctx, m.sid)
	switch {
	case s.life.Err() != nil:
		return
	case errors.Is(err, call.ErrGone):
		s.Ended(m.sid, call.StatusGone)
		return
	case err == nil && found.Status.Over():
		s.Ended(m.sid, found.Status)
		return
	case err == nil:
		seen, err := s.compareShared(ctx)
		left := err == nil && (m.from.Kind == call.Queue || m.from.Kind == call.Line) && !m.stillAt(seen[m.sid])
		switch {
		case err == nil && !s.underWay(m):
			return
		case left && m.leadsOut(): // only this move can have led it away
			s.locked(func(c *core) { c.doneOut(m) })
			return
		}
	}
	if s.life.Err() != nil {
		return
	}
	s.fail(m, call.CodeNotDone, "Twilio did not do this in time. Look where the caller is, then press again.")
}

// fail ends a move that did not happen.
func (s *Station) fail(m job, why call.Code, message string) {
	s.locked(func(c *core) { c.fail(m, why, message) })
}

func (c *core) fail(m job, why call.Code, message string) {
	c.record(told, call.NotDone(m.sid, m.number, why, message))
	line := m.to.Name
	if why == call.CodeNotDone && m.to.Kind == call.Line && m.from.Name != line && !slices.Contains(c.mayCome[m.sid], line) {
		c.mayCome[m.sid] = append(c.mayCome[m.sid], line)
	}
	who := c.state.Caller(m.sid)
	switch {
	case who == nil || who.Moving():
	case m.op == call.OpLost: // somebody is on air without a desk: again, soon
		c.leave(compareSoon{})
	default: // the phone may have been lost while it was being moved
		c.correctHold(who)
	}
}

// missed says that the caller of a move had gone, and lets a Next go on to the
// following caller, once.
func (st studio) missed(m job, called string) {
	switch m.op {
	case call.OpAnswer:
		st.notice(call.CodeCallerGone, called+" has hung up before being screened.")
	case call.OpTalk:
		st.notice(call.CodeCallerGone, called+" has hung up before being talked to.")
	case call.OpTake, call.OpDeck, call.OpResume, call.OpUndo:
		st.notice(call.CodeCallerGone, called+" has hung up. Nobody was put on air.")
	case call.OpNext:
		following := st.next()
		if following == nil || st.phoneReady(m.to.Name) != nil || st.writable() != nil || time.Since(m.began) > nextGoesOn {
			st.notice(call.CodeCallerGone, called+" has hung up. Nobody was put on air.")
			return
		}
		// OpTake: the following one is not followed again.
		st.leave(runMove{st.begin(following.Call(), call.OpTake, m.to)})
		st.notice(call.CodeCallerGone, fmt.Sprintf("%s has hung up. %s is put through instead.", called, following.Called()))
	}
}

// awaitMove waits until the move that a call is under, if any, has ended, for as
// long as Twilio is given.
func (s *Station) awaitMove(ctx context.Context, sid call.Sid) {
	var seq int64
	var moving bool
	s.locked(func(c *core) {
		who := c.state.Caller(sid)
		seq, moving = c.state.Seq(), who != nil && who.Moving()
	})
	if !moving {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, callbackPatience)
	defer cancel()
	f := s.Attach(seq)
	defer f.Close()
	for {
		change, err := f.Next(ctx)
		if err != nil || slices.Contains(change.Gone, sid) {
			return
		}
		for _, card := range change.Cards {
			if card.Call == sid && card.Move == nil {
				return
			}
		}
	}
}
