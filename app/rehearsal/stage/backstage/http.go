package backstage

import (
	"cmp"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"callin/app/rehearsal/exchange"
	"callin/app/rehearsal/stage"
)

// Handler serves /stage/ to who has the account's SID and token; the token that the
// account began with also when it is another by now, as the stage is not Twilio's.
func (s *Stage) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /stage/callers", func(w http.ResponseWriter, r *http.Request) {
		ask, ok := read[stage.Casting](w, r)
		if !ok {
			return
		}
		cs, err := s.Ring(ask)
		answer(w, http.StatusCreated, map[string]any{"callers": cs}, err)
	})
	mux.HandleFunc("GET /stage/callers", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]any{"callers": s.Callers()}, nil)
	})
	mux.HandleFunc("GET /stage/callers/{sid}", func(w http.ResponseWriter, r *http.Request) {
		c, ok := s.Caller(r.PathValue("sid"))
		answer(w, http.StatusOK, c, known(ok))
	})
	mux.HandleFunc("DELETE /stage/callers/{sid}", func(w http.ResponseWriter, r *http.Request) {
		sid := r.PathValue("sid")
		_, ok := s.Caller(sid)
		s.x.HangUp(sid)
		answer(w, http.StatusNoContent, nil, known(ok))
	})
	mux.HandleFunc("DELETE /stage/callers", func(w http.ResponseWriter, _ *http.Request) {
		s.HangUpAll()
		answer(w, http.StatusNoContent, nil, nil)
	})
	mux.HandleFunc("POST /stage/callers/{sid}/keys", func(w http.ResponseWriter, r *http.Request) {
		in, ok := read[struct{ Digits string }](w, r)
		if !ok {
			return
		}
		if strings.Trim(in.Digits, "0123456789*#w") != "" || in.Digits == "" {
			answer(w, 0, nil, errors.New("digits are 0-9, *, # and w"))
			return
		}
		answer(w, http.StatusNoContent, nil, known(s.Press(r.PathValue("sid"), in.Digits)))
	})
	mux.HandleFunc("GET /stage/events", s.events)
	mux.HandleFunc("GET /stage/calls", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]any{"calls": s.legs()}, nil)
	})
	mux.HandleFunc("POST /stage/telephones", func(w http.ResponseWriter, r *http.Request) {
		if t, ok := read[stage.Telephone](w, r); ok {
			answer(w, http.StatusNoContent, nil, s.Install(t))
		}
	})
	mux.HandleFunc("POST /stage/show", func(w http.ResponseWriter, r *http.Request) {
		if show, ok := read[stage.Show](w, r); ok {
			answer(w, http.StatusNoContent, nil, s.Play(show))
		}
	})
	mux.HandleFunc("DELETE /stage/show", func(w http.ResponseWriter, _ *http.Request) {
		s.StopPlay()
		answer(w, http.StatusNoContent, nil, nil)
	})
	mux.HandleFunc("PUT /stage/switches", func(w http.ResponseWriter, r *http.Request) {
		if in, ok := read[stage.Switches](w, r); ok {
			s.x.SetSwitches(exchange.Switches(in))
			answer(w, http.StatusNoContent, nil, nil)
		}
	})
	mux.HandleFunc("POST /stage/account", func(w http.ResponseWriter, r *http.Request) {
		if in, ok := read[stage.Planting](w, r); ok {
			out, err := s.Plant(in)
			answer(w, http.StatusCreated, out, err)
		}
	})
	mux.HandleFunc("POST /stage/messages", func(w http.ResponseWriter, r *http.Request) {
		if in, ok := read[stage.Text](w, r); ok {
			answer(w, http.StatusNoContent, nil, s.x.Receive(in.From, cmp.Or(in.To, s.to), in.Body))
		}
	})
	mux.HandleFunc("PUT /stage/faults", func(w http.ResponseWriter, r *http.Request) {
		if in, ok := read[stage.Faults](w, r); ok {
			answer(w, http.StatusNoContent, nil, s.faults.Put(in))
		}
	})
	mux.HandleFunc("POST /stage/signalling/cut", func(w http.ResponseWriter, r *http.Request) {
		s.cut(r.FormValue("identity"))
		answer(w, http.StatusNoContent, nil, nil)
	})
	mux.HandleFunc("PUT /stage/bins/{name}", func(w http.ResponseWriter, r *http.Request) {
		if in, ok := read[stage.Bin](w, r); ok {
			s.bins.Store(r.PathValue("name"), in.TwiML)
			answer(w, http.StatusNoContent, nil, nil)
		}
	})
	mux.HandleFunc("GET /stage/alerts", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]any{"alerts": s.x.Alerts()}, nil)
	})
	return s.guard(mux)
}

