package station_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/station"
)

func TestAFailedMoveLeavesNobodyOnAirAlone(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		for _, sid := range []call.Sid{"A", "B"} {
			must(s.Do(t.Context(), call.OpTake, sid))
			s.join(sid)
		}
		on := call.Whereabouts{Line: call.AirLine, Conference: "CF1"}
		s.twilio.where = map[call.Sid]call.Whereabouts{"A": on, "B": on}
		s.twilio.isDeafTo("A")
		must(s.Do(t.Context(), call.OpDrop, "A"))
		s.event("participant-leave", "DESK", true, false, false)
		s.wants("B", held)
		time.Sleep(9 * time.Second)
		synctest.Wait()
		s.wants("A", held)
		on.Hold = true
		s.twilio.where = map[call.Sid]call.Whereabouts{"A": on, "B": on}
	})
}

func TestAPressStandsWhenItsPageHasGone(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		gone, leave := context.WithCancel(t.Context())
		leave()
		_, _ = s.Do(gone, call.OpTake, "A")
		synctest.Wait()
		if got := s.twilio.told(); !slices.Equal(got, []string{"send A"}) {
			t.Errorf("Twilio was told %v", got)
		}
		s.join("A")
		s.wants("A", talking)
	})
}

func TestOneWhoCannotBeBroughtBackDoesNotKeepTheOthers(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		for _, sid := range []call.Sid{"A", "B"} {
			must(s.Do(t.Context(), call.OpTake, sid))
			s.join(sid)
		}
		s.event("participant-leave", "DESK", true, false, false)
		s.event("participant-join", "DESK2", true, false, false)
		s.twilio.isDeafTo("A")
		must(s.Do(t.Context(), call.OpDrop, "A")) // under way
		if err := s.BringBack(t.Context(), call.AirLine); code(err) != "moving" {
			t.Errorf("bringing back one who is being dropped: %v", err)
		}
		synctest.Wait()
		s.wants("B", talking)
	})
}

// lagging is a Twilio whose Calls learn of a hang-up later than its queues.
type lagging struct {
	*twilio
	until time.Time
}

func (l lagging) Find(ctx context.Context, sid call.Sid) (call.Found, error) {
	if time.Now().Before(l.until) {
		return call.Found{Status: "in-progress"}, nil
	}
	return l.twilio.Find(ctx, sid)
}

func TestNextFollowsOnAlthoughTwilioLagsBehind(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.Close()
		s.carrier = lagging{s.twilio, time.Now().Add(time.Second)}
		s.start()
		s.twilio.gone["A"] = true
		must(s.Next(t.Context(), "A"))
		time.Sleep(2 * time.Second)
		synctest.Wait()
		s.join("B")
		s.wants("B", talking)
	})
}

func TestAMoveIntoAFullQueueLeadsBack(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		a := station.Arrival{Call: "A"}
		must(s.Move(t.Context(), "A", call.Screening))
		s.Sent(a)
		if got := s.LeftQueue(a, "queue-full"); got.Place != waiting || got.Words == station.Full {
			t.Errorf("A is told %+v", got)
		}
		s.wants("A", waiting)
		if c := s.card("A"); c.Trouble == nil || c.Trouble.Code != call.CodeQueueFull {
			t.Errorf("the trouble is %+v", c.Trouble)
		}
		if got := s.LeftQueue(station.Arrival{Call: "NEW"}, "queue-full"); got.Place.Kind != call.Closing || got.Words != station.Full {
			t.Errorf("a new caller is told %+v", got)
		}
	})
}

func TestAMuteThatOvertakesTheJoinCountsAsOne(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		must(s.Do(t.Context(), call.OpDeck, "A"))
		s.seq = 20
		s.event("participant-mute", "A", false, true, false)
		s.seq = 10
		s.join("A")
		s.wants("A", call.OnLine(call.AirLine, call.Deck))
	})
}

func TestUndoAndHoldWaitForTheMoveUnderWay(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		must(s.Do(t.Context(), call.OpTake, "A"))
		asked := make(chan error, 1)
		go func() {
			_, err := s.Do(t.Context(), call.OpHold, "A") // it has no ConferenceSid yet
			asked <- err
		}()
		synctest.Wait()
		s.join("A")
		if err := <-asked; err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.wants("A", held)

		must(s.Do(t.Context(), call.OpDrop, "A"))
		go func() {
			_, err := s.Undo(t.Context(), "A")
			asked <- err
		}()
		synctest.Wait()
		s.Sent(station.Arrival{Call: "A"})
		if err := <-asked; err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.event("participant-join", "A", false, true, false)
		s.wants("A", held)
		if _, err := s.Undo(t.Context(), "A"); code(err) != "not_dropped" {
			t.Errorf("Undo of nothing: %v", err)
		}
	})
}

