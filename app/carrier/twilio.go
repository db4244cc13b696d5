// Package carrier is Twilio's REST as the studio and the set-up need it, spoken
// by twilio-go.
package carrier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/call"
	"callin/app/edge"
)

// perRequest is the longest that one request may take. The deed may be done
// all the same.
const perRequest = 6 * time.Second

// Twilio speaks for one account. Its methods may be called at the same time.
type Twilio struct {
	credentials atomic.Pointer[client.Credentials]
	changing    changing
	accountSid  string
	public      string
	station     call.StationID
	place       edge.Place
	transport   http.RoundTripper
	dated       atomic.Pointer[dated]
}

// Account says which account to speak for and where Twilio reaches Callin.
type Account struct {
	AccountSid string
	// Username and Password are the AccountSid and the AuthToken, or an API
	// key's SID and secret.
	Username, Password string
	// Next are the AuthTokens that Password may have been changed for at Twilio. They are
	// asked for when Password is refused. Changed is told of one once Twilio accepts it,
	// before anything else is asked with it. Both are nil where Password stays.
	Next    func() []string
	Changed func(authToken string)
	// Public is the address of the voice listener as Twilio sees it.
	Public string
	// Station is whose queues and lines there are.
	Station call.StationID
	// Place is where the account is asked. Its credentials are of that region.
	Place edge.Place
	// Rehearsal is the address of the stand-in that takes every request
	// meant for Twilio; empty for Twilio itself.
	Rehearsal string
}

// New makes a carrier. It sends nothing.
func New(a Account) (*Twilio, error) {
	t := &Twilio{
		changing:   changing{next: a.Next, changed: a.Changed},
		accountSid: a.AccountSid,
		public:     strings.TrimRight(a.Public, "/"),
		station:    a.Station,
		place:      a.Place,
		transport:  http.DefaultTransport.(*http.Transport).Clone(),
	}
	t.credentials.Store(client.NewCredentials(a.Username, a.Password))
	if a.Rehearsal != "" {
		to, err := url.Parse(a.Rehearsal)
		if err != nil || to.Host == "" {
			return nil, &call.Error{Code: call.CodeBadRehearsal, Message: "The rehearsal's address is not one."}
		}
		local := http.DefaultTransport.(*http.Transport).Clone()
		local.Proxy = nil
		t.transport = redirected{to: to, next: local}
	}
	return t, nil
}

// redirected takes what is meant for Twilio to a rehearsal, and nothing else
// anywhere.
type redirected struct {
	to   *url.URL
	next http.RoundTripper
}

func (r redirected) RoundTrip(req *http.Request) (*http.Response, error) {
	if host := req.URL.Hostname(); host != "twilio.com" && !strings.HasSuffix(host, ".twilio.com") {
		return nil, fmt.Errorf("a rehearsal sends nothing to %s", host)
	}
	req = req.Clone(req.Context())
	req.Header.Set("X-Forwarded-Host", req.URL.Hostname()) // by which it knows the region
	req.URL.Scheme, req.URL.Host, req.Host = r.to.Scheme, r.to.Host, ""
	return r.next.RoundTrip(req)
}

// bound gives requests the context that twilio-go does not take, and keeps the
// headers that it does not give.
type bound struct {
	ctx        context.Context
	next       http.RoundTripper
	retryAfter *time.Duration
	date       func(http.Header)
}

func (b bound) RoundTrip(req *http.Request) (*http.Response, error) {
	answer, err := b.next.RoundTrip(req.WithContext(b.ctx))
	if err == nil {
		b.date(answer.Header)
		// Seconds (Twilio); a date would be no number, and nothing is known then.
		seconds, _ := strconv.Atoi(answer.Header.Get("Retry-After"))
		*b.retryAfter = time.Duration(min(max(seconds, 0), longestRetry)) * time.Second
	}
	if err == nil && answer.StatusCode >= http.StatusBadRequest {
		// twilio-go leaves the body of an error open, which costs the connection.
		body, readErr := io.ReadAll(io.LimitReader(answer.Body, longestError))
		answer.Body.Close()
		if readErr != nil {
			return nil, readErr
		}
		answer.Body = io.NopCloser(bytes.NewReader(body))
	}
	return answer, err
}

// longestError is how much of an error's body is read; Twilio's have some hundred bytes.
const longestError = 64 << 10

// longestRetry is the longest Retry-After that is believed, in seconds.
const longestRetry = 60

// ask makes requests within ctx and perRequest, and gives their error one of
// the studio's meanings. What Twilio refuses because the AuthToken was changed there is
// asked again with the new one.
func (t *Twilio) ask(ctx context.Context, do func(*api.ApiService) error) error {
	ctx, cancel := context.WithTimeout(ctx, perRequest)
	defer cancel()
	used := t.credentials.Load()
	err := t.askAs(ctx, used, do)
	if errors.Is(err, ErrCredentials) && t.change(ctx, used) {
		err = t.askAs(ctx, t.credentials.Load(), do)
	}
	return err
}

func (t *Twilio) askAs(ctx context.Context, as *client.Credentials, do func(*api.ApiService) error) error {
	var retryAfter time.Duration
	c := &client.Client{
		Credentials: as,
		HTTPClient: &http.Client{
			Transport:     bound{ctx: ctx, next: t.transport, retryAfter: &retryAfter, date: t.date},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	c.SetAccountSid(t.accountSid)
	asks := client.NewRequestHandler(c)
	// Else it takes them from the environment, where a region may stand alone.
	asks.Edge, asks.Region = t.place.REST()
	return meaning(do(api.NewApiService(asks)), retryAfter)
}

func value[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}
