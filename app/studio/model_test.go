package studio_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/studio"
)

// model is Twilio in memory: queues, one conference at a time, calls that are
// redirected while they ask, and callbacks that come late, twice, in another
// order or never. It obeys a studio's answers as the voice listener's TwiML
// would make it.
type model struct {
	t    *testing.T
	seed uint64
	// endOnWaitFailure and actionWins are what is not known of Twilio.
	endOnWaitFailure, actionWins bool

	life context.Context
	work sync.WaitGroup

	mu         sync.Mutex
	station    *studio.Studio // nil while Callin is down
	calm       bool           // no more faults
	outage     bool           // REST answers nothing
	legs       map[call.Sid]*leg
	queues     map[string]*queue // by name
	room       *room             // the conference that has the line's name now
	made       int
	done       map[string]int // how often each move was done
	instructed map[call.Sid]int
}

type queue struct{ name, sid string }

type room struct {
	sid string
	seq int
}

// leg is one call. What it is told depends on its own dice only, so that a seed
// gives the same schedule whichever goroutine runs first.
type leg struct {
	sid    call.Sid
	desk   bool
	dice   *rand.Rand
	over   bool
	cancel context.CancelFunc // ends what it does now
	queue  *queue
	room   *room
	muted  bool
	hold   bool
}

func newModel(t *testing.T, life context.Context, seed uint64, dice *rand.Rand) *model {
	return &model{
		t: t, seed: seed, life: life, endOnWaitFailure: dice.IntN(2) == 0, actionWins: dice.IntN(2) == 0,
		legs: map[call.Sid]*leg{}, queues: map[string]*queue{}, done: map[string]int{}, instructed: map[call.Sid]int{},
	}
}

// log is printed when the schedule fails.
func (m *model) log(format string, args ...any) {
	m.t.Logf("%s Twilio: %s", time.Now().Format("04:05.000"), fmt.Sprintf(format, args...))
}

func (m *model) sid(kind string) string {
	m.made++
	return fmt.Sprintf("%s%03d", kind, m.made)
}

// ring begins a listener's call, or a desk's.
func (m *model) ring(desk bool) call.Sid {
	m.mu.Lock()
	defer m.mu.Unlock()
	kind := "CA"
	if desk {
		kind = "DESK"
	}
	sid := call.Sid(m.sid(kind))
	h := fnv.New64a()
	h.Write([]byte(sid))
	l := &leg{sid: sid, desk: desk, dice: rand.New(rand.NewPCG(m.seed, h.Sum64()))}
	m.legs[sid] = l
	m.begin(l, m.inbound(l))
	return sid
}

type asking func(*studio.Studio) studio.Answer

func (l *leg) arrival() studio.Arrival {
	return studio.Arrival{Call: l.sid, Number: "+15550100", Name: "N " + string(l.sid)}
}

func (m *model) inbound(l *leg) asking {
	return func(s *studio.Studio) studio.Answer {
		if l.desk {
			s.DeskCalls(l.sid, studio.StudioLine, false)
			return studio.Answer{Place: call.OnLine(studio.StudioLine, call.Talking)}
		}
		return s.Arrive(l.arrival())
	}
}

func (l *leg) left(result string) asking {
	return func(s *studio.Studio) studio.Answer { return s.LeftQueue(l.arrival(), result) }
}

// begin lets a call ask and do what it is told; mu is held.
func (m *model) begin(l *leg, ask asking) {
	ctx, cancel := context.WithCancel(m.life)
	l.cancel = cancel
	m.work.Go(func() {
		for ask != nil {
			a, ok := m.request(l, ask)
			switch {
			case ctx.Err() != nil:
				return
			case !ok:
				m.hangUp(l.sid) // Twilio says that there was an application error
				return
			}
			ask = m.obey(ctx, l, a)
		}
	})
}

// chance is true in so many of a hundred cases, and never when all is calm.
func (m *model) chance(l *leg, percent int) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return l.dice.IntN(100) < percent && !m.calm
}

