package station_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/station"
)

// Who was dropped out of a bridge has left it, however soon after that Callin is
// killed: the telephone's next caller, whose whisper was lost meanwhile, is shown
// on air at the first comparison.
func TestWhoWasDroppedFromABridgeDoesNotHideTheNextOne(t *testing.T) {
	a := station.Arrival{Call: "A"}
	for name, heard := range map[string]func(*show){
		"Callin heard that A left the bridge": func(s *show) {
			if got := s.LeftQueue(a, "redirected-from-bridged"); got.Place.Kind != call.Park {
				s.t.Errorf("A is told %+v", got)
			}
			s.wants("A", call.Place{Kind: call.Park}) // at once
		},
		"Callin heard that the telephone is ready for the next": func(s *show) {
			s.TakesNext("", "T")
			s.wants("A", call.Place{Kind: call.Park})
		},
		"Callin heard of neither": func(*show) {},
	} {
		t.Run(name, func(t *testing.T) {
			perform(t, func(t *testing.T, s *show) {
				s.TypedPin("", "T", djs, true)
				s.TakesNext("", "T")
				s.Bridged(a, "T")
				time.Sleep(5 * time.Second)
				s.twilio.isDeafTo("A") // it does as it is told; its answer is lost with Callin
				must(s.Do(t.Context(), call.OpDrop, "A"))
				synctest.Wait()
				heard(s)
				s.Close()

				// B is put through to T while Callin is down. Twilio lists no bridges.
				s.twilio.mu.Lock()
				on := call.Whereabouts{QueueSid: "QU" + call.OnAir}
				s.twilio.where = map[call.Sid]call.Whereabouts{"C": on}
				s.twilio.mu.Unlock()
				time.Sleep(2500 * time.Millisecond)
				s.start()
				time.Sleep(time.Second)
				synctest.Wait()
				s.wants("B", call.Place{Kind: call.Bridge})
				s.wants("A", call.Place{Kind: call.Park})
				if c := s.card("A"); c.Trouble != nil {
					t.Errorf("the desk is told of A: %+v", c.Trouble)
				}
				s.Ended("A", "completed")
				s.Ended("B", "completed")
				s.Ended("C", "completed")
				s.Ended("T", "completed")
			})
		})
	}
}

// slowToFind answers of one call a second after it was asked.
type slowToFind struct {
	*twilio
	of call.Sid
}

func (l slowToFind) Find(ctx context.Context, sid call.Sid) (call.Found, error) {
	if sid == l.of {
		time.Sleep(time.Second)
	}
	return l.twilio.Find(ctx, sid)
}

// Who ended in a bridge while Callin was down hides the telephone's next caller no
// longer than until the first comparison, whichever of them Twilio answers of first.
func TestWhoEndedInABridgeDoesNotHideTheNextOne(t *testing.T) {
	for _, of := range []call.Sid{"A", "B"} {
		perform(t, func(t *testing.T, s *show) {
			s.TypedPin("", "T", djs, true)
			s.TakesNext("", "T")
			s.Bridged(station.Arrival{Call: "A"}, "T")
			time.Sleep(5 * time.Second)
			s.Close()

			s.twilio.mu.Lock()
			s.twilio.gone["A"] = true
			s.twilio.where = map[call.Sid]call.Whereabouts{"C": {QueueSid: "QU" + call.OnAir}}
			s.twilio.mu.Unlock()
			s.carrier = slowToFind{s.twilio, of}
			s.start()
			time.Sleep(2 * time.Second)
			synctest.Wait()
			s.wants("B", call.Place{Kind: call.Bridge})
			if c := s.card("A"); c != nil {
				s.t.Errorf("A is %+v, and has ended", c)
			}
		})
	}
}
