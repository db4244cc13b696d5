package station_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/picture"
)

// troubles are those in the journal, as they began and ended.
func (s *show) troubles() (told []string) {
	synctest.Wait()
	for _, f := range s.journal.facts {
		switch {
		case f.Kind != call.Troubled:
		case f.On:
			told = append(told, f.Code+": "+f.Message)
		default:
			told = append(told, fmt.Sprintf("%s over after %d s", f.Code, f.Seconds))
		}
	}
	return told
}

func TestTheRecordTellsWhenATroubleBeganAndHowLongItWas(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.Close()
		tardy := &tardy{twilio: s.twilio}
		s.carrier = tardy
		s.start()
		s.event("participant-join", "DESK", true, false, false)
		lost := &call.Error{Code: call.CodeWayIn, Message: "Nobody answers."}
		s.SetWayIn(lost)
		time.Sleep(10 * time.Second)
		s.SetWayIn(&call.Error{Code: call.CodeWayIn, Message: "Something else answers."})
		time.Sleep(10 * time.Second)
		s.SetWayIn(nil)
		s.SetWayIn(nil)

		for _, leg := range []call.Sid{"OTHER", "DESK", "DESK"} {
			if err := s.Microphone(leg, false, picture.SoundDead, 0); (err == nil) != (leg == "DESK") {
				t.Errorf("%s: %v", leg, err)
			}
		}
		time.Sleep(5 * time.Second)
		s.event("participant-leave", "DESK", true, false, false)
		_ = s.Microphone("DESK", false, picture.SoundFlows, 0) // too late: it has left

		tardy.is(0, errors.New("no route to host"))
		time.Sleep(5 * time.Minute)
		tardy.is(4*time.Second, nil)
		time.Sleep(5 * time.Minute)
		tardy.is(0, nil)
		time.Sleep(2 * time.Minute)
		told := s.troubles()
		if len(told) != 8 {
			t.Fatalf("the record tells of %q", told)
		}
		if diff := cmp.Diff([]string{
			"way_in: Nobody answers.", "way_in over after 20 s", "sound: The microphone is silent.", "sound over after 5 s",
			"twilio: ", "slow: It took 4s to say where the calls are.",
		}, []string{told[0], told[1], told[2], told[3], told[4], told[6]}); diff != "" {
			t.Error(diff)
		}
	})
}

func TestATroubleThatComesAndGoesDoesNotFillTheJournal(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		for range 1000 {
			s.SetWayIn(&call.Error{Code: call.CodeWayIn, Message: "Nobody answers."})
			s.SetWayIn(nil)
			time.Sleep(time.Second)
		}
		if told := s.troubles(); len(told) != 24 {
			t.Errorf("%d facts within an hour, want 24", len(told))
		}
		time.Sleep(time.Hour)
		s.SetWayIn(&call.Error{Code: call.CodeWayIn, Message: "Nobody answers."})
		if told := s.troubles(); len(told) != 25 {
			t.Errorf("%d facts after another hour, want 25", len(told))
		}
		s.SetWayIn(nil)
	})
}