// between is a random time; the odd nanoseconds keep two from being the same.
func (m *model) between(l *leg, from, to time.Duration) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return from + time.Duration(l.dice.Int64N(int64(to-from)))
}

// travel is how long a request or its answer is under way.
func (m *model) travel(l *leg) {
	longest := 80 * time.Millisecond
	if m.chance(l, 8) {
		longest = 4 * time.Second
	}
	time.Sleep(m.between(l, time.Millisecond, longest))
}

// request asks Callin. It arrives even when the call is elsewhere by then.
func (m *model) request(l *leg, ask asking) (studio.Answer, bool) {
	m.travel(l)
	m.mu.Lock()
	s := m.station
	m.mu.Unlock()
	if s == nil || m.chance(l, 1) {
		return studio.Answer{}, false
	}
	a := ask(s)
	m.travel(l)
	return a, true
}

// obey does what an answer says and returns what to ask next.
func (m *model) obey(ctx context.Context, l *leg, a studio.Answer) asking {
	switch a.Place.Kind {
	case call.Queue:
		return m.enqueue(ctx, l, a.Place.Name)
	case call.Line:
		m.enter(ctx, l, a.Place.State != call.Talking)
	case call.Park:
		m.endAfter(ctx, l, 10*time.Second)
	default:
		m.endAfter(ctx, l, 2*time.Second)
	}
	return nil
}

func (m *model) endAfter(ctx context.Context, l *leg, d time.Duration) {
	if sleep(ctx, d) {
		m.hangUp(l.sid)
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

func (m *model) enqueue(ctx context.Context, l *leg, name string) asking {
	m.mu.Lock()
	if ctx.Err() != nil {
		m.mu.Unlock()
		return nil
	}
	q := m.queue(name)
	l.queue = q
	m.log("%s is in %s", l.sid, name)
	m.mu.Unlock()
	for {
		a, ok := m.request(l, func(s *studio.Studio) studio.Answer { return s.Waiting(l.arrival(), name) })
		switch {
		case ctx.Err() != nil:
			return nil
		case !ok && m.endOnWaitFailure:
			m.hangUp(l.sid)
			return nil
		case ok && a.Place.Kind != call.Queue:
			m.endAfter(ctx, l, 2*time.Second)
			return nil
		}
		if !sleep(ctx, m.between(l, 8*time.Second, 9*time.Second)) {
			return nil
		}
	}
}

// queue is the one of this name, made if need be; mu is held.
func (m *model) queue(name string) *queue {
	if m.queues[name] == nil {
		m.queues[name] = &queue{name: name, sid: m.sid("QU")}
	}
	return m.queues[name]
}

func (m *model) enter(ctx context.Context, l *leg, muted bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	if m.room == nil {
		m.room = &room{sid: m.sid("CF")}
	}
	m.log("%s is in %s", l.sid, m.room.sid)
	l.room, l.muted, l.hold = m.room, muted, false
	m.tell(l, l.room, "participant-join")
}

// tell sends a conference callback; mu is held.
func (m *model) tell(l *leg, r *room, event string) {
	r.seq++
	e := studio.ConferenceEvent{
		Event: event, Conference: r.sid, Line: studio.StudioLine, Call: l.sid, Desk: l.desk,
		Sequence: r.seq, Muted: l.muted, Hold: l.hold,
	}
	if event == "conference-end" {
		e.Call, e.Desk = "", false
	}
	m.callback(l, func(s *studio.Studio) {
		m.log("%s %d of %s about %s arrives", event, e.Sequence, r.sid, l.sid)
		s.Conference(e)
	})
}

// callback tells Callin something once, twice or never, sooner or later; mu is held.
func (m *model) callback(l *leg, f func(*studio.Studio)) {
	times := 1
	if !m.calm {
		switch d := l.dice.IntN(20); d {
		case 0:
			times = 0
		case 1, 2:
			times = 2
		}
	}
	for range times {
		late := time.Duration(1 + l.dice.Int64N(int64(100*time.Millisecond)))
		if !m.calm && l.dice.IntN(6) == 0 {
			late = time.Duration(l.dice.Int64N(int64(9 * time.Second)))
		}
		time.AfterFunc(late, func() {
			m.mu.Lock()
			s := m.station
			m.mu.Unlock()
			if s != nil {
				f(s)
			}
		})
	}
}

// leave takes a call out of where it is; mu is held.
func (m *model) leave(l *leg) {
	l.cancel()
	l.queue = nil
	if r := l.room; r != nil {
		l.room = nil
		m.tell(l, r, "participant-leave")
		for _, o := range m.legs {
			if o.room == r {
				return
			}
		}
		m.tell(l, r, "conference-end")
		m.room = nil
	}
}

// hangUp ends a call.
func (m *model) hangUp(sid call.Sid) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.legs[sid]
	if l.over {
		return
	}
	queued := l.queue != nil
	m.leave(l)
	l.over = true
	m.log("%s has ended", l.sid)
	m.callback(l, func(s *studio.Studio) { s.Ended(l.sid, "completed") })
	if queued {
		m.callback(l, func(s *studio.Studio) { s.LeftQueue(l.arrival(), "hangup") })
	}
}

// fall ends a caller's conference leg without anybody having moved it.
func (m *model) fall(sid call.Sid) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.legs[sid]
	if l.over || l.room == nil || l.desk {
		return
	}
	m.leave(l)
	m.begin(l, func(s *studio.Studio) studio.Answer { return s.FellOut(l.arrival()) })
}

