package exchange

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"sync"
	"time"
)

// cookieLife is how long a cookie is kept (Twilio support: How do Twilio
// cookies work).
const cookieLife = 4 * time.Hour

// maxJars bounds the pairs of numbers that cookies are kept for.
const maxJars = 10000

// cookies keeps what webhooks set, for the pair of From and To that they were
// asked about, as Twilio does. A request without parameters, as for the audio of
// a Play, has none.
type cookies struct {
	mu   sync.Mutex
	jars map[string]*jar
}

type jar struct {
	*cookiejar.Jar
	until time.Time
}

func pair(v url.Values) string {
	if !v.Has("From") {
		return ""
	}
	return v.Get("From") + " " + v.Get("To")
}

func (k *cookies) put(req *http.Request, v url.Values) {
	k.mu.Lock()
	j := k.jars[pair(v)]
	if j != nil && time.Now().After(j.until) {
		delete(k.jars, pair(v))
		j = nil
	}
	k.mu.Unlock()
	if j == nil {
		return
	}
	for _, c := range j.Cookies(req.URL) {
		req.AddCookie(c)
	}
}

func (k *cookies) keep(res *http.Response, v url.Values) {
	set := res.Cookies()
	if len(set) == 0 || pair(v) == "" {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	j := k.jars[pair(v)]
	if j == nil {
		if len(k.jars) >= maxJars {
			clear(k.jars)
		}
		made, _ := cookiejar.New(nil) // fails never
		j = &jar{made, time.Now().Add(cookieLife)}
		if k.jars == nil {
			k.jars = map[string]*jar{}
		}
		k.jars[pair(v)] = j
	}
	j.SetCookies(res.Request.URL, set)
}
