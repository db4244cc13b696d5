package metrics_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/metrics"
)

func get(m *metrics.Metrics, path string) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	m.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
	return answer
}

// A station that hangs is neither healthy nor ready, and that is said in time: what
// asks would else take it for slow.
func TestAStationThatHangsIsSaidToInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := metrics.New("", func(ctx context.Context) (metrics.Station, bool) {
			<-ctx.Done()
			return metrics.Station{}, false
		})
		for _, path := range []string{"/healthz", "/readyz"} {
			began := time.Now()
			if answer := get(m, path); answer.Code != http.StatusServiceUnavailable || time.Since(began) > 5*time.Second {
				t.Errorf("%s: %d after %v", path, answer.Code, time.Since(began))
			}
		}
		said := get(m, "/metrics").Body.String()
		if !strings.Contains(said, "callin_studio_answers 0\n") || strings.Contains(said, "callin_journal_writable") {
			t.Errorf("what is not known is shown: %s", said)
		}
	})
}

// Each move ends once, whatever else is told of its call.
func TestHowMovesEnd(t *testing.T) {
	air, hold, waits := call.OnLine("studio", call.Talking), call.OnLine("studio", call.Held), call.InQueue("on-air")
	began := func(number int64, to call.Place) call.Fact {
		return call.Fact{Seq: number, Kind: call.Began, Call: "CA1", Place: &to}
	}
	placed := func(at call.Place) call.Fact { return call.Fact{Kind: call.Placed, Call: "CA1", Place: &at} }
	over := call.EndedAs("CA1", "completed")
	for name, c := range map[string]struct {
		before, facts []call.Fact
		counts        []string
	}{
		"done":                              {facts: []call.Fact{began(1, air), placed(air), placed(air), over}, counts: []string{`code="",result="done"} 1`}},
		"on its way":                        {facts: []call.Fact{began(1, air), placed(waits)}},
		"refused":                           {facts: []call.Fact{began(1, air), call.NotDone("CA1", 1, call.CodeBusy, ""), placed(air)}, counts: []string{`code="busy",result="failed"} 1`}},
		"not known":                         {facts: []call.Fact{began(1, air), call.NotDone("CA1", 1, call.CodeNotDone, "")}, counts: []string{`code="not_done",result="unknown"} 1`}},
		"told of an earlier one":            {facts: []call.Fact{began(2, air), call.NotDone("CA1", 1, call.CodeBusy, "")}},
		"hung up":                           {facts: []call.Fact{began(1, air), over}, counts: []string{`code="",result="gone"} 1`}},
		"one after the other":               {facts: []call.Fact{began(1, air), placed(air), began(3, hold), placed(hold)}, counts: []string{`code="",result="done"} 2`}},
		"one instead of the other":          {facts: []call.Fact{began(1, air), began(2, waits), placed(waits)}, counts: []string{`code="",result="replaced"} 1`, `code="",result="done"} 1`}},
		"begun before the start":            {before: []call.Fact{began(1, air)}, facts: []call.Fact{placed(air)}, counts: []string{`code="",result="done"} 1`}},
		"over before the start":             {before: []call.Fact{began(1, air), placed(air)}, facts: []call.Fact{over}},
		"of another call than the one here": {facts: []call.Fact{began(1, air), call.EndedAs("CA2", "completed")}},
	} {
		m := metrics.New("", func(context.Context) (metrics.Station, bool) { return metrics.Station{}, true })
		for _, f := range c.before {
			m.Known(f)
		}
		for _, f := range c.facts {
			m.Happened(f)
		}
		said := get(m, "/metrics").Body.String()
		if n := strings.Count(said, "\ncallin_moves_total{"); n != len(c.counts) {
			t.Errorf("%s: %d results", name, n)
		}
		for _, count := range c.counts {
			if !strings.Contains(said, "callin_moves_total{"+count+"\n") {
				t.Errorf("%s: there is no %s", name, count)
			}
		}
	}
}
