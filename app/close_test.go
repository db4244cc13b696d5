package app_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
)

// saidGoodbye is how many callers hear, or have heard, what a show that closes says.
func (s *site) saidGoodbye() (n int) {
	s.t.Helper()
	callers, err := s.stage.Callers(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range callers {
		if slices.ContainsFunc(c.Heard, func(h stage.Heard) bool { return strings.HasPrefix(h.Text, "The show has ended") }) {
			n++
		}
	}
	return n
}

// Many wait when the show is closed, Callin is killed half-way and starts again: each
// hears the closing words, once. CALLIN_LONG has five hundred of them.
func TestManyAreThankedOnce(t *testing.T) {
	many := 150
	if os.Getenv("CALLIN_LONG") != "" {
		many = 500
	}
	s := newSite(t)
	s.park = "1"
	s.start()
	s.until("the show is open", func(p picture.Picture) bool { return p.Studios[0].Show.State == call.ShowOpen })
	if _, err := s.stage.Ring(t.Context(), stage.Casting{Voice: "none", Count: many}); err != nil {
		t.Fatal(err)
	}
	s.until("all wait", func(p picture.Picture) bool {
		return len(p.Cards) == many && !slices.ContainsFunc(p.Cards, func(c picture.Card) bool { return c.Place.Kind != call.Queue })
	})
	s.do("close", nil)
	s.until("half of them are on their way", func(p picture.Picture) bool {
		n := 0
		for _, c := range p.Cards {
			if c.Place.Kind == call.Queue {
				n++
			}
		}
		return n < many/2
	})
	s.kill()
	// What was on its way to Twilio still comes there, on a busy machine late.
	for told, before := 0, -1; told != before; {
		time.Sleep(time.Second)
		told, before = s.saidGoodbye(), told
	}
	s.start()
	s.until("the show is closed", func(p picture.Picture) bool { return p.Studios[0].Show.State == call.ShowClosed && len(p.Cards) == 0 })
	callers, err := s.stage.Callers(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	thanked := map[int]int{}
	for _, c := range callers {
		n := 0
		for _, h := range c.Heard {
			if strings.HasPrefix(h.Text, "Thank you for calling") {
				n++
			}
		}
		thanked[n]++
		if n != 1 {
			t.Logf("%s: %+v", c.CallSid, c.Heard[max(0, len(c.Heard)-4):])
		}
		if !call.CallStatus(c.Status).Over() {
			t.Errorf("%s is %s", c.CallSid, c.Status)
		}
	}
	if len(thanked) != 1 || thanked[1] != many {
		t.Errorf("callers by how often they were thanked: %v", thanked)
	}
}
