package station_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/station"
)

// pia is a producer, who talks to the host.
var pia = call.Desk{ID: "pia", Name: "Pia", Roles: call.Producer, Studios: []call.Studio{""}}

// onTalkback is what is said of a phone on the line on which the host of several lanes is talked to.
func (s laned) onTalkback(event string, leg call.Sid, desk bool) {
	line := call.Studio("").Talkback()
	s.sequence[line]++
	s.Conference(station.ConferenceEvent{
		Event: event, Conference: "CF" + line, Line: line, Call: leg, Desk: desk, Talkback: !desk, Sequence: s.sequence[line],
	})
	synctest.Wait()
}

// talkback are the desks that talk on it.
func (s laned) talkback() (desks []call.DeskID) {
	for _, l := range s.Picture().Lines {
		if l.Name == call.Studio("").Talkback() {
			desks = l.Talkback
		}
	}
	return desks
}

func withTalkback(t *testing.T, test func(t *testing.T, s laned, p *pages, closed func())) {
	p := &pages{answers: true, carries: true}
	onLanesOf(t, 3, func(s *show) {
		s.desks, s.pages, p.show = []call.Desk{whole, second, pia}, p, s
	}, func(t *testing.T, s laned) {
		closed := s.Opened("")
		s.take("A", 1)
		if !s.DeskCalls("", "EAR", call.Studio("").Talkback(), false) {
			t.Fatal("the desk's phone may not be talked to")
		}
		s.onTalkback("participant-join", "EAR", true)
		s.after(time.Minute)
		test(t, s, p, closed)
	})
}

// Where there are several lanes, what comes by one of them is heard on the others: the host is talked to by a leg that is
// on none.
func TestWithLanesTheHostIsTalkedToOnALineOfItsOwn(t *testing.T) {
	withTalkback(t, func(t *testing.T, s laned, _ *pages, _ func()) {
		talkback := call.Studio("").Talkback()
		for _, line := range []string{lane(1), lane(2), call.Studio("b").Talkback()} {
			if host, may := s.TalksBack(pia.ID, "TB", line); may {
				t.Errorf("on %s it talks to %q", line, host)
			}
		}
		if host, may := s.TalksBack(pia.ID, "TB", talkback); !may || host != "EAR" {
			t.Fatalf("it talks to %q: %t", host, may)
		}
		s.onTalkback("participant-join", "TB", false)
		if is := s.talkback(); !slices.Equal(is, []call.DeskID{"pia"}) {
			t.Errorf("%q talk to the host", is)
		}
		if c := s.card("A"); c.Place != call.OnLine(lane(1), call.Talking) || s.card("TB") != nil || s.card("EAR") != nil {
			t.Errorf("the caller is at %+v", c.Place)
		}
		where := map[call.Sid]call.Whereabouts{
			"A": {Line: lane(1), Conference: "CF" + lane(1)}, "EAR": {Line: talkback, Desk: true}, "TB": {Line: talkback, Talkback: true},
		}
		for n := 1; n <= 3; n++ {
			where[deskLeg(n)] = call.Whereabouts{Line: lane(n), Desk: true}
		}
		s.twilio.lists(where)
		s.twilio.told()
		if told := s.after(time.Minute); len(told) > 0 { // it is compared with Twilio's lists
			t.Errorf("after a comparison Twilio is told %v", told)
		}
		s.Ended("EAR", "completed")
		synctest.Wait()
		if told := s.twilio.told(); !slices.Equal(told, []string{"end TB"}) {
			t.Errorf("when nobody hears it, Twilio is told %v", told)
		}
		if host, may := s.TalksBack(pia.ID, "TB2", talkback); may {
			t.Errorf("without the host's leg it talks to %q", host)
		}
	})
}

// Only a host's desk is talked to, as long as it is one.
func TestWhoIsNoHostIsNotTalkedTo(t *testing.T) {
	onLanesOf(t, 3, func(s *show) { s.desks = []call.Desk{whole, second, pia} }, func(t *testing.T, s laned) {
		talkback := call.Studio("").Talkback()
		if s.DeskCalls(pia.ID, "PIA", talkback, false) || s.DeskCalls("", "DIRECT", talkback, true) {
			t.Error("it may")
		}
		if !s.DeskCalls(second.ID, "EAR", talkback, false) {
			t.Error("a host may not")
		}
		s.onTalkback("participant-join", "EAR", true)
		s.twilio.told()
		is := second
		is.Roles = call.Producer
		s.SetDesks([]call.Desk{whole, is, pia})
		synctest.Wait()
		if told := s.twilio.told(); !slices.Equal(told, []string{"end EAR"}) {
			t.Errorf("Twilio is told %v", told)
		}
	})
	onLanesOf(t, 1, func(s *show) { s.desks = []call.Desk{whole, pia} }, func(t *testing.T, s laned) {
		if s.DeskCalls("", "EAR", call.Studio("").Talkback(), false) {
			t.Error("with one lane the host is talked to elsewhere")
		}
	})
}

// A desk whose page died hears nobody: who talks to its host is told so with the callers, and not when Twilio has noticed.
func TestNobodyTalksToADeskThatIsLost(t *testing.T) {
	withTalkback(t, func(t *testing.T, s laned, p *pages, closed func()) {
		s.TalksBack(pia.ID, "TB", call.Studio("").Talkback())
		s.onTalkback("participant-join", "TB", false)
		s.twilio.told()
		p.now(false, false, nil)
		closed()
		told := s.after(2 * time.Second)
		for _, want := range []string{"A held", "end EAR", "end TB"} {
			if !slices.Contains(told, want) {
				t.Errorf("Twilio is told %v", told)
			}
		}
	})
}

// A Callin whose journal was lost finds the host's leg there, as it does those on the lanes.
func TestWhoIsTalkedToIsFoundWithoutAJournal(t *testing.T) {
	withTalkback(t, func(t *testing.T, s laned, _ *pages, _ func()) {
		talkback := call.Studio("").Talkback()
		s.Close()
		s.journal = &memory{}
		s.twilio.lists(map[call.Sid]call.Whereabouts{"EAR": {Line: talkback, Conference: "CF" + talkback, Desk: true}})
		s.start()
		s.after(time.Minute)
		if host, may := s.TalksBack(pia.ID, "TB", talkback); !may || host != "EAR" {
			t.Errorf("it talks to %q: %t", host, may)
		}
	})
}
