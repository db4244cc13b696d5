package station_test

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
	"callin/app/station"
)

// model is Twilio in memory: queues, one conference at a time for each line, calls that are
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

	mu          sync.Mutex
	station     station.Seat // nil while Callin is down
	calm        bool         // no more faults
	outage      bool         // REST answers nothing
	legs        map[call.Sid]*leg
	queues      map[string]*queue      // by name
	lanes       []string               // the lines of the studio's lanes
	conferences map[string]*conference // those that have a line's name now
	made        int
	places      int            // in queues, ever
	done        map[string]int // how often each move was done
	instructed  map[call.Sid]int
}

type queue struct{ name, sid string }

type conference struct {
	line, sid string
	seq       int
}

// way is how a phone takes callers.
type way string

const (
	listener  way = ""          // it takes none: it is a caller's
	onLine    way = "line"      // a desk's softphone, on its line
	direct    way = "direct"    // a desk's softphone, straight from the queue
	telephone way = "telephone" // the DJ's, by PIN and straight from the queue
)

// leg is one call. What it is told depends on its own dice only, so that a seed
// gives the same schedule whichever goroutine runs first.
type leg struct {
	sid        call.Sid
	way        way
	line       string // of a desk's softphone
	dice       *rand.Rand
	over       bool
	cancel     context.CancelFunc // ends what it does now
	queue      *queue
	place      int // since when it is in its queue: lower is earlier
	conference *conference
	muted      bool
	hold       bool
	// bridge is the other side, of a caller and of the phone that took it; for a
	// phone, served is closed when there is one and parted when there is none
	// again, and right is that its PIN was.
	bridge         *leg
	served, parted chan struct{}
	right          bool
	moments        int // that a caller has waited since it was bridged
}

// desk is whether a leg takes callers.
func (l *leg) desk() bool { return l.way != listener }

func newModel(t *testing.T, life context.Context, seed uint64, dice *rand.Rand, lanes []string) *model {
	return &model{
		t: t, seed: seed, life: life, endOnWaitFailure: dice.IntN(2) == 0, actionWins: dice.IntN(2) == 0,
		lanes: lanes, conferences: map[string]*conference{},
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

// ring begins a listener's call, or that of somebody who takes callers, a softphone's on a line.
func (m *model) ring(w way, line string) call.Sid {
	m.mu.Lock()
	defer m.mu.Unlock()
	kind := map[way]string{listener: "CA", onLine: "DESK", direct: "DIRECT", telephone: "TEL"}[w]
	sid := call.Sid(m.sid(kind))
	h := fnv.New64a()
	h.Write([]byte(sid))
	l := &leg{sid: sid, way: w, line: line, dice: rand.New(rand.NewPCG(m.seed, h.Sum64()))}
	m.legs[sid] = l
	switch w {
	case direct, telephone:
		m.takeCallers(l)
	default:
		m.begin(l, m.inbound(l))
	}
	return sid
}

type asking func(station.Seat) station.Answer

func (l *leg) arrival() station.Arrival {
	return station.Arrival{Call: l.sid, Number: "+15550100", Name: "N " + string(l.sid)}
}

func (m *model) inbound(l *leg) asking {
	return func(s station.Seat) station.Answer {
		if l.desk() {
			s.DeskCalls("", l.sid, l.line, false)
			return station.Answer{Place: call.OnLine(l.line, call.Talking)}
		}
		return s.Arrive(l.arrival())
	}
}

func (l *leg) left(result string) asking {
	return func(s station.Seat) station.Answer { return s.LeftQueue(l.arrival(), call.QueueResult(result)) }
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
func (m *model) request(l *leg, ask asking) (station.Answer, bool) {
	m.travel(l)
	m.mu.Lock()
	s := m.station
	m.mu.Unlock()
	if s.Station == nil || m.chance(l, 1) {
		return station.Answer{}, false
	}
	a := ask(s)
	m.travel(l)
	return a, true
}

// obey does what an answer says and returns what to ask next.
func (m *model) obey(ctx context.Context, l *leg, a station.Answer) asking {
	switch a.Place.Kind {
	case call.Queue:
		return m.enqueue(ctx, l, a.Place.Name)
	case call.Line:
		m.enter(ctx, l, a.Place.Name, a.Place.State != call.Talking)
	case call.Park:
		m.endAfter(ctx, l, 10*time.Second)
	case call.Bridge: // it has left one, and is to wait a moment
		return m.moment(ctx, l)
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
	m.places++
	l.queue, l.place = q, m.places
	m.log("%s is in %s", l.sid, name)
	m.serve()
	m.mu.Unlock()
	for {
		a, ok := m.request(l, func(s station.Seat) station.Answer {
			a := l.arrival()
			a.InQueue = m.members(q)
			return s.Waiting(a, name)
		})
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

func (m *model) enter(ctx context.Context, l *leg, line string, muted bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	if m.conferences[line] == nil {
		m.conferences[line] = &conference{line: line, sid: m.sid("CF")}
	}
	l.conference, l.muted, l.hold = m.conferences[line], muted, false
	m.log("%s is in %s, %s", l.sid, line, l.conference.sid)
	m.tell(l, l.conference, "participant-join")
}

// tell sends a conference callback; mu is held.
func (m *model) tell(l *leg, r *conference, event string) {
	r.seq++
	e := station.ConferenceEvent{
		Event: event, Conference: r.sid, Line: r.line, Call: l.sid, Desk: l.desk(),
		Sequence: r.seq, Muted: l.muted, Hold: l.hold,
	}
	if event == "conference-end" {
		e.Call, e.Desk = "", false
	}
	m.callback(l, func(s station.Seat) {
		m.log("%s %d of %s about %s arrives", event, e.Sequence, r.sid, l.sid)
		s.Conference(e)
	})
}

// callback tells Callin something once, twice or never, sooner or later; mu is held.
func (m *model) callback(l *leg, f func(station.Seat)) {
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
			if s.Station != nil {
				f(s)
			}
		})
	}
}

// leave takes a call out of where it is; mu is held.
func (m *model) leave(l *leg) {
	l.cancel()
	l.queue = nil
	m.part(l)
	if r := l.conference; r != nil {
		l.conference = nil
		m.tell(l, r, "participant-leave")
		for _, o := range m.legs {
			if o.conference == r {
				return
			}
		}
		m.tell(l, r, "conference-end")
		delete(m.conferences, r.line)
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
	queued, bridged := l.queue != nil, l.bridge != nil && !l.desk()
	m.leave(l)
	l.over = true
	m.log("%s has ended", l.sid)
	m.callback(l, func(s station.Seat) { s.Ended(l.sid, "completed") })
	if queued {
		m.callback(l, func(s station.Seat) { s.LeftQueue(l.arrival(), "hangup") })
	}
	if bridged {
		m.callback(l, func(s station.Seat) { s.LeftQueue(l.arrival(), "bridged") })
	}
}

// fall ends a caller's conference leg without anybody having moved it.
func (m *model) fall(sid call.Sid) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.legs[sid]
	if l.over || l.conference == nil || l.desk() {
		return
	}
	m.leave(l)
	m.begin(l, func(s station.Seat) station.Answer { return s.FellOut(l.arrival()) })
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
