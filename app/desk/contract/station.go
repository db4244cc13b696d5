package contract

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/door"
)

// Code pairs a PC with a Station.
const Code = "123 456"

// StationName is what a Station calls itself.
const StationName = "Radio Contract"

// Station is a station's door as a PC meets it: what both sides have agreed on, and
// nothing of who is let in but one secret.
type Station struct {
	http.Handler
	at     desk.Backend
	Secret string
	epoch  string

	mu      sync.Mutex
	revoked bool
	life    context.Context
	end     func()
	asked   []string
	lasts   []string // the Last-Event-IDs that feeds have begun with
}

// NewStation is the door of a station that a desk's seat is at.
func NewStation(at desk.Backend) *Station {
	s := &Station{at: at, Secret: rand.Text(), epoch: rand.Text()[:8]}
	s.life, s.end = context.WithCancel(context.Background())
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/station", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"name": StationName, "rehearsal": true})
	})
	mux.HandleFunc("POST /api/pair", s.pair)
	mux.HandleFunc("POST /api/op/{name}", s.admitted(s.operate))
	mux.HandleFunc("GET /api/feed", s.admitted(s.feed))
	mux.HandleFunc("GET /api/record/{file}", s.admitted(s.record))
	mux.HandleFunc("POST /api/tracks", s.admitted(func(w http.ResponseWriter, r *http.Request) { door.Track(s.at, studioOf(r), w, r) }))
	mux.HandleFunc("GET /api/tracks/{show}/{folder}/{file}", s.admitted(func(w http.ResponseWriter, r *http.Request) { door.OpenTrack(s.at, studioOf(r), w, r) }))
	mux.HandleFunc("GET /api/voicemail/{recording}", s.admitted(func(w http.ResponseWriter, r *http.Request) {
		door.Voicemail(s.at, w, r, r.PathValue("recording"))
	}))
	s.Handler = mux
	return s
}

// Serve serves the station with a certificate of its own until the test ends.
func (s *Station) Serve(t testing.TB) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(s)
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(func() { s.EndFeeds(); server.Close() })
	return server
}

// Revoke lets the secret in no longer.
func (s *Station) Revoke() {
	s.mu.Lock()
	s.revoked = true
	s.mu.Unlock()
	s.EndFeeds()
}

// EndFeeds ends all feeds in good order.
func (s *Station) EndFeeds() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end()
	s.life, s.end = context.WithCancel(context.Background())
}

// Asked are the methods and paths that were asked for with a secret, and with what
// feeds have begun.
func (s *Station) Asked() (asked, lasts []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.asked...), append([]string{}, s.lasts...)
}

func (s *Station) admitted(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.Method+" "+r.URL.Path)
		ok := !s.revoked && r.Header.Get("Authorization") == "Bearer "+s.Secret
		life := s.life
		s.mu.Unlock()
		if !ok {
			door.Refuse(w, &call.Error{Code: call.CodeNoSession, Message: "This desk is not signed in."})
			return
		}
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(life, cancel)()
		next(w, r.WithContext(ctx))
	}
}

func (s *Station) pair(w http.ResponseWriter, r *http.Request) {
	var given struct{ Code, Kind string }
	if json.NewDecoder(r.Body).Decode(&given) != nil || given.Kind != "pc" || given.Code != Code {
		door.Refuse(w, &call.Error{Code: call.CodeWrongCode, Message: "This code is wrong. Look at it and type it again."})
		return
	}
	answer(w, map[string]any{"desk": Desk, "station": StationName, "secret": s.Secret})
}

func studioOf(r *http.Request) call.Studio { return call.Studio(r.Header.Get("Callin-Studio")) }

func (s *Station) operate(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	result, refused := s.at.Operate(r.Context(), desk.Ask{Studio: studioOf(r), Name: r.PathValue("name"), Body: body})
	if refused != nil {
		door.Refuse(w, refused)
		return
	}
	answer(w, result)
}

func (s *Station) record(w http.ResponseWriter, r *http.Request) {
	name, ending, _ := strings.Cut(r.PathValue("file"), ".")
	show, _ := strconv.ParseInt(name, 10, 64)
	export, refused := s.at.Export(r.Context(), studioOf(r), show, desk.Format(ending))
	if refused != nil {
		door.Refuse(w, refused)
		return
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+export.Name+`"`)
	if export.Write(r.Context(), w) != nil {
		panic(http.ErrAbortHandler)
	}
}

func (s *Station) feed(w http.ResponseWriter, r *http.Request) {
	last := r.Header.Get("Last-Event-ID")
	s.mu.Lock()
	s.lasts = append(s.lasts, last)
	s.mu.Unlock()
	from := int64(-1)
	if epoch, seq, ok := strings.Cut(last, "-"); ok && epoch == s.epoch {
		from, _ = strconv.ParseInt(seq, 10, 64)
	}
	feed := s.at.Attach(from)
	defer feed.Close()
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	fmt.Fprint(w, "retry: 500\n\n")
	for out.Flush() == nil {
		ctx, cancel := context.WithTimeout(r.Context(), 10*time.Second)
		e, err := feed.Next(ctx)
		cancel()
		switch {
		case r.Context().Err() != nil:
			return
		case err != nil && ctx.Err() == nil:
			return
		case err != nil:
			fmt.Fprint(w, ": still here\n\n")
			continue
		}
		if e.Seq > 0 {
			fmt.Fprintf(w, "id: %s-%d\n", s.epoch, e.Seq)
		}
		fmt.Fprintf(w, "event: %s\ndata: %s\n\n", e.Name, e.Data)
	}
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}
