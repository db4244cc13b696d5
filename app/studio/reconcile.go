package studio

import (
	"context"
	"errors"
	"time"

	"callin/app/call"
)

const (
	// between is how often the picture is compared with Twilio's.
	between = 30 * time.Second
	// grace is how long after a callback Twilio's lists may lag behind it, and
	// a call be in none of them on its way from one to the other.
	grace = 3 * time.Second
	// doubtful is how long after a doubt the picture is compared.
	doubtful = time.Second
	// askAgain is how long after a comparison that Twilio did not answer the
	// next one is made.
	askAgain = time.Second
	// longestSurvey is how long Twilio is given to say where everybody is.
	longestSurvey = 20 * time.Second
)

// reconcileNowAndThen compares at the start, finishes what was under way when
// Callin last ended, and compares again every half minute.
func (s *Studio) reconcileNowAndThen() {
	s.void()
	seen, ok := s.compare()
	for !ok {
		if !s.pause(askAgain) {
			return
		}
		seen, ok = s.compare()
	}
	s.finish(seen)
	for wait := between; ; {
		select {
		case <-s.life.Done():
			return
		case <-s.doubts:
			if !s.pause(doubtful) { // what was skipped may be late only
				return
			}
		case <-time.After(wait):
		}
		if _, ok := s.compare(); ok {
			wait = between
		} else {
			wait = askAgain
		}
	}
}

// doubt asks for a comparison soon.
func (s *Studio) doubt() {
	select {
	case s.doubts <- struct{}{}:
	default:
	}
}

func (s *Studio) compare() (map[call.Sid]call.Whereabouts, bool) {
	ctx, cancel := context.WithTimeout(s.life, longestSurvey)
	defer cancel()
	end := s.beginCheck()
	s.gate.pass(ctx)
	seen, err := s.reconcile(ctx)
	s.gate.heard(err)
	end(err)
	if err != nil {
		s.log.Warn("Twilio could not be asked where the calls are", "error", err)
	}
	return seen, err == nil
}

// void ends what was under way when Callin last ended and would bring somebody
// on air late. It does not wait for Twilio.
func (s *Studio) void() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.state.callers {
		if c.Move != nil && c.Move.Number <= s.found && c.by.Void() {
			s.record(call.Fact{Kind: call.Failed, Call: c.Call, Move: c.Move.Number, Code: call.CodeRestarted.String(), Message: "Callin was restarted before this was done, so it was not done. Press again."})
		}
	}
}

// finish takes up the rest of what was under way when Callin last ended.
func (s *Studio) finish(seen map[call.Sid]call.Whereabouts) {
	s.mu.Lock()
	var jobs []job
	for _, c := range s.state.callers {
		switch {
		case c.Move == nil:
			s.steady(c)
		case c.Move.Number > s.found: // begun since the start
		default:
			if m := s.job(c); m.stands() || m.waits(seen[c.Call]) {
				jobs = append(jobs, m)
			} else { // Twilio took the order before Callin ended
				s.work.Go(func() { s.watch(m) })
			}
		}
	}
	state := s.state.show.State
	s.closeWhenEmpty()
	s.mu.Unlock()
	s.each(jobs)
	switch state {
	case ShowOpening, ShowOpen:
		s.work.Go(s.makeQueues)
	case ShowClosing:
		s.work.Go(s.empty)
	}
}

// waits reports whether the call of a move is still where it was to be moved from.
func (m job) waits(at call.Whereabouts) bool {
	if m.from.Kind == call.Queue {
		return at.QueueSid == m.queueSid && m.queueSid != ""
	}
	return m.from.Kind == call.Line && at.Line == m.from.Name
}

