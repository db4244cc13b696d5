package station

import (
	"maps"
	"sync"
	"time"

	"callin/app/call"
)

// silentBeyond is how much longer than its music one wait document may take: its words,
// and until Twilio asks again.
const silentBeyond = time.Minute

// silent are those of whom Twilio says that they wait in a queue, and who have not asked
// what to hear there for longer than a document lasts: its request was lost, or went to
// an address that the station had before. They are asked to ask again, at most that often.
func (c *core) silent(with comparison, seen map[call.Sid]call.Whereabouts) (all []askAgain) {
	maps.DeleteFunc(c.heardAt, func(sid call.Sid, _ time.Time) bool { return c.state.Caller(sid) == nil })
	if c.wait == 0 || c.wayIn != nil {
		return nil
	}
	now := time.Now()
	for who := range c.state.Callers() {
		at, listed := seen[who.Call()]
		if !listed || at.QueueSid == "" || with.place(at) != who.Place() || who.Moving() || who.Changed() > with.since {
			continue
		}
		last, asked := c.heardAt[who.Call()]
		switch {
		case !asked && !c.elsewhere:
			c.heardAt[who.Call()] = now // it has its time from here on
		case !asked || now.Sub(last) > c.wait+silentBeyond:
			all = append(all, askAgain{sid: who.Call(), from: who.Place(), queueSid: at.QueueSid})
		}
	}
	return all
}

// askAgainAll has several calls ask again, a few at a time. While that goes on no others
// are: thousands take Twilio longer than a comparison does.
func (s *Station) askAgainAll(all []askAgain) {
	if len(all) == 0 || !s.askingAgain.TryLock() {
		return
	}
	s.work.Go(func() {
		defer s.askingAgain.Unlock()
		var few sync.WaitGroup
		slots := make(chan struct{}, atATime)
		for _, e := range all {
			select {
			case slots <- struct{}{}:
			case <-s.life.Done():
				return
			}
			few.Go(func() {
				s.locked(func(c *core) { c.heardAt[e.sid] = time.Now() })
				s.askAgain(e)
				<-slots
			})
		}
		few.Wait()
	})
}

// untold reports whether Twilio does not tell what happens to calls that are here: it
// does not reach Callin, or was told another address of them.
func (s *Station) untold() (untold bool) {
	s.locked(func(c *core) { untold = c.wayIn != nil || c.elsewhere })
	return untold
}

// arrivedHere ends that Twilio tells somebody else of calls, when none is left of those
// that were here before this start.
func (c *core) arrivedHere() {
	for who := range c.state.Callers() {
		if who.Arrived() < c.started {
			return
		}
	}
	for _, l := range c.state.Lines() {
		if l.Phone && l.Since < c.started {
			return
		}
	}
	c.elsewhere = false
}
