package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

func gauge(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("callin_"+name, help, labels, nil)
}

var (
	answers    = gauge("studio_answers", "Whether the studio decides; nothing else of it is known otherwise.")
	calls      = gauge("calls", "Callers' calls by place: of queues and lines also their name, of lines how they stand there.", "place", "name", "state")
	desks      = gauge("desks", "Desks that are connected.")
	signedAge  = gauge("webhook_last_signed_age_seconds", "How long ago Twilio asked something last; absent if it has not.")
	writable   = gauge("journal_writable", "Whether the journal can be written.")
	free       = gauge("disk_free_bytes", "What is left of the disk that the journal is on.")
	readyGauge = gauge("ready", "Whether the station can work a show, as /readyz says.")
)

// now collects how the station is at this moment.
type now struct{ *Metrics }

// Describe says what Collect may send.
func (n now) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{answers, calls, desks, signedAge, writable, free, readyGauge} {
		to <- d
	}
}

// Collect looks at the station once, so that the numbers of one scrape agree.
func (n now) Collect(to chan<- prometheus.Metric) {
	set := func(what *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(what, prometheus.GaugeValue, value, labels...)
	}
	is := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	ctx, done := context.WithTimeout(context.Background(), inTime)
	defer done()
	s, ok := n.look(ctx)
	set(answers, is(ok))
	if !ok {
		return
	}
	for place, count := range s.Calls {
		set(calls, float64(count), string(place.Kind), place.Name, string(place.State))
	}
	set(desks, float64(s.Desks))
	if !s.LastSigned.IsZero() {
		set(signedAge, time.Since(s.LastSigned).Seconds())
	}
	set(writable, is(s.Unkept == ""))
	if s.Free > 0 {
		set(free, float64(s.Free))
	}
	set(readyGauge, is(len(s.Unready) == 0))
}
