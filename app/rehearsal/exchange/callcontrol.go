package exchange

import (
	"net/url"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// maxTwiml is the longest TwiML that REST takes, in characters.
const maxTwiml = 4000

// Change is what REST does to a live call. Empty fields change nothing.
type Change struct {
	URL, Method                 string
	Twiml                       string
	Status                      string // canceled or completed
	FallbackURL, FallbackMethod string
	StatusCallback              string
	StatusCallbackMethod        string
	TimeLimit                   string // seconds
}

func (ch Change) check() error {
	switch {
	case ch.URL != "" && ch.Twiml != "":
		return &Fault{21218, "Url and Twiml exclude each other"}
	case utf8.RuneCountInString(ch.Twiml) > maxTwiml:
		return &Fault{21626, "Twiml is longer than 4000 characters"}
	case ch.Status != "" && ch.Status != "completed" && ch.Status != "canceled":
		return &Fault{21218, "Invalid Status " + ch.Status}
	}
	for _, u := range []string{ch.URL, ch.FallbackURL, ch.StatusCallback} {
		if err := CheckURL(u); err != nil {
			return err
		}
	}
	if n, err := strconv.Atoi(ch.TimeLimit); ch.TimeLimit != "" && (err != nil || n < 0) {
		return &Fault{20001, "Invalid parameter TimeLimit: " + ch.TimeLimit}
	}
	return nil
}

// CheckURL refuses what is not an absolute http URL; empty is none.
func CheckURL(s string) error {
	if s == "" {
		return nil
	}
	if u, err := url.Parse(s); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return &Fault{21205, "Url is not a valid URL: " + s}
	}
	return nil
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// UpdateCall changes a live call at once. A call that has ended is refused
// with 21220.
func (x *Exchange) UpdateCall(sid string, ch Change) (CallInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	c := x.calls[sid]
	if c == nil {
		return CallInfo{}, NotFound("/Calls/" + sid + ".json")
	}
	if err := ch.check(); err != nil {
		return CallInfo{}, err
	}
	if c.status.Final() {
		return CallInfo{}, &Fault{21220, "Call is not in-progress. Cannot redirect."}
	}
	if ch.FallbackURL != "" {
		c.fallback = step{url: ch.FallbackURL, method: or(ch.FallbackMethod, "POST"), isFallback: true}
	}
	if ch.StatusCallback != "" {
		c.callback.url, c.callback.method = ch.StatusCallback, or(ch.StatusCallbackMethod, "POST")
	}
	if seconds, err := strconv.Atoi(ch.TimeLimit); err == nil && seconds > 0 {
		x.limit(c, seconds)
	}
	switch {
	case ch.Status == "canceled" && !c.answered.IsZero():
		// Twilio cancels only a call that has not been answered.
		return CallInfo{}, &Fault{21220, "Call is in-progress. Cannot cancel."}
	case ch.Status == "canceled":
		x.end(c, Canceled)
	case ch.Status == "completed":
		x.end(c, Completed)
	case ch.URL != "":
		x.redirect(c, &step{url: ch.URL, method: or(ch.Method, "POST")})
	case ch.Twiml != "":
		x.redirect(c, &step{twiml: ch.Twiml})
	}
	return c.info(), nil
}

func (x *Exchange) limit(c *call, seconds int) {
	if c.timeLimit != nil {
		c.timeLimit.Stop()
	}
	c.timeLimit = time.AfterFunc(time.Duration(seconds)*time.Second, func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.end(c, Completed)
	})
}

// DeleteCall forgets a call that has ended; one that has not is refused.
func (x *Exchange) DeleteCall(sid string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	c := x.calls[sid]
	if c == nil {
		return NotFound("/Calls/" + sid + ".json")
	}
	if !c.status.Final() {
		return &Fault{20009, "Cannot delete this resource in its current state"}
	}
	delete(x.calls, sid)
	x.order = slices.DeleteFunc(x.order, func(o *call) bool { return o == c })
	return nil
}
