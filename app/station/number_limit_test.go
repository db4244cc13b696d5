package station_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"callin/app/call"
	"callin/app/station"
)

// rings lets a call ring in, and wait if it may.
func (s *show) rings(sid call.Sid, number string) station.Words {
	a := station.Arrival{Call: sid, Number: number}
	answer := s.Arrive(a)
	if answer.Place.Kind == call.Queue {
		s.Waiting(a, answer.Place.Name)
	}
	return answer.Words
}

func TestOneNumberHoldsNoMoreThanItsPlaces(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.Close()
		s.perNumber = 3
		s.start()
		may := func(sid call.Sid, number string, want station.Words) {
			t.Helper()
			if got := s.rings(sid, number); got != want {
				t.Errorf("%s is told %q, want %q", sid, got, want)
			}
		}
		// A call waits, one is on air and one was set aside: that is three.
		may("M1", ana, station.Greeting)
		may("M2", ana, station.Greeting)
		may("M3", ana, station.Greeting)
		must(s.Do(t.Context(), call.OpTake, "M1"))
		s.join("M1")
		must(s.Move(t.Context(), "M2", call.Screening))
		synctest.Wait()
		s.Waiting(station.Arrival{Call: "M2", Number: ana}, call.Screening)
		may("M4", ana, station.TooMany)
		s.wants("M4", call.Place{Kind: call.Closing})
		may("N1", ben, station.Greeting)

		s.Close()
		s.start()
		may("M5", ana, station.TooMany)
		// One that Callin hears of only in the queue, as its greeting came from elsewhere.
		if a := s.Waiting(station.Arrival{Call: "M6", Number: ana}, call.OnAir); a.Words != station.TooMany || a.Place.Kind != call.Closing {
			t.Errorf("M6 is told %+v", a)
		}
		// Who hears goodbye holds no place, nor who has gone; one that can be taken back does.
		must(s.Do(t.Context(), call.OpDrop, "M1"))
		synctest.Wait()
		s.Sent(station.Arrival{Call: "M1", Number: ana})
		may("M7", ana, station.TooMany)
		s.Ended("M1", "completed")
		may("M8", ana, station.Greeting)
		may("M9", ana, station.TooMany)
		s.Waiting(station.Arrival{Call: "M8", Number: ana}, call.OnAir) // again and again
		s.wants("M8", waiting)
		s.wants("M3", waiting)

		for i := range 10 {
			may(call.Sid(fmt.Sprint("W", i)), "", station.Greeting)
		}
	})
}
