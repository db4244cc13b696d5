package station

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"callin/app/call"
	"callin/app/picture"
)

const (
	// compareEvery is how often the picture is compared with Twilio's.
	compareEvery = 30 * time.Second
	// listsLag is how long after a callback Twilio's lists may lag behind it, and
	// a call be in none of them on its way from one to the other.
	listsLag = 3 * time.Second
	// compareDelay is how long after a doubt the picture is compared: what was
	// skipped may be late only.
	compareDelay = time.Second
	// compareRetry is how long after a comparison that Twilio did not answer the
	// next one is made.
	compareRetry = time.Second
	// surveyTimeout is how long Twilio is given to say where everybody is.
	surveyTimeout = 20 * time.Second
)

// compareNowAndThen compares at the start, finishes what was under way when
// Callin last ended, and compares again every half minute.
func (s *Station) compareNowAndThen() {
	s.locked((*core).voidLate)
	seen, ok := s.compare()
	for !ok {
		if !s.pause(compareRetry) {
			return
		}
		seen, ok = s.compare()
	}
	s.takeUp(seen)
	for {
		wait := compareEvery
		switch {
		case !ok:
			wait = compareRetry
		case s.untold():
			wait = compareLost
		}
		select {
		case <-s.life.Done():
			return
		case <-s.doubts:
			if !s.pause(compareDelay) {
				return
			}
		case <-time.After(wait):
		}
		_, ok = s.compare()
	}
}

// voidLate ends what was under way when Callin last ended and would bring
// somebody on air late. It does not wait for Twilio.
func (c *core) voidLate() {
	for who := range c.state.Callers() {
		if m := who.Move(); who.Moving() && m.Number <= c.lastBefore && who.By().Void() {
			c.record(told, call.NotDone(who.Call(), m.Number, call.CodeRestarted, "Callin was restarted before this was done, so it was not done. Press again."))
		}
	}
}

// takeUp takes up the rest of what was under way when Callin last ended.
func (s *Station) takeUp(seen map[call.Sid]call.Whereabouts) {
	var moves []job
	s.locked(func(c *core) { moves = c.takeUp(seen) })
	s.runEach(moves)
}

func (c *core) takeUp(seen map[call.Sid]call.Whereabouts) (moves []job) {
	c.meetAll()
	c.knows = true
	for who := range c.state.Callers() {
		switch {
		case !who.Moving():
			c.correctHold(who)
		case who.Move().Number > c.lastBefore: // begun since the start
		default:
			if m := c.job(who); m.staysOnLine() || m.stillAt(seen[m.sid]) {
				moves = append(moves, m)
			} else { // Twilio took the order before Callin ended
				c.leave(awaitCallback{m})
			}
		}
	}
	for _, id := range c.state.Studios() {
		switch st := c.studio(id); st.show().State {
		case call.ShowOpening, call.ShowOpen:
			c.leave(makeQueues{id})
		case call.ShowStopping:
			c.leave(closeInTime{id})
		case call.ShowClosing:
			moves = append(moves, st.closeForAll()...)
			st.deleteQueuesWhenEmpty(nil)
		}
	}
	return moves
}

// compare compares the picture with Twilio and tells the desks how that went.
func (s *Station) compare() (map[call.Sid]call.Whereabouts, bool) {
	if s.Ours() != nil { // whose calls they are, is theirs to know
		return nil, false
	}
	ctx, cancel := context.WithTimeout(s.life, surveyTimeout)
	defer cancel()
	end := s.beginCheck()
	s.backoff.wait(ctx)
	seen, err := s.compareWith(ctx)
	s.backoff.heard(err)
	end(err)
	if err == nil {
		s.locked((*core).watchClock)
	} else {
		s.log.Warn("Twilio could not be asked where the calls are", "error", err)
	}
	return seen, err == nil
}

// comparison is what a picture is compared by.
type comparison struct {
	since  int64             // the last fact before Twilio was asked
	queues map[string]string // the shows' queues' names by QueueSid
	lines  []string
}

func (c *core) beginComparison() comparison {
	with := comparison{since: c.state.Seq(), queues: map[string]string{}}
	for _, id := range c.state.Studios() {
		for name, sid := range c.state.QueueSids(id) {
			with.queues[sid] = name
		}
	}
	for _, l := range c.state.Lines() {
		with.lines = append(with.lines, l.Name)
	}
	for _, of := range c.state.Studios() { // of some of which it may have had more before
		for _, lane := range of.Lanes(call.MostLanes) {
			if !slices.Contains(with.lines, lane) {
				with.lines = append(with.lines, lane)
			}
		}
		if is, _ := c.state.Studio(of); is.Talkback != "" && !slices.Contains(with.lines, is.Talkback) {
			with.lines = append(with.lines, is.Talkback)
		}
	}
	for _, d := range c.desks { // of some of which a journal that was lost knew
		if line := d.ID.Line(); !slices.Contains(with.lines, line) {
			with.lines = append(with.lines, line)
		}
	}
	return with
}

