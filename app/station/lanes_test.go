package station_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/station"
)

// laned is an open show with so many lanes, each with the desk's phone on it, and callers
// A to E waiting.
type laned struct {
	*show
	sequence map[string]int
}

func onLanes(t *testing.T, lanes int, test func(t *testing.T, s laned)) {
	onLanesOf(t, lanes, func(*show) {}, test)
}

// onLanesOf is onLanes at a station that with has set up further.
func onLanesOf(t *testing.T, lanes int, with func(*show), test func(t *testing.T, s laned)) {
	synctest.Test(t, func(t *testing.T) {
		s := laned{&show{t: t, twilio: &twilio{gone: map[call.Sid]bool{}}, journal: &memory{}}, map[string]int{}}
		s.studios = []picture.Studio{{Number: own, Lanes: call.Studio("").Lanes(lanes), Show: picture.Show{Name: "Test", ParkMs: 10_000}}}
		with(s.show)
		s.start()
		defer func() { s.Close() }()
		if err := s.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		for _, sid := range []call.Sid{"A", "B", "C", "D", "E"} {
			a := station.Arrival{Call: sid, Number: "+1555010010" + string(sid[0]-'A'+'0'), Name: "Caller " + string(sid)}
			s.Arrive(a)
			s.Waiting(a, call.OnAir)
		}
		for n := 1; n <= lanes; n++ {
			s.phone(n)
		}
		s.feed = s.Attach(-1)
		s.twilio.told()
		test(t, s)
	})
}

func lane(n int) string { return call.Studio("").Lane(n) }

func deskLeg(n int) call.Sid { return call.Sid("DESK" + string(rune('0'+n))) }

// phone has the desk's phone join a lane.
func (s laned) phone(n int) {
	s.t.Helper()
	if !s.DeskCalls("", deskLeg(n), lane(n), false) {
		s.t.Fatalf("the desk's phone may not have lane %d", n)
	}
	s.says("participant-join", deskLeg(n), n, true, false)
}

func (s laned) says(event string, sid call.Sid, n int, desk, hold bool) {
	s.sequence[lane(n)]++
	s.Conference(station.ConferenceEvent{
		Event: event, Conference: "CF" + lane(n), Line: lane(n), Call: sid, Desk: desk, Hold: hold, Sequence: s.sequence[lane(n)],
	})
	synctest.Wait()
}

// joins has a caller join a lane, having left their queue.
func (s laned) joins(sid call.Sid, n int) { s.says("participant-join", sid, n, false, false) }

// comes is where a caller is on the way to.
func (s laned) comes(sid call.Sid) string {
	c := s.card(sid)
	if c == nil || c.Move == nil {
		return ""
	}
	return c.Move.To.Name
}

func (s laned) take(sid call.Sid, n int) {
	s.t.Helper()
	if _, err := s.Do(s.t.Context(), call.OpTake, sid); err != nil {
		s.t.Fatal(err)
	}
	synctest.Wait()
	if to := s.comes(sid); to != lane(n) {
		s.t.Fatalf("%s comes to %q, not to lane %d", sid, to, n)
	}
	s.joins(sid, n)
}

