package station_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/station"
)

// onAir puts A on air and then C, past B, by a Next that drops A.
func (s *show) onAir() {
	s.t.Helper()
	must(s.Next(s.t.Context(), "A"))
	synctest.Wait()
	s.join("A")
	must(s.Next(s.t.Context(), "C", "A"))
	synctest.Wait()
	s.Sent(station.Arrival{Call: "A"})
	s.join("C")
	s.wants("A", call.Place{Kind: call.Park})
	s.wants("C", talking)
}

// A Next is taken back like a drop, by whoever it dropped or took: who was dropped is
// on air again, and who was taken waits at the head of the queue.
func TestANextIsTakenBackWhole(t *testing.T) {
	for _, by := range []call.Sid{"A", "C"} {
		perform(t, func(t *testing.T, s *show) {
			s.onAir()
			time.Sleep(9 * time.Second)
			must(s.Undo(t.Context(), by))
			synctest.Wait()
			s.join("A")
			s.Sent(station.Arrival{Call: "C"})
			s.Waiting(station.Arrival{Call: "C"}, call.OnAir)
			s.wants("A", talking)
			s.wants("C", waiting)
			if next := s.Picture().Studios[0].Next; next != "C" {
				t.Errorf("next is %s, and was C", next)
			}
		})
	}
	perform(t, func(t *testing.T, s *show) { // nobody was dropped by it
		must(s.Next(t.Context(), "A"))
		synctest.Wait()
		s.join("A")
		must(s.Undo(t.Context(), "A"))
		synctest.Wait()
		s.Waiting(station.Arrival{Call: "A"}, call.OnAir)
		s.wants("A", waiting)
	})
}

func TestWhatWasDoneSinceIsNotTakenBack(t *testing.T) {
	for name, since := range map[string]func(s *show){
		"too long ago": func(*show) { time.Sleep(10*time.Second + time.Millisecond) },
		"put on hold": func(s *show) {
			must(s.Do(s.t.Context(), call.OpHold, "C"))
			s.event("participant-hold", "C", false, false, true)
		},
	} {
		t.Run(name, func(t *testing.T) {
			perform(t, func(t *testing.T, s *show) {
				s.onAir()
				since(s)
				if _, err := s.Undo(t.Context(), "C"); code(err) != "not_dropped" {
					t.Errorf("undo: %v", err)
				}
			})
		})
	}
	perform(t, func(t *testing.T, s *show) { // C has hung up: A returns alone
		s.onAir()
		s.Ended("C", "completed")
		must(s.Undo(t.Context(), "A"))
		synctest.Wait()
		s.join("A")
		s.wants("A", talking)
	})
}

// A press is for those whom the desk showed: a second click, or one that came while
// another desk pressed, does nothing to anybody else.
func TestAPressIsForWhomTheDeskShowed(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		must(s.Next(t.Context(), "A", []call.Sid{}...))
		if _, err := s.Next(t.Context(), "A", []call.Sid{}...); code(err) != "moving" {
			t.Errorf("Next twice: %v", err)
		}
		synctest.Wait()
		s.join("A")
		if _, err := s.Next(t.Context(), "A", []call.Sid{}...); code(err) != "not_meant" {
			t.Errorf("Next for who is on air: %v", err)
		}
		if _, err := s.Next(t.Context(), "B", []call.Sid{}...); code(err) != "not_meant" {
			t.Errorf("Next that would drop somebody of whom the desk said nothing: %v", err)
		}
		for _, op := range []call.Op{call.OpTake, call.OpDrop, call.OpHold} {
			if _, err := s.Do(t.Context(), op, "A", waiting); code(err) != "not_meant" {
				t.Errorf("%s on the row of A, who is on air now: %v", op, err)
			}
		}
		s.wants("A", talking)
		must(s.Do(t.Context(), call.OpDrop, "B", waiting))
	})
}

