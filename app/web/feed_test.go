package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"callin/app/desk"
	"callin/app/desk/contract"
	"callin/app/web"
)

// watched is a desk whose feed has one event, and says when it was waited in and closed.
type watched struct {
	desk.Backend
	told   bool
	closed chan struct{}
	// left says of each who no longer waits in Next whether the feed was open until then.
	left chan bool
}

func (w *watched) Attach(int64) desk.Feed { return w }
func (w *watched) Close()                 { close(w.closed) }

func (w *watched) Next(ctx context.Context) (desk.Event, error) {
	if !w.told {
		w.told = true
		return desk.Event{Name: "station", Data: []byte("{}")}, nil
	}
	<-ctx.Done()
	select {
	case <-w.closed:
		w.left <- false
	default:
		w.left <- true
	}
	return desk.Event{}, ctx.Err()
}

// cut is a connection that is lost once the feed has begun.
type cut struct {
	http.ResponseWriter
	begun bool
}

func (c *cut) FlushError() error {
	if c.begun {
		return errors.New("the connection is lost")
	}
	c.begun = true
	return http.NewResponseController(c.ResponseWriter).Flush()
}

func (c *cut) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// A feed is one goroutine's at a time: what it keeps is not put away under who waits in it.
func TestAFeedIsClosedWhenNobodyWaitsInItAnyMore(t *testing.T) {
	at := &watched{closed: make(chan struct{}), left: make(chan bool, 1)}
	server := httptest.NewUnstartedServer(nil)
	host := server.Listener.Addr().String()
	sessions := web.NewSessions(host, t.TempDir(), nil, func([]string) error { return nil })
	door := web.New(web.Options{At: at, Sessions: sessions, Host: host, Page: fstest.MapFS{}})
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/feed" {
			w = &cut{ResponseWriter: w}
		}
		door.ServeHTTP(w, r)
	})
	server.Start()
	t.Cleanup(server.Close)
	in := contract.Enter(t, server.URL+"/?code="+sessions.Code(0))
	feed, err := in.Get(server.URL + "/api/feed")
	if err != nil {
		t.Fatal(err)
	}
	defer feed.Body.Close()
	if !<-at.left {
		t.Error("it was closed under who waited in it")
	}
	<-at.closed
}
