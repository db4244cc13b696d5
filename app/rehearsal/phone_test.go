package rehearsal

import (
	"slices"
	"sync"
	"testing"
	"time"

	"callin/app/rehearsal/exchange"
	"callin/app/rehearsal/media"
	"callin/app/rehearsal/stage"
)

var switchesEnd = exchange.Switches{EndOnWaitFailure: true}

// phone is a softphone without a network: it speaks a pilot tone and listens.
type phone struct {
	ear    *media.Ear
	tones  chan []float64
	hungUp chan struct{}

	mu   sync.Mutex
	tone *media.Tone
}

func newPhone(hz float64) *phone {
	p := &phone{ear: media.NewEar(), tone: media.NewTone(hz, -12), tones: make(chan []float64, 1000), hungUp: make(chan struct{})}
	p.ear.OnChange = func(t []float64) { p.tones <- t }
	return p
}

func (p *phone) Pull(f *media.Frame) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tone.Pull(f)
}
func (p *phone) Push(f *media.Frame) { p.ear.Push(f) }
func (p *phone) Ringing()            {}
func (p *phone) Answer()             {}
func (p *phone) HungUp(int, string)  { close(p.hungUp) }

// hears waits until exactly these tones are in the phone's ear.
func (p *phone) hears(t *testing.T, want ...float64) {
	t.Helper()
	deadline := time.After(patience)
	var last []float64
	for {
		select {
		case got := <-p.tones:
			if last = got; slices.Equal(got, want) {
				return
			}
		case <-deadline:
			t.Fatalf("the phone hears %v, not %v", last, want)
		}
	}
}

func (p *phone) gone(t *testing.T) {
	t.Helper()
	select {
	case <-p.hungUp:
	case <-time.After(patience):
		t.Fatal("the phone was not hung up")
	}
}

// hearsTone matches the moment from which a caller hears exactly these tones.
func hearsTone(sid string, want ...float64) func(stage.Event) bool {
	return func(e stage.Event) bool {
		return e.CallSid == sid && e.Kind == "tones" && slices.Equal(e.Tones, want)
	}
}
