// Package rest is the face of Twilio's REST API, version 2010-04-01, as
// Twilio's helper libraries speak it: names, JSON types, paging, status codes
// and error bodies. What the requests do is the exchange's business.
package rest

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"callin/app/rehearsal/exchange"
)

// maxBody is the longest request body read, in bytes.
const maxBody = 1 << 20

// version is of the API, and the root of all its paths.
const version = "2010-04-01"

// object is a resource as JSON.
type object map[string]any

// request is one request of an authenticated client. Its path has no ".json"
// any more.
type request struct {
	*http.Request
	x       *exchange.Exchange
	account string
}

// reply is an answer: a status and a body, which is nil for 204.
type reply struct {
	status int
	body   any
}

type handler func(*request) (reply, error)

// server is the API of one exchange.
type server struct {
	x        *exchange.Exchange
	routes   map[string]map[string]handler // by path below the account, and method
	inFlight atomic.Int64
}

// handle registers "METHOD /path", the path as it stands after the account's.
func (s *server) handle(pattern string, h handler) {
	method, path, _ := strings.Cut(pattern, " ")
	if s.routes[path] == nil {
		s.routes[path] = map[string]handler{}
	}
	s.routes[path][method] = h
}

// New returns the handler of /2010-04-01/.
func New(x *exchange.Exchange) http.Handler { return newServer(x).handler() }

func newServer(x *exchange.Exchange) *server {
	s := &server{x: x, routes: map[string]map[string]handler{}}
	for _, resource := range []func(*server){
		account, calls, queues, conferences, participants, recordings, numbers, availableNumbers,
		applications, keys, messages, usage, notifications,
	} {
		resource(s)
	}
	return s
}

func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/"+version+"/Accounts", s.serve(map[string]handler{"GET": listAccounts}))
	for path, methods := range s.routes {
		mux.Handle("/"+version+"/Accounts/{account}"+path, s.serve(methods))
	}
	mux.Handle("/", s.serve(nil))
	return s.count(mux)
}

// count lets requests through up to the concurrency that is allowed, and tells
// in Twilio's headers how many there are. One that is refused has done nothing.
func (s *server) count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := s.inFlight.Add(1)
		defer s.inFlight.Add(-1)
		id := make([]byte, 16)
		_, _ = rand.Read(id) // never fails: crypto/rand ends the program instead
		w.Header().Set("Twilio-Request-Id", "RQ"+hex.EncodeToString(id))
		w.Header().Set("Twilio-Concurrent-Requests", strconv.FormatInt(n, 10))
		w.Header().Set("Date", s.x.Clock(time.Now()).UTC().Format(http.TimeFormat))
		w.Header().Set("X-Api-Domain", "api.twilio.com")
		if most := s.x.Switches().RESTConcurrency; most > 0 && n > int64(most) {
			w.Header().Set("Retry-After", "1")
			fail(w, &exchange.Fault{Code: 20429, Message: "Too Many Requests"})
			return
		}
		// Twilio answers XML to a path without ending; here it is JSON too, as
		// all of its helper libraries ask for.
		u := *r.URL
		u.Path, u.RawPath = strings.TrimSuffix(u.Path, ".json"), strings.TrimSuffix(u.RawPath, ".json")
		r = r.WithContext(r.Context())
		r.URL = &u
		next.ServeHTTP(w, r)
	})
}

// Authorized reports whether a request carries the account's SID and one of its tokens,
// or an API key's SID and secret, as Basic authorization.
func Authorized(x *exchange.Exchange, r *http.Request) bool {
	user, password, ok := r.BasicAuth()
	a := x.Account()
	opens := func(secret string) bool {
		return secret != "" && subtle.ConstantTimeCompare([]byte(password), []byte(secret)) == 1
	}
	if token := a.Tokens[regionOf(r)]; user == a.Sid && token != "" {
		return ok && opens(token)
	}
	if user == a.Sid {
		return ok && (opens(a.AuthToken) || opens(a.SecondaryToken))
	}
	_, secret, has := x.KeySecret(user)
	return ok && has && opens(secret)
}

// regionOf is the region whose host a request was meant for, api.dublin.ie1.twilio.com,
// as who puts it through hands on; empty for us1 (Twilio docs: Regional API Credentials).
func regionOf(r *http.Request) string {
	if parts := strings.Split(r.Header.Get("X-Forwarded-Host"), "."); len(parts) == 5 {
		return parts[2]
	}
	return ""
}

