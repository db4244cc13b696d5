package station_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/station"
)

// A caller who has left a bridge is told so by one request, and why by another:
// whichever comes first, it ends in the right place and hears words.
func TestWhoLeavesABridgeIsNeverLeftNowhere(t *testing.T) {
	a := station.Arrival{Call: "A"}
	star := func(s *show) { s.TakesNext("", "T") }
	hangsUp := func(s *show) { s.Ended("T", "completed") }
	left := func(s *show) station.Answer { return s.LeftQueue(a, "bridged") }
	moment := func(s *show) station.Answer { return s.LeftBridge(a, false) }
	limbo := station.Answer{Place: call.Place{Kind: call.Bridge}}
	thanked := station.Answer{Place: call.Place{Kind: call.Closing}, Words: station.Thanks}
	again := station.Answer{Place: waiting, Words: station.Sorry}
	for name, play := range map[string]func(*show) []station.Answer{
		"* is told before": func(s *show) []station.Answer {
			star(s)
			return []station.Answer{left(s), thanked}
		},
		"* is told after": func(s *show) []station.Answer {
			first := left(s)
			star(s)
			return []station.Answer{first, limbo, moment(s), thanked}
		},
		"the hang-up is told before": func(s *show) []station.Answer {
			hangsUp(s)
			return []station.Answer{left(s), again}
		},
		"the hang-up is told after": func(s *show) []station.Answer {
			first := left(s)
			second := moment(s)
			hangsUp(s)
			return []station.Answer{first, limbo, second, limbo, moment(s), again}
		},
		"nothing is told": func(s *show) []station.Answer {
			return []station.Answer{left(s), limbo, s.LeftBridge(a, true), again}
		},
		"the hang-up, when the show has closed": func(s *show) []station.Answer {
			if err := s.closes(); err != nil {
				s.t.Fatal(err)
			}
			hangsUp(s)
			return []station.Answer{left(s), thanked}
		},
		"the hang-up, when the whisper was not heard of": func(s *show) []station.Answer {
			s.Waiting(a, call.OnAir)
			first := left(s)
			hangsUp(s)
			return []station.Answer{first, limbo, moment(s), again}
		},
	} {
		t.Run(name, func(t *testing.T) {
			perform(t, func(t *testing.T, s *show) {
				if got := s.TypedPin("", "T", djs, true); got != station.PinRight {
					t.Fatalf("the PIN is %v", got)
				}
				s.TakesNext("", "T")
				s.Bridged(a, "T")
				s.wants("A", call.Place{Kind: call.Bridge})
				answers := play(s)
				for i := 0; i < len(answers); i += 2 {
					if answers[i] != answers[i+1] {
						t.Errorf("answer %d is %+v, want %+v", i/2+1, answers[i], answers[i+1])
					}
				}
				if last := answers[len(answers)-1]; last == again {
					s.Waiting(a, call.OnAir)
					s.wants("A", waiting)
				} else {
					s.wants("A", last.Place)
				}
			})
		})
	}
}

func TestATelephoneThatTakesOverHoldsWhoTalksOnTheLine(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		must(s.Next(t.Context(), ""))
		s.join("A")
		s.twilio.told()
		s.TypedPin("", "T", djs, true)
		synctest.Wait()
		s.wants("A", held)
		if _, err := s.Next(t.Context(), ""); code(err) != "on_telephone" {
			t.Errorf("Next while a telephone takes the callers: %v", err)
		}
		if a := s.TakesNext("", "T"); !a.Anyone || a.Name != "Caller B" {
			t.Errorf("next on the telephone: %+v", a)
		}
		s.TypedPin("", "U", djs, true)
		if a := s.TakesNext("", "T"); !a.Elsewhere {
			t.Errorf("a second telephone has the line, and the first one hears %+v", a)
		}
		s.TakesNext("", "U")
	})
}

func TestAPhoneThatWasReplacedTakesNobody(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.DeskCalls("", "D1", call.AirLine, true)
		s.DeskCalls("", "D2", call.AirLine, true)
		synctest.Wait()
		if did := s.twilio.told(); !slices.Contains(did, "end D1") {
			t.Errorf("D1 was replaced, and Twilio was told %q", did)
		}
		// That was lost: Twilio puts a caller through to it.
		s.Bridged(station.Arrival{Call: "A"}, "D1")
		synctest.Wait()
		if did := s.twilio.told(); !slices.Contains(did, "end D1") {
			t.Errorf("D1 takes callers, and Twilio was told %q", did)
		}
		if s.DeskCalls("", "D1", call.AirLine, true) {
			t.Error("D1 may take another one")
		}
		s.Ended("D1", "completed")
		if a := s.LeftQueue(station.Arrival{Call: "A"}, "bridged"); a.Place != waiting {
			t.Errorf("D1's caller is told %+v", a)
		}
		s.twilio.told()
		time.Sleep(31 * time.Second) // a comparison
		if did := s.twilio.told(); slices.Contains(did, "end D1") {
			t.Error("D1 has ended and is ended again")
		}
	})
}

func TestAWhisperThatComesLateBringsNobodyBack(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.DeskCalls("", "D", call.AirLine, true)
		must(s.Do(t.Context(), call.OpDrop, "A"))
		synctest.Wait()
		s.Bridged(station.Arrival{Call: "A"}, "D")
		s.wants("A", call.Place{Kind: call.Park})
	})
}

func TestWhoHearsTheClosingWordsInTheQueueCanBeTakenFromThere(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.DeskCalls("", "D", call.AirLine, true)
		s.twilio.isDeafTo("A")
		if err := s.closes(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Second) // its move is given up
		synctest.Wait()
		if a := s.Waiting(station.Arrival{Call: "A"}, call.OnAir); a.Words != station.Thanks {
			t.Fatalf("A is told %+v", a)
		}
		s.Bridged(station.Arrival{Call: "A"}, "D")
		s.wants("A", call.Place{Kind: call.Bridge})
	})
}

func TestTheWaitIsEstimatedOnlyWhenThereIsGround(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		estimate := func() time.Duration { return s.Waiting(station.Arrival{Call: "Z"}, call.OnAir).Estimate }
		for i, sid := range []call.Sid{"A", "B", "C"} {
			if got := estimate(); got != 0 {
				t.Errorf("after %d callers the estimate is %v", i, got)
			}
			must(s.Do(t.Context(), call.OpTake, sid))
			s.join(sid)
			time.Sleep(time.Duration(i+1) * time.Minute)
			s.Ended(sid, "completed")
		}
		if got := estimate(); got != 2*time.Minute {
			t.Errorf("after talks of 1, 2 and 3 minutes the estimate of the first is %v", got)
		}
		s.Waiting(station.Arrival{Call: "Y"}, call.OnAir)
		if got := s.Waiting(station.Arrival{Call: "Y"}, call.OnAir).Estimate; got != 4*time.Minute {
			t.Errorf("the estimate of the second is %v", got)
		}
		if err := s.closes(); err != nil {
			t.Fatal(err)
		}
	})
}
