package exchange

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestWebhook is how a request to an application goes. Sources: "overrides" is
// Twilio docs: Webhooks connection overrides; "client" Twilio docs: TwiML,
// "Twilio is a well behaved HTTP client"; "dictionary" Twilio's error dictionary.
func TestWebhook(t *testing.T) {
	for _, c := range []struct {
		name, path string
		code       int    // of the alert, 0 for none
		asked      string // the requests made
		source     string
	}{
		{"a plain answer", "/ok", 0, "POST /ok?", "client"},
		{"a 404 is asked once", "/404", 11200, "POST /404", "dictionary"},
		{"a 500 is not tried again by itself", "/500", 11200, "POST /500", "overrides"},
		{"a 500 is, if so wished", "/500#rc=2&rp=ct,5xx", 11200, "POST /500, POST /500, POST /500", "overrides"},
		{"a 404 is not a 5xx", "/404#rc=2&rp=5xx", 11200, "POST /404", "overrides"},
		{"all is all", "/404#rc=1&rp=all", 11200, "POST /404, POST /404", "overrides"},
		{"a retry may do", "/second#rp=5xx", 0, "POST /second, POST /second", "overrides"},
		{"a count out of bounds is the default", "/500#rc=9&rp=5xx", 11200, "POST /500, POST /500", "inferred"},
		{"no answer within rt", "/slow#rt=100&ct=100", 11205, "POST /slow", "overrides; the code is inferred"},
		{"and again", "/slow#rt=100&ct=100&rp=rt", 11205, "POST /slow, POST /slow", "overrides; the code is inferred"},
		{"tt is for all tries", "/slow#tt=300&rc=5&rp=all", 11205, "POST /slow", "overrides; the code is inferred"},
		{"after a 302 a GET without parameters", "/302", 0, "POST /302, GET /ok", "client"},
		{"after a 307 the same request", "/307", 0, "POST /307, POST /ok?", "client"},
		{"a 301 and a 303 too", "/301", 0, "POST /301, GET /303, GET /ok", "dictionary: 11216"},
		{"a 308 is no redirect of Twilio's", "/308", 11216, "POST /308", "dictionary: 11216"},
		{"nor is a 300", "/300", 11216, "POST /300", "dictionary: 11216"},
		{"nor a 304", "/304", 11216, "POST /304", "dictionary: 11216"},
		{"round and round", "/round", 11215, strings.Repeat("POST /round, ", 10) + "POST /round", "dictionary; 10 is inferred"},
		{"to nowhere", "/nowhere", 11216, "POST /nowhere", "dictionary"},
		{"not HTTP", "/garbage", 11206, "POST /garbage", "dictionary"},
		{"cookies come back", "/cookie", 0, "POST /cookie, POST /ok? a=1", "client; by From and To as in Twilio support: How do Twilio cookies work"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x := New(Options{})
			t.Cleanup(x.Close)
			var mu sync.Mutex
			var asked []string
			tokens := map[string]bool{}
			var n atomic.Int32
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_ = r.ParseForm()
				line := r.Method + " " + r.URL.Path
				if r.URL.Path == "/ok" && r.Form.Get("CallSid") == "CA1" {
					line += "?"
				}
				if cookie, err := r.Cookie("a"); err == nil {
					line += " a=" + cookie.Value
				}
				mu.Lock()
				asked = append(asked, line)
				tokens[r.Header.Get("I-Twilio-Idempotency-Token")] = true
				mu.Unlock()
				post := r.PostForm
				if want := Signature(x.account.AuthToken, "http://"+r.Host+r.URL.RequestURI(), post); r.Header.Get("X-Twilio-Signature") != want {
					t.Errorf("%s is not signed as it is", line)
				}
				behave(w, r, n.Add(1))
			}))
			t.Cleanup(s.Close)
			_, err := x.fetch(t.Context(), "POST", s.URL+c.path, url.Values{"CallSid": {"CA1"}, "From": {"+1"}, "To": {"+2"}})
			code := 0
			if err != nil {
				code = err.code
				x.failed("CA1", err)
				if a := x.Alerts()[0]; a.Code != code || a.Level != "error" || a.CallSid != "CA1" || a.Method != "POST" || !strings.HasPrefix(a.URL, s.URL) {
					t.Errorf("alert %+v", a)
				}
			}
			if c.path == "/cookie" {
				_, _ = x.fetch(t.Context(), "POST", s.URL+"/ok", url.Values{"CallSid": {"CA1"}, "From": {"+1"}, "To": {"+2"}})
			}
			mu.Lock()
			defer mu.Unlock()
			if got := strings.Join(asked, ", "); got != c.asked || code != c.code {
				t.Errorf("asked %s, code %d (%v)", got, code, err)
			}
			if len(tokens) > 1 && c.path != "/cookie" {
				t.Errorf("idempotency tokens %v", slices.Collect(maps.Keys(tokens)))
			}
		})
	}
}

func behave(w http.ResponseWriter, r *http.Request, n int32) {
	switch r.URL.Path {
	case "/404":
		w.WriteHeader(404)
	case "/500":
		w.WriteHeader(500)
	case "/second":
		if n == 1 {
			w.WriteHeader(503)
		}
	case "/slow":
		select {
		case <-r.Context().Done():
		case <-time.After(10 * time.Second):
		}
	case "/302":
		http.Redirect(w, r, "/ok", http.StatusFound)
	case "/307":
		http.Redirect(w, r, "/ok", http.StatusTemporaryRedirect)
	case "/301":
		http.Redirect(w, r, "/303", http.StatusMovedPermanently)
	case "/303":
		http.Redirect(w, r, "/ok", http.StatusSeeOther)
	case "/300", "/304", "/308":
		w.Header().Set("Location", "/ok")
		status, _ := strconv.Atoi(r.URL.Path[1:])
		w.WriteHeader(status)
	case "/round":
		http.Redirect(w, r, "/round", http.StatusTemporaryRedirect)
	case "/nowhere":
		w.Header().Set("Location", "gopher://x/")
		w.WriteHeader(302)
	case "/garbage":
		conn, _, _ := http.NewResponseController(w).Hijack()
		fmt.Fprint(conn, "Hello\r\n\r\n")
		conn.Close()
	case "/cookie":
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "1"})
	}
}

// TestNoConnection is for requests that reach nobody. Dictionary:
// 11100, 11205, 11210, 15004.
func TestNoConnection(t *testing.T) {
	x := New(Options{})
	t.Cleanup(x.Close)
	for _, c := range []struct {
		url  string
		code int
	}{
		{"/relative", 15004},
		{"http:///nowhere", 11100},
		{"ftp://127.0.0.1/", 11100},
		{"http://127.0.0.1:1/", 11205},
		{"http://192.0.2.1/", 11205},
		{"http://no.such.name.invalid/", 11210},
	} {
		if _, err := x.fetch(t.Context(), "GET", c.url, nil); err == nil || err.code != c.code {
			t.Errorf("%s: %+v", c.url, err)
		}
	}
}
