package app_test

import (
	"math"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
)

// toll counts the requests to Twilio's REST that pass it.
type toll struct {
	mu   sync.Mutex
	seen []string // method and path
}

// between puts the toll between the site's station and its Twilio.
func (p *toll) between(s *site) {
	to, err := url.Parse(s.stage.Address)
	if err != nil {
		s.t.Fatal(err)
	}
	through := httputil.NewSingleHostReverseProxy(to)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/2010-04-01/") || strings.HasPrefix(r.URL.Path, "/v") {
			p.mu.Lock()
			p.seen = append(p.seen, r.Method+" "+r.URL.Path)
			p.mu.Unlock()
		}
		through.ServeHTTP(w, r)
	}))
	s.t.Cleanup(server.Close)
	s.stage.Address = server.URL
}

// since are the requests after the first n.
func (p *toll) since(n int) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.seen[n:])
}

// An aired caller costs two requests to Twilio: one leads them out of the queue to the
// air, and one off it to where a drop can be taken back. Nothing else is asked for them,
// nor while they wait; what their show costs is asked once for all of them.
func TestAnAiredCallerCostsTwoRequests(t *testing.T) {
	t.Parallel()
	s, paid := newSite(t), &toll{}
	s.park = "1"
	paid.between(s)
	s.start()
	s.desk()
	s.until("the show is open and what it costs is known", func(p picture.Picture) bool {
		return p.Studios[0].Show.State == call.ShowOpen && p.Costs != nil && p.Costs.Month != nil
	})
	if n := count(paid.since(0), "GET ", "/Usage/"); n != 1 {
		t.Errorf("usage was asked for %d times", n)
	}
	before := len(paid.since(0))
	var callers []call.Sid
	for range 4 {
		sid := s.ring()
		s.until("the caller waits", func(p picture.Picture) bool {
			c := card(p, sid)
			return c != nil && c.Place == call.InQueue(call.OnAir)
		})
		callers = append(callers, sid)
	}
	for _, sid := range callers {
		s.do("next", map[string]any{"expect": sid})
		s.until("the caller is on air", func(p picture.Picture) bool {
			c := card(p, sid)
			return c != nil && c.Place == call.OnLine(call.AirLine, call.Talking) && c.Move == nil
		})
	}
	s.do("drop", map[string]any{"call": callers[3]})
	s.until("everybody has left", func(p picture.Picture) bool { return len(p.Cards) == 0 })

	made := paid.since(before)
	for _, sid := range callers {
		out, off := count(made, "POST ", "/Members/"+string(sid)), count(made, "POST ", "/Calls/"+string(sid))
		if all := count(made, "", string(sid)); out != 1 || off != 1 || all != 2 {
			t.Errorf("%d requests for %s, %d out of the queue and %d off the air: %q", all, sid, out, off, made)
		}
	}
	// The show's own compare all callers with Twilio at once, from time to time.
	if n := count(made, "POST ", ""); n != 2*len(callers) {
		t.Errorf("%d requests changed something: %q", n, made)
	}
	if n := count(made, "GET ", "/Usage/") + count(made, "GET ", "/v2/"); n != 0 {
		t.Errorf("what it costs was asked for %d times more", n)
	}
}

// count is how many requests are of a method and have something in their path.
func count(requests []string, method, has string) (n int) {
	for _, r := range requests {
		if strings.HasPrefix(r, method) && strings.Contains(r, has) {
			n++
		}
	}
	return n
}

// The meter counts what the facts tell, at the account's own prices, and goes on where it
// was when Callin was killed; so does the limit, which was on the disk before it was
// agreed to.
func TestWhatAShowCostsOutlivesCallin(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if _, err := s.stage.Plant(t.Context(), stage.Planting{Usage: []stage.Usage{
		{Category: "calls-globalconference", Count: 4, Minutes: 100, Price: 0.18}, {Category: "sms", Count: 9, Price: 9.82},
	}}); err != nil {
		t.Fatal(err)
	}
	s.start()
	s.desk()
	sid := s.ring()
	s.until("the caller waits", func(p picture.Picture) bool { return card(p, sid) != nil })
	// A caller at 0.0085 and a phone on the line at 0.0018.
	comesTo := func(p picture.Picture) bool {
		c := p.Costs
		return c != nil && c.Month != nil && c.Currency == "USD" && near(c.Shows[0].Sum, 0.0103) &&
			near(c.Month.Total, 10) && near(c.Month.SoFar, 10.0103)
	}
	s.until("the first minutes", comesTo)
	s.do("costLimit", map[string]any{"limit": "12,50"})
	s.kill()
	s.start()
	s.until("the same after a restart", func(p picture.Picture) bool { return comesTo(p) && p.Costs.Limit == 12.5 })
	if err := s.ask("costLimit", map[string]any{"limit": "-3"}); err == nil || !strings.Contains(err.Error(), "A limit is more than nothing") {
		t.Errorf("less than nothing: %v", err)
	}
	s.kill()

	s.settings = "cost_limit = 20\n"
	s.start()
	s.until("the settings go before the desk", func(p picture.Picture) bool { return p.Costs != nil && p.Costs.Limit == 20 && p.Costs.LimitFixed })
	if err := s.ask("costLimit", map[string]any{"limit": "30"}); err == nil || !strings.Contains(err.Error(), "cost_limit") {
		t.Errorf("the desk sets what the settings have set: %v", err)
	}
}

func near(got, want float64) bool { return math.Abs(got-want) < 1e-6 }
