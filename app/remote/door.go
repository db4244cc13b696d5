package remote

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"callin/app/call"
	"callin/app/certificate"
	"callin/app/desk"
)

// What is heard of the station keeps a connection; what is not ends it, so that a
// wire that was cut without a word is found out: over HTTP/2, which every door of a
// station speaks, within heardWithin + pongWithin.
const (
	dialWithin   = 3 * time.Second
	answerWithin = 9 * time.Second // a page waits for ten
	heardWithin  = 1500 * time.Millisecond
	pongWithin   = 2500 * time.Millisecond
)

// longestRefusal and longestAnswer are how much is read of an answer, in bytes.
const (
	longestRefusal = 64 << 10
	longestAnswer  = 64 << 20
)

// door is a station's, as a PC reaches it.
type door struct {
	station string // its address, without a slash at its end
	pin     certificate.Pin
	secret  string // of the desk that asks; empty for none
	http    *http.Client
}

func newDoor(station string, pin certificate.Pin, secret string) door {
	return door{station, pin, secret, &http.Client{
		Transport: transport(pin),
		// The secret is this station's: whoever it names besides does not get it.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func transport(pin certificate.Pin) *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: dialWithin}).DialContext,
		TLSClientConfig:     certificate.Client(pin),
		TLSHandshakeTimeout: dialWithin,
		ForceAttemptHTTP2:   true,
		IdleConnTimeout:     time.Minute,
		HTTP2:               &http.HTTP2Config{SendPingTimeout: heardWithin, PingTimeout: pongWithin},
	}
}

// studioHeader names the studio that something is asked of, as at every door.
const studioHeader = "Callin-Studio"

// tooFar refuses what a station answers whose Callin and this one do not understand each
// other.
func tooFar(station desk.Protocol) *call.Error {
	switch {
	case desk.SpokenHere.TooOldFor(station):
		return &call.Error{Code: call.CodeVersions, Message: "Callin on this PC is too old for the station. Update it on this PC."}
	case station.TooOldFor(desk.SpokenHere):
		return &call.Error{Code: call.CodeVersions, Message: "Callin at the station is too old for this PC. Have the station updated."}
	}
	return nil
}

// asks is what goes with a request: the studio that it is of, a JSON object, the event
// that a feed goes on from.
type asks struct {
	in   call.Studio
	body []byte
	// kind is the body's type where that is not JSON.
	kind string
	last string
	// anyVersion is whether the answer counts from a station of any version.
	anyVersion bool
}

// ask asks the station and returns its answer if it is a good one, whose body is to
// be closed.
func (d door) ask(ctx context.Context, method, path string, a asks) (*http.Response, *call.Error) {
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	r, err := http.NewRequestWithContext(ctx, method, d.station+path, bytes.NewReader(a.body))
	if err != nil {
		return nil, d.noStation()
	}
	desk.SpokenHere.Tell(r.Header)
	if d.secret != "" {
		r.Header.Set("Authorization", "Bearer "+d.secret)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", cmp.Or(a.kind, "application/json"))
	}
	if a.in != "" {
		r.Header.Set(studioHeader, string(a.in))
	}
	if a.last != "" {
		r.Header.Set("Last-Event-ID", a.last)
	}
	answer, err := d.http.Do(r)
	if err != nil {
		return nil, failed(err, sent.Load())
	}
	apart := tooFar(desk.HeardProtocol(answer.Header))
	if answer.StatusCode == http.StatusOK && (apart == nil || a.anyVersion) {
		return answer, nil
	}
	defer answer.Body.Close()
	if apart != nil {
		return nil, apart
	}
	return nil, d.refusal(answer)
}

// askJSON is ask for an answer that is one JSON value.
func (d door) askJSON(ctx context.Context, method, path string, a asks, into any) *call.Error {
	answer, refused := d.ask(ctx, method, path, a)
	if refused != nil {
		return refused
	}
	defer answer.Body.Close()
	if !isKind(answer, "application/json") {
		return d.noStation()
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, longestAnswer))
	if err != nil {
		return failed(err, true)
	}
	if json.Unmarshal(text, into) != nil {
		return d.noStation()
	}
	return nil
}

func isKind(answer *http.Response, want string) bool {
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	return kind == want
}

// refusal is what a station says instead of doing something, or that it is none.
func (d door) refusal(answer *http.Response) *call.Error {
	var said struct{ Code, Message, Field string }
	text, _ := io.ReadAll(io.LimitReader(answer.Body, longestRefusal))
	known := json.Unmarshal(text, &said) == nil && said.Code != "" && said.Message != ""
	switch {
	case known && said.Code == call.CodeUnknownOperation.String():
		return &call.Error{Code: call.CodeUnknownOperation, Message: "The station has another version of Callin than this PC, and does not know this. Install the same one on both."}
	case known:
		return &call.Error{Code: call.CodeOf(said.Code), Message: said.Message, Field: said.Field}
	case answer.StatusCode >= http.StatusInternalServerError: // a proxy's, of a station that is not there
		return unanswered
	}
	return d.noStation()
}

// failed is why there was no answer: sent is whether the request may have come to
// the station.
func failed(err error, sent bool) *call.Error {
	var told *call.Error
	switch {
	case errors.As(err, &told): // by the handshake
		return told
	case isUntrusted(err) != "":
		return &call.Error{Code: call.CodeNotTrusted, Message: "The station's certificate " + isUntrusted(err) + " If it is the station's own, pair this PC again: its words are then compared."}
	case sent:
		return unanswered
	}
	return notReached
}

var (
	unanswered = &call.Error{Code: call.CodeUnanswered, Message: "The station did not answer, so it is not certain that this was done. Look at the desk, then try again."}
	notReached = &call.Error{Code: call.CodeNotReached, Message: "The station is not reached, so this was not done. Try again when it is."}
)

func (d door) noStation() *call.Error {
	return &call.Error{Code: call.CodeNoStation, Message: "What answers at " + d.station + " is no Callin station, or one of another version. See that the address is right and that both have the same Callin."}
}