// place is where Twilio's lists say a call is.
func (with comparison) place(at call.Whereabouts) call.Place {
	if at.QueueSid != "" {
		return call.InQueue(with.queues[at.QueueSid])
	}
	return call.OnLine(at.Line, stands(at.Muted, at.Hold))
}

// compareWith compares the picture with Twilio's lists and mends it by facts. A
// call that something was heard of meanwhile is left for the next time: the
// lists are not one instant.
func (s *Station) compareWith(ctx context.Context) (map[call.Sid]call.Whereabouts, error) {
	var with comparison
	s.locked(func(c *core) { with = c.beginComparison() })
	if s.stranded != nil {
		sid, err := s.stranded(ctx)
		if err != nil {
			return nil, err
		}
		if sid != "" {
			with.queues[sid] = call.Fallback
		}
	}
	var sids []string
	for sid := range with.queues {
		sids = append(sids, sid)
	}
	seen, err := s.carrier.Survey(ctx, sids, with.lines)
	if err != nil {
		return nil, err
	}
	var found differences
	var silent []askAgain
	s.locked(func(c *core) {
		found = c.differences(with, seen)
		silent = c.silent(with, seen)
		c.arrivedHere()
	})
	s.askAgainAll(silent)
	gone, err := s.findAll(ctx, found.missing, with)
	if err != nil {
		return nil, err
	}
	mended := found.mended + gone
	for _, sid := range found.strangers {
		if err := s.adopt(ctx, sid, seen[sid], with); err != nil {
			return nil, err
		}
	}
	s.locked(func(c *core) {
		for _, sid := range found.strangers {
			if who := c.state.Caller(sid); who != nil {
				c.correctHold(who)
				mended++
			}
		}
		c.saysMended(mended)
	})
	return seen, nil
}

// differences are what was found by comparing with lists.
type differences struct {
	mended    int64      // callers who were elsewhere than the picture said
	missing   []call.Sid // calls that should be in a list and are not
	strangers []call.Sid // calls in a list that the picture does not know
}

func (c *core) differences(with comparison, seen map[call.Sid]call.Whereabouts) (d differences) {
	for who := range c.state.Callers() {
		// What is older than this process has had its time while Callin was down.
		young := who.Since() >= c.started && c.now()-who.Since() < listsLag.Milliseconds()
		if who.Changed() > with.since || young {
			continue
		}
		at, listed := seen[who.Call()]
		if !listed {
			d.missing = append(d.missing, who.Call())
		} else {
			delete(c.mayCome, who.Call())
			if c.placed(who.Call(), with.place(at), at.Conference, compared) != nil {
				d.mended++
			}
		}
		if listed && with.place(at) == call.InQueue(call.Fallback) && !who.Moving() {
			c.leave(runMove{c.begin(who.Call(), call.OpFell, c.of(who).welcome())})
		}
	}
	for leg := range c.state.ReplacedPhones() {
		c.leave(endPhone{leg: leg})
	}
	c.endPhonesThatMayNot()
	for leg, r := range c.state.Reserves() {
		if at, listed := seen[leg]; !listed {
			d.missing = append(d.missing, leg)
		} else if !at.Hold {
			c.leave(keepOff{leg, r.Conference})
		}
	}
	for sid := range seen {
		_, has := c.state.LineOf(sid)
		if _, by := c.state.InReserve(sid); !has && !by && !seen[sid].Talkback && c.state.Caller(sid) == nil && !c.state.Over(sid) {
			d.strangers = append(d.strangers, sid)
		}
	}
	for _, l := range c.state.Lines() {
		_, leg, _ := c.state.Line(l.Name)
		if _, listed := seen[leg]; l.Phone && !listed {
			d.missing = append(d.missing, leg)
		}
	}
	return d
}

// findAll asks Twilio for the calls that are in none of its lists, a few at a
// time: hundreds may hear closing words or a greeting. It counts the callers of
// whom there was news.
func (s *Station) findAll(ctx context.Context, sids []call.Sid, with comparison) (mended int64, err error) {
	type answer struct {
		found call.Found
		err   error
	}
	slots, answers := make(chan struct{}, atATime), make([]answer, len(sids))
	var asked sync.WaitGroup
	for i, sid := range sids {
		slots <- struct{}{}
		asked.Add(1)
		s.work.Go(func() {
			defer asked.Done()
			found, err := s.find(ctx, sid)
			answers[i] = answer{found, err}
			<-slots
		})
	}
	asked.Wait()
	s.locked(func(c *core) {
		// Who has ended comes first: while the phone seems to have them still, it can have nobody else.
		for i, sid := range sids {
			if a := answers[i]; a.err == nil && a.found.Status.Over() {
				if c.state.Caller(sid) != nil {
					mended++
				}
				c.gone(sid, a.found.Status, compared)
			}
		}
		for i, sid := range sids {
			if a := answers[i]; a.err == nil && !a.found.Status.Over() && c.taken(sid, with.since) {
				mended++
			}
		}
	})
	for _, a := range answers {
		err = errors.Join(err, a.err)
	}
	return mended, err
}

