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

// onSharedLanes is onLanes where the last one takes several callers.
func onSharedLanes(t *testing.T, lanes int, with func(*show), test func(t *testing.T, s laned)) {
	onLanesOf(t, lanes, func(s *show) {
		s.studios[0].SharedLane = true
		with(s)
	}, test)
}

func nothingElse(*show) {}

// shared are A on the first of two lanes, and B and C, who share the second.
func (s laned) shared() {
	s.take("A", 1)
	s.take("B", 2)
	s.take("C", 2)
	s.twilio.told()
}

// Free lanes are filled first; then the last one takes whoever comes, as long as the phone is there.
func TestTheLastLaneTakesSeveral(t *testing.T) {
	onSharedLanes(t, 2, nothingElse, func(t *testing.T, s laned) {
		s.shared()
		if _, err := s.Do(t.Context(), call.OpDeck, "D"); err != nil || s.comes("D") != lane(2) {
			t.Errorf("D comes to %q, %v", s.comes("D"), err)
		}
		onto := func(sid call.Sid, n int) error {
			_, err := s.Deed(t.Context(), station.Deed{Op: call.OpTake, Call: sid, Lane: lane(n)})
			synctest.Wait()
			return err
		}
		refusedAs(t, "the first one, which is for one", onto("E", 1), call.CodeLanesTaken)
		s.says("participant-leave", deskLeg(2), 2, true, false)
		refusedAs(t, "the last one without the phone", onto("E", 2), call.CodePhoneOffLine)
		_, err := s.Do(t.Context(), call.OpTake, "E")
		refusedAs(t, "any without it", err, call.CodePhoneOffLine)
		s.phone(2)
		if err := onto("E", 2); err != nil || s.comes("E") != lane(2) {
			t.Errorf("E comes to %q, %v", s.comes("E"), err)
		}
		on, _ := s.OnLanes("")
		var who []string
		for _, l := range on {
			who = append(who, fmt.Sprintf("%s %d %t", l.Card.Call, l.Lane, l.Shared))
		}
		if want := []string{"A 1 false", "B 2 true", "C 2 true"}; !slices.Equal(who, want) {
			t.Errorf("on the lanes are %v", who)
		}
	})
}

// Whom Next takes comes to a lane of their own if one gets free by it, and waits for nobody on the one that is shared.
func TestNextUsesTheSharedLaneLast(t *testing.T) {
	onSharedLanes(t, 2, nothingElse, func(t *testing.T, s laned) {
		s.shared()
		for _, sid := range []call.Sid{"A", "B", "C"} {
			if err := s.Lock(t.Context(), sid, true); err != nil {
				t.Fatal(err)
			}
		}
		s.says("participant-leave", deskLeg(2), 2, true, false)
		_, err := s.Next(t.Context(), "D")
		refusedAs(t, "Next without the phone there", err, call.CodePhoneOffLine)
		s.phone(2)
		must(s.Next(t.Context(), "D"))
		if to := s.comes("D"); to != lane(2) {
			t.Errorf("with nobody to drop D comes to %q", to)
		}
	})
	onSharedLanes(t, 2, nothingElse, func(t *testing.T, s laned) {
		s.shared()
		for _, sid := range []call.Sid{"B", "C"} {
			if err := s.Lock(t.Context(), sid, true); err != nil {
				t.Fatal(err)
			}
		}
		s.twilio.isDeafTo("A")
		must(s.Next(t.Context(), "D"))
		synctest.Wait()
		if told := s.twilio.told(); !slices.Equal(told, []string{"send A"}) || s.comes("D") != lane(1) {
			t.Errorf("while A leaves lane 1 Twilio is told %v, and D comes to %q", told, s.comes("D"))
		}
	})
	onSharedLanes(t, 2, nothingElse, func(t *testing.T, s laned) {
		s.shared()
		if err := s.Lock(t.Context(), "A", true); err != nil {
			t.Fatal(err)
		}
		s.twilio.isDeafTo("B")
		must(s.Next(t.Context(), "D"))
		synctest.Wait()
		if told := s.twilio.told(); !slices.Equal(told, []string{"send B", "send C", "send D"}) || s.comes("D") != lane(2) {
			t.Errorf("Twilio is told %v, and D comes to %q", told, s.comes("D"))
		}
		s.joins("D", 2)
		s.after(8 * time.Second) // B has gone by now
		must(s.Undo(t.Context(), "C"))
		synctest.Wait()
		if b, c := s.comes("B"), s.comes("C"); b != lane(2) || c != lane(2) {
			t.Errorf("B comes back to %q and C to %q", b, c)
		}
	})
}

