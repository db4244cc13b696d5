package app_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/rehearsal/stage"
	"callin/app/studio"
)

// Five hundred wait when the show is closed, Callin is killed half-way and
// starts again: each hears the closing words, once.
func TestFiveHundredAreThankedOnce(t *testing.T) {
	const many = 500
	s := newSite(t)
	s.start()
	s.until("the show is open", func(p studio.Picture) bool { return p.Show.State == studio.ShowOpen })
	if _, err := s.stage.Ring(t.Context(), stage.Casting{Voice: "none", Count: many}); err != nil {
		t.Fatal(err)
	}
	s.until("five hundred wait", func(p studio.Picture) bool {
		return len(p.Cards) == many && !slices.ContainsFunc(p.Cards, func(c studio.Card) bool { return c.Place.Kind != call.Queue })
	})
	s.do("close", nil)
	s.until("half of them are on their way", func(p studio.Picture) bool {
		n := 0
		for _, c := range p.Cards {
			if c.Place.Kind == call.Queue {
				n++
			}
		}
		return n < many/2
	})
	s.kill()
	time.Sleep(time.Second)
	s.start()
	s.until("the show is closed", func(p studio.Picture) bool { return p.Show.State == studio.ShowClosed && len(p.Cards) == 0 })
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
		if !call.Over(c.Status) {
			t.Errorf("%s is %s", c.CallSid, c.Status)
		}
	}
	if len(thanked) != 1 || thanked[1] != many {
		t.Errorf("callers by how often they were thanked: %v", thanked)
	}
}
