package app_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
)

// number is one of the station's metrics by its name and labels; false when it is
// not there.
func (s *site) number(series string) (is float64, ok bool) {
	s.t.Helper()
	r, err := http.Get("http://127.0.0.1:" + s.metrics + "/metrics")
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	for lines := bufio.NewScanner(r.Body); lines.Scan(); {
		if value, found := strings.CutPrefix(lines.Text(), series+" "); found {
			is, err = strconv.ParseFloat(value, 64)
			return is, err == nil
		}
	}
	return 0, false
}

// counts waits until a metric has a value.
func (s *site) counts(series string, want float64) {
	s.t.Helper()
	for late := time.Now().Add(2 * long); ; time.Sleep(20 * time.Millisecond) {
		is, ok := s.number(series)
		if ok && is == want {
			return
		}
		if time.Now().After(late) {
			s.t.Fatalf("%s is %v (there: %t), want %v", series, is, ok, want)
		}
	}
}

// state waits until a health address answers with a status, and returns its line.
func (s *site) state(path string, want int) string {
	s.t.Helper()
	for late := time.Now().Add(2 * long); ; time.Sleep(20 * time.Millisecond) {
		r, err := http.Get("http://127.0.0.1:" + s.metrics + path)
		if err != nil {
			s.t.Fatal(err)
		}
		line, _ := io.ReadAll(r.Body)
		r.Body.Close()
		if r.StatusCode == want {
			return string(line)
		}
		if time.Now().After(late) {
			s.t.Fatalf("%s is %d: %s", path, r.StatusCode, line)
		}
	}
}

// Who looks after a station sees at its port what becomes of its calls, and is told
// when it cannot work a show.
func TestAStationCanBeLookedAfter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.metrics = freePort(t)
	s.start()
	s.until("the show is open", func(p picture.Picture) bool { return p.Studios[0].Show.State == call.ShowOpen })
	s.state("/readyz", http.StatusOK)
	s.state("/healthz", http.StatusOK)
	const waiting, talking = `callin_calls{name="on-air",place="queue",state=""}`, `callin_calls{name="studio",place="line",state="talking"}`
	s.counts(waiting, 0)
	s.counts("callin_ready", 1)
	s.counts("callin_journal_writable", 1)
	if free, _ := s.number("callin_disk_free_bytes"); free <= 0 {
		t.Errorf("%v bytes of the disk are free", free)
	}

	s.desk()
	ana, ben := s.ring(), s.ring()
	s.counts(waiting, 2)
	s.do("take", map[string]any{"call": ana})
	s.counts(talking, 1)
	s.counts(waiting, 1)
	s.counts(`callin_moves_total{code="",result="done"}`, 1)
	s.counts(`callin_webhook_seconds_count{path="/voice/inbound"}`, 2)
	if age, ok := s.number("callin_webhook_last_signed_age_seconds"); !ok || age < 0 || age > long.Seconds() {
		t.Errorf("Twilio has asked %v seconds ago (it has: %t)", age, ok)
	}
	r, err := http.Post("http://"+s.voice+"/voice/inbound", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	s.counts(`callin_webhook_seconds_count{path="/voice/inbound"}`, 2) // it was no request of Twilio's

	s.counts("callin_desks", 0)
	ctx, leaves := context.WithCancel(t.Context())
	defer leaves()
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, s.at+"/api/feed", nil)
	if err != nil {
		t.Fatal(err)
	}
	feed, err := s.browser.Do(ask)
	if err != nil {
		t.Fatal(err)
	}
	defer feed.Body.Close()
	s.counts("callin_desks", 1)
	leaves()
	s.counts("callin_desks", 0)

	fault := func(kind string) {
		t.Helper()
		if err := s.stage.PutFaults(t.Context(), stage.Faults{REST: []stage.RESTFault{{Kind: kind}}}); err != nil {
			t.Fatal(err)
		}
	}
	fault("busy")
	s.do("take", map[string]any{"call": ben})
	s.counts(`callin_moves_total{code="busy",result="failed"}`, 1)
	fault("down")
	s.do("take", map[string]any{"call": ben})
	s.counts(`callin_moves_total{code="not_done",result="unknown"}`, 1)
	if said := s.state("/readyz", http.StatusServiceUnavailable); said != "Twilio does not answer.\n" {
		t.Errorf("it is not ready: %q", said)
	}
	s.counts("callin_ready", 0)
	s.state("/healthz", http.StatusOK) // Twilio is not this process's health
	if err := s.stage.PutFaults(t.Context(), stage.Faults{}); err != nil {
		t.Fatal(err)
	}
	s.state("/readyz", http.StatusOK)
	if err := s.stage.HangUp(t.Context(), string(ana)); err != nil {
		t.Fatal(err)
	}
	s.counts(talking, 0)
}
