package app

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/certificate"
)

func TestADoorListensOnThisComputerOnlyAndWhereItDid(t *testing.T) {
	open := func(set, last int) net.Listener {
		t.Helper()
		l, err := listen(set, last)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		if ip := l.Addr().(*net.TCPAddr).IP; !ip.Equal(net.IPv4(127, 0, 0, 1)) {
			t.Errorf("listen(%d, %d) is at %v", set, last, ip)
		}
		return l
	}
	any := open(0, 0)
	if p := port(any); p < firstPort || p >= lastPort {
		t.Errorf("port %d may be given to a connection while Callin starts again", p)
	}
	if another := open(0, port(any)); port(another) == port(any) {
		t.Error("two listeners have one port")
	}
	_, err := listen(port(any), 0)
	var refused *call.Error
	if !errors.As(err, &refused) || refused.Code != call.CodePort {
		t.Errorf("a set port that is taken: %v", err)
	}
	last := port(any)
	any.Close()
	if again := open(0, last); port(again) != last {
		t.Errorf("it was at %d and is at %d", last, port(again))
	} else {
		again.Close()
	}
	if set := open(last, 0); port(set) != last {
		t.Errorf("%d is set, and it is at %d", last, port(set))
	}
}

// pipes is a listener without a network, so that time can be a test's own.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// connecting serves h as a listener of Callin's does and returns a way to connect.
func connecting(serve func(net.Listener, http.Handler, *slog.Logger) func(), h http.HandlerFunc) (connect func() net.Conn, stop func()) {
	l := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	stop = serve(l, h, quiet())
	return func() net.Conn {
		ours, theirs := net.Pipe()
		l.conns <- theirs
		return ours
	}, stop
}

// Whatever a stranger keeps from the voice listener or the door for desks, or does not
// take, its connection is cut.
func TestAStrangerCannotHoldTheVoiceListenerOrTheDoorUp(t *testing.T) {
	door := func(l net.Listener, h http.Handler, log *slog.Logger) func() { return serveDesks(l, nil, nil, h, log) }
	for name, serve := range map[string]func(net.Listener, http.Handler, *slog.Logger) func(){"the voice listener": serveStrangers, "the door": door} {
		t.Run(name, func(t *testing.T) { cutsStrangersOff(t, serve) })
	}
}

func cutsStrangersOff(t *testing.T, serve func(net.Listener, http.Handler, *slog.Logger) func()) {
	t.Helper()
	const asks = "POST /voice/wait HTTP/1.1\r\nHost: a\r\n"
	for _, c := range []struct {
		name, sends string
		reads       bool
		after       time.Duration
	}{
		{"nothing", "", true, 5 * time.Second},
		{"a header without an end", asks, true, 5 * time.Second},
		{"a body without an end", asks + "Content-Length: 10\r\n\r\n1", true, 30 * time.Second},
		{"nothing more after a request", asks + "Content-Length: 0\r\n\r\n", true, 2 * time.Minute},
		{"a request whose answer is not taken", asks + "Content-Length: 0\r\n\r\n", false, 30 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				answered := make(chan struct{})
				connect, stop := connecting(serve, func(w http.ResponseWriter, r *http.Request) {
					defer close(answered)
					if _, err := io.Copy(io.Discard, r.Body); err == nil {
						w.Write(make([]byte, 1<<20))
					}
				})
				defer stop()
				began := time.Now()
				conn := connect()
				defer conn.Close()
				if _, err := io.WriteString(conn, c.sends); err != nil {
					t.Fatal(err)
				}
				if c.reads {
					io.Copy(io.Discard, conn)
				} else {
					<-answered
				}
				if took := time.Since(began); took != c.after {
					t.Errorf("it was held up for %v, want %v", took, c.after)
				}
			})
		})
	}
}

// A feed lasts for as long as somebody reads it, but does not keep Callin from ending.
func TestADeskIsNotCutOffUntilTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		connect, stop := connecting(serveDesk, func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-time.After(12 * time.Hour):
			case <-r.Context().Done():
			}
			io.WriteString(w, "still here")
		})
		feed := func() net.Conn {
			conn := connect()
			io.WriteString(conn, "GET /api/feed HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
			return conn
		}
		lasts := func(conn net.Conn, want time.Duration) {
			t.Helper()
			defer conn.Close()
			began := time.Now()
			if text, err := io.ReadAll(conn); err != nil || len(text) == 0 || time.Since(began) != want {
				t.Errorf("it ended after %v, want %v: %q, %v", time.Since(began), want, text, err)
			}
		}
		lasts(feed(), 12*time.Hour)
		another := feed()
		synctest.Wait()
		var stopping sync.WaitGroup
		stopping.Go(stop)
		lasts(another, 0)
		stopping.Wait()
	})
}

