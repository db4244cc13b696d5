package station_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/station"
)

// Two legs of the desk dial, one after the other, and the newer one has the line
// whatever is heard when: also after a restart, with the older one still there as
// ending it got no answer.
func TestTheOlderPhoneTakesTheLineFromNobodyAfterARestart(t *testing.T) {
	for name, heard := range map[string]func(*show){
		"its join was heard later": func(s *show) {
			s.event("participant-join", "NEW", true, false, false)
			s.event("participant-join", "OLD", true, false, false)
		},
		"its join was told out of order": func(s *show) {
			s.seq = 10
			s.event("participant-join", "NEW", true, false, false)
			s.seq = 7
			s.event("participant-join", "OLD", true, false, false)
			s.seq = 10
		},
		"its join was not heard": func(s *show) { s.event("participant-join", "NEW", true, false, false) },
	} {
		t.Run(name, func(t *testing.T) {
			perform(t, func(t *testing.T, s *show) {
				s.Ended("DESK", "completed")
				s.twilio.isDeafTo("OLD")
				s.DeskCalls("", "OLD", call.AirLine, false)
				s.DeskCalls("", "NEW", call.AirLine, false)
				heard(s)
				synctest.Wait()
				s.Close()

				on := call.Whereabouts{Line: call.AirLine, Conference: "CF1", Desk: true}
				s.twilio.where = map[call.Sid]call.Whereabouts{"NEW": on}
				if name == "its join was not heard" { // else it is remembered, and sought in no list
					s.twilio.where["OLD"] = on
				}
				s.twilio.told()
				s.start()
				time.Sleep(time.Minute)
				synctest.Wait()
				if did := s.twilio.told(); slices.Contains(did, "end NEW") || !slices.Contains(did, "end OLD") {
					t.Errorf("after the restart Twilio was told %v", did)
				}
				if l := s.Picture().Lines[0]; !l.Phone {
					t.Errorf("the line is %+v", l)
				}
				s.twilio.where = nil
				s.Ended("OLD", "completed")
				s.Ended("NEW", "completed")
				if l := s.Picture().Lines[0]; l.Phone {
					t.Errorf("both have ended, and the line is %+v", l)
				}
			})
		})
	}
}

// What is heard late of a call that has ended brings it back to nowhere, also
// after a restart.
func TestACallThatHasEndedStaysSoAfterARestart(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.DeskCalls("", "PHONE", call.AirLine, false)
		for _, sid := range []call.Sid{"PHONE", "DESK", "A", "UNHEARD"} {
			s.Ended(sid, "completed")
		}
		synctest.Wait()
		s.Close()
		s.start()
		s.event("participant-join", "PHONE", true, false, false)
		if l := s.Picture().Lines[0]; l.Phone {
			t.Errorf("a phone that has ended has the line: %+v", l)
		}
		for _, sid := range []call.Sid{"A", "UNHEARD"} {
			if a := s.Arrive(station.Arrival{Call: sid}); a.Place.Kind != call.Gone || s.card(sid) != nil {
				t.Errorf("%s is told %+v", sid, a)
			}
		}
	})
}
