package exchange

import (
	"sync"

	"callin/app/rehearsal/media"
)

const (
	// maxTrunks bounds what a number comes to whose document dials the number.
	maxTrunks = 100
	// trunkFrames is how much sound may be on its way: 60 ms.
	trunkFrames = 3
)

// trunk joins a call to one of the account's own numbers with the call that comes
// in there: each is the other's far end.
type trunk struct {
	x        *Exchange
	from, to string
	there    chan media.Frame // to the call that comes in
	back     chan media.Frame

	mu       sync.Mutex
	out, in  string // CallSids; in is empty until the number rings
	answered bool
}

// outside is the far end of the call that goes out, inside that of the call that
// comes in. They call the exchange, which holds no lock when it calls them.
type (
	outside struct{ *trunk }
	inside  struct{ *trunk }
)

// newTrunk is the far end of a call to one of the account's numbers, which need
// not be one; nil then. mu is held.
func (x *Exchange) newTrunk(from, to string) Party {
	if find(x.numbers, func(n *Number) bool { return n.PhoneNumber == to }) == nil {
		return nil
	}
	return outside{&trunk{x: x, from: from, to: to, there: make(chan media.Frame, trunkFrames), back: make(chan media.Frame, trunkFrames)}}
}

// Ringing lets the number ring, whose voice URL says what becomes of the call.
func (t outside) Ringing(callSid string) {
	x := t.x
	x.mu.Lock()
	full := x.trunks == maxTrunks
	if !full {
		x.trunks++
	}
	x.mu.Unlock()
	if full {
		x.Refuse(callSid, Busy)
		return
	}
	t.mu.Lock()
	t.out = callSid
	t.mu.Unlock()
	in, err := x.Ring(t.from, t.to, "", inside(t))
	if err != nil { // the number has been given back
		inside(t).HungUp(Failed)
		return
	}
	t.mu.Lock()
	t.in = in
	t.mu.Unlock()
	x.Rings(callSid)
}

// Answer is no news: the other end has.
func (outside) Answer() {}

func (t outside) HungUp(Status) {
	t.mu.Lock()
	in := t.in
	t.mu.Unlock()
	t.x.HangUp(in)
}

func (inside) Ringing(string) {}

func (t inside) Answer() {
	t.mu.Lock()
	t.answered = true
	t.mu.Unlock()
	t.x.Accept(t.out)
}

func (t inside) HungUp(final Status) {
	t.x.mu.Lock()
	t.x.trunks--
	t.x.mu.Unlock()
	t.mu.Lock()
	answered := t.answered
	t.mu.Unlock()
	switch {
	case answered:
		t.x.HangUp(t.out)
	case final == Busy, final == Failed:
		t.x.Refuse(t.out, final)
	default:
		t.x.Refuse(t.out, NoAnswer)
	}
}

// Push says to the other end what this one hears.
func (t outside) Push(f *media.Frame) { say(t.there, f) }
func (t inside) Push(f *media.Frame)  { say(t.back, f) }

func (t outside) Pull(f *media.Frame) bool { return hear(t.back, f) }
func (t inside) Pull(f *media.Frame) bool  { return hear(t.there, f) }

func (*trunk) NeedsAudio() bool { return true }

// Heard passes keys on.
func (t outside) Heard(e Event) {
	t.mu.Lock()
	in := t.in
	t.mu.Unlock()
	if e.Kind == "digits" {
		t.x.Digits(in, e.Text)
	}
}

func (t inside) Heard(e Event) {
	if e.Kind == "digits" {
		t.x.Digits(t.out, e.Text)
	}
}

func say(to chan media.Frame, f *media.Frame) {
	select {
	case to <- *f:
	default: // nobody listens
	}
}

func hear(from chan media.Frame, f *media.Frame) bool {
	select {
	case *f = <-from:
		return true
	default:
		clear(f[:])
		return false
	}
}
