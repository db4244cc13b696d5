package station_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/station"
)

// told is what was said last of the microphone to who is at the feed.
func (s *show) told() (m *picture.Microphone) {
	synctest.Wait()
	for {
		select {
		case c := <-s.feed.Changes:
			for _, said := range c.Microphones {
				m = &said
			}
		default:
			return m
		}
	}
}

// first is the first microphone of a list; nil when it is empty.
func first(all []picture.Microphone) *picture.Microphone {
	if len(all) == 0 {
		return nil
	}
	return &all[0]
}

// What the page that has the phone says of its microphone is what all are shown,
// also who opens a desk now or comes back to it; it goes with the phone.
func TestTheMicrophoneOnAirIsWhatItsPageSays(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		for _, muted := range []bool{true, false, true} {
			if err := s.Microphone("DESK", muted, picture.SoundFlows, 0); err != nil {
				t.Fatal(err)
			}
			want := &picture.Microphone{Line: call.AirLine, Call: "DESK", Muted: muted, Sound: picture.SoundFlows}
			back := s.Attach(s.Picture().Seq)
			defer back.Close()
			for who, got := range map[string]*picture.Microphone{
				"who is there": s.told(), "who opens a desk": first(s.Picture().Microphones), "who comes back": first((<-back.Changes).Microphones),
			} {
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s is told (-want +got):\n%s", who, diff)
				}
			}
		}
		if got := code(s.Microphone("OTHER", false, picture.SoundFlows, 0)); got != "phone_off_line" {
			t.Errorf("a phone that is not on the line: %s", got)
		}
		if !first(s.Picture().Microphones).Muted {
			t.Error("a phone that is not on the line has changed what is shown")
		}
		s.event("participant-leave", "DESK", true, false, false)
		if m := first(s.Picture().Microphones); m != nil {
			t.Errorf("the phone has left the line and its microphone is %+v", m)
		}
		s.event("participant-join", "NEW", true, false, false)
		if m := first(s.Picture().Microphones); m != nil {
			t.Errorf("nothing was said of the new phone's microphone and it is %+v", m)
		}
		if got := code(s.Mute(t.Context(), "NEW", true)); got != "not_muted" {
			t.Errorf("the one of before was muted, and the new one is said to be: %s", got)
		}
	})
}

// A request to mute is shown as one, and as done only when the page that has the
// microphone says so.
func TestAMuteFromAnotherPageIsConfirmedByTheMicrophonesOwn(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		say := func(muted bool, obeyed int64) {
			t.Helper()
			if err := s.Microphone("DESK", muted, picture.SoundFlows, obeyed); err != nil {
				t.Fatal(err)
			}
		}
		ask := func(on bool) chan error {
			answer := make(chan error, 1)
			go func() { answer <- s.Mute(t.Context(), "DESK", on) }()
			return answer
		}
		shows := func(muted bool, asks string) (at int64) {
			t.Helper()
			got := ""
			m := s.told()
			if m != nil && m.Asked != nil {
				got, at = map[bool]string{true: "mute", false: "unmute"}[m.Asked.On], m.Asked.At
			}
			if m == nil || m.Muted != muted || got != asks {
				t.Errorf("shown is %+v asked %q, want muted %v asked %q", m, got, muted, asks)
			}
			return at
		}
		done := func(asked chan error) {
			t.Helper()
			if err := <-asked; err != nil {
				t.Error(err)
			}
		}
		if got := code(s.Mute(t.Context(), "DESK", true)); got != "not_muted" {
			t.Errorf("a page that has said nothing of its microphone: %s", got)
		}
		say(false, 0)
		mute := ask(true)
		at := shows(false, "mute")
		say(false, 0) // before it has heard of that
		shows(false, "mute")
		if len(mute) > 0 {
			t.Error("it is done before the page has done it")
		}
		say(true, at)
		done(mute)
		shows(true, "")
		if err := s.Mute(t.Context(), "DESK", true); err != nil {
			t.Errorf("what is so already: %v", err)
		}

		// Who unmutes and thinks better of it is muted in the end, although that
		// was so when it was asked.
		unmute := ask(false)
		first := shows(true, "unmute")
		muteAgain := ask(true)
		second := shows(true, "mute")
		done(unmute)
		say(false, first)
		shows(false, "mute")
		say(true, second)
		done(muteAgain)
		shows(true, "")

		began := time.Now()
		if got := code(<-ask(false)); got != "not_muted" {
			t.Errorf("a page that does not answer: %s", got)
		}
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("that was said after %s", took)
		}
		shows(true, "")

		ask(false)
		shows(true, "unmute")
		s.event("participant-join", "NEW", true, false, false)
		if err := s.Microphone("NEW", true, picture.SoundFlows, 0); err != nil {
			t.Fatal(err)
		}
		shows(true, "") // another phone was meant
	})
}

// The microphone is shown while the disk takes its time: facts wait for it.
func TestTheMicrophoneDoesNotWaitForTheDisk(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		free := s.journal.slow()
		defer free()
		a := station.Arrival{Call: "D", Number: "+15550100104"}
		s.Arrive(a)
		s.told()
		if err := s.Microphone("DESK", true, picture.SoundFlows, 0); err != nil {
			t.Fatal(err)
		}
		if m := s.told(); m == nil || !m.Muted {
			t.Errorf("shown is %+v", m)
		}
	})
}

func TestATelephoneIsMutedOnTheTelephone(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.TypedPin("", "PHONE", "+12015550177", true)
		if got := code(s.Mute(t.Context(), "PHONE", true)); got != "on_telephone" {
			t.Errorf("it is refused with %s", got)
		}
	})
}
