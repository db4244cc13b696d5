package studio

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"callin/app/call"
)

// patience is how long Twilio may take to say that a move is done after it took
// the order; then it is asked.
const patience = 5 * time.Second

// follows is how long after Next was pressed it may go on to the following
// caller when the first one has gone.
const follows = 2 * time.Second

// lag is how long after one look at a Call the next one is worth while.
const lag = 250 * time.Millisecond

// job is what is needed to carry out a move without holding the lock.
type job struct {
	number     int64
	sid        call.Sid
	op         call.Op
	from, to   call.Place
	queueSid   string
	conference string
	began      int64
	saved      <-chan struct{} // closed when it is on disk; nil when it is
}

// job describes the move of c that is under way. The lock is held.
func (s *Studio) job(c *caller) job {
	return job{
		number: c.Move.Number, sid: c.Call, op: c.by, from: c.Place, to: c.Move.To,
		queueSid: s.state.sids[c.queue], conference: c.conference, began: c.Move.Began,
	}
}

// stands reports whether the move only changes how the call stands on its line.
func (m job) stands() bool {
	return m.from.Kind == call.Line && m.to.Kind == call.Line && m.from.Name == m.to.Name && m.conference != ""
}

// parts reports whether the move leads off the air and out: then nothing tells of
// its end but that Twilio took it.
func (m job) parts() bool { return m.to.Kind == call.Park || m.to.Kind == call.Closing }

// carry sends a move to the carrier and sees it through to its end: done,
// refused, or found out by asking.
func (s *Studio) carry(m job) {
	s.recorded(m.saved)
	s.follow(m, s.send(m))
}

// follow sees a move through to its end after Twilio was asked for it.
func (s *Studio) follow(m job, err error) {
	switch {
	case errors.Is(err, errOver):
	case s.life.Err() != nil: // Callin ends: the next start takes it up
	case err == nil && m.stands():
		s.stood(m)
	case err == nil && m.parts():
		s.parted(m)
	case err == nil:
		s.watch(m)
	case errors.Is(err, call.ErrLater):
		s.fail(m, call.CodeBusy, "Twilio is busy. Press again in a moment.")
	default:
		s.log.Info("a move is asked about", "move", m.number, "call", m.sid, "error", err)
		if errors.Is(err, call.ErrGone) {
			s.untilOver(m)
		}
		if errors.Is(err, call.ErrUnknown) {
			s.doubt() // the desk is to know soon if Twilio does not answer at all
		}
		s.ask(m)
	}
}

// errOver is that a move has ended before Twilio was asked for it, as when a wait
// request has said the closing words.
var errOver = errors.New("the move is over")

// send asks Twilio for a move: one that somebody pressed at once, one of a show
// that closes when there is room.
func (s *Studio) send(m job) error {
	ask := func(ctx context.Context) error {
		switch {
		case !s.sending(m):
			return errOver
		case m.stands():
			return s.carrier.Stand(ctx, m.conference, m.sid, m.to.State)
		case m.parts():
			return s.instruct(ctx, m)
		}
		return s.carrier.Send(ctx, m.sid, m.from, m.queueSid, m.number)
	}
	if m.op == call.OpClose {
		return s.patiently(func(ctx context.Context) error {
			err := ask(ctx)
			if errors.Is(err, call.ErrLater) {
				s.unsent(m)
			}
			return err
		})
	}
	return s.settle(s.life, ask)
}

