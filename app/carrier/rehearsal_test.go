package carrier_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/edge"
)

// elsewhere is a server that nothing of a rehearsal may come to. It counts who
// connects, also with what it cannot understand, such as TLS.
func elsewhere(t *testing.T) (address string, came func() bool) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	visits := make(chan struct{}, 100)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			visits <- struct{}{}
			conn.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return l.Addr().String(), func() bool { return len(visits) > 0 }
}

// asks are requests of each kind that a carrier makes: one that reads a list, one
// that changes something, and the one that twilio-go does not make.
var asks = map[string]func(context.Context, *carrier.Twilio) error{
	"a list": func(ctx context.Context, c *carrier.Twilio) error {
		_, err := c.Queues(ctx, "on-air")
		return err
	},
	"a change": func(ctx context.Context, c *carrier.Twilio) error { return c.End(ctx, "CA1") },
	"a sound": func(ctx context.Context, c *carrier.Twilio) error {
		_, err := c.Recording(ctx, "RE1")
		return err
	},
}

func rehearsing(t *testing.T, h http.HandlerFunc) *carrier.Twilio {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	twilio, err := carrier.New(carrier.Account{
		AccountSid: "AC1", Username: "AC1", Password: "x", Public: "http://127.0.0.1:1", Rehearsal: server.URL,
	})
	if err != nil {
		t.Fatal(err)
	}
	return twilio
}

// A rehearsal's requests carry what a real account's would: none leaves for
// another host, wherever an answer leads.
func TestARehearsalsRequestsStayWithIt(t *testing.T) {
	for what, ask := range asks {
		for _, status := range []int{301, 302, 303, 307, 308} {
			away, came := elsewhere(t)
			for _, host := range []string{away, "api.twilio.com.evil.example", "nottwilio.com", "api.twilio.com"} {
				if host == "api.twilio.com" && what == "a sound" {
					continue // Twilio leads there from one of its hosts to another
				}
				asked := 0
				twilio := rehearsing(t, func(w http.ResponseWriter, r *http.Request) {
					asked++
					if user, _, _ := r.BasicAuth(); user != "AC1" || strings.Contains(r.Host, "twilio") {
						t.Errorf("%s came from %q to %q", what, user, r.Host)
					}
					http.Redirect(w, r, "http://"+host+"/2010-04-01/Accounts", status)
				})
				if err := ask(t.Context(), twilio); err == nil || came() || asked != 1 {
					t.Errorf("%s that is led to %s with %d: %v after %d requests; it left: %v", what, host, status, err, asked, came())
				}
			}
		}
	}
}

// REST is asked in the account's region by hosts with both its names or neither, whatever
// the environment says to Twilio's own library.
func TestRESTIsAskedInTheAccountsRegion(t *testing.T) {
	t.Setenv("TWILIO_REGION", "au1")
	t.Setenv("TWILIO_EDGE", "tokyo")
	for place, host := range map[edge.Place]string{
		{}:                                 "%s.twilio.com",
		{Edge: "frankfurt", Region: "us1"}: "%s.twilio.com",
		{Edge: "dublin", Region: "ie1"}:    "%s.dublin.ie1.twilio.com",
	} {
		var asked []string
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, r.Header.Get("X-Forwarded-Host"))
			http.Error(w, "{}", http.StatusNotFound)
		}))
		defer server.Close()
		twilio, err := carrier.New(carrier.Account{AccountSid: "AC1", Username: "AC1", Password: "x", Rehearsal: server.URL, Place: place})
		if err != nil {
			t.Fatal(err)
		}
		_ = twilio.End(t.Context(), "CA1")
		_, _ = twilio.Recording(t.Context(), "RE1")
		_, _ = twilio.Alerts(t.Context(), time.Now())
		_, _ = twilio.MayDial(t.Context(), "US")
		_, _, _ = twilio.InboundPrice(t.Context(), "+12025550100")
		want, products := []string{}, []string{"api", "api", "monitor", "voice"}
		if place.Abroad() == "" { // prices are asked nowhere else, nor with another region's token
			products = append(products, "pricing")
		}
		for _, product := range products {
			want = append(want, fmt.Sprintf(host, product))
		}
		if diff := cmp.Diff(want, asked); diff != "" {
			t.Errorf("%v (-want +got):\n%s", place, diff)
		}
	}
}

func TestARehearsalNeedsAnAddress(t *testing.T) {
	for _, address := range []string{"127.0.0.1:80", "/rehearsal", "http://", "http://[::1"} {
		_, err := carrier.New(carrier.Account{AccountSid: "AC1", Rehearsal: address})
		var refused *call.Error
		if !errors.As(err, &refused) || refused.Code != call.CodeBadRehearsal {
			t.Errorf("%q: %v", address, err)
		}
	}
}
