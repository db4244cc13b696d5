package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"callin/app/call"
	"callin/app/tunnel"
)

// tunneled is a tunnel that is kept up, and how it stands.
type tunneled struct {
	kind, token, domain string
	stop                func()

	mu      sync.Mutex
	state   tunnel.State
	changed chan struct{} // closed and replaced with each change
}

// keepTunnel keeps a tunnel to a port of this computer up until it is stopped. tell hears
// of each change besides; run is tunnel.Run.
func keepTunnel(run func(context.Context, tunnel.Options), o tunnel.Options, tell func(tunnel.State)) *tunneled {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	t := &tunneled{kind: o.Kind, token: o.Token, domain: o.Domain, changed: make(chan struct{})}
	t.stop = func() { stop(); <-ended }
	o.Tell = func(s tunnel.State) {
		t.mu.Lock()
		t.state = s
		close(t.changed)
		t.changed = make(chan struct{})
		t.mu.Unlock()
		tell(s)
	}
	go func() {
		defer close(ended)
		run(ctx, o)
	}()
	return t
}

// is reports whether it is this tunnel.
func (t *tunneled) is(kind, token, domain string) bool {
	return t != nil && t.kind == kind && t.token == token && t.domain == domain
}

// tunnelUp is how long a tunnel that is made is waited for.
const tunnelUp = 20 * time.Second

// up waits for the tunnel's address, or for what is wrong with it.
func (t *tunneled) up(ctx context.Context) (address string, trouble *call.Error) {
	for late := time.After(tunnelUp); ; {
		t.mu.Lock()
		state, changed := t.state, t.changed
		t.mu.Unlock()
		if state.Address != "" || state.Trouble != nil {
			return state.Address, state.Trouble
		}
		select {
		case <-changed:
		case <-late:
			return "", &call.Error{Code: call.CodeTunnelCut, Message: "The tunnel is not up yet. Callin goes on trying; look again in a moment."}
		case <-ctx.Done():
			return "", &call.Error{Code: call.CodeTunnelCut, Message: "The tunnel was not waited for."}
		}
	}
}

// now is what is wrong with the tunnel; nil while it carries, or there is none.
func (t *tunneled) now() *call.Error {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.state.Trouble
}

// trials are the tunnels of set-ups: the one that was asked for last is kept up until it
// is settled, or another one is asked for.
type trials struct {
	run func(context.Context, tunnel.Options)
	to  string
	log *slog.Logger
	// own is the station's; nil where it has none.
	own *tunneled

	mu   sync.Mutex
	last *tunneled
}

// up has a tunnel be up and waits for its address.
func (t *trials) up(ctx context.Context, kind, token, domain string) (address string, trouble *call.Error) {
	if t.own.is(kind, token, domain) {
		return t.own.up(ctx)
	}
	t.mu.Lock()
	if !t.last.is(kind, token, domain) {
		if t.last != nil {
			t.last.stop()
		}
		t.last = keepTunnel(t.run, tunnel.Options{Kind: kind, Token: token, Domain: domain, To: t.to, Log: t.log}, func(tunnel.State) {})
	}
	last := t.last
	t.mu.Unlock()
	return last.up(ctx)
}

func (t *trials) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last != nil {
		t.last.stop()
	}
}

// openTunnel has the station be reached by its tunnel, if it is to have one. Where that is
// not up the address of before is kept: calls that are there go on without it, and the
// desk says what is wrong. run is tunnel.Run.
func (s *process) openTunnel(ctx context.Context, run func(context.Context, tunnel.Options), to string) error {
	set := &s.settings
	if set.Tunnel == "" {
		return nil
	}
	var mu sync.Mutex // guards began
	began := ""
	s.tunnel = keepTunnel(run, tunnel.Options{Kind: set.Tunnel, Token: set.TunnelToken, Domain: set.TunnelDomain, To: to, Log: s.log}, func(now tunnel.State) {
		mu.Lock()
		moved := began != "" && now.Address != "" && now.Address != began
		mu.Unlock()
		if moved {
			s.log.Warn("the tunnel has another address; the station begins again with it", "address", now.Address)
			s.again()
		}
	})
	s.atTheEnd(s.tunnel.stop)
	address, trouble := s.tunnel.up(ctx)
	if address == "" && s.kept.PublicURL == "" {
		return trouble
	}
	if address == "" {
		address = s.kept.PublicURL
		s.log.Warn("the tunnel is not up", "why", trouble.Message)
	}
	mu.Lock()
	began = address
	mu.Unlock()
	set.PublicURL = address
	return nil
}

// follow has something done at each change until ctx ends.
func (t *tunneled) follow(ctx context.Context, do func()) {
	for {
		t.mu.Lock()
		changed := t.changed
		t.mu.Unlock()
		select {
		case <-changed:
			do()
		case <-ctx.Done():
			return
		}
	}
}