func TestTwoDesksTakeOneCaller(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		answers := make(chan error, 2)
		for range 2 {
			go func() {
				_, err := s.Do(t.Context(), call.OpTake, "A")
				answers <- err
			}()
		}
		one, two := <-answers, <-answers
		if refused := new(call.Error); (one == nil) == (two == nil) || !errors.As(errors.Join(one, two), &refused) || refused.Code != call.CodeMoving {
			t.Errorf("the desks are told %v and %v", one, two)
		}
		synctest.Wait()
		s.join("A")
		s.wants("A", talking)
	})
}

// The caller hangs up at every step of every move: before it is pressed, before
// Twilio answers, after Twilio took it, and when it is done.
func TestTheCallerHangsUpAtAnyStepOfAnyMove(t *testing.T) {
	for _, op := range []call.Op{call.OpTake, call.OpDeck, call.OpDrop, call.OpMove, call.OpHold, call.OpResume, call.OpUndo} {
		for step := range 4 {
			perform(t, func(t *testing.T, s *show) {
				prepare := map[call.Op][]call.Op{
					call.OpHold: {call.OpTake}, call.OpResume: {call.OpTake, call.OpHold}, call.OpUndo: {call.OpDrop},
				}
				do := func(op call.Op) {
					if op == call.OpMove {
						_, _ = s.Move(t.Context(), "A", call.Screening)
					} else {
						_, _ = s.Do(t.Context(), op, "A")
					}
				}
				done := func(op call.Op) {
					switch op {
					case call.OpTake, call.OpDeck:
						s.join("A")
					case call.OpDrop:
						s.Sent(station.Arrival{Call: "A"})
					case call.OpUndo, call.OpMove:
						a := s.Sent(station.Arrival{Call: "A"})
						s.Waiting(station.Arrival{Call: "A"}, a.Place.Name)
					}
				}
				for _, before := range prepare[op] {
					do(before)
					synctest.Wait()
					done(before)
				}
				hangUp := func() {
					s.twilio.mu.Lock()
					s.twilio.gone["A"] = true
					s.twilio.mu.Unlock()
					s.Ended("A", "completed")
				}
				if step == 0 {
					hangUp()
				}
				do(op)
				if step == 1 {
					hangUp()
				}
				synctest.Wait()
				if step == 2 {
					hangUp()
				}
				done(op)
				if step == 3 {
					hangUp()
				}
				time.Sleep(10 * time.Second)
				synctest.Wait()
				if c := s.card("A"); c != nil {
					t.Errorf("%s, hung up at step %d: still there: %+v", op, step, *c)
				}
				s.wants("B", waiting)
			})
		}
	}
}

func TestCloseWhileNextIsUnderWay(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		must(s.Next(t.Context(), "A"))
		if err := s.closes(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.join("A")
		s.wants("A", talking)
		for _, sid := range []call.Sid{"B", "C"} {
			if a := s.Sent(station.Arrival{Call: sid}); a.Words != station.Thanks {
				t.Errorf("%s hears %q", sid, a.Words)
			}
		}
		s.Ended("B", "completed")
		s.Ended("C", "completed")
		synctest.Wait()
		if got := s.Picture().Studios[0].Show.State; got != call.ShowClosed {
			t.Errorf("the show is %s while A is still on air", got)
		}
	})
}

func TestALateRequestOfAnEarlierMoveParksNobody(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		must(s.Do(t.Context(), call.OpTake, "A"))
		s.join("A")
		s.twilio.isDeafTo("A")
		must(s.Do(t.Context(), call.OpDrop, "A"))
		s.Sent(station.Arrival{Call: "A"}) // by which A was taken
		if c := s.card("A"); c.Place != talking || c.Move == nil {
			t.Errorf("A is %+v", c)
		}
		s.twilio.mu.Lock()
		s.twilio.where = map[call.Sid]call.Whereabouts{"A": {Line: call.AirLine, Conference: "CF1"}}
		s.twilio.mu.Unlock()
		time.Sleep(9 * time.Second)
		synctest.Wait()
		s.wants("A", talking) // on air still, and the button is given back
	})
}

func TestAnOlderPhoneWhoseJoinWasLostDoesNotTakeTheLineBack(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.DeskCalls("", "OLD", call.AirLine, false)
		s.DeskCalls("", "NEW", call.AirLine, false)
		s.event("participant-join", "NEW", true, false, false)
		s.twilio.mu.Lock()
		on := call.Whereabouts{Line: call.AirLine, Conference: "CF1", Desk: true}
		s.twilio.where = map[call.Sid]call.Whereabouts{"OLD": on, "NEW": on}
		s.twilio.mu.Unlock()
		time.Sleep(31 * time.Second)
		synctest.Wait()
		got := s.twilio.told()
		if !slices.Contains(got, "end OLD") || slices.Contains(got, "end NEW") {
			t.Errorf("Twilio was told %v", got)
		}
		s.twilio.mu.Lock()
		delete(s.twilio.where, "OLD")
		s.twilio.mu.Unlock()
	})
}
