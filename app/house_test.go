package app_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/journal"
	"callin/app/picture"
	"callin/app/rehearsal"
	"callin/app/rehearsal/stage"
	"callin/app/settings"
	"callin/app/setup"
	"callin/app/station"
	"callin/app/voice"
	"callin/app/wayin"
)

// house is a station over a rehearsal, without any desk: real HTTP, real
// twilio-go, real SQLite.
type house struct {
	station.Seat
	t         *testing.T
	twilio    *carrier.Twilio
	wait      time.Duration // how long a wait document lasts
	rehearsal *rehearsal.Rehearsal
	options   station.Options
	restDown  atomic.Bool
	deaf      atomic.Bool // Twilio does not reach the listener
	missed    chan string // the paths of what it was asked meanwhile
	asked     chan string // the paths of what was asked of REST that changes something
	voice     atomic.Pointer[voice.Listener]
	rewritten atomic.Pointer[rewrite]
	public    string
	address   *httptest.Server // which answers there
	twilioAt  string           // REST's address
	path      string
	end       func()

	mu   sync.Mutex
	seen []stage.Event
	more chan struct{} // closed and replaced with each event
}

// rewrite changes what the listener has answered on its way to Twilio.
type rewrite func(r *http.Request, body string) string

// pace is how fast the rehearsals of these tests speak, except where something is
// to happen while they do.
const pace = 6

// long is how long a test waits for what must happen.
const long = 15 * time.Second

// houseID is the house's own at Twilio.
const houseID call.StationID = "k7rq2m4x"

// newHouse opens a show; change may change what the studio is made of.
func newHouse(t *testing.T, change func(*house, *carrier.Twilio)) *house {
	t.Helper()
	h := &house{t: t, wait: time.Second, path: filepath.Join(t.TempDir(), "journal.db"), more: make(chan struct{}), asked: make(chan string, 1000), missed: make(chan string, 1000)}
	var err error
	if h.rehearsal, err = rehearsal.Start(rehearsal.Options{Pace: pace}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.rehearsal.Close() })
	h.answers()
	at, err := url.Parse(h.rehearsal.Address)
	if err != nil {
		t.Fatal(err)
	}
	through := httputil.NewSingleHostReverseProxy(at)
	rest := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.restDown.Load() {
			http.Error(w, "down", http.StatusBadGateway)
			return
		}
		if r.Method != http.MethodGet {
			defer func() { h.asked <- r.URL.Path }()
		}
		r.Host = at.Host
		through.ServeHTTP(w, r)
	}))
	t.Cleanup(rest.Close)
	h.twilioAt = rest.URL
	twilio := h.account()
	h.twilio = twilio
	h.options = station.Options{Studios: late(), Desks: []call.Desk{whole()}, Carrier: twilio, Log: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(h, twilio)
	}
	watching := make(chan struct{})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.rehearsal.Stage().Events(ctx, func() { close(watching) }, h.note)
	}()
	t.Cleanup(func() { stop(); <-done })
	<-watching
	h.start()
	t.Cleanup(func() { h.end() })
	return h
}

// answers has an address of its own be answered from now on, as Twilio's requests are.
func (h *house) answers() {
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.deaf.Load() {
			h.missed <- r.URL.Path
			panic(http.ErrAbortHandler) // the connection breaks
		}
		if change := h.rewritten.Load(); change != nil {
			answer, sent := httptest.NewRecorder(), new(bytes.Buffer)
			r.Body = io.NopCloser(io.TeeReader(r.Body, sent))
			h.voice.Load().ServeHTTP(answer, r)
			r.Body = io.NopCloser(sent) // for change, which reads it again
			w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
			w.WriteHeader(answer.Code)
			io.WriteString(w, (*change)(r, answer.Body.String()))
			return
		}
		h.voice.Load().ServeHTTP(w, r)
	}))
	h.t.Cleanup(listener.Close)
	h.address = listener
	h.public = listener.URL
}

