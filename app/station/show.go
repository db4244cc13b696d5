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
func (st studio) showIs(states ...call.ShowState) bool {
	return slices.Contains(states, st.show().State)
}

// queuesStand is whether the show has its queues, and callers may be in them.
func (st studio) queuesStand() bool { return st.showIs(call.ShowOpen, call.ShowStopping) }

// Open opens the show: its queues are made and sized, then callers are let in. A
// closing that can be taken back is.
func (s Seat) Open(ctx context.Context) error {
	return s.setShowState(ctx, func(st studio) (to call.ShowState, then effect, err error) {
		switch st.show().State {
		case call.ShowOpen, call.ShowOpening:
			return "", nil, refuse(call.CodeAlreadyOpen, "The show is open already.")
		case call.ShowClosing:
			return "", nil, refuse(call.CodeStillClosing, "The show is still closing. Wait until the last caller has been thanked.")
		case call.ShowStopping:
			return call.ShowOpen, nil, nil
		}
		return call.ShowOpening, makeQueues{st.id}, nil
	})
}

// CloseShow closes the show: nobody new is let in; when that can no longer be taken
// back, everyone who waits hears the closing words, and the empty queues are deleted.
// Who is on a line stays.
func (s Seat) CloseShow(ctx context.Context) error {
	return s.setShowState(ctx, func(st studio) (to call.ShowState, then effect, err error) {
		switch st.show().State {
		case call.ShowOpen:
			return call.ShowStopping, closeInTime{st.id}, nil
		case call.ShowOpening: // nobody is in a queue yet
			return call.ShowClosing, emptyQueues{st.id}, nil
		}
		return "", nil, refuse(call.CodeAlreadyClosed, "The show is closed already.")
	})
}

// closeInTime closes a show for good when that can no longer be taken back.
func (s *Station) closeInTime(in call.Studio) {
	var left time.Duration
	var since int64
	s.locked(func(c *core) {
		show := c.state.Show(in)
		since = show.Since
		left = time.Duration(since+show.ParkMs-c.now()) * time.Millisecond
	})
	takenBack := false
	for pause := left; s.pause(pause) && !takenBack; pause = closeRetry {
		err := s.Seat(call.Desk{}, in).setShowState(s.life, func(st studio) (to call.ShowState, then effect, err error) {
			if takenBack = !st.showIs(call.ShowStopping) || st.show().Since != since; takenBack {
				return "", nil, refuse(call.CodeAlreadyClosed, "It was taken back.")
			}
			return call.ShowClosing, emptyQueues{st.id}, nil
		})
		if err == nil {
			return
		}
	}
}

// closeRetry is how long after the disk refused it a show is closed again.
const closeRetry = 2 * time.Second

// setShowState opens or closes the show, and does what follows when that is on disk.
func (s Seat) setShowState(ctx context.Context, turn func(studio) (to call.ShowState, then effect, err error)) error {
	var was, to call.ShowState
	var then effect
	var decision int64
	var saved <-chan struct{}
	var err error
	s.decide(func(st studio) {
		was = st.show().State
		if to, then, err = turn(st); err == nil {
			err = st.writable()
		}
		if err == nil {
			facts := []call.Fact{call.ShowIs(to, nil)}
			if to == call.ShowOpening && st.show().Tracks {
				facts = append(facts, call.Fact{Kind: call.TracksSet})
			}
			saved = st.record(told, facts...)
			decision = st.state.Seq()
			st.showDecision[st.id] = decision
		}
	})
	if err != nil {
		return err
	}
	if err := s.onDisk(context.WithoutCancel(ctx), saved); err != nil {
		s.decide(func(st studio) {
			if st.showDecision[st.id] == decision { // nobody has decided otherwise since
				st.record(told, call.ShowIs(was, nil))
			}
		})
		return err
	}
	if then != nil {
		s.act(then)
	}
	return nil
}

// makeQueues makes a show's queues, again and again until Twilio has them,
// somebody closes the show or Callin ends.
func (s *Station) makeQueues(in call.Studio) {
	for pause := time.Second; ; pause = min(2*pause, 30*time.Second) {
		sids := map[string]string{}
		var err error
		for _, name := range in.Queues() {
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
			st := c.studio(in)
			wanted = st.showIs(call.ShowOpening, call.ShowOpen)
			switch {
			case !wanted:
			case err == nil && st.showIs(call.ShowOpen) && st.show().Trouble == nil && maps.Equal(sids, st.state.QueueSids(in)):
				// Somebody opened it while it was being taken up: it is no news.
			case err == nil:
				st.record(told, call.ShowIs(call.ShowOpen, sids))
			default:
				st.record(told, call.ShowTrouble(call.CodeNoQueues, "Twilio did not make the show's queues. Trying again; see that the internet and the account are well."))
			}
		})
		if !wanted || err == nil || !s.pause(pause) {
			return
		}
	}
}

// emptyQueues sends everyone who waits in a studio to the closing words. Who cannot be sent
// hears them in answer to the next wait request.
func (s *Station) emptyQueues(in call.Studio) {
	var moves []job
	s.locked(func(c *core) { moves = c.studio(in).closeForAll() })
	s.runEach(moves)
}

// closeForAll records that everyone who waits is sent to the closing words.
func (st studio) closeForAll() []job {
	var facts []call.Fact
	for _, queue := range st.id.Queues() {
		for _, who := range st.state.Waiting(queue) {
			if !who.Moving() {
				facts = append(facts, began(who.Call(), call.OpClose, call.Place{Kind: call.Closing}))
			}
		}
	}
	return st.beginAll(facts)
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
func (st studio) deleteQueuesWhenEmpty(saved <-chan struct{}) {
	if !st.showIs(call.ShowClosing) || st.deleting[st.id] || st.state.AnyoneWaits(st.id) {
		return
	}
	st.deleting[st.id] = true
	var sids []string
	for _, sid := range st.state.QueueSids(st.id) {
		sids = append(sids, sid)
	}
	st.leave(deleteQueues{st.id, sids, saved})
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
		closing = c.studio(e.in).showIs(call.ShowClosing)
		c.deleting[e.in] = closing
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
				c.studio(e.in).record(told, call.ShowTrouble(call.CodeQueuesLeft, "Twilio has not deleted the show's queues yet. Trying again."))
			})
		}
		if !s.pause(pause) {
			return
		}
	}
	s.locked(func(c *core) {
		c.deleting[e.in] = false
		c.studio(e.in).record(told, call.ShowIs(call.ShowClosed, map[string]string{}))
	})
}