// Closing can be taken back: nobody new is let in and nobody is sent away yet.
func TestClosingIsTakenBack(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		if err := s.CloseShow(t.Context()); err != nil {
			t.Fatal(err)
		}
		if a := s.Arrive(station.Arrival{Call: "NEW"}); a.Words != station.Shut {
			t.Errorf("who rings hears %q", a.Words)
		}
		s.Ended("NEW", "completed")
		time.Sleep(9 * time.Second)
		synctest.Wait()
		if did := s.twilio.told(); len(did) > 0 {
			t.Errorf("Twilio was told %v", did)
		}
		if a := s.Waiting(station.Arrival{Call: "A"}, call.OnAir); a.Place != waiting {
			t.Errorf("who waits is told %+v", a)
		}
		if err := s.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if state := s.Picture().Studios[0].Show.State; state != call.ShowOpen || len(s.twilio.told()) > 0 {
			t.Errorf("the show is %s", state)
		}
		// Closed again, it has its whole time again, and a restart does not shorten it.
		if err := s.CloseShow(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(6 * time.Second)
		s.Close()
		s.twilio.where = map[call.Sid]call.Whereabouts{}
		for _, sid := range []call.Sid{"A", "B", "C"} {
			s.twilio.where[sid] = call.Whereabouts{QueueSid: "QU" + call.OnAir}
		}
		s.start()
		time.Sleep(3 * time.Second)
		if state := s.Picture().Studios[0].Show.State; state != call.ShowStopping {
			t.Errorf("after nine seconds the show is %s", state)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if did := s.twilio.told(); !slices.Contains(did, "send A") {
			t.Errorf("after eleven seconds Twilio was told %v", did)
		}
		s.twilio.where = nil
	})
}

// What was typed stays with the call of who hangs up, and is offered when the same
// number rings again in this show.
func TestWhatWasTypedOutlivesTheCall(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		name, topic := "Ana", "the roundabout"
		s.Ended("A", "completed")
		if _, err := s.Note(t.Context(), "A", station.Note{Name: &name, Topic: &topic}); err != nil {
			t.Fatal(err)
		}
		if f := s.journal.facts[len(s.journal.facts)-1]; f.Kind != call.Noted || f.Call != "A" {
			t.Errorf("the last fact is %+v", f)
		}
		again := station.Arrival{Call: "A2", Number: "+15550100100"}
		s.Arrive(again)
		if c := s.card("A2"); c == nil || c.Before == nil || c.Before.Name != name || c.Before.Topic != topic {
			t.Errorf("A rings again: %+v", c)
		}
		s.Arrive(station.Arrival{Call: "D", Number: "+15550100177"})
		if c := s.card("D"); c.Before != nil {
			t.Errorf("somebody else rings: %+v", c.Before)
		}
		for _, sid := range []call.Sid{"A2", "D"} {
			s.Ended(sid, "completed")
		}
	})
}

// Who was made next stays so, whoever comes back to the queue; a hang-up is said.
func TestWhoWasMadeNextStaysNext(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		must(s.Do(t.Context(), call.OpTake, "A"))
		synctest.Wait()
		s.join("A")
		if err := s.MakeNext(t.Context(), "C"); err != nil {
			t.Fatal(err)
		}
		must(s.Move(t.Context(), "A", call.OnAir)) // A, who came first, waits again
		synctest.Wait()
		s.Waiting(station.Arrival{Call: "A"}, call.OnAir)
		s.wants("A", waiting)
		if next := s.Picture().Studios[0].Next; next != "C" {
			t.Errorf("next is %s, not C", next)
		}
		s.notices()
		s.Ended("C", "completed")
		if next := s.Picture().Studios[0].Next; next != "A" || !slices.Contains(s.notices(), "caller_gone") {
			t.Errorf("C has hung up: next is %s", next)
		}
		if err := s.MakeNext(t.Context(), "B"); err != nil {
			t.Fatal(err)
		}
		if err := s.Order(t.Context(), "A", "B"); err != nil { // somebody says otherwise
			t.Fatal(err)
		}
		if next := s.Picture().Studios[0].Next; next != "A" {
			t.Errorf("A was put before B, and next is %s", next)
		}
	})
}
