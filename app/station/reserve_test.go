package station_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/station"
)

// second and third are further host's desks.
var (
	second = call.Desk{ID: "second", Name: "Second", Roles: call.Host, Studios: []call.Studio{""}}
	third  = call.Desk{ID: "third", Name: "Third", Roles: call.Host, Studios: []call.Studio{""}}
)

func reserveLeg(of call.Desk, n int) call.Sid { return call.Sid(fmt.Sprintf("%s%d", of.ID, n)) }

func (s laned) reserveSays(event string, of call.Desk, n int) {
	s.sequence[lane(n)]++
	s.Conference(station.ConferenceEvent{
		Event: event, Conference: "CF" + lane(n), Line: lane(n), Call: reserveLeg(of, n), Reserve: true, Sequence: s.sequence[lane(n)],
	})
	synctest.Wait()
}

// reserved has the phones of a desk in reserve on all lanes.
func (s laned) reserved(of call.Desk) {
	s.t.Helper()
	for n := 1; n <= 3; n++ {
		if !s.StandsBy(of.ID, reserveLeg(of, n), lane(n)) {
			s.t.Fatalf("%s may not be in reserve on lane %d", of.Name, n)
		}
		s.reserveSays("participant-join", of, n)
	}
}

// withReserve is three lanes with A to C talking, and the second desk in reserve.
func withReserve(t *testing.T, test func(t *testing.T, s laned)) {
	withSlowReserve(t, nil, test)
}

// slowly is Twilio that takes its time for some calls on a line.
type slowly struct {
	*twilio
	takes map[call.Sid]time.Duration
}

func (t slowly) SetParticipant(ctx context.Context, conference string, sid call.Sid, s call.State) error {
	time.Sleep(t.takes[sid])
	return t.twilio.SetParticipant(ctx, conference, sid, s)
}

func withSlowReserve(t *testing.T, takes map[call.Sid]time.Duration, test func(t *testing.T, s laned)) {
	onLanesOf(t, 3, func(s *show) {
		s.desks, s.carrier = []call.Desk{whole, second, third}, slowly{s.twilio, takes}
	}, func(t *testing.T, s laned) {
		for n, sid := range []call.Sid{"A", "B", "C"} {
			s.take(sid, n+1)
		}
		s.twilio.told()
		s.reserved(second)
		time.Sleep(time.Second)
		synctest.Wait()
		test(t, s)
	})
}

// lost is what Twilio tells of the phones of a desk that is gone, and of those who are held then.
func (s laned) lost() {
	for n := 1; n <= 3; n++ {
		s.says("participant-leave", deskLeg(n), n, true, false)
	}
	for n, sid := range []call.Sid{"A", "B", "C"} {
		s.says("participant-hold", sid, n+1, false, true)
	}
	s.twilio.told()
}

func (s laned) lines() (all []picture.Line) {
	for _, l := range s.Picture().Lines {
		if _, _, ok := call.LaneOf(l.Name); ok {
			all = append(all, l)
		}
	}
	return all
}

// has is whose phone is on each lane; empty where it is not the same one's on all.
func (s laned) has(of call.Desk) bool {
	return !slices.ContainsFunc(s.lines(), func(l picture.Line) bool { return !l.Phone || l.Desk != of.ID || len(l.Lost) > 0 })
}

// What is in reserve neither hears nor is heard, and is not the studio's phone.
func TestAReserveIsNotTheStudiosPhone(t *testing.T) {
	withReserve(t, func(t *testing.T, s laned) {
		if told := s.twilio.told(); !slices.Equal(told, []string{"second1 held", "second2 held", "second3 held"}) {
			t.Errorf("Twilio is told %v", told)
		}
		for _, l := range s.lines() {
			if l.Desk != "" || !l.Phone || !slices.Equal(l.Reserve, []call.DeskID{"second"}) {
				t.Errorf("the lane is %+v", l)
			}
		}
		s.lost()
		for n, sid := range []call.Sid{"A", "B", "C"} {
			s.wants(sid, call.OnLine(lane(n+1), call.Held)) // until it takes over
		}
		refused := []station.Seat{s.Station.Seat(third, ""), s.Seat}
		for _, at := range refused {
			refusedAs(t, "a desk that is not in reserve", at.TakeLanes(t.Context(), false), call.CodePhoneOffLine)
		}
	})
	onLanes(t, 1, func(t *testing.T, s laned) {
		if s.StandsBy("", "R1", lane(1)) {
			t.Error("one lane has a reserve")
		}
	})
}

