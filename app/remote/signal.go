package remote

import (
	"crypto/rand"
	"crypto/subtle"
	"io"
	stdlog "log"
	"net/http"
	"net/http/httputil"
	"net/url"

	"callin/app/certificate"
)

// Pass is what lets a page of this PC signal through it. The page is told it with the
// address, as a WebSocket sends no header that a page can set.
type Pass string

// NewPass is one that nobody guesses.
func NewPass() Pass { return Pass(rand.Text()) }

// SignalPath is the path of a rehearsal's signalling, here and at the station.
const SignalPath = "/signal"

// Address is where the page signals, at a host of this PC.
func (p Pass) Address(host string) string {
	return "ws://" + host + SignalPath + "?pass=" + url.QueryEscape(string(p))
}

func (p Pass) shown(r *http.Request) bool {
	return subtle.ConstantTimeCompare([]byte(r.URL.Query().Get("pass")), []byte(p)) == 1
}

// Signalling carries the WebSockets of those who show the pass to the station's
// rehearsal, as this desk's.
func (s *Seat) Signalling(pass Pass) http.Handler {
	over := signalTransport(s.Pin)
	station, err := url.Parse(s.Station)
	carry := &httputil.ReverseProxy{
		Transport: over,
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(station)
			p.Out.URL.Path, p.Out.URL.RawQuery = SignalPath, ""
			p.Out.Header.Del("Origin") // this PC's, which the station does not know
			p.Out.Header.Del("Cookie")
			p.Out.Header.Set("Authorization", "Bearer "+s.secret)
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
			http.Error(w, "the station is not reached", http.StatusBadGateway)
		},
		ErrorLog: stdlog.New(io.Discard, "", 0),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err != nil || !pass.shown(r) || s.life.Err() != nil {
			http.Error(w, "this page may not signal here", http.StatusForbidden)
			return
		}
		ctx, cancel := s.living(r.Context())
		defer cancel()
		carry.ServeHTTP(w, r.WithContext(ctx))
	})
}

// signalTransport is one for WebSockets, which HTTP/2 does not carry.
func signalTransport(pin certificate.Pin) *http.Transport {
	t := transport(pin)
	t.ForceAttemptHTTP2, t.HTTP2 = false, nil
	t.Protocols = new(http.Protocols)
	t.Protocols.SetHTTP1(true)
	t.DisableKeepAlives = true
	return t
}
