package station_test

import (
	"testing"

	"callin/app/call"
	"callin/app/station"
)

// What Twilio tells late brings nobody back to where they were.
func TestWhatComesLateChangesNothing(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		must(s.Do(t.Context(), call.OpTake, "A"))
		s.join("A")
		s.Waiting(station.Arrival{Call: "A"}, call.OnAir) // asked before it was taken
		s.wants("A", talking)
		must(s.Move(t.Context(), "A", call.OnAir))
		s.Waiting(station.Arrival{Call: "A"}, call.OnAir)
		s.event("conference-end", "", false, false, false)
		s.seq = 0 // of a participant that this conference never told of
		s.join("B")
		s.wants("A", waiting)
		s.wants("B", waiting)

		s.Ended("C", "completed")
		s.Ended("D", "completed") // its first request is still under way
		for _, sid := range []call.Sid{"C", "D"} {
			if a := s.Arrive(station.Arrival{Call: sid}); a.Place.Kind != call.Gone {
				t.Errorf("%s, whose call has ended, is told %+v", sid, a)
			}
			s.Waiting(station.Arrival{Call: sid}, call.OnAir)
			if s.card(sid) != nil {
				t.Errorf("%s is back in the picture", sid)
			}
		}
	})
}