// live are the calls that go on, in order.
func (m *model) live(which func(*leg) bool) []call.Sid {
	m.mu.Lock()
	defer m.mu.Unlock()
	var sids []call.Sid
	for sid, l := range m.legs {
		if !l.over && which(l) {
			sids = append(sids, sid)
		}
	}
	slices.Sort(sids)
	return sids
}

// rest is one REST request about l: with faults, as Twilio's can have them.
func (m *model) rest(ctx context.Context, l *leg, deed func() error) error {
	wait := m.between(l, 5*time.Millisecond, 150*time.Millisecond)
	fault := -1
	m.mu.Lock()
	if !m.calm {
		fault = l.dice.IntN(40)
	}
	if m.outage {
		fault = 1
	}
	m.mu.Unlock()
	if fault == 3 {
		wait = 7 * time.Second // longer than Callin waits
		fault = 2
	}
	if !sleep(ctx, wait) {
		return fmt.Errorf("%w: %w", call.ErrUnknown, ctx.Err())
	}
	switch fault {
	case 0:
		return call.ErrLater
	case 1:
		return call.ErrUnknown
	}
	m.mu.Lock()
	err := deed()
	m.mu.Unlock()
	if fault == 2 {
		return call.ErrUnknown
	}
	return err
}

func (m *model) leg(sid call.Sid) *leg {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.legs[sid]
}

func (m *model) Send(ctx context.Context, sid call.Sid, from call.Place, queueSid string, move int64) error {
	l := m.leg(sid)
	return m.rest(ctx, l, func() error {
		if l.over || from.Kind == call.Queue && (l.queue == nil || l.queue.sid != queueSid) {
			return call.ErrGone
		}
		m.log("%s is redirected by move %d", sid, move)
		key := fmt.Sprintf("%s by move %d", sid, move)
		if m.done[key]++; m.done[key] > 1 {
			m.t.Errorf("%s was sent twice", key)
		}
		then := func(s *studio.Studio) studio.Answer { return s.Sent(l.arrival()) }
		if l.queue != nil {
			action := l.left("redirected")
			if m.actionWins {
				then, action = action, then
			}
			m.work.Go(func() { m.request(l, action) }) // nobody hears the answer
		}
		m.leave(l)
		m.begin(l, then)
		return nil
	})
}

