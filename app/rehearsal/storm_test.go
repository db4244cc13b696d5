package rehearsal

import (
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"callin/app/rehearsal/exchange"
	"callin/app/rehearsal/stage"
)

// Whatever happens to calls in whatever order, they end when told to, and
// queues and conferences are then empty.
func TestStorm(t *testing.T) {
	t.Parallel()
	s := newWorld(t)
	s.page("/in", `<Enqueue waitUrl="/wait" action="/left">on-air</Enqueue>`)
	s.page("/wait", `<Say>x</Say>`)
	s.page("/left", `<Redirect>/in</Redirect>`)
	s.page("/line", `<Dial action="/left"><Conference beep="false" waitUrl="/wait">studio</Conference></Dial>`)
	s.page("/desk", `<Dial hangupOnStar="true" timeout="5"><Queue url="/whisper">on-air</Queue></Dial><Redirect/>`)
	s.page("/whisper", "")
	s.answersAt("/in")
	var sids []string
	for range 60 {
		sids = append(sids, s.ring(stage.Casting{Voice: "none"}))
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	var workers sync.WaitGroup
	for w := range 4 {
		workers.Go(func() {
			r := rand.New(rand.NewPCG(seed, uint64(w)))
			for range 300 {
				s.mu.Lock()
				more := s.more
				s.mu.Unlock()
				s.strike(r, sids[r.IntN(len(sids))])
				select { // let something come of it, if anything does
				case <-more:
				case <-time.After(5 * time.Millisecond):
				}
			}
		})
	}
	workers.Wait()
	for _, sid := range sids {
		s.exchange.HangUp(sid)
		s.event(sid+" ends", func(e stage.Event) bool {
			return e.CallSid == sid && exchange.Status(e.Status).Final() && e.Kind == "status"
		})
	}
	if legs := s.legs(); len(legs) > 0 {
		t.Errorf("live: %+v", legs)
	}
	for _, q := range s.exchange.Queues() {
		if q.Size > 0 || q.AverageWait != 0 {
			t.Errorf("%+v", q)
		}
		if err := s.exchange.DeleteQueue(q.Sid); err != nil {
			t.Error(err)
		}
	}
	if live := s.exchange.Conferences(func(c exchange.ConferenceInfo) bool { return c.Status != "completed" }); len(live) > 0 {
		t.Errorf("%+v", live)
	}
}

// strike does one random thing to a call; that the call has gone is no error.
func (s *world) strike(r *rand.Rand, sid string) {
	x := s.exchange
	var err error
	switch r.IntN(12) {
	case 0:
		x.HangUp(sid)
	case 1:
		x.Digits(sid, "*")
	case 2, 3:
		_, err = x.UpdateCall(sid, exchange.Change{URL: s.url("/desk")})
	case 4, 5:
		_, err = x.UpdateCall(sid, exchange.Change{URL: s.url("/line")})
	case 6, 7:
		_, err = x.UpdateCall(sid, exchange.Change{URL: s.url("/in")})
	case 8, 9:
		for _, q := range x.Queues() {
			_, err = x.Dequeue(q.Sid, "Front", s.url("/line"), "")
		}
	default:
		for _, c := range x.Conferences(func(c exchange.ConferenceInfo) bool { return c.Status != "completed" }) {
			on := r.IntN(2) == 0
			_, err = x.UpdateParticipant(c.Sid, sid, exchange.Tune{Hold: &on, HoldURL: s.url("/wait")})
		}
	}
	var f *exchange.Fault
	if err != nil && (!errors.As(err, &f) || f.Code != 20404 && f.Code != 21220) {
		s.t.Error(err)
	}
}
