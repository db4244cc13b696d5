package station_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/station"
)

// Who is found in the queue that Twilio keeps while it does not reach Callin comes
// back to the show, known before or not; to the closing words when there is none.
func TestWhoIsStrandedAtTwilioComesBack(t *testing.T) {
	for _, open := range []bool{true, false} {
		perform(t, func(t *testing.T, s *show) {
			s.Close()
			s.stranded = func(context.Context) (string, error) { return "QUF", nil }
			s.start()
			if !open {
				for _, sid := range []call.Sid{"A", "B", "C"} {
					s.Ended(sid, "completed")
				}
				if err := s.closes(); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
			}
			where := map[call.Sid]call.Whereabouts{"A": {QueueSid: "QUF"}, "NEW": {QueueSid: "QUF"}}
			want := []string{"send A", "send NEW"}
			if !open {
				delete(where, "A")
				want = []string{"send NEW"}
			}
			for _, sid := range []call.Sid{"B", "C"} {
				if open {
					where[sid] = call.Whereabouts{QueueSid: "QU" + call.OnAir}
				}
			}
			s.twilio.mu.Lock()
			s.twilio.where = where
			s.twilio.mu.Unlock()
			s.twilio.told()
			time.Sleep(32 * time.Second)
			synctest.Wait()
			if did := s.twilio.told(); !slices.Equal(did, want) {
				t.Errorf("open %v: Twilio was told %v, want %v", open, did, want)
			}
			if open {
				for _, sid := range []call.Sid{"A", "NEW"} {
					if a := s.Sent(station.Arrival{Call: sid}); a.Place != waiting {
						t.Errorf("%s is told %+v", sid, a)
					}
					s.Waiting(station.Arrival{Call: sid}, call.OnAir)
					s.wants(sid, waiting)
				}
			}
			s.twilio.mu.Lock()
			s.twilio.where = nil
			s.twilio.mu.Unlock()
			s.Ended("NEW", "completed")
		})
	}
}

// While another station has the account's calls, this one neither asks nor changes
// where they are.
func TestAStationThatIsTakenOverKeepsItsHandsOff(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.SetWayIn(&call.Error{Code: call.CodeTakenOver, Message: "Another Callin has them."})
		s.twilio.mu.Lock()
		s.twilio.where = map[call.Sid]call.Whereabouts{"NEW": {QueueSid: "QU" + call.OnAir}}
		s.twilio.mu.Unlock()
		s.twilio.told()
		synctest.Wait() // that it was taken over is in the record
		before := len(s.journal.facts)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if did := s.twilio.told(); len(did) > 0 || len(s.journal.facts) != before {
			t.Errorf("Twilio was told %v, and the journal %v", did, s.journal.facts[before:])
		}
		s.SetWayIn(nil)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if !slices.ContainsFunc(s.Picture().Cards, func(c picture.Card) bool { return c.Call == "NEW" }) {
			t.Error("with the calls back it does not ask where they are")
		}
		s.twilio.mu.Lock()
		s.twilio.where = nil
		s.twilio.mu.Unlock()
		s.Ended("NEW", "completed")
	})
}