// From a lane of their own a caller is moved to the shared one whoever is there, and from there to a free one only.
func TestACallerMovesToAndFromTheSharedLane(t *testing.T) {
	onSharedLanes(t, 2, nothingElse, func(t *testing.T, s laned) {
		s.shared()
		refusedAs(t, "from the shared one with none free", s.toLane("B", 0), call.CodeLanesTaken)
		if err := s.toLane("A", 0); err != nil || s.comes("A") != lane(2) {
			t.Fatalf("A comes to %q, %v", s.comes("A"), err)
		}
		if told := s.twilio.told(); !slices.Equal(told, []string{"send A"}) {
			t.Errorf("Twilio is told %v", told)
		}
		s.joins("A", 2)
		if err := s.toLane("B", 0); err != nil || s.comes("B") != lane(1) {
			t.Errorf("B comes to %q, %v", s.comes("B"), err)
		}
	})
}

// Without a desk between them nobody hears another one, also of those who share a lane: each is held at once, who
// joins late too, and talks again only with the phone there.
func TestALostDeskHoldsEachOnTheSharedLane(t *testing.T) {
	held := func(t *testing.T, s laned, want ...string) {
		t.Helper()
		if told := s.twilio.told(); !slices.Equal(told, want) {
			t.Errorf("Twilio is told %v, want %v", told, want)
		}
	}
	onSharedLanes(t, 2, nothingElse, func(t *testing.T, s laned) {
		s.shared()
		must(s.Do(t.Context(), call.OpTake, "D"))
		synctest.Wait()
		s.twilio.told()
		s.says("participant-leave", deskLeg(2), 2, true, false)
		held(t, s, "B held", "C held")
		s.joins("D", 2)
		held(t, s, "D held")
		for _, sid := range []call.Sid{"B", "C", "D"} {
			s.says("participant-hold", sid, 2, false, true)
		}
		_, err := s.Do(t.Context(), call.OpResume, "B")
		refusedAs(t, "Resume without the phone", err, call.CodePhoneOffLine)
		if err := s.BringBack(t.Context(), lane(1)); code(err) != call.CodePhoneOffLine.String() {
			t.Errorf("Bring back without the phone: %v", err)
		}
		held(t, s)
		s.phone(2)
		if err := s.BringBack(t.Context(), lane(1)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		held(t, s, "B talking", "C talking", "D talking")
	})
	p := &pages{answers: true, carries: true}
	onSharedLanes(t, 2, func(s *show) { s.pages, p.show = p, s }, func(t *testing.T, s laned) {
		closed := s.Opened("")
		s.shared()
		s.after(time.Minute)
		p.now(false, false, nil) // its page has died without a word
		closed()
		if told := s.after(2 * time.Second); !slices.Equal(told, []string{"A held", "B held", "C held", "end DESK1", "end DESK2"}) {
			t.Errorf("of a page that died Twilio is told %v", told)
		}
	})
}

// Who takes the lanes over brings back each who shares one.
func TestAReserveTakesOverTheSharedLane(t *testing.T) {
	onSharedLanes(t, 3, func(s *show) { s.desks = []call.Desk{whole, second} }, func(t *testing.T, s laned) {
		for n, sid := range []call.Sid{"A", "B", "C"} {
			s.take(sid, n+1)
		}
		s.take("D", 3)
		s.reserved(second)
		s.lost()
		s.says("participant-hold", "D", 3, false, true)
		s.twilio.told()
		if err := s.Station.Seat(second, "").TakeLanes(t.Context(), true); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		told := s.twilio.told()
		for _, sid := range []string{"A", "B", "C", "D"} {
			if !slices.Contains(told, sid+" talking") {
				t.Errorf("%s is not brought back: Twilio is told %v", sid, told)
			}
		}
	})
}
