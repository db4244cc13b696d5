package app

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/settings"
	"callin/app/tunnel"
)

// farEnd is a tunnel that stands as it is told to.
type farEnd struct {
	states chan tunnel.State
	// opened is how many tunnels were made, and open how many are up.
	opened, open atomic.Int64
}

func (f *farEnd) run(ctx context.Context, o tunnel.Options) {
	f.opened.Add(1)
	f.open.Add(1)
	defer f.open.Add(-1)
	for {
		select {
		case s := <-f.states:
			o.Tell(s)
		case <-ctx.Done():
			return
		}
	}
}

var cut = &call.Error{Code: call.CodeTunnelCut, Message: "The tunnel is cut. Callin makes it again."}

// tunnelOf is a station's, which begins again as often as began says.
func tunnelOf(t *testing.T, f *farEnd, kept string) (s *process, began *int, open func() error) {
	t.Helper()
	began = new(int)
	s = &process{settings: settings.Settings{Tunnel: tunnel.Ngrok, TunnelToken: "x"}, kept: settings.Kept{PublicURL: kept}, log: quiet()}
	s.again = func() { *began++ }
	t.Cleanup(s.end)
	return s, began, func() error { return s.openTunnel(t.Context(), f.run, "127.0.0.1:1") }
}

func TestAStationIsWhereItsTunnelIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &farEnd{states: make(chan tunnel.State)}
		s, began, open := tunnelOf(t, f, "")
		go func() {
			time.Sleep(tunnelUp / 2)
			f.states <- tunnel.State{Address: "https://a.example"}
		}()
		if err := open(); err != nil || s.settings.PublicURL != "https://a.example" {
			t.Fatalf("it is at %q, %v", s.settings.PublicURL, err)
		}
		f.states <- tunnel.State{Trouble: cut}
		synctest.Wait()
		if s.tunnel.now() != cut || *began != 0 {
			t.Errorf("a cut is %v; it began again %d times", s.tunnel.now(), *began)
		}
		f.states <- tunnel.State{Address: "https://a.example"}
		synctest.Wait()
		if s.tunnel.now() != nil || *began != 0 {
			t.Errorf("after it is %v; it began again %d times", s.tunnel.now(), *began)
		}
		f.states <- tunnel.State{Address: "https://b.example"} // the apps follow
		synctest.Wait()
		if *began != 1 {
			t.Errorf("with another address it began again %d times", *began)
		}
	})
}

// A tunnel that is not up keeps no show from going on: Twilio has the address of before,
// whose calls are there. Without one there is nothing to go on with.
func TestAStationStartsWithoutItsTunnel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for kept, want := range map[string]error{"https://a.example": nil, "": cut} {
			f := &farEnd{states: make(chan tunnel.State, 1)}
			f.states <- tunnel.State{Trouble: cut}
			s, _, open := tunnelOf(t, f, kept)
			if err := open(); err != want || s.settings.PublicURL != kept {
				t.Errorf("kept %q: it is at %q, %v", kept, s.settings.PublicURL, err)
			}
			s.end()
			s.ends = nil
		}
		silent := &farEnd{}
		_, _, open := tunnelOf(t, silent, "")
		start := time.Now()
		if err := open(); err == nil || time.Since(start) != tunnelUp {
			t.Errorf("one that says nothing is waited for for %v, %v", time.Since(start), err)
		}
	})
}

// A set-up tries one tunnel at a time, and never takes the station's own from it.
func TestASetUpTriesOneTunnelAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		own, f := &farEnd{states: make(chan tunnel.State, 1)}, &farEnd{states: make(chan tunnel.State, 1)}
		own.states <- tunnel.State{Address: "https://own.example"}
		s, _, open := tunnelOf(t, own, "")
		if err := open(); err != nil {
			t.Fatal(err)
		}
		all := &trials{run: f.run, log: quiet(), own: s.tunnel}
		defer all.stop()
		if address, trouble := all.up(t.Context(), tunnel.Ngrok, "x", ""); address != "https://own.example" || trouble != nil || f.opened.Load() != 0 {
			t.Errorf("the station's own is %q, %v, and made again %d times", address, trouble, f.opened.Load())
		}
		f.states <- tunnel.State{Address: "https://one.example"}
		for range 2 {
			if address, _ := all.up(t.Context(), tunnel.Ngrok, "x", "one.example"); address != "https://one.example" {
				t.Errorf("a trial is at %q", address)
			}
		}
		go func() {
			time.Sleep(tunnelUp / 2)
			f.states <- tunnel.State{Trouble: cut}
		}()
		if _, trouble := all.up(t.Context(), tunnel.Ngrok, "x", "two.example"); trouble != cut {
			t.Errorf("another is %v", trouble)
		}
		if f.open.Load() != 1 || own.open.Load() != 1 || f.opened.Load() != 2 {
			t.Errorf("%d trials are up of %d, and %d of the station's", f.open.Load(), f.opened.Load(), own.open.Load())
		}
	})
}