// find asks Twilio for one call that is in none of its lists.
func (s *Station) find(ctx context.Context, sid call.Sid) (call.Found, error) {
	found, err := s.carrier.Find(ctx, sid)
	if errors.Is(err, call.ErrGone) {
		return call.Found{Status: call.StatusGone}, nil
	}
	return found, err
}

// adopt makes a call known that Twilio holds and Callin has never heard of.
func (s *Station) adopt(ctx context.Context, sid call.Sid, at call.Whereabouts, with comparison) error {
	found, err := s.carrier.Find(ctx, sid)
	if errors.Is(err, call.ErrGone) || err == nil && found.Status.Over() {
		return nil
	}
	if err != nil {
		return err
	}
	s.locked(func(c *core) {
		switch {
		case c.state.Caller(sid) != nil, c.state.Over(sid):
		case at.Desk || at.Reserve || at.QueueSid == "" && call.IsSoftphone(found.From): // in a queue it is a listener
			c.adoptPhone(sid, found.Desk, at)
		default:
			c.adoptCaller(sid, found, with.place(at), at.Conference)
		}
	})
	return nil
}

// adoptPhone gives a phone its line whose join was not heard.
func (c *core) adoptPhone(leg call.Sid, desk call.DeskID, at call.Whereabouts) {
	_, _, ours := c.state.Line(at.Line)
	_, has := c.state.LineOf(leg)
	switch {
	case !ours || has:
	case c.state.Replaced(leg):
		c.leave(endPhone{leg: leg})
	case at.Reserve && (at.Hold || at.Muted): // else it has taken over
		if !c.state.HasDialled(leg) {
			c.record(compared, call.Fact{Kind: call.Dialled, Call: leg, Desk: desk, Line: at.Line})
		}
		c.standsBy(at.Line, at.Conference, leg, compared)
	default:
		if !c.state.HasDialled(leg) {
			c.record(compared, call.Fact{Kind: call.Dialled, Call: leg, Desk: desk, Line: at.Line})
		}
		c.takeLine(at.Line, leg, call.PhoneOnLine)
	}
}

// adoptCaller makes a caller known. Whether they may talk on a line is decided
// when the desk's leg is known too.
func (c *core) adoptCaller(sid call.Sid, found call.Found, at call.Place, conference string) {
	number := call.Number(found.From)
	of, ok := call.StudioOf(at.Name)
	if !ok { // the fallback's queue, or a desk's own line
		of = picture.Called(c.studios, call.Number(found.To))
	}
	c.record(compared, call.Fact{Kind: call.Arrived, Call: sid, Studio: of, Number: &number})
	c.record(compared, call.Fact{Kind: call.Placed, Call: sid, Place: &at, Conference: conference})
	if at == call.InQueue(call.Fallback) {
		c.leave(runMove{c.begin(sid, call.OpFell, c.studio(of).welcome())})
	}
}

// welcome is where somebody goes whom Twilio could not bring here before.
func (st studio) welcome() call.Place {
	if st.showIs(call.ShowOpening) || st.queuesStand() {
		return call.InQueue(st.landing())
	}
	return call.Place{Kind: call.Closing}
}

// tellCheck tells the desks what is to be said of comparing with Twilio.
func (c *core) tellCheck(change func(*picture.Check)) {
	before := c.check
	change(&c.check)
	if check := c.check; check != before {
		c.tell(picture.Change{Check: &check})
	}
}

// checkShownAfter is how long a comparison takes before the desk says so: each
// half minute's would only flicker.
const checkShownAfter = time.Second

// beginCheck says that Twilio is asked, once that is noticeable. What it returns
// says how that went.
func (s *Station) beginCheck() (end func(err error)) {
	asking, began := true, time.Now() // asking is guarded by the core's lock
	slow := time.AfterFunc(checkShownAfter, func() {
		s.locked(func(c *core) {
			if asking {
				c.tellCheck(func(check *picture.Check) { check.Now = true })
			}
		})
	})
	return func(err error) {
		slow.Stop()
		s.locked(func(c *core) {
			asking = false
			if s.life.Err() == nil { // else Callin ends, and Twilio may well answer
				c.recordCheck(err, time.Since(began))
			}
			c.tellCheck(func(check *picture.Check) {
				switch {
				case err == nil:
					check.Now, check.LostAt = false, 0
				case errors.Is(err, call.ErrLater): // it does answer
					check.Now, check.LostAt = true, 0
				case check.LostAt == 0:
					check.LostAt = c.now()
				}
			})
		})
	}
}

// saysMended says how many callers were elsewhere than the desk showed.
func (c *core) saysMended(callers int64) {
	if callers > 0 {
		c.tellCheck(func(check *picture.Check) { check.Mended, check.MendedAt = callers, c.now() })
	}
}
