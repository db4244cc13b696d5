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

var atPias = call.OnLine("desk-pia", call.Talking)

// holds is screen with A on hold on the line that goes to air, and locked.
func holds(t *testing.T, test func(t *testing.T, s screening)) {
	screen(t, func(t *testing.T, s screening) {
		s.answers(s.pia, "desk-pia", "A")
		s.does(s.host, station.Deed{Op: call.OpTake, Call: "A", Over: true})
		s.on(call.AirLine, "A", false)
		s.wants("A", talking)
		s.does(s.host, station.Deed{Op: call.OpHold, Call: "A"})
		if err := s.host.Lock(t.Context(), "A", true); err != nil {
			t.Fatal(err)
		}
		s.wants("A", held)
		s.twilio.told()
		test(t, s)
	})
}

func (s screening) does(by station.Seat, d station.Deed) {
	s.t.Helper()
	if _, err := by.Deed(s.t.Context(), d); err != nil {
		s.t.Fatalf("%s: %v", d.Op, err)
	}
	synctest.Wait()
}

// talks brings A from hold onto Pia's line.
func (s screening) talks() {
	s.t.Helper()
	s.does(s.pia, station.Deed{Op: call.OpTalk, Call: "A"})
	s.on("desk-pia", "A", false)
	s.wants("A", atPias)
}

// rejoins lets A come back to the line that goes to air as Twilio lets one who is sent
// to hold there: muted first, and on hold when asked.
func (s screening) rejoins() {
	s.t.Helper()
	if to := s.Sent(station.Arrival{Call: "A"}).Place; to != held {
		s.t.Errorf("the caller is sent to %+v", to)
	}
	s.twilio.told()
	s.seq++
	s.Conference(station.ConferenceEvent{Event: "participant-join", Conference: "CF-studio", Line: call.AirLine, Call: "A", Muted: true, Sequence: s.seq})
	synctest.Wait()
	if did := s.twilio.told(); !slices.Equal(did, []string{"A held"}) {
		s.t.Errorf("it did %q", did)
	}
	s.wants("A", held)
	if c := s.card("A"); c.FromHold != "" || !c.Locked {
		s.t.Errorf("the card is %+v", c)
	}
}

func TestAProducerTalksOffAirToWhoIsOnHoldAndPutsThemBack(t *testing.T) {
	holds(t, func(t *testing.T, s screening) {
		s.does(s.pia, station.Deed{Op: call.OpTalk, Call: "A"})
		if a := s.Sent(station.Arrival{Call: "A"}); a.Place != atPias || a.Words != station.Answered {
			t.Errorf("the caller is told %q on the way to %+v", a.Words, a.Place)
		}
		s.on("desk-pia", "A", false)
		s.wants("A", atPias)
		if c := s.card("A"); c.FromHold != call.AirLine || !c.Locked || c.Place.OnAir() {
			t.Errorf("the card is %+v", c)
		}
		// Who is the host's still is not the producer's to send away, to lock or to air.
		for _, op := range []call.Op{call.OpTake, call.OpDeck, call.OpDrop, call.OpMessage} {
			if _, err := s.pia.Do(t.Context(), op, "A"); code(err) != "not_allowed" && code(err) != "locked" {
				t.Errorf("%s: %v", op, err)
			}
		}
		if _, err := s.pia.Ready(t.Context(), station.Deed{Call: "A"}); code(err) != "not_allowed" {
			t.Errorf("ready: %v", err)
		}
		if err := s.pia.Lock(t.Context(), "A", false); code(err) != "not_allowed" {
			t.Errorf("unlock: %v", err)
		}
		for name, by := range map[string]station.Seat{"host": s.host, "producer": s.pol} {
			if _, err := by.Do(t.Context(), call.OpHold, "A"); code(err) != "anothers" {
				t.Errorf("another %s puts them back without asking: %v", name, err)
			}
		}
		s.does(s.pia, station.Deed{Op: call.OpHold, Call: "A"})
		s.rejoins()
		for _, did := range s.twilio.told() {
			if strings.Contains(did, "A talking") {
				t.Errorf("it did %q", did)
			}
		}
	})
}

func TestOnlyWhoIsOnHoldOnAirIsTalkedToFromHold(t *testing.T) {
	holds(t, func(t *testing.T, s screening) {
		if _, err := s.pia.Do(t.Context(), call.OpTalk, "B"); code(err) != "not_on_hold" {
			t.Errorf("one who waits: %v", err)
		}
		s.answers(s.pol, "desk-pol", "B")
		if _, err := s.pol.Do(t.Context(), call.OpTalk, "A"); code(err) != "already_there" {
			t.Errorf("two callers hear each other: %v", err)
		}
		s.does(s.pol, station.Deed{Op: call.OpHold, Call: "B"})
		if _, err := s.pia.Deed(t.Context(), station.Deed{Op: call.OpTalk, Call: "B", Over: true}); code(err) != "not_on_hold" {
			t.Errorf("one who is on hold off air: %v", err)
		}
		s.Ended("PHONE-pia", "completed")
		synctest.Wait()
		if _, err := s.pia.Do(t.Context(), call.OpTalk, "A"); code(err) != "phone_off_line" {
			t.Errorf("without a phone: %v", err)
		}
		s.does(s.host, station.Deed{Op: call.OpResume, Call: "A"})
		if _, err := s.pol.Do(t.Context(), call.OpTalk, "A"); code(err) != "not_on_hold" {
			t.Errorf("one who is on air: %v", err)
		}
	})
}

