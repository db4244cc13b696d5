package app

import (
	"context"
	"fmt"
	"net"

	"callin/app/call"
	"callin/app/folder"
	"callin/app/metrics"
	"callin/app/picture"
	"callin/app/station"
)

// openMetrics takes the port at which the station can be looked after, if one is
// set. A show does not fall through for want of it.
func (s *process) openMetrics() {
	s.metrics = metrics.New(thisBuild().revision(), s.how)
	if s.settings.MetricsPort == 0 {
		return
	}
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", s.settings.MetricsPort))
	if err != nil {
		s.warn(fmt.Sprintf("Port %d, the metrics_port, is taken by another program: nobody can look after this Callin there. End that one, or set another port, and start Callin again.", s.settings.MetricsPort))
		return
	}
	s.metricsDoor = l
	s.atTheEnd(func() { l.Close() })
}

// serveMetrics answers there from now on.
func (s *process) serveMetrics() {
	if s.metricsDoor != nil {
		s.atTheEnd(serve(serving{Listener: s.metricsDoor, read: slowestRequest, write: slowestRequest}, s.metrics.Handler(), s.log))
	}
}

// how is how the station is now.
func (s *process) how(ctx context.Context) (metrics.Station, bool) {
	p, ok := s.look(ctx)
	if !ok {
		return metrics.Station{}, false
	}
	is := metrics.Station{Calls: places(p), Desks: s.room.Watching(), LastSigned: s.lastSigned(), Unready: unready(p)}
	if d := p.Disk; d != nil && d.Code != call.CodeJournalDamaged { // that one is begun anew
		is.Unkept = d.Message
		is.Unready = append(is.Unready, d.Message) // no decision can be made
	}
	is.Free, _ = folder.Free(s.dir) // 0 is not known
	return is, true
}

// places are how many calls there are in each, also in those that have none.
func places(p picture.Picture) map[call.Place]int {
	in := map[call.Place]int{}
	for _, kind := range []call.Kind{call.Arriving, call.Bridge, call.Park, call.Voicemail, call.Closing} {
		in[call.Place{Kind: kind}] = 0
	}
	for _, st := range p.Studios {
		for _, name := range st.Show.Queues {
			in[call.InQueue(name)] = 0
		}
	}
	for _, line := range p.Lines {
		for _, state := range []call.State{call.Talking, call.Held, call.Deck} {
			in[call.OnLine(line.Name, state)] = 0
		}
	}
	for _, card := range p.Cards {
		in[card.Place]++
	}
	return in
}

// unready is why the station cannot work a show, in sentences.
func unready(p picture.Picture) (why []string) {
	switch {
	case p.Check.LostAt != 0:
		why = append(why, "Twilio does not answer.")
	case p.Check.Now:
		why = append(why, "Callin is asking Twilio where everybody is.")
	}
	if p.WayIn != nil {
		why = append(why, p.WayIn.Message)
	}
	return why
}

// counted is a journal whose facts are counted when they are on disk.
type counted struct {
	station.Journal
	metrics *metrics.Metrics
}

func (c counted) Append(ctx context.Context, facts []call.Fact) error {
	err := c.Journal.Append(ctx, facts)
	if err == nil {
		for _, f := range facts {
			c.metrics.Happened(f)
		}
	}
	return err
}

func (c counted) Read(ctx context.Context, each func(call.Fact)) error {
	return c.Journal.Read(ctx, func(f call.Fact) {
		c.metrics.Known(f)
		each(f)
	})
}
