package station

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"callin/app/call"
)

// queueSize is the largest that Twilio allows.
const queueSize = 5000

// atATime is how many things Twilio is asked for at once that nobody waits for:
// it answers too many with 429.
const atATime = 8

// showIs is whether the show is in one of some states.
func (c *core) showIs(states ...call.ShowState) bool {
	return slices.Contains(states, c.state.Show().State)
}

// queuesStand is whether the show has its queues, and callers may be in them.
func (c *core) queuesStand() bool { return c.showIs(call.ShowOpen, call.ShowStopping) }

// Open opens the show: its queues are made and sized, then callers are let in. A
// closing that can be taken back is.
func (s *Station) Open(ctx context.Context) error {
	return s.setShowState(ctx, func(c *core) (to call.ShowState, then effect, err error) {
		switch c.state.Show().State {
		case call.ShowOpen, call.ShowOpening:
			return "", nil, refuse(call.CodeAlreadyOpen, "The show is open already.")
		case call.ShowClosing:
			return "", nil, refuse(call.CodeStillClosing, "The show is still closing. Wait until the last caller has been thanked.")
		case call.ShowStopping:
			return call.ShowOpen, nil, nil
		}
		return call.ShowOpening, makeQueues{}, nil
	})
}

// CloseShow closes the show: nobody new is let in; when that can no longer be taken
// back, everyone who waits hears the closing words, and the empty queues are deleted.
// Who is on a line stays.
func (s *Station) CloseShow(ctx context.Context) error {
	return s.setShowState(ctx, func(c *core) (to call.ShowState, then effect, err error) {
		switch c.state.Show().State {
		case call.ShowOpen:
			return call.ShowStopping, closeInTime{}, nil
		case call.ShowOpening: // nobody is in a queue yet
			return call.ShowClosing, emptyQueues{}, nil
		}
		return "", nil, refuse(call.CodeAlreadyClosed, "The show is closed already.")
	})
}

// closeInTime closes a show for good when that can no longer be taken back.
func (s *Station) closeInTime() {
	var left time.Duration
	var since int64
	s.locked(func(c *core) {
		since = c.state.Show().Since
		left = time.Duration(since+c.state.Show().ParkMs-c.now()) * time.Millisecond
	})
	takenBack := false
	for pause := left; s.pause(pause) && !takenBack; pause = closeRetry {
		err := s.setShowState(s.life, func(c *core) (to call.ShowState, then effect, err error) {
			if takenBack = !c.showIs(call.ShowStopping) || c.state.Show().Since != since; takenBack {
				return "", nil, refuse(call.CodeAlreadyClosed, "It was taken back.")
			}
			return call.ShowClosing, emptyQueues{}, nil
		})
		if err == nil {
			return
		}
	}
}

// closeRetry is how long after the disk refused it a show is closed again.
const closeRetry = 2 * time.Second

// setShowState opens or closes the show, and does what follows when that is on disk.
func (s *Station) setShowState(ctx context.Context, turn func(*core) (to call.ShowState, then effect, err error)) error {
	var was, to call.ShowState
	var then effect
	var decision int64
	var saved <-chan struct{}
	var err error
	s.locked(func(c *core) {
		was = c.state.Show().State
		if to, then, err = turn(c); err == nil {
			err = c.writable()
		}
		if err == nil {
			saved = c.record(told, call.ShowIs(to, nil))
			decision = c.state.Seq()
			c.showDecision = decision
		}
	})
	if err != nil {
		return err
	}
	if err := s.onDisk(context.WithoutCancel(ctx), saved); err != nil {
		s.locked(func(c *core) {
			if c.showDecision == decision { // nobody has decided otherwise since
				c.record(told, call.ShowIs(was, nil))
			}
		})
		return err
	}
	if then != nil {
		s.act(then)
	}
	return nil
}

