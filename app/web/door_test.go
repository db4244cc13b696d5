package web_test

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// The cookie is all that a page has to show: no script reads it, no other site
// sends it along, and the desk of another port keeps its own.
func TestTheKeysCookieStaysWithTheDesk(t *testing.T) {
	address, _, _ := door(t)
	answer, err := http.DefaultClient.Get(address + "/?key=" + key)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	port := address[strings.LastIndex(address, ":")+1:]
	want := []*http.Cookie{{
		Name: "callin-key-" + port, Value: key, Path: "/", HttpOnly: true,
		SameSite: http.SameSiteStrictMode, MaxAge: int((365 * 24 * time.Hour).Seconds()),
	}}
	if diff := cmp.Diff(want, answer.Cookies(), cmpopts.IgnoreFields(http.Cookie{}, "Raw")); diff != "" {
		t.Errorf("the cookie (-want +got):\n%s", diff)
	}
	if body, err := io.ReadAll(answer.Body); err != nil || strings.Contains(string(body), key) {
		t.Errorf("the page that sets it is %q, %v", body, err)
	}
}

// counted is a body without an end in sight.
type counted struct{ read atomic.Int64 }

func (c *counted) Read(p []byte) (int, error) {
	if c.read.Load() >= 64<<20 {
		return 0, io.EOF
	}
	for i := range p {
		p[i] = ' '
	}
	c.read.Add(int64(len(p)))
	return len(p), nil
}

func TestABodyIsNotReadBeyondItsLimit(t *testing.T) {
	address, in, _ := door(t)
	var body counted
	answer, err := in.Post(address+"/api/op/open", "application/json", &body)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusRequestEntityTooLarge || body.read.Load() > 16<<20 {
		t.Errorf("%d after %d bytes", answer.StatusCode, body.read.Load())
	}
}
