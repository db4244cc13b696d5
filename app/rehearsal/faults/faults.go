// Package faults makes a rehearsal's REST and callbacks go wrong on purpose, as
// the stage says.
package faults

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"

	"callin/app/rehearsal/stage"
)

// Set is what goes wrong at present. The zero Set is nothing.
type Set struct {
	mu     sync.Mutex
	faults stage.Faults
	since  time.Time
	chance *rand.Rand
}

var kinds = []string{"busy", "error", "html", "down", "withheld", "slow"}

// Put replaces what goes wrong.
func (s *Set) Put(f stage.Faults) error {
	for _, r := range f.REST {
		if !slices.Contains(kinds, r.Kind) {
			return fmt.Errorf("a REST fault is one of %s", strings.Join(kinds, ", "))
		}
		if r.Count < 0 || r.ForSeconds < 0 || r.Seconds < 0 || r.Seconds > 60 {
			return errors.New("counts and lengths are not negative, and slow is 60 s at most")
		}
	}
	c := f.Callbacks
	for _, p := range []float64{c.Lost, c.Doubled, c.Late} {
		if p < 0 || p > 1 {
			return errors.New("a chance is from 0 to 1")
		}
	}
	if c.LateSeconds < 0 || c.LateSeconds > 60 || c.ForSeconds < 0 {
		return errors.New("late is 60 s at most")
	}
	f.REST = slices.Clone(f.REST)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.since = f, time.Now()
	s.chance = rand.New(rand.NewPCG(c.Seed, 0))
	return nil
}

// Signalling lets softphones connect to next, unless they are to be refused.
func (s *Set) Signalling(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		refused := s.faults.NoSignalling
		s.mu.Unlock()
		if refused {
			http.Error(w, "no signalling for now", http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hits takes one from the count of the first fault that fits a request.
func (s *Set) hits(r *http.Request) (fault stage.RESTFault, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.faults.REST {
		f := &s.faults.REST[i]
		over := f.ForSeconds > 0 && time.Since(s.since) > seconds(f.ForSeconds)
		if over || f.Count < 0 || f.Method != "" && f.Method != r.Method || !strings.Contains(r.URL.Path, f.Path) {
			continue
		}
		if f.Count > 0 {
			if f.Count--; f.Count == 0 {
				f.Count = -1 // used up; 0 would be without end
			}
		}
		return *f, true
	}
	return fault, false
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// REST lets requests through to next, but for those that go wrong.
func (s *Set) REST(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := s.hits(r)
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		switch f.Kind {
		case "busy":
			w.Header().Set("Retry-After", "1")
			refuse(w, http.StatusTooManyRequests, 20429, "Too Many Requests")
		case "error":
			refuse(w, http.StatusInternalServerError, 20500, "Internal Server Error")
		case "html":
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusBadGateway)
			fmt.Fprint(w, "<html><body><h1>502 Bad Gateway</h1></body></html>")
		case "down":
			panic(http.ErrAbortHandler) // closes the connection
		case "withheld":
			next.ServeHTTP(httptest.NewRecorder(), r)
			<-r.Context().Done()
		case "slow":
			select {
			case <-time.After(seconds(f.Seconds)):
				next.ServeHTTP(w, r)
			case <-r.Context().Done():
			}
		}
	})
}

func refuse(w http.ResponseWriter, status, code int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"code":%d,"message":%q,"more_info":"https://www.twilio.com/docs/errors/%d","status":%d}`, code, message, code, status)
}

// Callback says after how long a status callback is to be sent: once as a rule,
// or twice, or never.
func (s *Set) Callback() (after []time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.faults.Callbacks
	if c.Lost+c.Doubled+c.Late == 0 || c.ForSeconds > 0 && time.Since(s.since) > seconds(c.ForSeconds) {
		return []time.Duration{0}
	}
	// Each draw is made every time, so that one chance does not move another's.
	lost, doubled, late, by := s.chance.Float64(), s.chance.Float64(), s.chance.Float64(), s.chance.Float64()
	if lost < c.Lost {
		return nil
	}
	first := time.Duration(0)
	if late < c.Late {
		first = seconds(by * c.LateSeconds)
	}
	if doubled < c.Doubled {
		return []time.Duration{first, first}
	}
	return []time.Duration{first}
}
