// Package wayin watches whether Twilio reaches Callin: the tunnel or proxy at the
// public address is the one part of a station that nobody sees fail. It looks at
// the address from here, knows when Twilio last asked something, and reads in
// Twilio's debugger whether a request failed.
package wayin

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"callin/app/call"
)

const (
	// otherwise is how often the address is looked at outside a show: tunnels count
	// requests.
	otherwise = time.Hour
	// lookTimeout is how long a look may take, and quickTimeout one that somebody's
	// press waits for.
	lookTimeout  = 10 * time.Second
	quickTimeout = time.Second
	// outranks is how long Twilio's last request says more than a look from a network
	// that has no way back to itself.
	outranks = time.Minute
)

// Options are what a watch needs to know.
type Options struct {
	// Public is the address, and Port what it should lead to on this computer.
	Public string
	Port   int
	// Here is Callin's own answer at Public/voice/here/{nonce}.
	Here func(nonce string) string
	// LastSigned is when Twilio last asked something; zero for never.
	LastSigned func() time.Time
	// Failed is the last request to Public of which Twilio's debugger says that it
	// failed: the Sid of the alert, empty for none, and Twilio's error.
	Failed func(ctx context.Context) (alert string, code int, err error)
	// Claimed is whether the account's calls are this station's, and at which public
	// address they are otherwise; empty when nobody knows.
	Claimed func(ctx context.Context) (ours bool, at string, err error)
	// Tunnel is what is wrong with the tunnel that leads from Public to here, where Callin
	// keeps it up by itself; nil while it carries.
	Tunnel func() *call.Error
	// Open is whether callers are let in.
	Open func() bool
	// Tell shows what is wrong; nil when Twilio reaches Callin.
	Tell func(*call.Error)
	// Every is how often in a show the address is looked at, and always whose the
	// calls are (0: a minute).
	Every time.Duration
	// Fresh is how long the way in counts as open after it was seen to be (0: 250 ms,
	// so that the two moves of a Next share a look): a move that is sent to an address
	// that has just died costs its caller the call.
	// Again the pause before a look that found nobody is made once more (0: 2 s), and
	// Retry how often it is looked at until it answers again (0: 5 s).
	Fresh, Again, Retry time.Duration
	Log                 *slog.Logger
}

// Watch is one public address that is watched.
type Watch struct {
	Options
	doubts chan struct{} // asks for a look at once

	mu       sync.Mutex
	lookedAt time.Time // when a look last found Callin
	everSeen bool      // a look has found Callin: this network has a way back to itself
	// way is what is wrong with the way in, taken that another station has the calls,
	// and told what the desk was told of the two.
	way, taken, told *call.Error
	// alert is the last one that has been read, at readAt.
	alert  string
	readAt time.Time
}

// New makes a watch; Run sets it to work.
func New(o Options) *Watch {
	o.Every = cmp.Or(o.Every, time.Minute)
	o.Fresh, o.Again, o.Retry = cmp.Or(o.Fresh, 250*time.Millisecond), cmp.Or(o.Again, 2*time.Second), cmp.Or(o.Retry, 5*time.Second)
	return &Watch{Options: o, doubts: make(chan struct{}, 1)}
}

// Run watches until ctx ends.
func (w *Watch) Run(ctx context.Context) {
	for {
		w.check(ctx)
		wait := otherwise
		switch {
		case w.lost():
			wait = w.Retry
		case w.Open():
			wait = w.Every
		}
		for end := time.Now().Add(wait); time.Now().Before(end); {
			// A show that opens is looked after at once.
			select {
			case <-time.After(min(w.Every, time.Until(end))):
				w.setTaken(w.takenOver(ctx))
			case <-w.doubts:
				end = time.Now()
			case <-ctx.Done():
				return
			}
			if wait == otherwise && w.Open() {
				break
			}
		}
	}
}

// Answers reports whether Twilio reaches Callin now, as far as can be told: it was
// seen to a moment ago, or a look of a second at most says so.
func (w *Watch) Answers(ctx context.Context) bool {
	if time.Since(w.LastSigned()) < w.Fresh {
		return true
	}
	w.mu.Lock()
	seen := time.Since(w.lookedAt) < w.Fresh
	w.mu.Unlock()
	if seen {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, quickTimeout)
	defer cancel()
	if w.look(ctx) == nil {
		return true
	}
	w.LookAgain()
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.everSeen && w.told == nil && time.Since(w.LastSigned()) < outranks
}

func (w *Watch) lost() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.told != nil
}

// Taken is that another station, at a public address, has the calls at the start.
func (w *Watch) Taken(at string) { w.setTaken(takenBy(at)) }

// LookAgain has the way in and the claim looked at soon.
func (w *Watch) LookAgain() {
	select {
	case w.doubts <- struct{}{}:
	default:
	}
}

