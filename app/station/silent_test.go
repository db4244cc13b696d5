package station_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/station"
)

// Who waits at Twilio and does not ask what to hear for longer than a wait document lasts
// is made to ask again; who asks, is moved or is elsewhere is left alone.
func TestWhoWaitsInSilenceIsMadeToAsk(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.Close()
		s.wait = 30 * time.Second
		s.twilio.where = map[call.Sid]call.Whereabouts{
			"A": {QueueSid: "QU" + call.OnAir}, "B": {QueueSid: "QU" + call.OnAir}, "C": {QueueSid: "QU" + call.OnAir}, "DESK": {Line: call.AirLine},
		}
		s.start()
		s.twilio.told()
		asks := func(sids ...call.Sid) {
			for _, sid := range sids {
				s.Waiting(station.Arrival{Call: sid}, call.OnAir)
			}
		}
		for range 8 { // four minutes, in which B is silent
			asks("A", "C")
			time.Sleep(30 * time.Second)
		}
		synctest.Wait()
		if did := s.twilio.told(); !slices.Equal(did, []string{"send B", "send B"}) {
			t.Errorf("Twilio was told %v", did)
		}
		asks("B")
		s.SetWayIn(&call.Error{Code: call.CodeWayIn, Message: "Twilio does not reach Callin."})
		time.Sleep(4 * time.Minute)
		synctest.Wait()
		if did := s.twilio.told(); len(did) > 0 {
			t.Errorf("without a way in Twilio was told %v", did)
		}
		s.SetWayIn(nil)
	})
}

// At another address who waits is made to ask at once, once, and Twilio is asked all the
// time what happens to calls of before, until none of them is left.
func TestAtAnotherAddressWhoWaitsIsMadeToAskAtOnce(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.Close()
		time.Sleep(5 * time.Second)
		queue := call.Whereabouts{QueueSid: "QU" + call.OnAir}
		s.twilio.where = map[call.Sid]call.Whereabouts{"A": queue, "B": queue, "C": queue, "DESK": {Line: call.AirLine}}
		slow := &tardy{twilio: s.twilio}
		s.carrier, s.wait, s.moved = slow, 30*time.Second, true
		s.twilio.told()
		s.start()
		asked := func(during time.Duration) int {
			slow.mu.Lock()
			before := slow.asked
			slow.mu.Unlock()
			time.Sleep(during)
			synctest.Wait()
			slow.mu.Lock()
			defer slow.mu.Unlock()
			return slow.asked - before
		}
		if n := asked(time.Minute); n != 20 {
			t.Errorf("in a minute Twilio was asked %d times where everybody is", n)
		}
		if did := s.twilio.told(); !slices.Equal(did, []string{"open on-air for 5000", "open screening for 5000", "send A", "send B", "send C"}) {
			t.Errorf("Twilio was told %v", did)
		}
		if _, err := s.Do(t.Context(), call.OpTake, "A"); err != nil {
			t.Fatal(err)
		}
		slow.mu.Lock()
		s.twilio.where["A"] = call.Whereabouts{Line: call.AirLine, Conference: "CF1"}
		slow.mu.Unlock()
		time.Sleep(1100 * time.Millisecond)
		s.wants("A", talking)
		for _, sid := range []call.Sid{"A", "B", "C"} {
			s.Ended(sid, "completed")
		}
		s.event("participant-leave", "DESK", true, false, false)
		slow.mu.Lock()
		s.twilio.where = nil
		slow.mu.Unlock()
		asked(10 * time.Second)
		if n := asked(time.Minute); n != 2 {
			t.Errorf("with nobody of before in a minute Twilio was asked %d times", n)
		}
		s.moved = false
	})
}

// unhurried is a Twilio that takes a second for each call that is redirected.
type unhurried struct {
	*twilio
	redirected atomic.Int64
}

func (u *unhurried) Redirect(context.Context, call.Sid, call.Place, string, int64) error {
	time.Sleep(time.Second)
	u.redirected.Add(1)
	return nil
}

// Many who wait are made to ask one after the other, each of them once, and comparing goes
// on beside.
func TestManyWhoWaitAtAnotherAddressAreMadeToAsk(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		queue := call.Whereabouts{QueueSid: "QU" + call.OnAir}
		where := map[call.Sid]call.Whereabouts{"A": queue, "B": queue, "C": queue, "DESK": {Line: call.AirLine}}
		for i := range 397 {
			a := station.Arrival{Call: call.Sid(fmt.Sprint("X", i)), Number: fmt.Sprintf("+1555020%04d", i)}
			s.Arrive(a)
			s.Waiting(a, call.OnAir)
			where[a.Call] = queue
		}
		time.Sleep(5 * time.Second)
		s.Close()
		s.twilio.where = where
		slow := &unhurried{twilio: s.twilio}
		s.carrier, s.wait, s.moved = slow, 2*time.Minute, true
		s.start()
		time.Sleep(55 * time.Second) // 400, eight at a time
		synctest.Wait()
		if n := slow.redirected.Load(); n != 400 {
			t.Errorf("%d of 400 were made to ask", n)
		}
		if check := s.Picture().Check; check.LostAt != 0 {
			t.Errorf("comparing: %+v", check)
		}
		s.moved, s.carrier = false, nil
	})
}
