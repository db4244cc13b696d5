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
	// grace is how long a call may be in none of Twilio's lists, because it is
	// on its way from one to the other, before its CallStatus is asked for.
	grace = 3 * time.Second
)

// reconcileNowAndThen compares at the start, finishes what was under way when
// Callin last ended, and compares again every half minute.
func (s *Studio) reconcileNowAndThen() {
	for !s.compare() {
		if !s.pause(time.Second) {
			return
		}
	}
	s.finish()
	for s.pause(between) {
		s.compare()
	}
}

func (s *Studio) compare() bool {
	ctx, cancel := context.WithTimeout(s.life, 20*time.Second)
	defer cancel()
	err := s.reconcile(ctx)
	if err != nil {
		s.log.Warn("Twilio could not be asked where the calls are", "error", err)
	}
	return err == nil
}

// finish takes up what was under way when Callin last ended. What would bring
// somebody on air late is void; the rest goes on.
func (s *Studio) finish() {
	s.mu.Lock()
	var jobs []job
	for _, c := range s.state.callers {
		switch {
		case c.Move == nil:
			s.steady(c)
		case c.by.Void():
			s.record(call.Fact{Kind: call.Failed, Call: c.Call, Move: c.Move.Number, Code: "restarted", Message: "Callin was restarted before this was done, so it was not done. Press again."})
		default:
			jobs = append(jobs, s.job(c))
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

// reconcile compares the picture with Twilio's lists and mends it by facts. A
// call that something was heard of meanwhile is left for the next time: the
// lists are not one instant.
func (s *Studio) reconcile(ctx context.Context) error {
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
		return err
	}

	s.mu.Lock()
	var doubtful []call.Sid
	for _, c := range s.state.callers {
		if c.changed > since || now()-c.Since < grace.Milliseconds() {
			continue
		}
		at, ok := seen[c.Call]
		switch {
		case ok && at.QueueSid != "":
			s.placed(c.Call, call.InQueue(names[at.QueueSid]), "")
		case ok:
			s.placed(c.Call, call.OnLine(at.Line, stands(at.Muted, at.Hold)), at.Conference)
		default:
			doubtful = append(doubtful, c.Call)
		}
	}
	var strangers []call.Sid
	for sid := range seen {
		if s.state.callers[sid] == nil {
			strangers = append(strangers, sid)
		}
	}
	for _, l := range s.state.lines {
		if _, ok := seen[l.leg]; l.Phone && !ok {
			doubtful = append(doubtful, l.leg)
		}
	}
	s.mu.Unlock()

	for _, sid := range doubtful {
		found, err := s.carrier.Find(ctx, sid)
		switch {
		case errors.Is(err, call.ErrGone):
			s.Ended(sid, "gone")
		case err != nil:
			return err
		case call.Over(found.Status):
			s.Ended(sid, found.Status)
		}
	}
	for _, sid := range strangers {
		if err := s.meet(ctx, sid, seen[sid], names); err != nil {
			return err
		}
	}
	return nil
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
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.callers[sid] != nil {
		return nil
	}
	if IsSoftphone(found.From) {
		if l := s.state.lines[at.Line]; l != nil && !l.Phone {
			s.phone(at.Line, sid, "")
		}
		return nil
	}
	number := Number(found.From)
	s.record(call.Fact{Kind: call.Arrived, Call: sid, Number: &number})
	if at.QueueSid != "" {
		s.placed(sid, call.InQueue(names[at.QueueSid]), "")
	} else {
		s.placed(sid, call.OnLine(at.Line, stands(at.Muted, at.Hold)), at.Conference)
	}
	return nil
}
