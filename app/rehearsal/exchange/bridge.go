package exchange

import (
	"context"
	"time"

	"callin/app/rehearsal/media"
)

// bridge joins two calls: caller dialled, callee was taken or rung. It ends
// when either leaves it.
type bridge struct {
	caller, callee *call
	mixer          *media.Mixer
	ctx            context.Context // until the bridge ends
	stop           context.CancelFunc
	connected      chan struct{} // closed when they can talk
	since          time.Time     // mu
	whisperStep    *step         // mu
	prepared       chan struct{} // closed when the caller has said what to whisper
	endPassing     []func()      // mu
}

func newBridge(caller, callee *call) *bridge {
	ctx, stop := context.WithCancel(caller.x.life)
	return &bridge{
		caller: caller, callee: callee, mixer: media.NewMixer(), ctx: ctx, stop: stop,
		connected: make(chan struct{}), prepared: make(chan struct{}),
	}
}

// prepare is the caller's word on what the callee hears first.
func (b *bridge) prepare(whisper *step) {
	b.whisperStep = whisper
	close(b.prepared)
}

func (b *bridge) whisper() *step {
	select {
	case <-b.prepared:
		return b.whisperStep
	case <-b.ctx.Done():
		return nil
	}
}

// connect lets the two talk.
func (b *bridge) connect() {
	x := b.caller.x
	x.mu.Lock()
	defer x.mu.Unlock()
	if b.ctx.Err() != nil || !b.since.IsZero() {
		return
	}
	b.since = time.Now()
	for _, c := range []*call{b.caller, b.callee} {
		b.mixer.Join(c.sid, c.wire)
	}
	b.pass(b.caller, b.callee)
	b.pass(b.callee, b.caller)
	b.caller.where, b.callee.where = "bridge "+b.callee.sid, "bridge "+b.caller.sid
	close(b.connected)
}

// pass lets one of the two be heard by the other without the mixer, if they can;
// mu is held.
func (b *bridge) pass(from, to *call) {
	if p, ok := from.party.(Passer); ok {
		b.endPassing = append(b.endPassing, p.Pass(to.party))
	}
}

// end parts the two; mu is held.
func (b *bridge) end() {
	if b.ctx.Err() != nil {
		return
	}
	b.stop()
	for _, end := range b.endPassing {
		end()
	}
	b.mixer.Close()
	for _, c := range []*call{b.caller, b.callee} {
		if c.bridge == b {
			c.bridge, c.where = nil, ""
		}
	}
}

// seconds is how long the two have talked; mu is held.
func (b *bridge) seconds() int {
	if b.since.IsZero() {
		return 0
	}
	return int(time.Since(b.since).Seconds())
}
