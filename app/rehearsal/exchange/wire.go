package exchange

import (
	"slices"
	"sync"
	"sync/atomic"

	"callin/app/rehearsal/media"
)

// wire is a party's audio as the exchange uses it: whatever goes through it can
// be recorded.
type wire struct {
	party Party
	taps  atomic.Pointer[[]*tap]
	mu    sync.Mutex    // of changes of taps
	first chan struct{} // closed while there are taps; made when asked for
}

type tap struct{ hear func(track, *media.Frame) }

// tap lets f hear both directions, frame by frame, until the end is called. f is
// called from several goroutines and must not block.
func (w *wire) tap(f func(track, *media.Frame)) (end func()) {
	t := &tap{f}
	w.change(func(all []*tap) []*tap { return append(all, t) })
	return func() {
		w.change(func(all []*tap) []*tap { return slices.DeleteFunc(all, func(o *tap) bool { return o == t }) })
	}
}

func (w *wire) change(f func([]*tap) []*tap) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var now []*tap
	if had := w.taps.Load(); had != nil {
		now = slices.Clone(*had)
	}
	had := len(now) > 0
	now = f(now)
	w.taps.Store(&now)
	switch {
	case w.first == nil:
	case len(now) == 0:
		w.first = nil
	case !had:
		close(w.first)
	}
}

// listened returns what is closed when somebody begins to hear the party that
// nobody hears.
func (w *wire) listened() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.first == nil {
		w.first = make(chan struct{})
		if w.tapped() {
			close(w.first)
		}
	}
	return w.first
}

func (w *wire) tapped() bool {
	t := w.taps.Load()
	return t != nil && len(*t) > 0
}

// Pull is the party's, heard by the taps.
func (w *wire) Pull(f *media.Frame) bool {
	spoke := w.party.Pull(f)
	if spoke {
		w.hear(inbound, f)
	}
	return spoke
}

// Push is the party's, heard by the taps.
func (w *wire) Push(f *media.Frame) {
	w.party.Push(f)
	w.hear(outbound, f)
}

func (w *wire) hear(t track, f *media.Frame) {
	if taps := w.taps.Load(); taps != nil {
		for _, one := range *taps {
			one.hear(t, f)
		}
	}
}

// needsAudio reports whether the party must be sent what it hears alone: it
// needs to, or somebody records it.
func (w *wire) needsAudio() bool { return w.party.NeedsAudio() || w.tapped() }
