package rehearsal

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/rehearsal/stage"
)

// patience is how long a test waits for what must happen.
const patience = 10 * time.Second

// world is a small TwiML application and a twilio-go client, both pointed at
// a rehearsal of their own.
type world struct {
	*Rehearsal
	*record
	t      *testing.T
	api    *api.ApiService
	server *httptest.Server
}

// in is the world as a subtest uses it.
func (s *world) in(t *testing.T) *world {
	sub := *s
	sub.t = t
	return &sub
}

// record is what its application answers and what has happened to it.
type record struct {
	mu    sync.Mutex
	pages map[string]string // TwiML by path
	asked []ask
	seen  []stage.Event // what happened on the stage
	more  chan struct{} // closed and replaced with each request and event
}

// ask is a request that the exchange made.
type ask struct {
	path string
	form url.Values
}

func newWorld(t *testing.T) *world {
	t.Helper()
	r, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &world{Rehearsal: r, t: t, record: &record{pages: map[string]string{}, more: make(chan struct{})}}
	s.server = httptest.NewServer(http.HandlerFunc(s.serve))
	events, stop := r.stage.Watch()
	done := make(chan struct{})
	go s.watch(events, done)
	t.Cleanup(func() {
		stop()
		close(done)
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		s.server.Close()
	})
	s.api = clientOf(r, r.AccountSid, r.AuthToken)
	return s
}

// clientOf is twilio-go with its requests turned towards the rehearsal.
func clientOf(r *Rehearsal, user, password string) *api.ApiService {
	c := &client.Client{
		Credentials: client.NewCredentials(user, password),
		HTTPClient:  &http.Client{Transport: detour{strings.TrimPrefix(r.Address, "http://")}},
	}
	c.SetAccountSid(r.AccountSid)
	return api.NewApiServiceWithClient(c)
}

type detour struct{ host string }

func (d detour) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = "http", d.host, d.host
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && answer.StatusCode >= 400 { // twilio-go does not close what says why
		var said []byte
		said, err = io.ReadAll(answer.Body)
		answer.Body.Close()
		answer.Body = io.NopCloser(bytes.NewReader(said))
	}
	return answer, err
}

func (s *world) serve(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.t.Error(err)
	}
	post := map[string]string{}
	for k := range r.PostForm {
		post[k] = r.PostForm.Get(k)
	}
	v := client.NewRequestValidator(s.AuthToken)
	if !v.Validate(s.server.URL+r.URL.RequestURI(), post, r.Header.Get("X-Twilio-Signature")) {
		s.t.Errorf("%s %s: twilio-go does not accept the signature", r.Method, r.URL)
	}
	s.mu.Lock()
	s.asked = append(s.asked, ask{r.URL.Path, r.Form})
	s.tell()
	page, ok := s.pages[r.URL.Path]
	s.mu.Unlock()
	switch {
	case !ok || page == "500":
		http.Error(w, "broken", http.StatusInternalServerError)
	case strings.HasPrefix(page, "RIFF"):
		w.Header().Set("Content-Type", "audio/wav")
		w.Write([]byte(page))
	default:
		w.Header().Set("Content-Type", "text/xml")
		w.Write([]byte(page))
	}
}

// page sets the TwiML at a path.
func (s *record) page(path, twiml string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !strings.HasPrefix(twiml, "RIFF") && twiml != "500" {
		twiml = "<Response>" + twiml + "</Response>"
	}
	s.pages[path] = twiml
}

// listeners lets the listeners' number ask path.
func (s *world) listeners(p api.UpdateIncomingPhoneNumberParams) {
	s.t.Helper()
	found, err := s.api.ListIncomingPhoneNumber((&api.ListIncomingPhoneNumberParams{}).SetPhoneNumber(s.ListenersNumber))
	if err != nil || len(found) != 1 {
		s.t.Fatalf("%v %v", found, err)
	}
	if _, err := s.api.UpdateIncomingPhoneNumber(*found[0].Sid, &p); err != nil {
		s.t.Fatal(err)
	}
}

func (s *world) answersAt(path string) {
	s.t.Helper()
	var p api.UpdateIncomingPhoneNumberParams
	p.SetVoiceUrl(s.url(path))
	s.listeners(p)
}

func (s *world) url(path string) string { return s.server.URL + path }

func (s *world) ring(c stage.Casting) string {
	s.t.Helper()
	cs, err := s.stage.Ring(c)
	if err != nil {
		s.t.Fatal(err)
	}
	return cs[0].CallSid
}

// request waits for a request to path about the call that match accepts; any
// call if sid is empty, any request if match is nil.
func (s *world) request(path, sid string, match func(url.Values) bool) url.Values {
	s.t.Helper()
	deadline := time.After(patience)
	for from := 0; ; {
		s.mu.Lock()
		asked, more := s.asked, s.more
		s.mu.Unlock()
		for _, a := range asked[from:] {
			if a.path == path && (sid == "" || a.form.Get("CallSid") == sid) && (match == nil || match(a.form)) {
				return a.form
			}
		}
		from = len(asked)
		select {
		case <-more:
		case <-deadline:
			paths := map[string]int{}
			for _, a := range asked {
				paths[a.path]++
			}
			s.t.Fatalf("%s was not asked for %s as expected; asked: %v\nlegs: %+v", path, sid, paths, s.legs())
		}
	}
}

func (s *record) requests(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, a := range s.asked {
		if a.path == path {
			n++
		}
	}
	return n
}

// event waits for an event of the stage; one that came before counts too.
func (s *world) event(what string, match func(stage.Event) bool) stage.Event {
	s.t.Helper()
	deadline := time.After(patience)
	for from := 0; ; {
		s.mu.Lock()
		seen, more := s.seen, s.more
		s.mu.Unlock()
		for _, e := range seen[from:] {
			if match(e) {
				return e
			}
		}
		from = len(seen)
		select {
		case <-more:
		case <-deadline:
			s.t.Fatalf("no event: %s\nlegs: %+v\nalerts: %+v", what, s.legs(), s.Alerts())
		}
	}
}

func (s *world) watch(events <-chan stage.Event, done <-chan struct{}) {
	for {
		select {
		case e, ok := <-events:
			if !ok {
				s.t.Error("the test fell behind the events")
				return
			}
			s.mu.Lock()
			s.seen = append(s.seen, e)
			s.tell()
			s.mu.Unlock()
		case <-done:
			return
		}
	}
}

// tell wakes who waits for something new; mu is held.
func (s *record) tell() {
	close(s.more)
	s.more = make(chan struct{})
}

func (s *world) legs() []stage.Leg {
	l, err := s.Stage().Legs(s.t.Context())
	if err != nil {
		s.t.Error(err)
	}
	return l
}

// hears waits until a caller has heard a text or a URL.
func (s *world) hears(sid, what string) {
	s.t.Helper()
	s.event(sid+" hears "+what, func(e stage.Event) bool {
		return e.CallSid == sid && e.Heard != nil && (e.Heard.Text == what || e.Heard.URL == what)
	})
}

// becomes waits until a caller's call has a status.
func (s *world) becomes(sid, status string) {
	s.t.Helper()
	s.event(sid+" becomes "+status, func(e stage.Event) bool { return e.CallSid == sid && e.Status == status })
}

// forget lets event see only what happens from now on.
func (s *record) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = nil
}

// has is a matcher of requests by parameters: name, value, name, value…
func has(pairs ...string) func(url.Values) bool {
	return func(v url.Values) bool {
		for i := 0; i < len(pairs); i += 2 {
			if v.Get(pairs[i]) != pairs[i+1] {
				return false
			}
		}
		return true
	}
}
