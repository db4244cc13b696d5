// Package metrics shows who looks after a station how it is: its numbers to
// Prometheus, and in one line of words whether it is healthy and ready. What there
// is now is asked for when somebody looks; only what is over is counted.
package metrics

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"callin/app/call"
)

// Station is how a station is at one moment.
type Station struct {
	// Calls are how many there are in each place. A place without any is there too if
	// it always is.
	Calls map[call.Place]int
	// Desks are how many are connected.
	Desks int
	// LastSigned is when Twilio asked something last; zero for never.
	LastSigned time.Time
	// Unkept is why the journal cannot be written, and Unready why the station cannot
	// work a show, in sentences; empty when it can.
	Unkept  string
	Unready []string
	// Free is how many bytes the folder's disk has left; 0 when nobody knows.
	Free uint64
}

// Metrics are one station's.
type Metrics struct {
	look     func(context.Context) (Station, bool)
	registry *prometheus.Registry
	webhooks *prometheus.HistogramVec
	moves    moves
}

// inTime is how long a station may take to say how it is.
const inTime = 2 * time.Second

// New makes the metrics of a station, which look asks how it is; false when it does
// not say within its context. revision is of Callin's source.
func New(revision string, look func(context.Context) (Station, bool)) *Metrics {
	m := &Metrics{
		look: look, registry: prometheus.NewRegistry(),
		webhooks: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "callin_webhook_seconds", Help: "How long Twilio's signed requests took to answer, by path.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5},
		}, []string{"path"}),
		moves: newMoves(),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "callin_build_info", Help: "Which Callin this is.", ConstLabels: prometheus.Labels{"revision": revision},
	})
	build.Set(1)
	m.registry.MustRegister(now{m}, m.webhooks, m.moves.results, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Answered counts one of Twilio's requests.
func (m *Metrics) Answered(path string, took time.Duration) {
	m.webhooks.WithLabelValues(path).Observe(took.Seconds())
}

// Handler answers at /metrics, /healthz and /readyz.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", m.says("Callin answers, and its journal can be written.", func(s Station) string { return s.Unkept }))
	mux.HandleFunc("GET /readyz", m.says("Callin is ready for calls.", func(s Station) string { return strings.Join(s.Unready, " ") }))
	return mux
}

// says answers in one line, with 503 when there is something wrong.
func (m *Metrics) says(well string, wrong func(Station) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, done := context.WithTimeout(r.Context(), inTime)
		defer done()
		s, ok := m.look(ctx)
		line := "Callin runs, but does not decide what becomes of calls."
		if ok {
			line = wrong(s)
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		if line != "" {
			w.WriteHeader(http.StatusServiceUnavailable)
		} else {
			line = well
		}
		_, _ = w.Write([]byte(line + "\n")) // nobody hears that nobody listens
	}
}