// Instruct is by REST too, and needs no answer of Callin's.
func (m *model) Instruct(ctx context.Context, sid call.Sid, twiml string) error {
	l := m.leg(sid)
	return m.rest(ctx, l, func() error {
		if l.over {
			return call.ErrGone
		}
		m.log("%s is instructed: %s", sid, twiml)
		if m.instructed[sid]++; m.instructed[sid] > 20 {
			m.t.Errorf("%s is instructed again and again", sid)
		}
		document := studio.Answer{Place: call.Place{Kind: call.Kind(twiml)}}
		queued := l.queue != nil
		m.leave(l)
		ctx, cancel := context.WithCancel(m.life)
		l.cancel = cancel
		m.work.Go(func() {
			a := document
			if queued {
				if answer, ok := m.request(l, l.left("redirected")); ok && m.actionWins {
					a = answer
				}
			}
			if ask := m.obey(ctx, l, a); ask != nil {
				m.t.Errorf("%s was instructed to leave and asks again", sid)
			}
		})
		return nil
	})
}

// script is what a document says, in short.
func script(_ call.Sid, a studio.Answer) (string, error) { return string(a.Place.Kind), nil }

func (m *model) Stand(ctx context.Context, conference string, sid call.Sid, state call.State) error {
	l := m.leg(sid)
	return m.rest(ctx, l, func() error {
		if l.room == nil || l.room.sid != conference {
			return call.ErrGone
		}
		m.log("%s stands %s", sid, state)
		if muted := state == call.Deck || state == call.Held && l.muted; muted != l.muted {
			l.muted = muted
			m.tell(l, l.room, map[bool]string{true: "participant-mute", false: "participant-unmute"}[muted])
		}
		if hold := state == call.Held; hold != l.hold {
			l.hold = hold
			m.tell(l, l.room, map[bool]string{true: "participant-hold", false: "participant-unhold"}[hold])
		}
		return nil
	})
}

func (m *model) End(ctx context.Context, sid call.Sid) error {
	err := m.rest(ctx, m.leg(sid), func() error { return nil })
	if err == nil {
		m.hangUp(sid)
	}
	return err
}

func (m *model) Find(ctx context.Context, sid call.Sid) (call.Found, error) {
	l, found := m.leg(sid), call.Found{Status: "in-progress", From: "+15550100"}
	err := m.rest(ctx, l, func() error {
		if l.desk {
			found.From = "client:desk"
		}
		if l.over {
			found.Status = "completed"
		}
		return nil
	})
	return found, err
}

// Survey reads the queues and the line one after the other, as REST has to.
func (m *model) Survey(ctx context.Context, queues, _ []string) (map[call.Sid]call.Whereabouts, error) {
	seen := map[call.Sid]call.Whereabouts{}
	m.mu.Lock()
	reader := m.legs[""]
	m.mu.Unlock()
	for _, sid := range queues {
		if err := m.rest(ctx, reader, func() error {
			for _, l := range m.legs {
				if l.queue != nil && l.queue.sid == sid {
					seen[l.sid] = call.Whereabouts{QueueSid: sid}
				}
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	err := m.rest(ctx, reader, func() error {
		for _, l := range m.legs {
			if l.room != nil {
				seen[l.sid] = call.Whereabouts{Line: studio.StudioLine, Conference: l.room.sid, Muted: l.muted, Hold: l.hold}
			}
		}
		return nil
	})
	return seen, err
}

func (m *model) OpenQueue(ctx context.Context, name string, _ int) (sid string, err error) {
	err = m.rest(ctx, m.leg(""), func() error { sid = m.queue(name).sid; return nil })
	return sid, err
}

func (m *model) DeleteQueue(ctx context.Context, sid string) error {
	return m.rest(ctx, m.leg(""), func() error {
		for _, l := range m.legs {
			if l.queue != nil && l.queue.sid == sid {
				return call.ErrUnknown // not empty
			}
		}
		for name, q := range m.queues {
			if q.sid == sid {
				delete(m.queues, name)
			}
		}
		return nil
	})
}
