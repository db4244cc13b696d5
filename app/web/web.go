// Package web are the doors that desks come in by over HTTP: the page, the operations,
// and the feed as server-sent events. The page is anybody's; all else is for who was let
// in.
//
// New is the door of the desk on the station's own computer, for browsers there: it
// listens at a loopback address. NewStation is the station's door for desks that were
// paired, browsers and PCs, wherever they are. What they carry is the same (routes.go);
// who a request is from differs.
package web

import (
	"crypto/rand"
	"io/fs"
	"net/http"
	"sync/atomic"

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
	// OnAir is how many callers lose their DJ with this Callin, and End ends it in order, as
	// a program of this computer may ask; nil for a station, which is for others' desks.
	OnAir func() int
	End   func()
	// Front brings the desk's own window forward; nil where it has none.
	Front func()
}

// New makes a door.
func New(o Options) http.Handler {
	d := &browserDoor{
		at: o.At, sessions: o.Sessions, desk: o.Desk, host: o.Host, mux: http.NewServeMux(),
		epoch: rand.Text()[:8],
	}
	d.mux.HandleFunc("POST /api/session", d.enter)
	for pattern, answer := range routes {
		d.mux.HandleFunc(pattern, d.proven(answer))
	}
	d.mux.HandleFunc("GET /api/feed", d.proven(func(w http.ResponseWriter, r *http.Request) {
		d.feeds.Add(1)
		defer d.feeds.Add(-1)
		feed(w, r)
	}))
	d.mux.HandleFunc("POST /api/quiet", d.left(quiet(o.OnAir, o.End)))
	if o.Front != nil {
		d.mux.HandleFunc("POST "+FrontPath, d.left(func(http.ResponseWriter, *http.Request) { o.Front() }))
	}
	d.mux.Handle("GET /", http.FileServerFS(o.Page))
	return door.Secure(o.Connect, d)
}

// FrontPath is where another start asks for the desk's own window to come forward, with a
// code that it has left. Where there is no window it is not found.
const FrontPath = "/api/front"

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
