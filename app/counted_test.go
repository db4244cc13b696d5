package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"callin/app/call"
	"callin/app/metrics"
	"callin/app/settings"
)

// fills is a disk that takes nothing a few times.
type fills struct{ times int }

func (f *fills) Append(context.Context, []call.Fact) error {
	if f.times--; f.times >= 0 {
		return errors.New("no space left")
	}
	return nil
}
func (*fills) Read(context.Context, func(call.Fact)) error { return nil }

// While the disk is full the same facts are tried again each second: what they tell
// of has happened once.
func TestWhatIsTriedAgainIsCountedOnce(t *testing.T) {
	m := metrics.New("", func(context.Context) (metrics.Station, bool) { return metrics.Station{}, true })
	j := counted{&fills{times: 3}, m}
	air := call.OnLine("studio", call.Talking)
	facts := []call.Fact{
		{Seq: 1, Kind: call.Began, Call: "CA1", Place: &air},
		{Seq: 2, Kind: call.Placed, Call: "CA1", Place: &air},
		{Seq: 3, Kind: call.Began, Call: "CA1", Place: &air},
	}
	for j.Append(t.Context(), facts) != nil {
	}
	answer := httptest.NewRecorder()
	m.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	said := answer.Body.String()
	if !strings.Contains(said, `callin_moves_total{code="",result="done"} 1`) || strings.Contains(said, "replaced\"}") {
		t.Errorf("one move is done, another one under way: %s", said[strings.Index(said, "callin_moves"):])
	}
}

// A show does not fall through because somebody has the metrics' port.
func TestATakenMetricsPortIsOnlySaid(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := stationIn(t.TempDir(), settings.Settings{MetricsPort: port(l)})
	s.openMetrics()
	s.serveMetrics()
	s.end()
	if len(s.warnings) != 1 || !strings.Contains(s.warnings[0], "metrics_port") {
		t.Errorf("the desk is told %q", s.warnings)
	}
}
