// Package faults makes a rehearsal's REST, callbacks, network and clock go wrong
// on purpose, as the stage says.
package faults

import (
	"cmp"
	"errors"
	"fmt"
	"math"
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
	mu         sync.Mutex
	faults     stage.Faults
	since      time.Time
	began      time.Time  // when the clock was asked for first
	chance     *rand.Rand // of callbacks
	restChance *rand.Rand
}

var kinds = []string{"busy", "error", "html", "down", "withheld", "slow", "refused", "broken"}

// maxClock is how far the clock may be off, in seconds.
const maxClock = 24 * 60 * 60

// Put replaces what goes wrong.
func (s *Set) Put(f stage.Faults) error {
	if err := check(f); err != nil {
		return err
	}
	f.REST = slices.Clone(f.REST)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.since = f, time.Now()
	// Two dice, so that the number of REST requests does not change which
	// callbacks go wrong.
	s.chance = rand.New(rand.NewPCG(f.Callbacks.Seed, 0))
	s.restChance = rand.New(rand.NewPCG(f.Callbacks.Seed, 1))
	return nil
}

func check(f stage.Faults) error {
	c := f.Callbacks
	chances := []float64{c.Lost, c.Doubled, c.Disordered, c.Late}
	lengths := []float64{c.ForSeconds, c.LateSeconds}
	for _, r := range f.REST {
		if !slices.Contains(kinds, r.Kind) {
			return fmt.Errorf("a REST fault is one of %s", strings.Join(kinds, ", "))
		}
		if r.Count < 0 || r.Skip < 0 || r.Seconds < 0 || r.Seconds > 60 {
			return errors.New("a count is not negative, and slow is 60 s at most")
		}
		if r.Kind == "refused" && (r.Status < 400 || r.Status > 599 || r.Code == 0) {
			return errors.New("what is refused has a status of 400 to 599 and one of Twilio's codes")
		}
		chances, lengths = append(chances, r.Chance), append(lengths, r.ForSeconds)
	}
	for _, o := range []*stage.Outage{f.NoSignalling, f.NoMedia, f.NoUDP} {
		if o != nil {
			lengths = append(lengths, o.ForSeconds)
		}
	}
	switch {
	case slices.ContainsFunc(chances, func(p float64) bool { return p < 0 || p > 1 }):
		return errors.New("a chance is from 0 to 1")
	case slices.ContainsFunc(lengths, func(l float64) bool { return l < 0 }):
		return errors.New("a length is not negative")
	case c.LateSeconds > 60:
		return errors.New("late is 60 s at most")
	case c.Late > 0 && c.LateSeconds == 0:
		return errors.New("late needs late_seconds, by how much at most: without it nothing would be late")
	case math.Abs(f.ClockSeconds) > maxClock:
		return errors.New("the clock is off by a day at most")
	}
	return nil
}

// lasts reports whether what goes wrong for so many seconds still does; mu is held.
func (s *Set) lasts(forSeconds float64) bool {
	return forSeconds == 0 || time.Since(s.since) < seconds(forSeconds)
}

// concerns reports whether an outage is one of an identity's at present; the
// identity "" is of somebody not known yet. mu is held.
func (s *Set) concerns(o *stage.Outage, identity string) bool {
	return o != nil && s.lasts(o.ForSeconds) && (o.Identity == "" || o.Identity == identity)
}

// NoSignalling reports whether an identity's softphones cannot connect; for ""
// whether nobody's can.
func (s *Set) NoSignalling(identity string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.concerns(s.faults.NoSignalling, identity)
}

// NoMedia reports whether the audio of an identity's softphone is lost in its call, which
// is only asked for where one call alone is concerned.
func (s *Set) NoMedia(identity string, call func() string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.faults.NoMedia
	return s.concerns(o, identity) && (o.Call == "" || o.Call == call())
}

// NoUDP reports whether an identity's softphones find no way for their audio.
func (s *Set) NoUDP(identity string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.concerns(s.faults.NoUDP, identity)
}

// Far is how far an edge is; not ok where it is not reached.
func (s *Set) Far(edge string) (far time.Duration, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ms := s.faults.FarMs[edge]
	return time.Duration(ms) * time.Millisecond, ms >= 0
}

// ClockAhead is how far Twilio's clock is ahead of this computer's. It goes on
// evenly when this computer's is put, as Twilio's would.
func (s *Set) ClockAhead() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if s.began.IsZero() {
		s.began = now
	}
	even := s.began.Add(now.Sub(s.began))  // by the monotonic clock
	put := now.Round(0).Sub(even.Round(0)) // without it
	return seconds(s.faults.ClockSeconds) - put
}

// Clock is what Twilio's clock says now.
func (s *Set) Clock() time.Time { return time.Now().Add(s.ClockAhead()) }

// hits takes one from the count of the first fault that fits a request.
func (s *Set) hits(r *http.Request) (fault stage.RESTFault, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.faults.REST {
		f := &s.faults.REST[i]
		if !s.lasts(f.ForSeconds) || f.Count < 0 || f.Method != "" && f.Method != r.Method || !strings.Contains(r.URL.Path, f.Path) {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		if f.Chance > 0 && s.restChance.Float64() >= f.Chance {
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
		case "broken":
			next.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		case "refused":
			refuse(w, f.Status, f.Code, cmp.Or(f.Message, "Refused by the stage"))
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

// Callback says how a status callback is to be sent: after how long, once for
// each and never if empty, or held until the next one has been sent.
func (s *Set) Callback() (after []time.Duration, held bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.faults.Callbacks
	if c.Lost+c.Doubled+c.Disordered+c.Late == 0 || !s.lasts(c.ForSeconds) {
		return []time.Duration{0}, false
	}
	// Each draw is made every time, so that one chance does not move another's.
	lost, doubled, late, by := s.chance.Float64(), s.chance.Float64(), s.chance.Float64(), s.chance.Float64()
	disordered := s.chance.Float64()
	if lost < c.Lost {
		return nil, false
	}
	if disordered < c.Disordered {
		return nil, true
	}
	first := time.Duration(0)
	if late < c.Late {
		first = seconds(by * c.LateSeconds)
	}
	if doubled < c.Doubled {
		return []time.Duration{first, first}, false
	}
	return []time.Duration{first}, false
}