// turnOf waits until the move that a call is under, if any, has ended, for as
// long as Twilio is given.
func (s *Studio) turnOf(ctx context.Context, sid call.Sid) {
	s.mu.Lock()
	c, seq := s.state.callers[sid], s.state.seq
	moving := c != nil && c.Move != nil
	s.mu.Unlock()
	if !moving {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
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

// diskPatience is how long calls wait for the disk: neither who is on air without
// a desk nor who asks what to hear can wait until somebody has freed space.
const diskPatience = 500 * time.Millisecond

// recorded waits until something is on disk; nil is.
func (s *Studio) recorded(saved <-chan struct{}) {
	if saved == nil {
		return
	}
	select {
	case <-saved:
	case <-time.After(diskPatience):
	case <-s.life.Done():
	}
}

// stood records that a call stands on its line as it was told to, unless it has
// left that line meanwhile.
func (s *Studio) stood(m job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.state.callers[m.sid]; c != nil && c.Move != nil && c.Move.Number == m.number && c.conference == m.conference {
		s.placed(m.sid, m.to, m.conference)
	}
}

// watch gives Twilio its patience, then asks.
func (s *Studio) watch(m job) {
	if s.pause(patience) && s.under(m) {
		s.ask(m)
	}
}

// sending marks m as on its way to Twilio; it reports false when it has ended already.
func (s *Studio) sending(m job) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.state.callers[m.sid]
	switch {
	case c == nil || c.Move == nil || c.Move.Number != m.number:
		return false
	case m.op == call.OpClose && c.Place.Kind == call.Bridge:
		s.record(call.Fact{Kind: call.Failed, Call: m.sid, Move: m.number, Code: call.CodeOnAir.String(), Message: "The DJ has taken this caller."})
		return false
	}
	c.sent = m.number
	return true
}

// instruct sends a call away with all that it is still to hear, so that it hears
// it even if Callin ends in the next instant.
func (s *Studio) instruct(ctx context.Context, m job) error {
	s.mu.Lock()
	answer := s.parting(m.to)
	s.mu.Unlock()
	twiml, err := s.script(m.sid, answer)
	if err != nil {
		return err
	}
	return s.carrier.Instruct(ctx, m.sid, twiml)
}

// parting is what a call that is on its way out is told. The lock is held.
func (s *Studio) parting(to call.Place) Answer {
	a := Answer{Place: to}
	if to.Kind == call.Closing {
		state := s.state.show.State
		a.Words, a.Offer = Thanks, (state == ShowClosing || state == ShowClosed) && s.takesVoicemail()
	}
	return a
}

// parted records that a call has left, unless it has been moved on.
func (s *Studio) parted(m job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.state.callers[m.sid]; c != nil && c.Move != nil && c.Move.Number == m.number {
		s.placed(m.sid, m.to, "")
	}
}

// unsent takes that back: Twilio did nothing.
func (s *Studio) unsent(m job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.state.callers[m.sid]; c != nil && c.sent == m.number {
		c.sent = 0
	}
}

// untilOver waits until Twilio's Call agrees that a caller has gone, which can
// lag behind the queue that it has left, but no longer than Next may follow on.
func (s *Studio) untilOver(m job) {
	for now()-m.began < (follows - lag).Milliseconds() {
		found, err := s.carrier.Find(s.life, m.sid)
		if err != nil || call.Over(found.Status) || !s.pause(lag) {
			return
		}
	}
}

// under reports whether m is still under way.
func (s *Studio) under(m job) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.state.callers[m.sid]
	return c != nil && c.Move != nil && c.Move.Number == m.number
}

// ask finds out from Twilio what became of a move.
func (s *Studio) ask(m job) {
	ctx, cancel := context.WithTimeout(s.life, 8*time.Second)
	defer cancel()
	found, err := s.carrier.Find(ctx, m.sid)
	switch {
	case s.life.Err() != nil:
		return
	case errors.Is(err, call.ErrGone):
		s.Ended(m.sid, "gone")
		return
	case err == nil && call.Over(found.Status):
		s.Ended(m.sid, found.Status)
		return
	case err == nil:
		seen, err := s.together(ctx)
		switch out := err == nil && (m.from.Kind == call.Queue || m.from.Kind == call.Line) && !m.waits(seen[m.sid]); {
		case err == nil && !s.under(m):
			return
		case out && m.parts(): // only this move can have led it away
			s.parted(m)
			return
		}
	}
	if s.life.Err() != nil {
		return
	}
	s.fail(m, call.CodeNotDone, "Twilio did not do this in time. Look where the caller is, then press again.")
}