// Bin serves a TwiML Bin to whoever says which account asks, as Twilio's do.
func (s *Stage) Bin(w http.ResponseWriter, r *http.Request) {
	doc, ok := s.bins.Load(r.PathValue("name"))
	if !ok || r.FormValue("AccountSid") != s.x.Account().Sid {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	io.WriteString(w, doc.(string))
}

func (s *Stage) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := s.x.Account()
		user, password, _ := r.BasicAuth()
		opens := func(token string) bool { return subtle.ConstantTimeCompare([]byte(password), []byte(token)) == 1 }
		if user != a.Sid || !opens(a.AuthToken) && !opens(s.token) {
			w.Header().Set("WWW-Authenticate", `Basic realm="stage"`)
			write(w, http.StatusUnauthorized, map[string]string{"message": "the account's SID and token, please"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

var errUnknown = errors.New("no such caller")

func known(ok bool) error {
	if ok {
		return nil
	}
	return errUnknown
}

func read[T any](w http.ResponseWriter, r *http.Request) (in T, ok bool) {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		answer(w, 0, nil, err)
		return in, false
	}
	return in, true
}

func answer(w http.ResponseWriter, status int, body any, err error) {
	switch {
	case errors.Is(err, errUnknown):
		write(w, http.StatusNotFound, map[string]string{"message": err.Error()})
	case err != nil:
		write(w, http.StatusBadRequest, map[string]string{"message": err.Error()})
	default:
		write(w, status, body)
	}
}

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if body != nil {
		_ = json.NewEncoder(w).Encode(body) // fails only when the client has gone
	}
}

func (s *Stage) legs() []stage.Leg {
	out := []stage.Leg{}
	for _, c := range s.x.Calls(func(c exchange.CallInfo) bool { return !c.Status.Final() }) {
		out = append(out, stage.Leg{
			CallSid: c.Sid, From: c.From, To: c.To,
			Direction: string(c.Direction), Status: string(c.Status), Where: c.Where,
		})
	}
	return out
}

// Watchers who read slower than this many events behind are cut off.
const maxBehind = 4096

const keepAlive = 10 * time.Second

// Watch returns what happens on the stage from now on. The channel is closed
// when the reader falls too far behind; end it when done.
func (s *Stage) Watch() (events <-chan stage.Event, end func()) {
	ch := make(chan stage.Event, maxBehind)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers[ch] = true
	return ch, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, ch)
	}
}

func (s *Stage) publish(e stage.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for ch := range s.watchers {
		select {
		case ch <- e:
		default:
			delete(s.watchers, ch)
			close(ch)
		}
	}
}

func (s *Stage) events(w http.ResponseWriter, r *http.Request) {
	events, end := s.Watch()
	defer end()
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprint(w, ": stage\n\n")
	beat := time.NewTicker(keepAlive)
	defer beat.Stop()
	for out.Flush() == nil {
		select {
		case e, ok := <-events:
			if !ok {
				return
			}
			b, err := json.Marshal(e)
			if err != nil {
				return
			}
			fmt.Fprintf(w, "data: %s\n\n", b)
		case <-beat.C:
			fmt.Fprint(w, ": alive\n\n")
		case <-r.Context().Done():
			return
		case <-s.life.Done():
			return
		}
	}
}