func TestEachCallerHasALane(t *testing.T) {
	onLanes(t, 3, func(t *testing.T, s laned) {
		s.take("A", 1)
		s.take("B", 2)
		s.take("C", 3)
		_, err := s.Do(t.Context(), call.OpTake, "D")
		refusedAs(t, "a fourth", err, call.CodeLanesTaken)
		_, err = s.Do(t.Context(), call.OpDeck, "D")
		refusedAs(t, "a fourth on deck", err, call.CodeLanesTaken)

		// Who leaves frees theirs, and a held caller keeps it.
		if _, err := s.Do(t.Context(), call.OpHold, "A"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.says("participant-hold", "A", 1, false, true)
		s.Ended("B", "completed")
		synctest.Wait()
		if _, err := s.Do(t.Context(), call.OpDeck, "D"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if to := s.comes("D"); to != lane(2) {
			t.Errorf("D comes to %q", to)
		}
	})
}

// A lane that the studio does not have is none's, whoever asks for it.
func TestAPhoneComesOnlyOntoTheStudiosLanes(t *testing.T) {
	onLanes(t, 2, func(t *testing.T, s laned) {
		for _, line := range []string{lane(3), lane(6), call.OnAir} {
			if s.DeskCalls("", "DESK9", line, false) {
				t.Errorf("the desk's phone may have %s", line)
			}
		}
	})
}

func TestALaneIsChosen(t *testing.T) {
	onLanes(t, 3, func(t *testing.T, s laned) {
		take := func(sid call.Sid, on string) error {
			_, err := s.Deed(t.Context(), station.Deed{Op: call.OpTake, Call: sid, Lane: on})
			synctest.Wait()
			return err
		}
		if err := take("A", lane(3)); err != nil || s.comes("A") != lane(3) {
			t.Fatalf("A comes to %q, %v", s.comes("A"), err)
		}
		refusedAs(t, "a lane that somebody comes to", take("B", lane(3)), call.CodeLanesTaken)
		refusedAs(t, "one that there is not", take("B", lane(4)), call.CodeNoSuchLine)
		refusedAs(t, "another line", take("B", "desk"), call.CodeNoSuchLine)
	})
}

// Next comes onto the lane that is chosen, also one that it leaves free; not onto one that is kept.
func TestNextComesOntoAChosenLane(t *testing.T) {
	onLanes(t, 3, func(t *testing.T, s laned) {
		s.take("A", 1)
		s.take("B", 2)
		if err := s.Lock(t.Context(), "A", true); err != nil {
			t.Fatal(err)
		}
		_, err := s.NextOnto(t.Context(), lane(1), "C")
		refusedAs(t, "a lane that keeps its caller", err, call.CodeLanesTaken)
		_, err = s.NextOnto(t.Context(), lane(4), "C")
		refusedAs(t, "one that there is not", err, call.CodeNoSuchLine)
		s.wants("B", call.OnLine(lane(2), call.Talking)) // nobody was dropped for it
		must(s.NextOnto(t.Context(), lane(2), "C"))
		if to := s.comes("C"); to != lane(2) {
			t.Errorf("C comes to %q, though lane 2 was chosen, which B leaves", to)
		}
	})
}

// With a free lane nobody need go first; with none, whom Next takes comes onto the lane of
// one that it drops, when that one has left it: they would hear each other.
func TestNextTakesALane(t *testing.T) {
	onLanes(t, 2, func(t *testing.T, s laned) {
		s.take("A", 1)
		s.twilio.told()
		if _, err := s.Next(t.Context(), "B"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if to := s.comes("B"); to != lane(2) {
			t.Errorf("B comes to %q", to)
		}
		if told := s.twilio.told(); !slices.Equal(told, []string{"send A", "send B"}) {
			t.Errorf("Twilio is told %v", told)
		}
	})
	onLanes(t, 2, func(t *testing.T, s laned) {
		s.take("A", 1)
		s.take("B", 2)
		if err := s.Lock(t.Context(), "A", true); err != nil {
			t.Fatal(err)
		}
		s.twilio.isDeafTo("B")
		s.twilio.told()
		if _, err := s.Next(t.Context(), "C"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if told := s.twilio.told(); !slices.Equal(told, []string{"send B"}) || s.comes("C") != lane(2) {
			t.Errorf("while B is on the lane Twilio is told %v, and C comes to %q", told, s.comes("C"))
		}
		time.Sleep(20 * time.Second) // B stays
		synctest.Wait()
		if told := s.twilio.told(); slices.Contains(told, "send C") {
			t.Errorf("with B there Twilio is told %v", told)
		}
		if c := s.card("C"); c.Move != nil || c.Place != call.InQueue(call.OnAir) || c.Trouble == nil {
			t.Errorf("C is %+v", c)
		}
	})
}

// A phone that leaves one lane leaves the others as they are.
func TestALaneThatIsLostHoldsItsOwnCaller(t *testing.T) {
	onLanes(t, 3, func(t *testing.T, s laned) {
		s.take("A", 1)
		s.take("B", 2)
		s.twilio.told()
		s.says("participant-leave", deskLeg(2), 2, true, false)
		if told := s.twilio.told(); !slices.Equal(told, []string{"B held"}) {
			t.Errorf("Twilio is told %v", told)
		}
		s.says("participant-hold", "B", 2, false, true)
		s.says("participant-leave", deskLeg(1), 1, true, false)
		s.says("participant-hold", "A", 1, false, true)
		s.twilio.told()
		s.phone(1)
		s.phone(2)
		if err := s.BringBack(t.Context(), lane(1)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if told := s.twilio.told(); !slices.Equal(told, []string{"A talking", "B talking"}) {
			t.Errorf("Twilio is told %v", told)
		}
	})
}

// A drop that is taken back leads to the lane of before, or to another one if somebody has that.
func TestUndoFindsALane(t *testing.T) {
	onLanes(t, 3, func(t *testing.T, s laned) {
		s.take("A", 1)
		if _, err := s.Do(t.Context(), call.OpDrop, "A"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.take("B", 1)
		if _, err := s.Undo(t.Context(), "A"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if to := s.comes("A"); to != lane(2) {
			t.Errorf("A comes back to %q", to)
		}
	})
}

// Those whom one Next dropped come back to a lane each, also where somebody has one of theirs.
func TestUndoGivesEachALane(t *testing.T) {
	onLanes(t, 3, func(t *testing.T, s laned) {
		s.take("A", 1)
		s.take("B", 2)
		if _, err := s.Next(t.Context(), "C"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.joins("C", 3)
		s.take("D", 1)
		if _, err := s.Undo(t.Context(), "A"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if a, b := s.comes("A"), s.comes("B"); a != lane(3) || b != lane(2) {
			t.Errorf("A comes back to %q and B to %q", a, b)
		}
	})
}

// Who is held on a lane that the station has no more is brought onto one that there is.
func TestALaneThatIsNoMoreKeepsNobody(t *testing.T) {
	onLanes(t, 2, func(t *testing.T, s laned) {
		s.take("A", 1)
		s.take("B", 2)
		s.Close()
		s.studios[0].Lanes = call.Studio("").Lanes(1)
		s.start()
		s.says("participant-leave", deskLeg(2), 2, true, false)
		s.says("participant-hold", "B", 2, false, true)
		if _, err := s.Do(t.Context(), call.OpResume, "B"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if to := s.comes("B"); to != lane(1) {
			t.Errorf("B comes to %q", to)
		}
	})
}

// Direct and by telephone are ways of the first lane.
func TestTheDirectWayIsTheFirstLanes(t *testing.T) {
	onLanes(t, 2, func(t *testing.T, s laned) {
		if s.DeskCalls("", "DIRECT", lane(2), true) {
			t.Error("a phone is direct on the second lane")
		}
		if !s.DeskCalls("", "DIRECT", lane(1), true) {
			t.Error("no phone is direct on the first lane")
		}
	})
}

func refusedAs(t *testing.T, what string, err error, want call.Code) {
	t.Helper()
	if code(err) != want.String() {
		t.Errorf("%s: %v", what, err)
	}
}
