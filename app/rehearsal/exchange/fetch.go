package exchange

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"callin/app/rehearsal/media"
)

// fetchError is a request that failed, by the code of Twilio's debugger.
type fetchError struct {
	code int
	err  error
}

func (e *fetchError) Error() string { return e.err.Error() }

// answer is what a webhook answered.
type answer struct {
	body    []byte
	kind    string // media type without parameters
	noStore bool
}

var errOutside = errors.New("a rehearsal asks only this machine")

func newHTTPClient() *http.Client {
	d := &net.Dialer{
		Timeout: connectTimeout,
		Control: func(_, address string, _ syscall.RawConn) error {
			a, err := netip.ParseAddrPort(address)
			if err != nil || !a.Addr().Unmap().IsLoopback() {
				return errOutside
			}
			return nil
		},
	}
	return &http.Client{
		Timeout: fetchTimeout,
		Transport: &http.Transport{
			DialContext: d.DialContext, Proxy: nil,
			// A queue of thousands asks one host for all its wait documents.
			MaxConnsPerHost: 256, MaxIdleConnsPerHost: 256, IdleConnTimeout: time.Minute,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// fetch makes a signed request as Twilio does: parameters in the body of a
// POST or the query of a GET. A failed connection is tried once more, an
// answer never.
func (x *Exchange) fetch(ctx context.Context, method, to string, v url.Values) (*answer, *fetchError) {
	u, err := url.Parse(to)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, &fetchError{11100, fmt.Errorf("%q is not an absolute http URL", to)}
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	u.Fragment, u.RawFragment = "", "" // Twilio's per-request settings, never sent
	idempotency := rand.Text()
	for try := 0; ; try++ {
		req, err := x.request(ctx, method, *u, v)
		if err != nil {
			return nil, &fetchError{11100, err}
		}
		req.Header.Set("I-Twilio-Idempotency-Token", idempotency)
		res, err := x.client.Do(req)
		if err == nil {
			return read(res)
		}
		var op *net.OpError
		if connecting := errors.As(err, &op) && op.Op == "dial"; !connecting || try > 0 || ctx.Err() != nil || errors.Is(err, errOutside) {
			return nil, &fetchError{11205, err}
		}
	}
}

func (x *Exchange) request(ctx context.Context, method string, u url.URL, v url.Values) (*http.Request, error) {
	var body io.Reader
	post := v
	if method == http.MethodGet {
		if q := v.Encode(); u.RawQuery != "" && q != "" {
			u.RawQuery += "&" + q
		} else if q != "" {
			u.RawQuery = q
		}
		post = nil
	} else {
		method, body = http.MethodPost, strings.NewReader(v.Encode())
	}
	user := u.User
	u.User = nil
	req, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return nil, err
	}
	if user != nil {
		password, _ := user.Password()
		req.SetBasicAuth(user.Username(), password)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	}
	if u.Scheme == "https" && u.Port() != "" { // Twilio signs HTTPS without its port
		u.Host = u.Hostname()
	}
	req.Header.Set("X-Twilio-Signature", Signature(x.account.AuthToken, u.String(), post))
	req.Header.Set("User-Agent", "TwilioProxy/1.1")
	req.Header.Set("Accept", "*/*")
	return req, nil
}

func read(res *http.Response) (*answer, *fetchError) {
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, media.MaxWAV+1))
	switch {
	case err != nil:
		return nil, &fetchError{11205, err}
	case len(b) > media.MaxWAV:
		return nil, &fetchError{11200, errors.New("the answer is too large")}
	case res.StatusCode >= 300:
		return nil, &fetchError{11200, fmt.Errorf("HTTP status %d", res.StatusCode)}
	}
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	return &answer{b, kind, strings.Contains(res.Header.Get("Cache-Control"), "no-")}, nil
}
