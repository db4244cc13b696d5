// Package web is the desk's door for a browser: the page, the operations over
// HTTP and the feed as server-sent events, on a loopback address. The page is
// anybody's; all else is for browsers that were let in.
package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/door"
)

// browserDoor serves one desk to browsers on this machine.
type browserDoor struct {
	at       desk.Backend
	sessions *Sessions
	// desk tells this desk from others.
	desk string
	// host is the only Host header answered to, such as 127.0.0.1:8100.
	host string
	// epoch tells this process's event numbers from another one's.
	epoch string
	mux   *http.ServeMux
	// feeds is how many are open.
	feeds atomic.Int32
}

// Options are what a door is made of.
type Options struct {
	At desk.Backend
	// Sessions are who is let in.
	Sessions *Sessions
	// Desk is the value of every answer's header DeskHeader.
	Desk string
	Host string
	// Page is the built page, with index.html at its root.
	Page fs.FS
	// Connect are the sources the page may connect to besides its own, in the
	// Content-Security-Policy's notation.
	Connect []string
}

// New makes a door.
func New(o Options) http.Handler {
	d := &browserDoor{
		at: o.At, sessions: o.Sessions, desk: o.Desk, host: o.Host, mux: http.NewServeMux(),
		epoch: rand.Text()[:8],
	}
	d.mux.HandleFunc("POST /api/session", d.enter)
	for pattern, answer := range map[string]http.HandlerFunc{
		"GET /api/":              http.NotFound,
		"POST /api/op/{name}":    d.operate,
		"GET /api/feed":          d.feed,
		"GET /api/record/{file}": d.record,
		"GET /api/voicemail/{recording}": func(w http.ResponseWriter, r *http.Request) {
			door.Voicemail(d.at, w, r, r.PathValue("recording"))
		},
	} {
		d.mux.HandleFunc(pattern, d.proven(answer))
	}
	d.mux.Handle("GET /", http.FileServerFS(o.Page))
	return door.Secure(o.Connect, d)
}

// DeskHeader says whose desk it is, so that another start finds the right one.
const DeskHeader = "Callin-Desk"

// ChallengeHeader says what a browser signs for this start of Callin.
const ChallengeHeader = "Callin-Challenge"

// OpenHeader is on every answer while a page of the desk is open in a browser, so
// that another start opens no further one.
const OpenHeader = "Callin-Open"

// ServeHTTP answers who comes to the right Host, from no other Origin.
func (d *browserDoor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(DeskHeader, d.desk)
	if r.Host != d.host {
		door.Refuse(w, &call.Error{Code: call.CodeWrongHost, Message: "Open the desk at the address that Callin printed."})
		return
	}
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+d.host {
		door.Refuse(w, &call.Error{Code: call.CodeWrongOrigin, Message: "Another page tried to use this desk."})
		return
	}
	w.Header().Set(ChallengeHeader, d.sessions.challenge)
	if d.feeds.Load() > 0 {
		w.Header().Set(OpenHeader, "yes")
	}
	d.mux.ServeHTTP(w, r)
}

// jsonBody is a request's body, which no form of another page can send so.
func jsonBody(w http.ResponseWriter, r *http.Request) ([]byte, *call.Error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		return nil, &call.Error{Code: call.CodeWrongType, Message: "The page sent something that is not JSON. Reload the page."}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, desk.Limit))
	if err != nil {
		return nil, desk.TooLong
	}
	return body, nil
}

// StudioHeader names the studio that something is asked of.
const StudioHeader = "Callin-Studio"

func studioOf(r *http.Request) call.Studio { return call.Studio(r.Header.Get(StudioHeader)) }

func (d *browserDoor) operate(w http.ResponseWriter, r *http.Request) {
	body, refused := jsonBody(w, r)
	if refused != nil {
		door.Refuse(w, refused)
		return
	}
	result, refused := d.at.Operate(r.Context(), desk.Ask{Studio: studioOf(r), Name: r.PathValue("name"), Body: body})
	if refused != nil {
		door.Refuse(w, refused)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(result)
}

// alive is how often a feed says that it is there, in a comment.
const alive = 10 * time.Second

// feed sends server-sent events. An event's id is this process's epoch and the
// fact's number: a page that comes back goes on from it. It ends with the session.
func (d *browserDoor) feed(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(r.Context().Value(lifeKey{}).(context.Context), cancel)()
	from := int64(-1)
	last := r.Header.Get("Last-Event-ID")
	if last == "" {
		last = r.URL.Query().Get("from")
	}
	if epoch, seq, ok := strings.Cut(last, "-"); ok && epoch == d.epoch {
		if n, err := strconv.ParseInt(seq, 10, 64); err == nil {
			from = n
		}
	}
	feed := d.at.Attach(from)
	defer feed.Close()
	d.feeds.Add(1)
	defer d.feeds.Add(-1)
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)

	events := make(chan desk.Event)
	go func() {
		defer close(events)
		for {
			e, err := feed.Next(ctx)
			if err != nil {
				return
			}
			select {
			case events <- e:
			case <-ctx.Done():
				return
			}
		}
	}()
	// The page comes back soon after a break.
	fmt.Fprint(w, "retry: 500\n\n")
	if out.Flush() != nil {
		return
	}
	still := time.NewTicker(alive)
	defer still.Stop()
	for {
		select {
		case e, ok := <-events:
			if !ok {
				return
			}
			if e.Seq > 0 {
				fmt.Fprintf(w, "id: %s-%d\n", d.epoch, e.Seq)
			}
			fmt.Fprintf(w, "event: %s\ndata: %s\n\n", e.Name, e.Data)
		case <-still.C:
			fmt.Fprint(w, ": still here\n\n")
		}
		if out.Flush() != nil {
			return
		}
	}
}
