package remote

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"

	"callin/app/certificate"
	"callin/app/desk/contract"
)

// wire is a network between a PC and a station, in memory, so that a bubble's time can
// pass. What goes over one that is cut is swallowed, and connections that it had stay
// dead; nobody is told. A station that is down refuses.
type wire struct {
	mu    sync.Mutex
	cut   bool
	down  bool
	ends  []net.Conn // of living connections
	calls chan net.Conn
}

func newWire() *wire { return &wire{calls: make(chan net.Conn)} }

// dial is a PC's, which sends its first packet again after one, three and seven seconds.
func (w *wire) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	for again := time.Second; ; again *= 2 {
		w.mu.Lock()
		cut, down := w.cut, w.down
		w.mu.Unlock()
		switch {
		case !cut && down:
			return nil, syscall.ECONNREFUSED
		case !cut:
			return w.connect(ctx)
		}
		select {
		case <-time.After(again):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (w *wire) connect(ctx context.Context) (net.Conn, error) {
	here, near := net.Pipe()
	far, there := net.Pipe()
	select {
	case w.calls <- there:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	cable := &cable{}
	w.mu.Lock()
	w.ends = append(w.ends, cable)
	w.mu.Unlock()
	go cable.carry(near, far)
	go cable.carry(far, near)
	return here, nil
}

// cable is one connection over the wire.
type cable struct {
	net.Conn
	mu   sync.Mutex
	dead bool
}

func (c *cable) isDead() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dead
}

// Close makes it dead, which nobody is told.
func (c *cable) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dead = true
	return nil
}

func (c *cable) carry(from, to net.Conn) {
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		if err != nil {
			if !c.isDead() {
				to.Close()
			}
			from.Close()
			return
		}
		if !c.isDead() {
			to.Write(b[:n]) // fails when that side has closed
		}
	}
}

func (w *wire) Cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = true
	for _, c := range w.ends {
		c.Close()
	}
	w.ends = nil
}

func (w *wire) Mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = false
}

// Accept, Close and Addr are the station's listener.
type listener struct {
	*wire
	once  sync.Once
	ended chan struct{}
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.calls:
		return c, nil
	case <-l.ended:
		return nil, net.ErrClosed
	}
}
func (l *listener) Close() error { l.once.Do(func() { close(l.ended) }); return nil }
func (*listener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 168, 1, 20), Port: 8443} }

// runs starts a station at the wire's other end, and returns what kills it.
func (w *wire) runs(t *testing.T, shows *certificate.Identity, at *contract.Station, plainHTTP bool) (kill func()) {
	t.Helper()
	server := &http.Server{Handler: at, TLSConfig: shows.TLS.Clone(), ErrorLog: log.New(io.Discard, "", 0)}
	if plainHTTP {
		server.TLSConfig.NextProtos = []string{"http/1.1"}
		server.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){}
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		server.ServeTLS(&listener{wire: w, ended: make(chan struct{})}, "", "")
	}()
	w.set(false)
	return func() {
		w.set(true)
		server.Close()
		at.EndFeeds()
		<-ended
	}
}

func (w *wire) set(down bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = down
}
