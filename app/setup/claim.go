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

// Claim says whose the account's calls are: the desk's app asks at that station's
// public address, and names the station. The zero Claim is nobody's.
type Claim struct {
	Public  string
	Station call.StationID
}

// Claimed reports whether the account's calls are a station's, and at which public
// address they are otherwise. deskApp is the Sid of the desk's app as it was found
// before, or empty.
func Claimed(ctx context.Context, t *carrier.Twilio, mine Claim, deskApp string) (ours bool, at string, err error) {
	has, err := ClaimOf(ctx, t, deskApp)
	return has == mine, has.Public, err
}

// ClaimOf is whose the account's calls are now.
func ClaimOf(ctx context.Context, t *carrier.Twilio, deskApp string) (Claim, error) {
	apps, err := t.Resources(ctx, carrier.App)
	if err != nil {
		return Claim{}, err
	}
	return claimOf(theDesks(apps, deskApp)), nil
}

func claimOf(desks carrier.Resource) (c Claim) {
	var rest string
	c.Public, rest, _ = strings.Cut(desks.Fields["VoiceUrl"], "/voice/")
	if u, err := url.Parse(rest); err == nil {
		c.Station = call.StationID(u.Query().Get("station"))
	}
	return c
}

// query is how the desk's app names its station.
func query(id call.StationID) string {
	if id == "" {
		return ""
	}
	return "?station=" + url.QueryEscape(string(id))
}

// other is the public address of another Callin that is alive and takes the
// account's calls, as two stations would take callers and the line from one
// another; empty when there is none.
func (w Wish) other(ctx context.Context, has Claim) string {
	switch {
	case w.TakeOver, has.Public == "", has == Claim{strings.TrimRight(w.Public, "/"), w.Station},
		w.Rehearsal && !loopback(has.Public), !alive(ctx, has.Public):
		return ""
	}
	return has.Public
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