func TestTheHostTakesWhoIsTalkedToFromHoldByASecondPress(t *testing.T) {
	holds(t, func(t *testing.T, s screening) {
		s.talks()
		if _, err := s.host.Do(t.Context(), call.OpTake, "A"); code(err) != "anothers" || err.(*call.Error).Message != "Pia is talking to Caller A. Press again to take the caller over." {
			t.Errorf("the first press: %v", err)
		}
		s.does(s.host, station.Deed{Op: call.OpTake, Call: "A", Over: true})
		s.on(call.AirLine, "A", false)
		s.wants("A", talking)
		if c := s.card("A"); c.FromHold != "" || !c.Locked {
			t.Errorf("the card is %+v", c)
		}
	})
}

// Whatever takes the producer away, the caller is on hold again where the host had them.
func TestWhoIsTalkedToFromHoldIsOnHoldAgainWhenTheProducerGoes(t *testing.T) {
	for name, goes := range map[string]func(screening){
		"the phone": func(s screening) { s.talks(); s.Ended("PHONE-pia", "completed") },
		"the phone, before": func(s screening) {
			s.does(s.pia, station.Deed{Op: call.OpTalk, Call: "A"})
			s.Ended("PHONE-pia", "completed")
			s.on("desk-pia", "A", false)
		},
		"the desk": func(s screening) {
			s.talks()
			s.SetDesks([]call.Desk{{Name: "Host", Roles: call.Host, Studios: []call.Studio{""}}})
			s.Ended("PHONE-pia", "completed")
		},
	} {
		holds(t, func(t *testing.T, s screening) {
			goes(s)
			synctest.Wait()
			if did := s.twilio.told(); !slices.Contains(did, "send A") {
				t.Errorf("%s: it did %q", name, did)
			}
			s.rejoins()
			if l := s.Picture().Lines; slices.ContainsFunc(l, func(l picture.Line) bool { return slices.Contains(l.Lost, "A") }) {
				t.Errorf("%s: the lines are %+v", name, l)
			}
		})
	}
}

// Callbacks that come late, twice and in another order than they were meant in.
func TestWhoIsTalkedToFromHoldGoesBackWhateverTwilioTells(t *testing.T) {
	holds(t, func(t *testing.T, s screening) {
		hears := func(event, line string, sequence int, hold, muted bool) {
			s.Conference(station.ConferenceEvent{Event: event, Conference: "CF-" + line, Line: line, Call: "A", Hold: hold, Muted: muted, Sequence: sequence})
			synctest.Wait()
		}
		s.does(s.pia, station.Deed{Op: call.OpTalk, Call: "A"})
		hears("participant-hold", call.AirLine, 0, true, false) // of before
		if c := s.card("A"); c.Place != held || c.Move == nil {
			t.Errorf("the card is %+v", c)
		}
		hears("participant-join", "desk-pia", s.seq+1, false, false)
		hears("participant-join", "desk-pia", s.seq+1, false, false)
		s.seq++
		hears("participant-hold", call.AirLine, 0, true, false)
		hears("participant-leave", call.AirLine, 0, true, false)
		s.wants("A", atPias)
		if s.card("A").FromHold == "" {
			t.Error("it is not known that the caller was on hold")
		}
		s.does(s.pia, station.Deed{Op: call.OpHold, Call: "A"})
		hears("participant-leave", "desk-pia", 0, false, false)
		s.rejoins()

		// Twilio does not do it in time, and then does.
		s.does(s.pia, station.Deed{Op: call.OpTalk, Call: "A"})
		time.Sleep(time.Minute)
		synctest.Wait()
		if c := s.card("A"); c.Move != nil || c.Place != held {
			t.Fatalf("the card is %+v", c)
		}
		s.on("desk-pia", "A", false)
		s.wants("A", atPias)
		if s.card("A").FromHold == "" {
			t.Error("it is not known that the caller was on hold")
		}
		s.Ended("PHONE-pia", "completed")
		synctest.Wait()
		s.rejoins()
	})
}

// Who is on hold as the host's phone was lost is still to be brought back afterwards,
// and not from the talk.
func TestWhoIsTalkedToFromHoldIsStillToBeBroughtBack(t *testing.T) {
	holds(t, func(t *testing.T, s screening) {
		s.does(s.host, station.Deed{Op: call.OpResume, Call: "A"})
		s.Ended("PHONE-", "completed")
		synctest.Wait()
		s.wants("A", held)
		s.talks()
		s.DeskCalls("", "PHONE-2", call.AirLine, false)
		s.on(call.AirLine, "PHONE-2", true)
		if err := s.host.BringBack(t.Context(), call.AirLine); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		s.wants("A", atPias)
		s.does(s.pia, station.Deed{Op: call.OpHold, Call: "A"})
		s.rejoins()
		if err := s.host.BringBack(t.Context(), call.AirLine); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		s.wants("A", talking)
	})
}

// Another producer's talk with the caller, and a drop that is taken back, lead to the
// same hold.
func TestWhoIsTalkedToFromHoldStaysTheHostsWhoeverHasThem(t *testing.T) {
	holds(t, func(t *testing.T, s screening) {
		s.talks()
		s.does(s.pol, station.Deed{Op: call.OpAnswer, Call: "A", Over: true})
		s.on("desk-pol", "A", false)
		s.does(s.pol, station.Deed{Op: call.OpHold, Call: "A"})
		s.rejoins()
		s.talks()
		if err := s.host.Lock(t.Context(), "A", false); err != nil {
			t.Fatal(err)
		}
		s.does(s.host, station.Deed{Op: call.OpDrop, Call: "A", Over: true})
		if _, err := s.host.Undo(t.Context(), "A"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if to := s.Sent(station.Arrival{Call: "A"}).Place; to != held {
			t.Errorf("the caller goes back to %+v", to)
		}
	})
}