// serve answers by method; a path without any is none of the API's.
func (s *server) serve(methods map[string]handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		if !Authorized(s.x, r) {
			w.Header().Set("WWW-Authenticate", `Basic realm="Twilio API"`)
			fail(w, &exchange.Fault{Code: 20003, Message: "Authenticate"})
			return
		}
		in := &request{Request: r, x: s.x, account: s.x.Account().Sid}
		out, err := in.answer(methods)
		var f *exchange.Fault
		if errors.As(err, &f) && f.Code == 20404 {
			err = in.notFound() // whatever of the path was not there
		}
		if err != nil {
			fail(w, err)
			return
		}
		if audio, is := out.body.(wave); is {
			w.Header().Set("Content-Type", "audio/x-wav")
			_, _ = w.Write(audio) // fails only when the client has gone
			return
		}
		write(w, out.status, out.body)
	})
}

// mainKeys are the paths that a Standard key does not lead to, and all keys that
// REST makes are Standard ones (Twilio docs: Key). That it is told what a wrong
// secret is told is inferred.
var mainKeys = regexp.MustCompile(`^/` + version + `/Accounts(/[^/]+(/Keys(/[^/]+)?)?)?$`)

// theAccount are the paths of the account itself.
var theAccount = regexp.MustCompile(`^/` + version + `/Accounts(/[^/]+)?$`)

func (r *request) answer(methods map[string]handler) (reply, error) {
	if user, _, _ := r.BasicAuth(); user != r.account && mainKeys.MatchString(r.URL.Path) {
		return reply{}, &exchange.Fault{Code: 20003, Message: "Authenticate"}
	}
	asked := r.PathValue("account")
	if methods == nil || asked != "" && asked != r.account {
		return reply{}, r.notFound()
	}
	// An account that is not active can be looked at and nothing else (Twilio errors:
	// 20005; that it can be looked at, and that the newer APIs refuse too, is inferred).
	if r.Method != http.MethodGet || !theAccount.MatchString(r.URL.Path) {
		if err := r.x.Active(); err != nil {
			return reply{}, err
		}
	}
	h := methods[r.Method]
	if h == nil {
		return reply{}, &exchange.Fault{Code: 20004, Message: "Method not allowed"}
	}
	if err := r.ParseForm(); err != nil {
		return reply{}, &exchange.Fault{Code: 20001, Message: err.Error()}
	}
	if err := r.methods(); err != nil {
		return reply{}, err
	}
	return h(r)
}

// notFound is the fault of a path that leads nowhere, which Twilio says whole.
func (r *request) notFound() error {
	path, _, _ := strings.Cut(r.RequestURI, "?")
	return exchange.NotFound(path)
}

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if body != nil {
		_ = json.NewEncoder(w).Encode(body) // fails only when the client has gone
	}
}

// statuses are the HTTP statuses of faults; all others are 400.
var statuses = map[int]int{
	20003: http.StatusUnauthorized,
	20004: http.StatusMethodNotAllowed,
	20005: http.StatusForbidden,
	20009: http.StatusConflict,
	20404: http.StatusNotFound,
	20429: http.StatusTooManyRequests,
	20500: http.StatusInternalServerError,
	20503: http.StatusServiceUnavailable,
}

// fail answers Twilio's error body.
func fail(w http.ResponseWriter, err error) {
	var f *exchange.Fault
	if !errors.As(err, &f) {
		f = &exchange.Fault{Code: 20500, Message: err.Error()}
	}
	status := statuses[f.Code]
	if status == 0 {
		status = http.StatusBadRequest
	}
	write(w, status, object{
		"code": f.Code, "message": f.Message, "status": status,
		"more_info": moreInfo(f.Code),
	})
}

func moreInfo(code int) string { return fmt.Sprintf("https://www.twilio.com/docs/errors/%d", code) }

// uri is a resource's own path, without the host.
func (r *request) uri(parts ...string) string {
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return "/" + version + "/Accounts/" + r.account + "/" + strings.Join(parts, "/") + ".json"
}

// date writes a time of this computer's as Twilio does, by Twilio's clock and in
// RFC 2822; null when there is none.
func (r *request) date(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return r.x.Clock(t).UTC().Format("Mon, 02 Jan 2006 15:04:05 +0000")
}

// orNull is a text, or null when it is empty.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// subresources are the lists below a resource, as Twilio names them.
func subresources(r *request, names []string, under ...string) map[string]string {
	out := map[string]string{}
	for _, n := range names {
		path := append(append([]string{}, under...), strings.Split(n, "/")...)
		out[snake(path[len(path)-1])] = r.uri(path...)
	}
	return out
}

func snake(s string) string {
	var b strings.Builder
	for i, c := range s {
		if i > 0 && c >= 'A' && c <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteRune(c)
	}
	return strings.ToLower(b.String())
}

// none registers lists that are empty: of products that this stand-in does not
// have, so that every subresource_uri leads somewhere.
func (s *server) none(under string, keys map[string]string, check func(*request) error) {
	for name, key := range keys {
		s.handle("GET "+under+"/"+name, func(r *request) (reply, error) {
			if err := check(r); err != nil {
				return reply{}, err
			}
			return list(r, key, nil, oldestFirst("none"), func(object) string { return "" }, func(o object) object { return o })
		})
	}
}