// Strangers can take all seats of the voice listener, and not for long: Twilio's
// next request is answered while it still waits.
func TestACrowdOfStrangersKeepsNobodyOutForLong(t *testing.T) {
	const asks = "POST /voice/wait HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
	for name, c := range map[string]struct {
		sends string // once each
		after time.Duration
	}{
		"who say nothing":               {"", slowestHeader},
		"who ask for nothing more":      {asks, 0},
		"who ask for something at last": {asks[:20], slowestHeader},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				connect, stop := connecting(serveStrangers, func(http.ResponseWriter, *http.Request) {})
				defer stop()
				answered := func(conn net.Conn) {
					if _, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil {
						t.Error(err)
					}
				}
				for range mostConnections {
					conn := connect()
					defer conn.Close()
					io.WriteString(conn, c.sends)
					if c.sends == asks {
						answered(conn)
					}
					go io.Copy(io.Discard, conn) // as a network takes what is sent
				}
				synctest.Wait()
				began := time.Now()
				twilio := connect()
				defer twilio.Close()
				another := make(chan net.Conn)
				go func() { another <- connect() }()
				io.WriteString(twilio, asks)
				answered(twilio)
				if took := time.Since(began).Round(10 * time.Millisecond); took != c.after {
					t.Errorf("Twilio waited for %v, want %v", took, c.after)
				}
				(<-another).Close()
			})
		})
	}
}

// As many as there are seats are there at once, and no more.
func TestConnectionsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now atomic.Int64
		connect, stop := connecting(serveStrangers, func(w http.ResponseWriter, r *http.Request) {
			now.Add(1)
			time.Sleep(time.Second)
		})
		defer stop()
		for range mostConnections + 10 {
			go func() {
				conn := connect()
				defer conn.Close()
				io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
				io.Copy(io.Discard, conn)
			}()
		}
		time.Sleep(time.Second / 2)
		if n := now.Load(); n != mostConnections {
			t.Errorf("%d are answered at once, want %d", n, mostConnections)
		}
		time.Sleep(time.Second)
		if n := now.Load(); n != mostConnections+10 {
			t.Errorf("%d were answered in the end", n)
		}
		stop()
		time.Sleep(longestIdle)
	})
}

// powerless is a client's end of a connection, whose computer may lose its power: then it neither says nor answers
// anything, and the wire stays as it was.
type powerless struct {
	net.Conn
	lost atomic.Bool
}

func (c *powerless) Read(b []byte) (int, error) {
	for {
		n, err := c.Conn.Read(b)
		if err != nil || !c.lost.Load() {
			return n, err
		}
	}
}

func (c *powerless) Write(b []byte) (int, error) {
	if c.lost.Load() {
		return len(b), nil
	}
	return c.Conn.Write(b)
}

func TestTheFeedOfAPCThatHasLostItsPowerEnds(t *testing.T) {
	shows, err := certificate.Own(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		var ended atomic.Bool
		connect, stop := connecting(func(l net.Listener, h http.Handler, log *slog.Logger) func() {
			return serve(serving{Listener: l, shows: shows}, h, log)
		}, func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush()
			<-r.Context().Done()
			ended.Store(true)
		})
		defer stop()
		pc := &powerless{Conn: connect()}
		client := &http.Transport{ForceAttemptHTTP2: true, DialTLSContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			c := tls.Client(pc, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}})
			return c, c.HandshakeContext(ctx)
		}}
		defer client.CloseIdleConnections()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://station/api/feed", nil)
		if err != nil {
			t.Fatal(err)
		}
		feed, err := client.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer feed.Body.Close()
		time.Sleep(time.Minute)
		synctest.Wait()
		if ended.Load() {
			t.Error("the feed of a PC that is there has ended")
		}
		pc.lost.Store(true)
		time.Sleep(quietFor + pongWithin + time.Second)
		synctest.Wait()
		if !ended.Load() {
			t.Error("the feed has not ended")
		}
		pc.Close()
	})
}