// makeQueues makes the show's queues, again and again until Twilio has them,
// somebody closes the show or Callin ends.
func (s *Station) makeQueues() {
	for pause := time.Second; ; pause = min(2*pause, 30*time.Second) {
		sids := map[string]string{}
		var err error
		for _, name := range []string{OnAirQueue, ScreeningQueue} {
			err = s.atOnce(s.life, func(ctx context.Context) (err error) {
				sids[name], err = s.carrier.OpenQueue(ctx, name, queueSize)
				return err
			})
			if err != nil {
				s.log.Warn("the show's queues could not be made", "error", err)
				break
			}
		}
		wanted := false
		s.locked(func(c *core) {
			wanted = c.showIs(call.ShowOpening, call.ShowOpen)
			switch {
			case !wanted:
			case err == nil && c.showIs(call.ShowOpen) && c.state.Show().Trouble == nil && maps.Equal(sids, c.state.QueueSids()):
				// Somebody opened it while it was being taken up: it is no news.
			case err == nil:
				c.record(told, call.ShowIs(call.ShowOpen, sids))
			default:
				c.record(told, call.ShowTrouble(call.CodeNoQueues, "Twilio did not make the show's queues. Trying again; see that the internet and the account are well."))
			}
		})
		if !wanted || err == nil || !s.pause(pause) {
			return
		}
	}
}

// emptyQueues sends everyone who waits to the closing words. Who cannot be sent
// hears them in answer to the next wait request.
func (s *Station) emptyQueues() {
	var moves []job
	s.locked(func(c *core) { moves = c.closeForAll() })
	s.runEach(moves)
}

// closeForAll records that everyone who waits is sent to the closing words.
func (c *core) closeForAll() []job {
	var facts []call.Fact
	for _, queue := range c.state.AllWaiting() {
		for _, who := range queue {
			if !who.Moving() {
				facts = append(facts, began(who.Call(), call.OpClose, call.Place{Kind: call.Closing}))
			}
		}
	}
	return c.beginAll(facts)
}

// runEach has moves made, a few at a time. The last of them was decided last.
func (s *Station) runEach(moves []job) {
	if len(moves) == 0 {
		return
	}
	s.waitForDisk(moves[len(moves)-1].saved)
	slots := make(chan struct{}, atATime)
	for _, m := range moves {
		slots <- struct{}{}
		s.work.Go(func() {
			err := s.ask(m)
			<-slots
			s.finish(m, err)
		})
	}
}

// deleteQueuesWhenEmpty deletes a closing show's queues once nobody waits in them,
// as it has come to be with what is saved.
func (c *core) deleteQueuesWhenEmpty(saved <-chan struct{}) {
	if !c.showIs(call.ShowClosing) || c.deleting || c.state.AnyoneWaits() {
		return
	}
	c.deleting = true
	var sids []string
	for _, sid := range c.state.QueueSids() {
		sids = append(sids, sid)
	}
	c.leave(deleteQueues{sids, saved})
}

// deleteQueues deletes the show's queues, again and again until Twilio has: a
// caller may still be leaving one.
func (s *Station) deleteQueues(e deleteQueues) {
	if e.saved != nil { // if Callin ends before, the next start closes the show again
		select {
		case <-e.saved:
		case <-s.life.Done():
			return
		}
	}
	closing := false
	s.locked(func(c *core) {
		closing = c.showIs(call.ShowClosing)
		c.deleting = closing
	})
	if !closing { // it could not be kept
		return
	}
	warned := false
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 30*time.Second) {
		var failed error
		for _, sid := range e.sids {
			err := s.patiently(func(ctx context.Context) error { return s.carrier.DeleteQueue(ctx, sid) })
			if err != nil && !errors.Is(err, call.ErrGone) {
				failed = err
			}
		}
		if failed == nil {
			break
		}
		s.log.Info("the show's queues cannot be deleted yet", "error", failed)
		if pause > time.Second && !warned {
			warned = true
			s.locked(func(c *core) {
				c.record(told, call.ShowTrouble(call.CodeQueuesLeft, "Twilio has not deleted the show's queues yet. Trying again."))
			})
		}
		if !s.pause(pause) {
			return
		}
	}
	s.locked(func(c *core) {
		c.deleting = false
		c.record(told, call.ShowIs(call.ShowClosed, map[string]string{}))
	})
}
