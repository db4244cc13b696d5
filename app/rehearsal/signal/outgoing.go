package signal

import "sync"

// maxWaiting is how much may wait for a slow reader, in bytes: far more than any
// burst of messages.
const maxWaiting = 4 << 20

// outgoing are the frames that wait to be written. They are bounded by their
// bytes and not by their number, as a burst of small ones is no slow reader.
type outgoing struct {
	more chan struct{} // holds one while there is something to take

	mu     sync.Mutex
	frames [][]byte
	bytes  int
	last   bool // nothing comes after these
}

func newOutgoing() outgoing { return outgoing{more: make(chan struct{}, 1)} }

// put reports whether there was room.
func (o *outgoing) put(b []byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.bytes+len(b) > maxWaiting {
		return false
	}
	if !o.last {
		o.frames, o.bytes = append(o.frames, b), o.bytes+len(b)
	}
	o.wake()
	return true
}

// finish lets what waits be the last.
func (o *outgoing) finish() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last = true
	o.wake()
}

func (o *outgoing) wake() {
	select {
	case o.more <- struct{}{}:
	default:
	}
}

// take returns what waits and whether it is the last.
func (o *outgoing) take() (frames [][]byte, last bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	frames, last = o.frames, o.last
	o.frames, o.bytes = nil, 0
	return frames, last
}
