package metrics

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"callin/app/call"
)

// moves counts how moves end, by the facts that tell of it.
type moves struct {
	results *prometheus.CounterVec

	mu sync.Mutex
	// underWay is each call's move that has not ended.
	underWay map[call.Sid]move
}

type move struct {
	number int64
	to     call.Place
}

func newMoves() moves {
	return moves{
		results: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "callin_moves_total",
			Help: "Moves of calls by how they ended: done, failed for the reason code, gone (the caller hung up), replaced by another move, or unknown, as Twilio did not say in time.",
		}, []string{"result", "code"}),
		underWay: map[call.Sid]move{},
	}
}

// Known takes in a fact of before.
func (m *Metrics) Known(f call.Fact) { m.moves.follow(f, false) }

// Happened takes in a fact that is news.
func (m *Metrics) Happened(f call.Fact) { m.moves.follow(f, true) }

func (m *moves) follow(f call.Fact, news bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	is, moving := m.underWay[f.Call]
	result, code := "", ""
	switch {
	case f.Kind == call.Began:
		if moving {
			result = "replaced"
		}
	case !moving:
	case f.Kind == call.Placed && f.Place != nil && *f.Place == is.to:
		result = "done"
	case f.Kind == call.Failed && f.Move == is.number:
		if result, code = "failed", f.Code; code == call.CodeNotDone.String() {
			result = "unknown"
		}
	case f.Kind == call.Ended:
		result = "gone"
	}
	if result != "" {
		delete(m.underWay, f.Call)
		if news {
			m.results.WithLabelValues(result, code).Inc()
		}
	}
	if f.Kind == call.Began && f.Place != nil {
		m.underWay[f.Call] = move{f.Seq, *f.Place}
	}
}