// reconcile compares the picture with Twilio's lists and mends it by facts. A
// call that something was heard of meanwhile is left for the next time: the
// lists are not one instant.
func (s *Studio) reconcile(ctx context.Context) (map[call.Sid]call.Whereabouts, error) {
	s.mu.Lock()
	since := s.state.seq
	var sids []string
	names := map[string]string{}
	for name, sid := range s.state.sids {
		sids = append(sids, sid)
		names[sid] = name
	}
	s.mu.Unlock()

	seen, err := s.carrier.Survey(ctx, sids, s.lineNames)
	if err != nil {
		return nil, err
	}

	s.mend()
	var doubtful []call.Sid
	var mended int64
	news := func(saved <-chan struct{}) {
		if saved != nil {
			mended++
		}
	}
	for _, c := range s.state.callers {
		// What is older than this process has had its time while Callin was down.
		young := c.Since >= s.started && now()-c.Since < grace.Milliseconds()
		if c.changed > since || young {
			continue
		}
		at, ok := seen[c.Call]
		switch {
		case ok && at.QueueSid != "":
			news(s.placed(c.Call, call.InQueue(names[at.QueueSid]), ""))
		case ok:
			news(s.placed(c.Call, call.OnLine(at.Line, stands(at.Muted, at.Hold)), at.Conference))
		default:
			doubtful = append(doubtful, c.Call)
		}
	}
	s.endGhosts()
	var strangers []call.Sid
	for sid := range seen {
		if s.state.callers[sid] == nil && !s.state.over.has(sid) && !s.answersFor(sid) {
			strangers = append(strangers, sid)
		}
	}
	for _, l := range s.state.lines {
		if _, ok := seen[l.leg]; l.Phone && !ok {
			doubtful = append(doubtful, l.leg)
		}
	}
	s.mended()

	found, err := s.lookForAll(ctx, doubtful, since)
	if err != nil {
		return nil, err
	}
	mended += found
	for _, sid := range strangers {
		if err := s.meet(ctx, sid, seen[sid], names); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sid := range strangers {
		if c := s.state.callers[sid]; c != nil {
			s.steady(c)
			mended++
		}
	}
	s.saysMended(mended)
	return seen, nil
}

// lookForAll asks Twilio for the calls that are in none of its lists, a few at a
// time: hundreds may hear closing words or a greeting. It counts the callers of
// whom there was news.
func (s *Studio) lookForAll(ctx context.Context, sids []call.Sid, since int64) (mended int64, err error) {
	const together = 8
	type answer struct {
		news bool
		err  error
	}
	slots, answers := make(chan struct{}, together), make(chan answer, len(sids))
	for _, sid := range sids {
		slots <- struct{}{}
		s.work.Go(func() {
			news, err := s.lookFor(ctx, sid, since)
			<-slots
			answers <- answer{news, err}
		})
	}
	for range sids {
		a := <-answers
		if a.news {
			mended++
		}
		err = errors.Join(err, a.err)
	}
	return mended, err
}

// lookFor asks Twilio for one call that is in none of its lists, and reports
// whether that was news of a caller. since is the last fact before those were read.
func (s *Studio) lookFor(ctx context.Context, sid call.Sid, since int64) (news bool, err error) {
	found, err := s.carrier.Find(ctx, sid)
	none := errors.Is(err, call.ErrGone)
	if err != nil && !none {
		return false, err
	}
	s.mend()
	defer s.mended()
	news = s.state.callers[sid] != nil
	switch {
	case none:
		s.gone(sid, "gone")
	case call.Over(found.Status):
		s.gone(sid, found.Status)
	default:
		news = s.taken(sid, since)
	}
	return news, nil
}

// mend takes the lock until mended: what is recorded meanwhile is marked as
// found out by asking Twilio.
func (s *Studio) mend() {
	s.mu.Lock()
	s.mending = true
}

func (s *Studio) mended() {
	s.mending = false
	s.mu.Unlock()
}

// answersFor reports whether a call is the softphone of one of the lines. The
// lock is held.
func (s *Studio) answersFor(sid call.Sid) bool {
	for _, l := range s.state.lines {
		if l.Phone && l.leg == sid {
			return true
		}
	}
	return false
}

// meet makes a call known that Twilio holds and Callin has never heard of.
func (s *Studio) meet(ctx context.Context, sid call.Sid, at call.Whereabouts, names map[string]string) error {
	found, err := s.carrier.Find(ctx, sid)
	if errors.Is(err, call.ErrGone) || err == nil && call.Over(found.Status) {
		return nil
	}
	if err != nil {
		return err
	}
	s.mend()
	defer s.mended()
	if s.state.callers[sid] != nil {
		return nil
	}
	if at.Desk || IsSoftphone(found.From) {
		l := s.state.lines[at.Line]
		switch {
		case l == nil || s.answersFor(sid):
		case s.isGhost(sid), l.Phone && s.dialled[sid] != 0 && s.dialled[sid] < s.dialled[l.leg]:
			s.endGhost(sid)
		default: // its join was not heard
			s.phone(at.Line, sid, "")
		}
		return nil
	}
	number := Number(found.From)
	s.record(call.Fact{Kind: call.Arrived, Call: sid, Number: &number})
	if at.QueueSid != "" {
		s.placed(sid, call.InQueue(names[at.QueueSid]), "")
	} else {
		// Whether somebody may talk there is asked when the desk's leg is known too.
		place := call.OnLine(at.Line, stands(at.Muted, at.Hold))
		s.record(call.Fact{Kind: call.Placed, Call: sid, Place: &place, Conference: at.Conference})
	}
	return nil
}
