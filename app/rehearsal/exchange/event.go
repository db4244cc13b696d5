package exchange

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	// keptEvents bounds the requests kept, of all calls together, and
	// maxEventBody what is kept of an answer to one, in bytes.
	keptEvents   = 5000
	maxEventBody = 4096
)

// CallEvent is a request about a call, to the application or from it over
// REST, and what was answered.
type CallEvent struct {
	Place       string // among all events, as a SID tells it
	CallSid     string
	Method, URL string
	Sent        url.Values
	Status      int // 0 without an answer
	ContentType string
	Body        string
	At          time.Time
	Duration    time.Duration
}

// events keeps the latest requests in a ring.
type events struct {
	mu   sync.Mutex
	ring []CallEvent
	next int
}

// Remember keeps a request that was made about a call.
func (x *Exchange) Remember(e CallEvent) {
	e.Body = strings.ToValidUTF8(e.Body[:min(len(e.Body), maxEventBody)], "")
	k := &x.events
	k.mu.Lock()
	defer k.mu.Unlock()
	e.Place = newSid("CE")
	if len(k.ring) < keptEvents {
		k.ring = append(k.ring, e)
		return
	}
	k.ring[k.next] = e
	k.next = (k.next + 1) % keptEvents
}

// rememberWebhook keeps a request that the exchange made for a call, if it was
// for one. Of sound nothing is kept.
func (x *Exchange) rememberWebhook(v url.Values, began time.Time, a *answer, failed *fetchError) {
	in := (*webhook)(nil)
	switch {
	case v.Get("CallSid") == "":
		return
	case failed != nil:
		in = failed.in
	default:
		in = a.webhook
	}
	e := CallEvent{
		CallSid: v.Get("CallSid"), Method: or(in.method, http.MethodPost), URL: in.url, Sent: v, Status: in.status,
		ContentType: in.header.Get("Content-Type"), At: began, Duration: time.Since(began),
	}
	if !strings.HasPrefix(e.ContentType, "audio/") {
		e.Body = string(in.body[:min(len(in.body), maxEventBody)])
	}
	x.Remember(e)
}

// CallEvents returns the latest requests about a call, oldest first.
func (x *Exchange) CallEvents(callSid string) []CallEvent {
	k := &x.events
	k.mu.Lock()
	defer k.mu.Unlock()
	out := []CallEvent{}
	for i := range k.ring {
		if e := k.ring[(k.next+i)%len(k.ring)]; e.CallSid == callSid {
			out = append(out, e)
		}
	}
	return out
}