// check looks and says what it found, if that is news. A request of Twilio's says
// more than a look from here: a network without a way back to itself is no fault.
func (w *Watch) check(ctx context.Context) {
	began := time.Now()
	wrong := w.look(ctx)
	if wrong != nil && !w.lost() { // once is no time
		select {
		case <-time.After(w.Again):
		case <-ctx.Done():
		}
		wrong = w.look(ctx)
	}
	if ctx.Err() != nil {
		return
	}
	signed := w.LastSigned()
	w.mu.Lock()
	sees := w.everSeen
	w.mu.Unlock()
	trouble := w.Tunnel()
	switch {
	case signed.After(began): // it got through while nobody was seen from here
		wrong = nil
	case wrong != nil && trouble != nil: // it is known why
		wrong = &call.Error{Code: call.CodeWayIn, Message: "New callers do not get in. " + trouble.Message + " Who is here stays, and Next goes on."}
	case sees: // this network has a way back to itself, and it ended
	case !signed.IsZero(): // it never had one, and Twilio has come
		wrong = nil
	}
	if failed := w.debugger(ctx, signed); wrong == nil {
		wrong = failed
	}
	taken := w.takenOver(ctx)
	w.mu.Lock()
	w.way = wrong
	w.mu.Unlock()
	w.setTaken(taken)
}

// setTaken takes in whether another station has the calls, and tells the desk what
// is wrong if that is news.
func (w *Watch) setTaken(by *call.Error) {
	w.mu.Lock()
	w.taken = by
	wrong := cmp.Or(w.taken, w.way)
	news := !same(w.told, wrong)
	w.told = wrong
	w.mu.Unlock()
	if !news {
		return
	}
	if wrong != nil {
		w.Log.Error("Twilio does not reach Callin", "why", wrong.Message)
	} else {
		w.Log.Info("Twilio reaches Callin")
	}
	w.Tell(wrong)
}

func same(a, b *call.Error) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// debugger is what Twilio itself says: that a request has failed since this was
// last read, and that none has got through since.
func (w *Watch) debugger(ctx context.Context, signed time.Time) *call.Error {
	alert, code, err := w.Failed(ctx)
	if err != nil {
		if ctx.Err() == nil {
			w.Log.Info("Twilio's debugger could not be read", "error", err)
		}
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	// By their Sids, as Twilio's clock is another one.
	news := alert != "" && alert != w.alert && !w.readAt.IsZero() && !signed.After(w.readAt)
	w.alert, w.readAt = alert, time.Now()
	if !news {
		return nil
	}
	return w.says(fmt.Sprintf("Twilio could not reach Callin at %s (Twilio's error %d).", w.Public, code))
}

// takenOver is that the account's calls go to another Callin.
func (w *Watch) takenOver(ctx context.Context) *call.Error {
	ours, at, err := w.Claimed(ctx)
	switch {
	case err != nil:
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.taken // not known to be otherwise
	case ours:
		return nil
	}
	return takenBy(at)
}

func takenBy(public string) *call.Error {
	return &call.Error{Code: call.CodeTakenOver, Message: fmt.Sprintf(
		"Another Callin, at %s, has this account's calls. This desk changes nothing. Use that one's desk, or take its calls over here.", cmp.Or(public, "an unknown address"))}
}

// look fetches Callin's own answer by the public address.
func (w *Watch) look(ctx context.Context) *call.Error {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	_, found, status := see(ctx, w.Public, w.Here)
	switch found {
	case Here:
		w.mu.Lock()
		w.lookedAt, w.everSeen = time.Now(), true
		w.mu.Unlock()
	case Another:
		return w.says(fmt.Sprintf("Something else than this Callin answers at %s (%d).", w.Public, status))
	case Nobody:
		return w.says(fmt.Sprintf("Nobody answers at %s, where Twilio asks what callers are to hear.", w.Public))
	}
	return nil
}

// Found is who answers at an address.
type Found int

// Who can answer: nobody was waited for long enough, it is Callin itself, something
// else, or nobody.
const (
	Unknown Found = iota
	Here
	Another
	Nobody
)

// See fetches an answer of Callin's own through an address, within ten seconds, and how
// long that took. here is what Callin answers at /voice/here/{nonce}.
func See(ctx context.Context, public string, here func(nonce string) string) (took time.Duration, found Found) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	took, found, _ = see(ctx, public, here)
	return took, found
}

func see(ctx context.Context, public string, here func(nonce string) string) (took time.Duration, found Found, status int) {
	nonce, began := rand.Text(), time.Now()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, public+"/voice/here/"+nonce, nil)
	if err != nil {
		return 0, Nobody, 0
	}
	answer, err := Visitor.Do(r)
	if err != nil {
		if errors.Is(err, context.Canceled) {
			return 0, Unknown, 0
		}
		return 0, Nobody, 0
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
	if err == nil && subtle.ConstantTimeCompare(said, []byte(here(nonce))) == 1 {
		return time.Since(began), Here, answer.StatusCode
	}
	return 0, Another, answer.StatusCode
}

// Visitor comes to an address as a stranger does: it keeps no connection and
// follows nobody. Who sends it says for how long.
var Visitor = &http.Client{
	Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func (w *Watch) says(what string) *call.Error {
	return &call.Error{Code: call.CodeWayIn, Message: fmt.Sprintf(
		"%s New callers do not get in. See that the tunnel or proxy runs and leads to port %d of this computer. Who is here stays, and Next goes on.", what, w.Port)}
}
