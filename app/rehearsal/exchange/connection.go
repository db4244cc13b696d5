package exchange

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Twilio's limits for a webhook, which its URL's fragment may change within
// bounds (Twilio docs: Webhooks connection overrides).
const (
	connectTimeout    = 5 * time.Second
	readTimeout       = 15 * time.Second
	totalTimeout      = 15 * time.Second
	maxConnectTimeout = 10 * time.Second
	minTimeout        = 100 * time.Millisecond
	maxRetries        = 5
)

// overrides are the settings of one request: #ct=2000&rt=4000&tt=9000&rc=2&rp=ct,5xx.
// The settings e and sni choose what there is none of here.
type overrides struct {
	connect, read, total time.Duration
	retries              int
	again                map[string]bool // what is tried again: ct, rt, 4xx, 5xx
}

// parseOverrides reads a fragment. A value out of bounds counts as absent,
// which is inferred.
func parseOverrides(fragment string) overrides {
	set := overrides{connectTimeout, readTimeout, totalTimeout, 1, map[string]bool{"ct": true}}
	q, err := url.ParseQuery(fragment)
	if err != nil {
		return set
	}
	duration := func(key string, to *time.Duration, most time.Duration) {
		ms, err := strconv.Atoi(q.Get(key))
		if d := time.Duration(ms) * time.Millisecond; err == nil && d >= minTimeout && d <= most {
			*to = d
		}
	}
	duration("ct", &set.connect, maxConnectTimeout)
	duration("rt", &set.read, readTimeout)
	duration("tt", &set.total, totalTimeout)
	if n, err := strconv.Atoi(q.Get("rc")); err == nil && n >= 0 && n <= maxRetries {
		set.retries = n
	}
	if rp := q.Get("rp"); rp != "" {
		set.again = map[string]bool{}
		for _, policy := range strings.Split(rp, ",") {
			if policy == "all" {
				set.again = map[string]bool{"ct": true, "rt": true, "4xx": true, "5xx": true}
				break
			}
			set.again[policy] = true
		}
	}
	return set
}

// why is a failure in the words of the retry policy; empty is none of them.
func (e *fetchError) why() string {
	var op *net.OpError
	switch {
	case errors.Is(e.err, errOutside):
		return ""
	case e.in.status >= 500:
		return "5xx"
	case e.in.status >= 400:
		return "4xx"
	case errors.As(e.err, &op) && op.Op == "dial":
		return "ct"
	case errors.Is(e.err, errSilent):
		return "rt"
	}
	return ""
}

var (
	errOutside = errors.New("a rehearsal asks only this machine")
	errSilent  = errors.New("no answer in time")
)

// connectKey is where a request's context holds its connect timeout.
type connectKey struct{}

func newHTTPClient() *http.Client {
	d := &net.Dialer{
		Control: func(_, address string, _ syscall.RawConn) error {
			a, err := netip.ParseAddrPort(address)
			if err != nil || !a.Addr().Unmap().IsLoopback() {
				return errOutside
			}
			return nil
		},
		// Names are those of this machine's own table: nobody else is asked.
		Resolver: &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, errOutside
		}},
	}
	return &http.Client{
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				timeout, ok := ctx.Value(connectKey{}).(time.Duration)
				if !ok {
					timeout = connectTimeout
				}
				ctx, cancel := context.WithTimeout(ctx, timeout)
				defer cancel()
				return d.DialContext(ctx, network, address)
			},
			Proxy: nil,
			// A queue of thousands asks one host for all its wait documents.
			MaxConnsPerHost: 256, MaxIdleConnsPerHost: 256, IdleConnTimeout: time.Minute,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// connectionError names what kept a request from being answered. Which of
// Twilio's codes stands for what is partly inferred: 11205 for whatever has no
// code of its own.
func connectionError(ctx context.Context, err error, in *webhook) *fetchError {
	if cause := context.Cause(ctx); errors.Is(cause, errSilent) {
		err = errSilent
	}
	code := 11205
	var name *net.DNSError
	var record tls.RecordHeaderError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	switch {
	case errors.As(err, &name):
		code = 11210
	case errors.As(err, &record):
		code = 11220
	case errors.As(err, &host):
		code = 11235
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		code = 11236
	case errors.As(err, &invalid), errors.As(err, &unknown):
		code = 11237
	case strings.Contains(err.Error(), "malformed HTTP"): // net/http has no type for it
		code = 11206
	}
	return &fetchError{code, err, in}
}