// A reserve that takes over has everybody back, each on the lane that they had; the desk that comes back gets it by
// the same way.
func TestAReserveTakesOver(t *testing.T) {
	withReserve(t, func(t *testing.T, s laned) {
		s.lost()
		if err := s.Station.Seat(second, "").TakeLanes(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		want := []string{"A talking", "B talking", "C talking", "second1 talking", "second2 talking", "second3 talking"}
		if told := s.twilio.told(); !slices.Equal(told, want) {
			t.Errorf("Twilio is told %v", told)
		}
		for n, sid := range []call.Sid{"A", "B", "C"} {
			s.says("participant-unhold", sid, n+1, false, false)
			s.wants(sid, call.OnLine(lane(n+1), call.Talking))
		}
		if !s.has(second) {
			t.Errorf("the lanes are %+v", s.lines())
		}

		// A word of Twilio's that is late does not take it off again.
		s.sequence[lane(2)]++
		s.Conference(station.ConferenceEvent{Event: "participant-hold", Conference: "CF" + lane(2), Line: lane(2), Call: "second2", Reserve: true, Hold: true, Sequence: s.sequence[lane(2)]})
		synctest.Wait()
		if told := s.twilio.told(); !slices.Equal(told, []string{"second2 talking"}) {
			t.Errorf("when it is held late Twilio is told %v", told)
		}

		s.reserved(third)
		s.twilio.told()
		if err := s.Station.Seat(third, "").TakeLanes(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		want = []string{"end second1", "end second2", "end second3", "third1 talking", "third2 talking", "third3 talking"}
		if told := s.twilio.told(); !slices.Equal(told, want) || !s.has(third) {
			t.Errorf("from a desk that is there Twilio is told %v, and the lanes are %+v", told, s.lines())
		}
		for n := 1; n <= 3; n++ {
			s.reserveSays("participant-leave", second, n)
		}
		for n, sid := range []call.Sid{"A", "B", "C"} {
			s.wants(sid, call.OnLine(lane(n+1), call.Talking)) // nobody was held
		}
		for n := 1; n <= 3; n++ { // a phone that took over is lost as any other one
			s.reserveSays("participant-leave", third, n)
		}
		if told := s.twilio.told(); !slices.Equal(told, []string{"A held", "B held", "C held"}) {
			t.Errorf("when it is lost Twilio is told %v", told)
		}
	})
}

// Two that take over at once: one of them has all lanes, and nobody is on hold. Of two pages that do it by
// themselves the first has them.
func TestTwoReservesTakeOverAtOnce(t *testing.T) {
	crossed := map[call.Sid]time.Duration{"second1": time.Second, "third2": time.Second}
	for _, byItself := range []bool{false, true} {
		withSlowReserve(t, crossed, func(t *testing.T, s laned) {
			s.reserved(third)
			time.Sleep(time.Second)
			s.lost()
			done := make(chan error, 2)
			for _, of := range []call.Desk{second, third} {
				go func() { done <- s.Station.Seat(of, "").TakeLanes(t.Context(), byItself) }()
			}
			refused := 0
			for range 2 {
				if err := <-done; code(err) == call.CodeAlreadyThere.String() {
					refused++
				} else if err != nil {
					t.Error(err)
				}
			}
			synctest.Wait()
			for n, sid := range []call.Sid{"A", "B", "C"} {
				s.says("participant-unhold", sid, n+1, false, false)
				s.wants(sid, call.OnLine(lane(n+1), call.Talking))
			}
			if !s.has(second) && !s.has(third) || byItself != (refused == 1) {
				t.Errorf("%d refused, and the lanes are %+v", refused, s.lines())
			}
		})
	}
}

// Who is still on the way to hold comes back from there.
func TestAReserveTakesOverBeforeAllAreHeld(t *testing.T) {
	withSlowReserve(t, map[call.Sid]time.Duration{"B": time.Second}, func(t *testing.T, s laned) {
		for n := 1; n <= 3; n++ {
			s.says("participant-leave", deskLeg(n), n, true, false)
		}
		if err := s.Station.Seat(second, "").TakeLanes(t.Context(), true); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		for n, sid := range []call.Sid{"A", "B", "C"} {
			s.wants(sid, call.OnLine(lane(n+1), call.Talking))
		}
	})
}

// A lane that is cut alone is its desk's to mend: no reserve takes over by itself.
func TestALaneThatIsCutIsNotTakenOver(t *testing.T) {
	withReserve(t, func(t *testing.T, s laned) {
		s.says("participant-leave", deskLeg(1), 1, true, false)
		refusedAs(t, "the lanes of a desk that has two of three", s.Station.Seat(second, "").TakeLanes(t.Context(), true), call.CodeAlreadyThere)
	})
}

// A reserve that is lost itself changes nothing, and a station that starts again knows it.
func TestAReserveIsLostOrFoundAgain(t *testing.T) {
	withReserve(t, func(t *testing.T, s laned) {
		where := s.onTheirLanes()
		for n := 1; n <= 3; n++ {
			where[reserveLeg(second, n)] = call.Whereabouts{Line: lane(n), Conference: "CF" + lane(n), Reserve: true, Muted: true, Hold: true}
		}
		s.twilio.lists(where)
		s.Close()
		s.start()
		if told := s.after(time.Minute); slices.Contains(told, "end second1") {
			t.Errorf("of a reserve that is there Twilio is told %v", told)
		}
		if l := s.lines()[0]; !slices.Equal(l.Reserve, []call.DeskID{"second"}) || l.Desk != "" {
			t.Errorf("after a start the lane is %+v", l)
		}
		for n := 1; n <= 3; n++ { // of another one that is there nothing was heard
			s.StandsBy(third.ID, reserveLeg(third, n), lane(n))
			where[reserveLeg(third, n)] = where[reserveLeg(second, n)]
		}
		s.twilio.lists(where)
		s.after(time.Minute)
		if l := s.lines()[0]; !slices.Equal(l.Reserve, []call.DeskID{"second", "third"}) || l.Desk != "" {
			t.Errorf("with one that was not heard of the lane is %+v", l)
		}
		for n := 1; n <= 3; n++ {
			s.reserveSays("participant-leave", second, n)
			s.reserveSays("participant-leave", third, n)
		}
		if told := s.twilio.told(); len(told) > 0 || len(s.lines()[0].Reserve) > 0 {
			t.Errorf("without the reserve Twilio is told %v, and the lane is %+v", told, s.lines()[0])
		}
	})
}
