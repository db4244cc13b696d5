package studio

import (
	"context"
	"errors"
	"time"

	"callin/app/call"
)

// Open opens the show: its queues are made and sized, then callers are let in.
func (s *Studio) Open(ctx context.Context) error {
	return s.turn(ctx, ShowOpening, s.makeQueues, func(now ShowState) error {
		switch now {
		case ShowOpen, ShowOpening:
			return refuse(call.CodeAlreadyOpen, "The show is open already.")
		case ShowClosing:
			return refuse(call.CodeStillClosing, "The show is still closing. Wait until the last caller has been thanked.")
		}
		return nil
	})
}

// CloseShow closes the show: nobody new is let in, everyone who waits hears the closing
// words, and the empty queues are deleted. Who is on a line stays.
func (s *Studio) CloseShow(ctx context.Context) error {
	return s.turn(ctx, ShowClosing, s.empty, func(now ShowState) error {
		if now == ShowClosed || now == ShowClosing {
			return refuse(call.CodeAlreadyClosed, "The show is closed already.")
		}
		return nil
	})
}

func (s *Studio) turn(ctx context.Context, to ShowState, then func(), check func(ShowState) error) error {
	s.mu.Lock()
	err := check(s.state.show.State)
	if err == nil {
		err = s.writable()
	}
	if err != nil {
		s.mu.Unlock()
		return err
	}
	was := s.state.show.State
	saved := s.record(call.Fact{Kind: call.ShowSet, Code: string(to)})
	s.mu.Unlock()
	if err := s.onDisk(context.WithoutCancel(ctx), saved); err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.state.show.State == to {
			s.record(call.Fact{Kind: call.ShowSet, Code: string(was)})
		}
		return err
	}
	s.work.Go(then)
	return nil
}

// makeQueues makes the show's queues, again and again until Twilio has them,
// somebody closes the show or Callin ends.
func (s *Studio) makeQueues() {
	for pause := time.Second; ; pause = min(2*pause, 30*time.Second) {
		sids := map[string]string{}
		var err error
		for _, name := range []string{OnAirQueue, ScreeningQueue} {
			err = s.settle(s.life, func(ctx context.Context) (err error) {
				sids[name], err = s.carrier.OpenQueue(ctx, name, queueSize)
				return err
			})
			if err != nil {
				break
			}
		}
		s.mu.Lock()
		if state := s.state.show.State; state != ShowOpening && state != ShowOpen {
			s.mu.Unlock()
			return
		}
		if err == nil {
			s.record(call.Fact{Kind: call.ShowSet, Code: string(ShowOpen), Queues: sids})
			s.mu.Unlock()
			return
		}
		s.log.Warn("the show's queues could not be made", "error", err)
		s.record(call.Fact{Kind: call.ShowSet, Code: call.CodeNoQueues.String(), Message: "Twilio did not make the show's queues. Trying again; see that the internet and the account are well."})
		s.mu.Unlock()
		if !s.pause(pause) {
			return
		}
	}
}

// empty sends everyone who waits to the closing words. Who cannot be sent hears
// them in answer to the next wait request.
func (s *Studio) empty() {
	s.mu.Lock()
	var facts []call.Fact
	for _, q := range s.state.waiting {
		for _, c := range q {
			if c.Move == nil {
				facts = append(facts, began(c.Call, call.OpClose, call.Place{Kind: call.Closing}))
			}
		}
	}
	s.record(facts...)
	jobs := make([]job, len(facts))
	for i, f := range facts {
		jobs[i] = s.job(s.state.callers[f.Call])
	}
	s.mu.Unlock()
	s.each(jobs)
}

// closeWhenEmpty deletes a closing show's queues once nobody waits in them. The
// lock is held.
func (s *Studio) closeWhenEmpty() {
	if s.state.show.State != ShowClosing || s.deleting {
		return
	}
	for _, q := range s.state.waiting {
		if len(q) > 0 {
			return
		}
	}
	s.deleting = true
	s.work.Go(s.deleteQueues)
}

// each carries out jobs, a few at a time: Twilio answers too many with 429.
func (s *Studio) each(jobs []job) {
	const together = 8
	slots := make(chan struct{}, together)
	for _, m := range jobs {
		slots <- struct{}{}
		s.work.Go(func() {
			err := s.send(m)
			<-slots
			s.follow(m, err)
		})
	}
}

// deleteQueues deletes the show's queues, again and again until Twilio has: a
// caller may still be leaving one.
func (s *Studio) deleteQueues() {
	s.mu.Lock()
	sids := s.state.sids
	s.mu.Unlock()
	told := false
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 30*time.Second) {
		var failed error
		for _, sid := range sids {
			err := s.patiently(func(ctx context.Context) error { return s.carrier.DeleteQueue(ctx, sid) })
			if err != nil && !errors.Is(err, call.ErrGone) {
				failed = err
			}
		}
		if failed == nil {
			break
		}
		s.log.Info("the show's queues cannot be deleted yet", "error", failed)
		if pause > time.Second && !told {
			told = true
			s.mu.Lock()
			s.record(call.Fact{Kind: call.ShowSet, Code: call.CodeQueuesLeft.String(), Message: "Twilio has not deleted the show's queues yet. Trying again."})
			s.mu.Unlock()
		}
		if !s.pause(pause) {
			return
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deleting = false
	s.record(call.Fact{Kind: call.ShowSet, Code: string(ShowClosed), Queues: map[string]string{}})
}

// pause waits; it reports false when the studio closes.
func (s *Studio) pause(d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-s.life.Done():
		return false
	}
}
