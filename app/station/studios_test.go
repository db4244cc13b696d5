package station_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/station"
)

// Two studios of one station, which callers of one number reach in the same minute.
type studios struct {
	*show
	b station.Seat
}

func twoStudios(t *testing.T, test func(t *testing.T, s studios)) {
	synctest.Test(t, func(t *testing.T) {
		first := &show{t: t, twilio: &twilio{gone: map[call.Sid]bool{}}, journal: &memory{}, perNumber: 1}
		first.studios = []picture.Studio{
			{Number: own, Show: picture.Show{Name: "Early", ParkMs: 10_000}},
			{ID: "b", Number: "+12015550192", Show: picture.Show{Name: "Late", ParkMs: 10_000}},
		}
		first.desks = []call.Desk{{Roles: call.Host, Studios: []call.Studio{"", "b"}}}
		first.start()
		defer func() { first.Close() }()
		s := studios{first, first.Station.Seat(call.Desk{ID: "desk-b", Roles: call.Host}, "b")}
		for _, seat := range []station.Seat{s.Seat, s.b} {
			if err := seat.Open(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		s.rings("A1", "")
		s.rings("B1", "b")
		for n, line := range []string{call.AirLine, call.Studio("b").Line()} {
			s.Conference(station.ConferenceEvent{
				Event: "participant-join", Conference: "CF" + line, Line: line, Call: call.Sid("DESK" + line), Desk: true, Sequence: n,
			})
		}
		test(t, s)
	})
}

func (s studios) rings(sid call.Sid, of call.Studio) {
	a := station.Arrival{Call: sid, Studio: of, Number: "+12015550100"}
	s.Arrive(a)
	s.Waiting(a, of.OnAir())
}

func (s studios) at(of call.Studio) picture.Studio {
	for _, st := range s.Picture().Studios {
		if st.ID == of {
			return st
		}
	}
	s.t.Fatalf("there is no studio %q", of)
	return picture.Studio{}
}

func TestTwoStudiosDoNotMix(t *testing.T) {
	twoStudios(t, func(t *testing.T, s studios) {
		if a, b := s.at("").Next, s.at("b").Next; a != "A1" || b != "B1" {
			t.Errorf("the next ones are %s and %s", a, b)
		}
		if got := code(s.b.Lock(t.Context(), "A1", true)); got != "no_such_call" {
			t.Errorf("a desk locks another studio's caller: %s", got)
		}
		if _, err := s.b.Do(t.Context(), call.OpTake, "A1"); code(err) != "no_such_call" {
			t.Errorf("a desk takes another studio's caller: %v", err)
		}
		if _, err := s.b.Next(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.Conference(station.ConferenceEvent{
			Event: "participant-join", Conference: "CFstudio-b", Line: call.Studio("b").Line(), Call: "B1", Sequence: 5,
		})
		s.wants("B1", call.OnLine("studio-b", call.Talking))
		s.wants("A1", call.InQueue(call.OnAir))
		s.journal.Read(t.Context(), func(f call.Fact) {
			if f.By == call.OpNext && (f.Studio != "b" || f.Desk != "desk-b") {
				t.Errorf("it is on record as pressed in %q at %q", f.Studio, f.Desk)
			}
		})
		s.Ended("DESK"+call.AirLine, "completed") // the other studio's phone
		synctest.Wait()
		s.wants("B1", call.OnLine("studio-b", call.Talking))
	})
}

func TestAStudioThatClosesClosesNoOther(t *testing.T) {
	twoStudios(t, func(t *testing.T, s studios) {
		s.twilio.told()
		if err := s.closes(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.Ended("A1", "completed")
		synctest.Wait()
		if a, b := s.at("").Show.State, s.at("b").Show.State; a != call.ShowClosed || b != call.ShowOpen {
			t.Errorf("the shows are %s and %s", a, b)
		}
		if did := s.twilio.told(); strings.Contains(strings.Join(did, " "), "B1") {
			t.Errorf("it did %q", did)
		}
		s.rings("B2", "b")
		if c := s.card("B2"); c == nil || c.Place.Kind == call.Queue {
			t.Errorf("a second call of a number to one studio is %+v", c)
		}
		s.wants("B1", call.InQueue("on-air-b"))
	})
}

func TestWhatIsTypedIsKeptOnlyOfTheStudiosOwnCallers(t *testing.T) {
	twoStudios(t, func(t *testing.T, s studios) {
		name := "Ana"
		types := func(by station.Seat, sid call.Sid) string {
			_, err := by.Note(t.Context(), sid, station.Note{Name: &name})
			return code(err)
		}
		for _, when := range []string{"waits", "has hung up"} {
			if got := types(s.b, "A1"); got != "no_such_call" {
				t.Errorf("a desk types on another studio's caller, who %s: %q", when, got)
			}
			if got := types(s.Seat, "A1"); got != "<nil>" {
				t.Errorf("a desk types on its own caller, who %s: %q", when, got)
			}
			s.Ended("A1", "completed")
		}
		leg := call.Sid("DESK" + call.AirLine)
		s.Ended(leg, "completed")
		if got := types(s.Seat, leg); got != "no_such_call" {
			t.Errorf("a desk types on a phone: %q", got)
		}
	})
}

// A message is the studio's in which the caller was last, whichever number was called,
// also when Twilio tells of it after the end of the call.
func TestAMessageIsForTheStudioThatTheCallerWasGivenTo(t *testing.T) {
	for _, ended := range []bool{false, true} {
		twoStudios(t, func(t *testing.T, s studios) {
			give := func(from station.Seat, to call.Studio, sid call.Sid) {
				if _, err := from.Give(t.Context(), station.Deed{Call: sid}, to); err != nil {
					t.Fatal(err)
				}
				s.Waiting(station.Arrival{Call: sid, Number: "+12015550100"}, to.OnAir())
				s.wants(sid, call.InQueue(to.OnAir()))
			}
			give(s.Seat, "b", "A1")
			give(s.b, "", "B1")
			give(s.Seat, "b", "B1") // given back
			for sid, called := range map[call.Sid]call.Studio{"A1": "", "B1": "b"} {
				if ended {
					s.Ended(sid, "completed")
				}
				s.Recorded(station.Arrival{Call: sid, Studio: called, Number: "+12015550100"}, "RE"+string(sid), 4)
				if of, err := s.VoicemailOf("RE" + string(sid)); err != nil || of != "b" {
					t.Errorf("ended %v: the message of %s is studio %q's, %v", ended, sid, of, err)
				}
			}
			s.journal.Read(t.Context(), func(f call.Fact) {
				if f.Call == "A1" && (f.Kind == call.Recorded) != (f.Studio == "b") && f.Kind != call.Ended && (f.Place == nil || f.Place.Kind == call.Queue) {
					t.Errorf("%s is on record in studio %q: %+v", f.Kind, f.Studio, f)
				}
			})
		})
	}
}

// Who is on air in a studio that the station has no more is held, as its phone is gone, and brings nothing down.
func TestWhoIsOnAirInAStudioThatIsNoMoreIsHeld(t *testing.T) {
	twoStudios(t, func(t *testing.T, s studios) {
		line := call.Studio("b").Line()
		must(s.b.Do(t.Context(), call.OpTake, "B1"))
		synctest.Wait()
		s.Conference(station.ConferenceEvent{Event: "participant-join", Conference: "CF" + line, Line: line, Call: "B1", Sequence: 9})
		synctest.Wait()
		s.Close()
		s.studios = s.studios[:1]
		s.twilio.where = map[call.Sid]call.Whereabouts{"B1": {Line: line, Conference: "CF" + line}}
		s.twilio.told()
		s.start()
		synctest.Wait()
		s.Conference(station.ConferenceEvent{
			Event: "participant-leave", Conference: "CF" + line, Line: line, Call: call.Sid("DESK" + line), Desk: true, Sequence: 10,
		})
		time.Sleep(time.Minute)
		synctest.Wait()
		if told := s.twilio.told(); !slices.Contains(told, "B1 held") {
			t.Errorf("Twilio is told %v", told)
		}
	})
}