// fail ends a move that did not happen.
func (s *Studio) fail(m job, code call.Code, message string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.record(call.Fact{Kind: call.Failed, Call: m.sid, Move: m.number, Code: code.String(), Message: message})
	c := s.state.callers[m.sid]
	switch {
	case c == nil || c.Move != nil:
	case m.op == call.OpLost: // somebody is on air without a desk: again, soon
		s.doubt()
	default: // the phone may have been lost while it was being moved
		s.steady(c)
	}
}

// placed records that Twilio says a call is in a place, and sees that nobody is
// left on air without a desk. The lock is held.
// What is returned is closed when that is on disk; nil when it is no news.
func (s *Studio) placed(sid call.Sid, at call.Place, conference string) <-chan struct{} {
	c := s.state.callers[sid]
	if c == nil {
		return nil
	}
	if c.Place == at && c.conference == conference && (c.Move == nil || c.Move.To != at) {
		s.steady(c) // it may have failed the last time
		return nil
	}
	saved := s.record(call.Fact{Kind: call.Placed, Call: sid, Place: &at, Conference: conference})
	s.steady(c)
	return saved
}

// steady brings a call on a line to how it should stand there: a caller whose
// way back led to hold joined muted, and nobody talks on a line that has lost
// its phone. The lock is held.
func (s *Studio) steady(c *caller) {
	if c.Place.Kind != call.Line || c.conference == "" {
		return
	}
	var saved <-chan struct{}
	switch {
	case c.Move != nil && c.Move.To.Kind == call.Line && c.Move.To.Name == c.Place.Name && c.Move.To.State == call.Held && c.Place.State == call.Deck:
	case c.Move == nil && c.Place.State == call.Talking && !s.state.lines[c.Place.Name].here():
		saved = s.record(began(c.Call, call.OpLost, call.OnLine(c.Place.Name, call.Held)))
	default:
		return
	}
	m := s.job(c)
	m.saved = saved
	s.work.Go(func() { s.carry(m) })
}

// Ended records that a call is over, by its final CallStatus, and what that
// means for a move that was under way.
func (s *Studio) Ended(sid call.Sid, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone(sid, status)
}

// gone is Ended; the lock is held.
func (s *Studio) gone(sid call.Sid, status string) {
	s.phoneEnded(sid)
	s.ghostEnded(sid)
	delete(s.dialled, sid)
	s.bridgeLost(sid)
	c := s.state.callers[sid]
	if c == nil { // its first request may still be under way
		s.state.over.add(sid)
		return
	}
	var m *job
	if c.Move != nil {
		j := s.job(c)
		m = &j
	}
	who := c.known()
	if s.gaveUp(c) {
		s.sorry(c, waitedTooLong)
	}
	s.record(call.Fact{Kind: call.Ended, Call: sid, Code: status})
	if m != nil {
		s.missed(*m, who)
	}
}

// missed says that the caller of a move had gone, and lets a Next go on to the
// following caller, once. The lock is held.
func (s *Studio) missed(m job, who string) {
	switch m.op {
	case call.OpTake, call.OpDeck, call.OpResume, call.OpUndo:
		s.notice(call.CodeCallerGone, who+" has hung up. Nobody was put on air.")
	case call.OpNext:
		next := s.state.callers[s.state.next()]
		if next == nil || s.manned(StudioLine) != nil || now()-m.began > follows.Milliseconds() {
			s.notice(call.CodeCallerGone, who+" has hung up. Nobody was put on air.")
			return
		}
		// OpTake: the following one is not followed again.
		saved := s.record(began(next.Call, call.OpTake, m.to))
		s.notice(call.CodeCallerGone, fmt.Sprintf("%s has hung up. %s is put through instead.", who, next.known()))
		follow := s.job(next)
		follow.saved = saved
		s.work.Go(func() { s.carry(follow) })
	}
}
