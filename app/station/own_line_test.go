package station_test

import (
	"testing"
	"testing/synctest"

	"callin/app/call"
	"callin/app/station"
)

// A desk's own line is not known before its phone is first on it.
func TestAPhoneComesOntoItsDesksOwnLine(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		own := call.DeskID("").Line()
		if !s.DeskCalls("", "OFF", own, false) {
			t.Fatal("the desk's phone may not have the desk's own line")
		}
		joins := func(sid call.Sid, desk bool, n int) {
			s.Conference(station.ConferenceEvent{
				Event: "participant-join", Conference: "CFown", Line: own, Call: sid, Desk: desk, Sequence: n,
			})
			synctest.Wait()
		}
		joins("OFF", true, 1)
		if _, err := s.Do(t.Context(), call.OpAnswer, "A"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		joins("A", false, 2)
		s.wants("A", call.OnLine(own, call.Talking))
		if s.card("A").Place.OnAir() {
			t.Error("who is screened is on air")
		}
	})
}
