package station_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/station"
)

// toLane has a caller moved to a lane; to the first free one without a number.
func (s laned) toLane(sid call.Sid, n int) error {
	d := station.Deed{Call: sid}
	if n > 0 {
		d.Lane = lane(n)
	}
	_, err := s.ToLane(s.t.Context(), d)
	synctest.Wait()
	return err
}

// sent is how a caller is told to join the line that a move leads to.
func (s laned) sent(sid call.Sid) call.Place {
	return s.Sent(station.Arrival{Call: sid}).Place
}

// joinsMuted has a caller join a lane who is not to be heard there.
func (s laned) joinsMuted(sid call.Sid, n int) {
	s.sequence[lane(n)]++
	s.Conference(station.ConferenceEvent{
		Event: "participant-join", Conference: "CF" + lane(n), Line: lane(n), Call: sid, Muted: true, Sequence: s.sequence[lane(n)],
	})
	synctest.Wait()
}

// Who is moved stands on the other lane as they stood, keeps their lock, and has the first lane until they have left it.
func TestACallerMovesToAnotherLane(t *testing.T) {
	onLanes(t, 3, func(t *testing.T, s laned) {
		s.take("A", 1)
		s.take("B", 2)
		if err := s.Lock(t.Context(), "A", true); err != nil {
			t.Fatal(err)
		}
		s.twilio.told()
		if err := s.toLane("A", 0); err != nil || s.comes("A") != lane(3) {
			t.Fatalf("A comes to %q, %v", s.comes("A"), err)
		}
		if told, at := s.twilio.told(), s.sent("A"); !slices.Equal(told, []string{"send A"}) || at != call.OnLine(lane(3), call.Talking) {
			t.Errorf("Twilio is told %v, and A to be in %+v", told, at)
		}
		_, err := s.Do(t.Context(), call.OpTake, "C")
		refusedAs(t, "a lane that is being left, or come to", err, call.CodeLanesTaken)
		refusedAs(t, "a second move at once", s.toLane("A", 1), call.CodeMoving)
		s.joins("A", 3)
		s.wants("A", call.OnLine(lane(3), call.Talking))
		if !s.card("A").Locked {
			t.Error("A is not locked any more")
		}
		s.take("C", 1)

		// On deck and held, and by a restart in the middle.
		s.Ended("B", "completed")
		if _, err := s.Do(t.Context(), call.OpDeck, "D"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.joinsMuted("D", 2)
		s.Ended("C", "completed")
		if err := s.toLane("D", 1); err != nil || s.sent("D") != call.OnLine(lane(1), call.Deck) {
			t.Fatalf("D on deck is told to be in %+v, %v", s.sent("D"), err)
		}
		s.Close()
		s.start()
		s.joinsMuted("D", 1)
		s.wants("D", call.OnLine(lane(1), call.Deck))
	})
}

// Who is held joins the other lane muted and is held there: at no moment heard.
func TestAHeldCallerMovesUnheard(t *testing.T) {
	onLanes(t, 2, func(t *testing.T, s laned) {
		s.take("A", 1)
		s.take("B", 2)
		s.says("participant-leave", deskLeg(2), 2, true, false)
		s.says("participant-hold", "B", 2, false, true)
		s.Ended("A", "completed")
		s.twilio.told()
		if err := s.toLane("B", 0); err != nil || s.sent("B") != call.OnLine(lane(1), call.Held) {
			t.Fatalf("B is told to be in %+v, %v", s.sent("B"), err)
		}
		s.joinsMuted("B", 1)
		if told := s.twilio.told(); !slices.Equal(told, []string{"B held", "send B"}) {
			t.Errorf("Twilio is told %v", told)
		}
		s.says("participant-hold", "B", 1, false, true)
		s.wants("B", call.OnLine(lane(1), call.Held))
		// The phone of their first lane held them, and Bring back has them talk where they are now.
		if err := s.BringBack(t.Context(), lane(1)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if told := s.twilio.told(); !slices.Equal(told, []string{"B talking"}) || s.comes("B") != "" {
			t.Errorf("Twilio is told %v, and B comes to %q", told, s.comes("B"))
		}
	})
}

func TestALaneMoveIsRefused(t *testing.T) {
	onLanes(t, 3, func(t *testing.T, s laned) {
		s.take("A", 1)
		s.take("B", 2)
		s.twilio.told()
		refusedAs(t, "a lane that somebody is on", s.toLane("A", 2), call.CodeLanesTaken)
		refusedAs(t, "one that there is not", s.toLane("A", 4), call.CodeNoSuchLine)
		refusedAs(t, "the one that they are on", s.toLane("A", 1), call.CodeAlreadyThere)
		refusedAs(t, "who waits", s.toLane("C", 3), call.CodeNotOnLine)
		s.says("participant-leave", deskLeg(3), 3, true, false)
		refusedAs(t, "one without the phone", s.toLane("A", 3), call.CodePhoneOffLine)
		refusedAs(t, "any, where that is the only one", s.toLane("A", 0), call.CodeLanesTaken)
		s.phone(3)
		producer := s.Station.Seat(call.Desk{ID: "p", Roles: call.Producer, Studios: []call.Studio{""}}, "")
		_, err := producer.ToLane(t.Context(), station.Deed{Call: "A", Lane: lane(3)})
		refusedAs(t, "a producer", err, call.CodeNotAllowed)
		if told := s.twilio.told(); len(told) > 0 || s.comes("A") != "" {
			t.Errorf("Twilio is told %v", told)
		}
	})
	onLanes(t, 1, func(t *testing.T, s laned) {
		s.take("A", 1)
		refusedAs(t, "one lane only", s.toLane("A", 0), call.CodeNoSuchLine)
	})
}

// lately is Twilio that while it is busy takes no order to send a call on.
type lately struct {
	*twilio
	busy bool
}

func (t *lately) Redirect(ctx context.Context, sid call.Sid, from call.Place, queue string, move int64) error {
	if t.busy {
		return call.ErrLater
	}
	return t.twilio.Redirect(ctx, sid, from, queue, move)
}

// Whatever becomes of a move, the caller is somewhere, and the lane that they did not come to is free.
func TestALaneMoveThatFailsLosesNobody(t *testing.T) {
	talks := func(n int) call.Place { return call.OnLine(lane(n), call.Talking) }
	onLanes(t, 2, func(t *testing.T, s laned) {
		s.take("A", 1)
		at := call.Whereabouts{Line: lane(1), Conference: "CF" + lane(1)}
		desk := at
		desk.Desk = true
		s.twilio.lists(map[call.Sid]call.Whereabouts{"A": at, deskLeg(1): desk})
		if err := s.toLane("A", 2); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Second) // Twilio says nothing of it
		synctest.Wait()
		s.wants("A", talks(1))
		if c := s.card("A"); c.Trouble == nil || c.Trouble.Code != call.CodeNotDone {
			t.Errorf("A's trouble is %+v", c.Trouble)
		}
		s.joins("A", 2) // it was late
		s.wants("A", talks(2))
	})
	onLanes(t, 2, func(t *testing.T, s laned) {
		s.take("A", 1)
		if err := s.toLane("A", 2); err != nil {
			t.Fatal(err)
		}
		s.says("participant-leave", deskLeg(2), 2, true, false)
		s.twilio.told()
		s.joins("A", 2)
		if told := s.twilio.told(); !slices.Equal(told, []string{"A held"}) {
			t.Errorf("on a lane that has lost its phone meanwhile Twilio is told %v", told)
		}
	})
	onLanes(t, 2, func(t *testing.T, s laned) {
		s.take("A", 1)
		if err := s.toLane("A", 2); err != nil {
			t.Fatal(err)
		}
		s.Ended("A", "completed")
		s.take("B", 1)
		s.take("C", 2)
	})
	onLanesOf(t, 2, func(s *show) { s.carrier = &lately{twilio: s.twilio} }, func(t *testing.T, s laned) {
		s.take("A", 1)
		s.carrier.(*lately).busy = true
		if err := s.toLane("A", 2); err != nil {
			t.Fatal(err)
		}
		s.after(20 * time.Second)
		if c := s.card("A"); c == nil || c.Place != talks(1) || c.Move != nil || c.Trouble == nil || c.Trouble.Code != call.CodeBusy {
			t.Errorf("A is %+v", c)
		}
		s.carrier.(*lately).busy = false
		s.take("B", 2)
	})
}

// Whom Twilio has brought onto a lane after another one is held with them when its phone is lost.
func TestAllOnALaneAreHeldWhenItsPhoneIsLost(t *testing.T) {
	onLanes(t, 2, func(t *testing.T, s laned) {
		s.take("A", 1)
		s.joins("B", 1)
		s.twilio.told()
		s.says("participant-leave", deskLeg(1), 1, true, false)
		if told := s.twilio.told(); !slices.Equal(told, []string{"A held", "B held"}) {
			t.Errorf("Twilio is told %v", told)
		}
		for _, sid := range []call.Sid{"A", "B"} {
			s.wants(sid, call.OnLine(lane(1), call.Held))
		}
	})
}

// A lane to which somebody was moved is not free for as long as that may still be done.
func TestALaneIsNotFreeForAsLongAsAMoveToItIsInDoubt(t *testing.T) {
	onLanes(t, 2, func(t *testing.T, s laned) {
		s.take("A", 1)
		on := func(n int) call.Whereabouts { return call.Whereabouts{Line: lane(n), Conference: "CF" + lane(n)} }
		lists := map[call.Sid]call.Whereabouts{"A": on(1), deskLeg(1): on(1), deskLeg(2): on(2)}
		s.twilio.lists(lists)
		if _, err := s.Do(t.Context(), call.OpTake, "B"); err != nil {
			t.Fatal(err)
		}
		s.after(10 * time.Second) // Twilio says nothing of it, and has B in no list
		if c := s.card("B"); c.Move != nil || c.Trouble == nil || c.Trouble.Code != call.CodeNotDone {
			t.Fatalf("B is %+v", c)
		}
		_, err := s.Deed(t.Context(), station.Deed{Op: call.OpTake, Call: "C", Lane: lane(2)})
		refusedAs(t, "the lane that B may come to", err, call.CodeLanesTaken)
		lists["B"] = call.Whereabouts{QueueSid: "QU" + call.OnAir}
		s.after(31 * time.Second)
		s.take("C", 2)
	})
}
