package edge

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Trip times one round trip to a host.
type Trip func(ctx context.Context, host string) (time.Duration, error)

// Distance is how far an edge is; Took is 0 where it was not reached.
type Distance struct {
	Edge string
	Took time.Duration
}

const (
	// tries of each edge are made, of which the middle one counts.
	tries = 5
	// within is how long an edge is waited for.
	within = 3 * time.Second
	// nearer is by how much another edge must be nearer to be proposed: what is measured
	// differs from one time to the next, and less than this nobody hears.
	nearer = 30 * time.Millisecond
)

// Measure is how far the edges are that lead to a region, the nearest first.
func Measure(ctx context.Context, trip Trip, region string) []Distance {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	var all []Distance
	for _, p := range All() {
		if p.Region == region {
			all = append(all, Distance{Edge: p.Edge})
		}
	}
	var each sync.WaitGroup
	for i := range all {
		each.Go(func() { all[i].Took, _ = Far(ctx, trip, Place{all[i].Edge, region}) })
	}
	each.Wait()
	slices.SortStableFunc(all, func(a, b Distance) int {
		switch {
		case a.Took == b.Took:
			return 0
		case b.Took == 0 || a.Took != 0 && a.Took < b.Took:
			return -1
		}
		return 1
	})
	return all
}

// Far is the middle one of some round trips to a place's signalling: of those that there
// is time for.
func Far(ctx context.Context, trip Trip, to Place) (time.Duration, error) {
	var took []time.Duration
	for range tries {
		one, err := trip(ctx, to.Signalling())
		if err != nil && (len(took) == 0 || ctx.Err() == nil) {
			return 0, err
		}
		if err != nil {
			break
		}
		took = append(took, one)
	}
	slices.Sort(took)
	return max(took[len(took)/2], 1), nil
}

// Proposed is the edge that is clearly nearer than the one that is used; empty for none.
func Proposed(all []Distance, used string) string {
	at := slices.IndexFunc(all, func(d Distance) bool { return d.Edge == used })
	if len(all) == 0 || all[0].Took == 0 || at < 0 || all[0].Edge == used {
		return ""
	}
	if is := all[at].Took; is != 0 && is-all[0].Took < nearer {
		return ""
	}
	return all[0].Edge
}

// ToTwilio times how long a connection to a host takes, which is one round trip. The name
// is looked up before.
func ToTwilio(ctx context.Context, host string) (time.Duration, error) {
	at, err := net.DefaultResolver.LookupNetIP(ctx, "ip4", host)
	if err != nil {
		return 0, err
	}
	var d net.Dialer
	began := time.Now()
	c, err := d.DialContext(ctx, "tcp", net.JoinHostPort(at[0].String(), "443"))
	if err != nil {
		return 0, err
	}
	took := time.Since(began)
	c.Close()
	return took, nil
}

// ToStandIn times an answer of a stand-in for Twilio, which is as far as somebody has
// planted that a host is. Nothing leaves this computer.
func ToStandIn(address string) Trip {
	local := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	return func(ctx context.Context, host string) (time.Duration, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(address, "/")+"/signal/far?host="+url.QueryEscape(host), nil)
		if err != nil {
			return 0, err
		}
		began := time.Now()
		answer, err := local.Do(r)
		if err != nil {
			return 0, err
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusNoContent {
			return 0, fmt.Errorf("the stand-in answers %d", answer.StatusCode)
		}
		return time.Since(began), nil
	}
}
