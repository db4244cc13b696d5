package setup

import (
	"context"
	"crypto/rand"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/wayin"
)

// Leads is where the desk's app asks what a call is to do, as a station's public
// address; empty when there is no such app. A station to which it does not lead
// has nothing to do with the account's calls.
func Leads(ctx context.Context, t *carrier.Twilio) (public string, err error) {
	urls, err := t.VoiceURLs(ctx, DeskApp)
	if err != nil || len(urls) == 0 {
		return "", err
	}
	public, _, _ = strings.Cut(urls[0], "/voice/")
	return public, nil
}

// free refuses an account whose calls another Callin that is alive takes: two
// stations would take callers and the line from one another.
func free(ctx context.Context, t *carrier.Twilio, w Wish) error {
	if w.TakeOver {
		return nil
	}
	public, err := Leads(ctx, t)
	if err != nil || public == "" || public == strings.TrimRight(w.Public, "/") {
		return err
	}
	if w.Rehearsal && !loopback(public) || !alive(ctx, public) {
		return nil
	}
	return &call.Error{Code: call.CodeOtherCallin, Message: "Another Callin, at " + public + ", takes this account's calls. Use its desk, or end it; to take its calls over, start this one with --take-over."}
}

// loopback: nothing of a rehearsal leaves this computer.
func loopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback()
}

// probeTimeout is how long another Callin may take to say that it is one.
const probeTimeout = 5 * time.Second

// proof is what a Callin answers at its /voice/here.
var proof = regexp.MustCompile(`^[0-9a-f]{64}$`)

// alive reports whether a Callin answers at a public address.
func alive(ctx context.Context, public string) bool {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, public+"/voice/here/"+rand.Text(), nil)
	if err != nil {
		return false
	}
	answer, err := wayin.Visitor.Do(r)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
	return err == nil && answer.StatusCode == http.StatusOK && proof.Match(said)
}
