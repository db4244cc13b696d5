//go:build load

package app_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
)

// TestDesks reports how soon what one desk does is seen at ten, with 500 callers who
// wait, and how much memory the station has then.
func TestDesks(t *testing.T) {
	const desks, callers, presses = 10, 500, 300
	s := newSite(t)
	s.settings = "calls_per_number = 0\n"
	s.start()
	if _, err := s.stage.Ring(t.Context(), stage.Casting{Count: callers, Voice: "none"}); err != nil {
		t.Fatal(err)
	}
	s.until("all wait", func(p picture.Picture) bool {
		n := 0
		for _, c := range p.Cards {
			if c.Place == call.InQueue(call.OnAir) {
				n++
			}
		}
		return n == callers
	})
	var mu sync.Mutex
	seen := map[string][]time.Time{} // by the topic that was typed
	var all sync.WaitGroup
	for range desks {
		r, err := s.browser.Get(s.at + "/api/feed")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { r.Body.Close() })
		lines := bufio.NewReaderSize(r.Body, 1<<20)
		all.Go(func() {
			for {
				line, err := lines.ReadString('\n')
				if err != nil {
					return
				}
				now := time.Now()
				data, ok := strings.CutPrefix(line, "data: ")
				var c picture.Change
				if !ok || !strings.Contains(data, "press-") || json.Unmarshal([]byte(data), &c) != nil {
					continue
				}
				mu.Lock()
				for _, card := range c.Cards {
					if strings.HasPrefix(card.Topic, "press-") {
						seen[card.Topic] = append(seen[card.Topic], now)
					}
				}
				mu.Unlock()
			}
		})
	}
	cards := s.picture().Cards
	pressed := map[string]time.Time{}
	for n := range presses {
		topic := fmt.Sprintf("press-%d", n)
		pressed[topic] = time.Now()
		s.do("note", map[string]any{"call": cards[n%len(cards)].Call, "topic": topic})
	}
	time.Sleep(time.Second) // what is seen later is counted as not seen
	mu.Lock()
	defer mu.Unlock()
	var took []time.Duration
	missing := 0
	for topic, at := range pressed {
		missing += desks - len(seen[topic])
		for _, when := range seen[topic] {
			took = append(took, when.Sub(at))
		}
	}
	slices.Sort(took)
	if len(took) == 0 {
		t.Fatal("nothing was seen")
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.station.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	rss := ""
	for line := range strings.Lines(string(status)) {
		if strings.HasPrefix(line, "VmRSS:") || strings.HasPrefix(line, "VmHWM:") {
			rss += " " + strings.Join(strings.Fields(line), " ")
		}
	}
	t.Logf("%d desks, %d callers: seen after %v at the median, %v at p99, %v at most; %d not seen;%s",
		desks, callers, took[len(took)/2], took[len(took)*99/100], took[len(took)-1], missing, rss)
}
