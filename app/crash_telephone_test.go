package app_test

import (
	"net/url"
	"testing"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
)

// takeFromQueue puts a phone in place of the desk's that takes callers straight
// from the queue, and waits until it has the first of them, which it returns.
func (s *site) takeFromQueue(way string) (first call.Sid) {
	s.t.Helper()
	if way == "telephone" {
		dj, err := s.stage.Ring(s.t.Context(), stage.Casting{Voice: "none", To: s.picture().Studios[0].DialIn, Keys: "1234#"})
		if err != nil {
			s.t.Fatal(err)
		}
		s.leg = dj[0].CallSid
	} else {
		// What makes it a softphone's to Callin is who it says is calling.
		s.leg = callOut(s.t, s.stage, stage.Telephone{Number: "+12025550188", Voice: "none"}, url.Values{
			"From": {s.numbers.listeners}, "CallerId": {"client:" + s.id.DeskIdentity("")},
			"Url": {"http://" + s.voice + "/voice/desk?mode=direct&line=studio"}, "StatusCallback": {"http://" + s.voice + "/voice/status"},
		})
	}
	s.until("the "+way+" phone has its first caller", func(p picture.Picture) bool {
		for _, c := range p.Cards {
			if c.Place.Kind == call.Bridge {
				first = c.Call
			}
		}
		return first != "" && p.Lines[0].Direct && p.Lines[0].Telephone == (way == "telephone")
	})
	return first
}

// A DJ on the telephone talks on while Callin is killed, is shown again after
// the start, and goes on to the next caller.
func TestTheTelephoneWayOutlivesACrash(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.start()
	s.until("the show is open", func(p picture.Picture) bool { return p.Studios[0].Show.State == call.ShowOpen })
	in := func(sid call.Sid, kind call.Kind) func(picture.Picture) bool {
		return func(p picture.Picture) bool { c := card(p, sid); return c != nil && c.Place.Kind == kind }
	}
	ana := s.ring()
	s.until("Ana waits", in(ana, call.Queue))
	ben := s.ring()
	s.until("Ben waits", in(ben, call.Queue))
	dj, err := s.stage.Ring(t.Context(), stage.Casting{Voice: "none", To: s.picture().Studios[0].DialIn, Keys: "1234#"})
	if err != nil {
		t.Fatal(err)
	}
	s.until("the telephone has Ana", in(ana, call.Bridge))

	s.kill()
	s.start()
	p := s.picture()
	if c := card(p, ana); c == nil || c.Place.Kind != call.Bridge || !p.Lines[0].Telephone {
		t.Fatalf("after the crash Ana is %+v and the line %+v", c, p.Lines[0])
	}
	if c := card(p, ben); c == nil || c.Place != call.InQueue(call.OnAir) {
		t.Errorf("after the crash Ben is %+v", c)
	}
	s.until("Twilio has been asked", func(p picture.Picture) bool { return !p.Check.Now })
	if c := card(s.picture(), ana); c == nil || c.Place.Kind != call.Bridge {
		t.Errorf("compared with Twilio's, Ana is %+v", c)
	}
	if err := s.stage.Keys(t.Context(), dj[0].CallSid, "*"); err != nil {
		t.Fatal(err)
	}
	s.until("the telephone has Ben", in(ben, call.Bridge))
	s.until("Ana is gone", func(p picture.Picture) bool { return card(p, ana) == nil })
}
