package station_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/station"
)

// types lets a number type PINs of which none is right.
func (s *show) types(number string, wrong int) (last station.PinResult) {
	for range wrong {
		last = s.TypedPin("", call.Sid("T"+number), number, false)
	}
	return last
}

func TestAStrangerCannotShutATelephoneOut(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		const stranger, newcomer = "+12015550193", "+12015550194"
		if got := s.TypedPin("", "T", djs, true); got != station.PinRight {
			t.Fatalf("the right PIN is %v", got)
		}
		s.notices()
		if got := s.types(stranger, 4); got != station.PinWrong {
			t.Errorf("four wrong PINs: %v", got)
		}
		if got := s.types(stranger, 1); got != station.PinLocked || !s.PinLocked(stranger) || s.PinLocked(djs) || s.PinLocked(newcomer) {
			t.Errorf("five wrong PINs: %v", got)
		}
		if got := s.TypedPin("", "S", stranger, true); got != station.PinLocked {
			t.Errorf("the right one from a number that is locked: %v", got)
		}
		s.types("", 9) // withheld
		if told := s.notices(); !slices.Equal(told, []string{"pin_locked", "pin_locked"}) {
			t.Errorf("the desk is told %q, want it once for each", told)
		}
		for i := range 3 {
			s.types(fmt.Sprint("+1201555018", i), 5)
		}
		if told := s.notices(); len(told) != 4 { // three numbers, and the whole way
			t.Errorf("the desk is told %q", told)
		}
		facts := len(s.journal.facts)
		if !s.PinLocked(newcomer) || s.types(newcomer, 100) != station.PinLocked {
			t.Error("wrong PINs of many numbers have not locked the whole way")
		}
		synctest.Wait()
		if more := len(s.journal.facts) - facts; more > 0 {
			t.Errorf("what is refused leaves %d facts", more)
		}
		s.Close()
		s.start()
		if l := s.Picture().Lines[0]; !l.PinLocked || len(l.LockedTelephones) != 5 {
			t.Errorf("after a restart: %+v", l)
		}
		if got := s.TypedPin("", "T2", djs, true); got != station.PinRight {
			t.Errorf("the right one from a number that is known: %v", got)
		}
		if !s.PinLocked(newcomer) {
			t.Error("the right PIN of one number has unlocked the way for others")
		}
		time.Sleep(29 * 24 * time.Hour)
		if s.PinLocked(djs) {
			t.Error("a number is not known any more after 29 days")
		}
		time.Sleep(2 * 24 * time.Hour)
		if !s.PinLocked(djs) {
			t.Error("a number is known for more than 30 days")
		}
		if err := s.UnlockPin(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, number := range []string{stranger, newcomer, djs, ""} {
			if s.PinLocked(number) {
				t.Errorf("%q is locked after Unlock", number)
			}
		}
		if err := s.UnlockPin(t.Context()); code(err) != "not_locked" {
			t.Errorf("Unlock once more: %v", err)
		}
		s.TypedPin("", "T3", "", true)
		for i := range 5 {
			s.types(fmt.Sprint("+1201555018", i), 5)
		}
		if !s.PinLocked("") {
			t.Error("withheld numbers are known, as one of them typed the right PIN")
		}
		s.Ended("T3", "completed") // else it is taken to have somebody whom Twilio lists nowhere
	})
}

// Earlier Callins kept no number: what they locked stays locked.
func TestWhatWrongPINsOfEarlierCallinsLockedIsLocked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wrong := call.Fact{Kind: call.PinTyped, Call: "T"}
		facts := []call.Fact{wrong, {Kind: call.PinTyped, Call: "T", On: true}, wrong, wrong, wrong, wrong, wrong}
		for i := range facts {
			facts[i].Seq, facts[i].At = int64(i+1), time.Now().UnixMilli()
		}
		for kept, want := range map[int]bool{6: false, 7: true} {
			s := &show{t: t, twilio: &twilio{gone: map[call.Sid]bool{}}, journal: &memory{facts: slices.Clone(facts[:kept])}}
			s.start()
			if got := s.Picture().Lines[0].PinLocked; got != want || s.PinLocked(djs) != want {
				t.Errorf("after %d of the facts: %v", kept, got)
			}
			if want {
				must(0, s.UnlockPin(t.Context()))
				if s.PinLocked(djs) {
					t.Error("Unlock does not unlock it")
				}
			}
			s.Close()
		}
	})
}
