// Package rest is the face of Twilio's REST API, version 2010-04-01, as
// twilio-go speaks it: names, JSON types, paging, status codes and error
// bodies. What the requests do is the exchange's business.
package rest

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"callin/app/rehearsal/exchange"
)

// maxBody is the longest request body read, in bytes.
const maxBody = 1 << 20

// object is a resource as JSON.
type object map[string]any

// request is one request of an authenticated client.
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

// New returns the handler of /2010-04-01/.
func New(x *exchange.Exchange) http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, h handler) {
		method, path, _ := strings.Cut(pattern, " ")
		mux.Handle(method+" /2010-04-01/Accounts/{account}"+path, serve(x, h))
	}
	handle("GET ", fetchAccount)
	calls(handle)
	queues(handle)
	conferences(handle)
	numbers(handle)
	applications(handle)
	keys(handle)
	messages(handle)
	recordings(handle)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if Authorized(x, r) {
			fail(w, exchange.NotFound(r.URL.Path))
		} else {
			unauthorized(w)
		}
	})
	return mux
}

// Authorized reports whether a request carries the account's SID and token, or
// an API key's SID and secret, as Basic authorization.
func Authorized(x *exchange.Exchange, r *http.Request) bool {
	user, password, ok := r.BasicAuth()
	a := x.Account()
	want := a.AuthToken
	if user != a.Sid {
		var has bool
		if _, want, has = x.KeySecret(user); !has {
			return false
		}
	}
	return ok && subtle.ConstantTimeCompare([]byte(password), []byte(want)) == 1
}

func serve(x *exchange.Exchange, h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !Authorized(x, r) {
			unauthorized(w)
			return
		}
		account := strings.TrimSuffix(r.PathValue("account"), ".json")
		if account != x.Account().Sid {
			fail(w, exchange.NotFound(r.URL.Path))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		if err := r.ParseForm(); err != nil {
			fail(w, &exchange.Fault{Code: 20001, Message: err.Error()})
			return
		}
		out, err := h(&request{r, x, account})
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

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if body != nil {
		_ = json.NewEncoder(w).Encode(body) // fails only when the client has gone
	}
}

func unauthorized(w http.ResponseWriter) {
	w.Header().Set("WWW-Authenticate", `Basic realm="Twilio API"`)
	fail(w, &exchange.Fault{Code: 20003, Message: "Authenticate"})
}

// fail answers Twilio's error body.
func fail(w http.ResponseWriter, err error) {
	var f *exchange.Fault
	if !errors.As(err, &f) {
		f = &exchange.Fault{Code: 20500, Message: err.Error()}
	}
	status := http.StatusBadRequest
	switch f.Code {
	case 20003:
		status = http.StatusUnauthorized
	case 20404:
		status = http.StatusNotFound
	case 20500:
		status = http.StatusInternalServerError
	case 20503:
		status = http.StatusServiceUnavailable
	}
	write(w, status, object{
		"code": f.Code, "message": f.Message, "status": status,
		"more_info": fmt.Sprintf("https://www.twilio.com/docs/errors/%d", f.Code),
	})
}

// sid is a path segment without the ".json" that ends the path.
func (r *request) sid(name string) string {
	return strings.TrimSuffix(r.PathValue(name), ".json")
}

// uri is a resource's own path, without the host.
func (r *request) uri(parts ...string) string {
	return "/2010-04-01/Accounts/" + r.account + "/" + strings.Join(parts, "/") + ".json"
}

// has reports whether a parameter was sent, if only empty.
func (r *request) has(name string) bool { _, ok := r.Form[name]; return ok }

// set copies a parameter that was sent.
func (r *request) set(to *string, name string) {
	if r.has(name) {
		*to = r.Form.Get(name)
	}
}

func (r *request) setBool(to *bool, name string) {
	if r.has(name) {
		*to = strings.EqualFold(r.Form.Get(name), "true")
	}
}

// flag is a parameter that is true, false or absent; anything else is refused.
func (r *request) flag(name string) (*bool, error) {
	s := strings.ToLower(r.Form.Get(name))
	if s == "" {
		return nil, nil
	}
	if s != "true" && s != "false" {
		return nil, &exchange.Fault{Code: 20001, Message: name + " is true or false, not " + s}
	}
	b := s == "true"
	return &b, nil
}

// number is a whole number, 0 when absent.
func (r *request) number(name string) (int, error) {
	s := r.Form.Get(name)
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, &exchange.Fault{Code: 20001, Message: name + " is not a number: " + s}
	}
	return n, nil
}

// date writes a time as Twilio does, RFC 2822; null when there is none.
func date(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 +0000")
}

// orNull is a text, or null when it is empty.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// list answers one page of items under Twilio's name for them. PageToken is
// taken and given back but says nothing: pages are counted.
func list[T any](r *request, key string, items []T, show func(T) object) (reply, error) {
	size, err := r.number("PageSize")
	if err != nil {
		return reply{}, err
	}
	page, err := r.number("Page")
	if err != nil {
		return reply{}, err
	}
	if size == 0 {
		size = 50
	}
	size = min(size, 1000)
	page = min(page, 1<<20)
	from := min(page*size, len(items))
	until := min(from+size, len(items))
	shown := make([]object, 0, until-from)
	for _, item := range items[from:until] {
		shown = append(shown, show(item))
	}
	at := func(n int, token string) string {
		q := url.Values{}
		for k, v := range r.URL.Query() {
			q[k] = v
		}
		q.Set("PageSize", strconv.Itoa(size))
		q.Set("Page", strconv.Itoa(n))
		q.Del("PageToken")
		if token != "" {
			q.Set("PageToken", token+strconv.Itoa(n))
		}
		return r.URL.Path + "?" + q.Encode()
	}
	body := object{
		key: shown, "page": page, "page_size": size, "start": from, "end": max(from, until-1),
		"uri": r.URL.RequestURI(), "first_page_uri": at(0, ""), "next_page_uri": nil, "previous_page_uri": nil,
	}
	if until < len(items) {
		body["next_page_uri"] = at(page+1, "PA")
	}
	if page > 0 {
		body["previous_page_uri"] = at(page-1, "PB")
	}
	return reply{http.StatusOK, body}, nil
}

func fetchAccount(r *request) (reply, error) {
	a := r.x.Account()
	return reply{http.StatusOK, object{
		"sid": a.Sid, "auth_token": a.AuthToken, "friendly_name": a.Name, "owner_account_sid": a.Sid,
		"status": "active", "type": "Full", "date_created": date(a.Created), "date_updated": date(a.Created),
		"uri":              "/2010-04-01/Accounts/" + a.Sid + ".json",
		"subresource_uris": subresources(r, []string{"Calls", "Queues", "Conferences", "Applications", "Keys", "Messages", "IncomingPhoneNumbers"}),
	}}, nil
}

// subresources are the lists below a resource, as Twilio names them.
func subresources(r *request, names []string, under ...string) map[string]string {
	out := map[string]string{}
	for _, n := range names {
		out[snake(n)] = r.uri(append(under, n)...)
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