// account has the account's calls come to the house's address.
func (h *house) account() *carrier.Twilio {
	h.t.Helper()
	twilio, err := carrier.New(carrier.Account{
		AccountSid: h.rehearsal.AccountSid, Username: h.rehearsal.AccountSid, Password: h.rehearsal.AuthToken,
		Public: h.public, Rehearsal: h.twilioAt, Station: houseID,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := setup.Ensure(h.t.Context(), twilio, setup.Wish{Public: h.public, Rehearsal: true, Texts: true, Station: houseID}); err != nil {
		h.t.Fatal(err)
	}
	return twilio
}

// whole is a desk that may do everything.
func whole() call.Desk {
	return call.Desk{Roles: call.Host | call.Producer | call.Manager, Studios: []call.Studio{""}}
}

// late are the studios of a house, which may change them.
func late() []picture.Studio {
	return []picture.Studio{{Show: picture.Show{Name: "Late", ParkMs: 2000}}}
}

// start starts the station, for the first time or again.
func (h *house) start() {
	h.t.Helper()
	book, err := journal.Open(context.Background(), h.path)
	if err != nil {
		h.t.Fatal(err)
	}
	script := voice.Script{ID: houseID, Public: h.public, Studios: h.options.Studios}
	h.options.Journal, h.options.Script, h.options.Wait = book, script.Document, h.wait
	var watch *wayin.Watch
	h.options.WayIn = func(ctx context.Context) bool { return watch.Answers(ctx) }
	s, err := station.New(h.t.Context(), h.options)
	if err != nil {
		h.t.Fatal(err)
	}
	h.Seat = s.Seat(whole(), "")
	listener := voice.New(voice.Options{
		Station: h.Station, Script: script, AuthTokens: voice.Only(h.rehearsal.AuthToken), Pin: settings.RehearsalPin,
		Wait: h.wait, Log: h.options.Log,
	})
	watch = wayin.New(wayin.Options{
		Tunnel: func() *call.Error { return nil },
		Public: h.public, Port: 8101, Here: listener.Here, LastSigned: listener.LastSigned,
		Failed: h.twilio.LastFailed, Claimed: func(ctx context.Context) (bool, string, error) {
			return setup.Claimed(ctx, h.twilio, setup.Claim{Public: h.public, Station: houseID}, "")
		},
		Open: func() bool { return true }, Tell: h.SetWayIn, Log: h.options.Log,
		Every: 200 * time.Millisecond, Fresh: 50 * time.Millisecond, Again: 200 * time.Millisecond, Retry: 200 * time.Millisecond,
	})
	h.voice.Store(listener)
	h.Start()
	ctx, stop := context.WithCancel(context.Background())
	watched := make(chan struct{})
	go func() { defer close(watched); watch.Run(ctx) }()
	h.end = func() { stop(); <-watched; h.Close(); book.Close() }
}

// restart ends the station and starts it on the same journal.
func (h *house) restart() {
	h.end()
	h.start()
}

// goes ends the station and starts it at another address; the old one is gone.
func (h *house) goes() {
	h.t.Helper()
	h.end()
	h.address.Close()
	h.answers()
	h.twilio = h.account()
	h.options.Carrier, h.options.Moved = h.twilio, true
	h.start()
}

// open opens the show and waits until its queues are there.
func (h *house) open() {
	h.t.Helper()
	if err := h.Open(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	h.until("the show is open", func(p picture.Picture) bool { return p.Studios[0].Show.State == call.ShowOpen })
}

// until waits until the picture is as it must be.
func (h *house) until(what string, is func(picture.Picture) bool) {
	h.t.Helper()
	h.untilWithin(long, what, is)
}

func (h *house) untilWithin(patience time.Duration, what string, is func(picture.Picture) bool) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	feed := h.Attach(h.Picture().Seq)
	defer feed.Close()
	for !is(h.Picture()) {
		if _, err := feed.Next(ctx); err != nil {
			h.t.Fatalf("%s: %v\n%+v", what, err, h.Picture())
		}
	}
}

// place waits until a call is in a place of this kind.
func (h *house) place(sid string, kind string) {
	h.t.Helper()
	h.until(sid+" is in "+kind, func(p picture.Picture) bool {
		for _, c := range p.Cards {
			if string(c.Call) == sid {
				return string(c.Place.Kind) == kind
			}
		}
		return kind == "gone"
	})
}

func (h *house) note(e stage.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seen = append(h.seen, e)
	close(h.more)
	h.more = make(chan struct{})
}

// rest waits until something has been asked of REST, by the path's end.
func (h *house) rest(end string) {
	h.t.Helper()
	h.asks(h.asked, end)
}

func (h *house) asks(paths <-chan string, end string) {
	h.t.Helper()
	late := time.After(long)
	for {
		select {
		case path := <-paths:
			if strings.HasSuffix(path, end) {
				return
			}
		case <-late:
			h.t.Fatalf("nothing was asked of %s", end)
		}
	}
}

// event waits for something that happens on the stage, or has happened.
func (h *house) event(what string, match func(stage.Event) bool) {
	h.t.Helper()
	late := time.After(long)
	for from := 0; ; {
		h.mu.Lock()
		seen, more := h.seen, h.more
		h.mu.Unlock()
		for _, e := range seen[from:] {
			if match(e) {
				return
			}
		}
		from = len(seen)
		select {
		case <-more:
		case <-late:
			h.t.Fatalf("not on the stage: %s\nalerts: %+v", what, h.rehearsal.Alerts())
		}
	}
}

// forget leaves only what happens from now on to be waited for.
func (h *house) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seen = nil
}

// hears waits until a caller has heard words.
func (h *house) hears(sid, words string) {
	h.t.Helper()
	h.event(sid+" hears "+words, func(e stage.Event) bool {
		return e.CallSid == sid && e.Heard != nil && strings.Contains(e.Heard.Text, words)
	})
}

// hearsTone waits until a pilot tone is in a caller's ear.
func (h *house) hearsTone(sid string, hz float64) {
	h.t.Helper()
	h.event(sid+" hears a tone", func(e stage.Event) bool {
		for _, tone := range e.Tones {
			if e.CallSid == sid && tone > hz-20 && tone < hz+20 {
				return true
			}
		}
		return false
	})
}

// ends waits until a call is over.
func (h *house) ends(sid string) {
	h.t.Helper()
	h.event(sid+" is over", func(e stage.Event) bool { return e.CallSid == sid && e.Status == "completed" })
}

func (h *house) ring(c stage.Casting) string {
	h.t.Helper()
	rung, err := h.rehearsal.Stage().Ring(h.t.Context(), c)
	if err != nil {
		h.t.Fatal(err)
	}
	return rung[0].CallSid
}

// waiter rings a caller in and waits until it is in the queue.
func (h *house) waiter(name string, tone float64) string {
	h.t.Helper()
	sid := h.ring(stage.Casting{Name: name, Tone: tone})
	h.place(sid, "queue")
	return sid
}

func (h *house) keys(sid, digits string) {
	h.t.Helper()
	if err := h.rehearsal.Stage().Keys(h.t.Context(), sid, digits); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) hangUp(sid string) {
	h.t.Helper()
	if err := h.rehearsal.Stage().HangUp(h.t.Context(), sid); err != nil {
		h.t.Fatal(err)
	}
}
