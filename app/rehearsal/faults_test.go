package rehearsal

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/rehearsal/stage"
)

// rest makes a request for the account's queues and returns what came back.
func (s *world) rest(ctx context.Context, method, name string) (status int, header http.Header, err error) {
	address := s.Address + "/2010-04-01/Accounts/" + s.AccountSid + "/Queues.json"
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(url.Values{"FriendlyName": {name}}.Encode()))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(s.AccountSid, s.AuthToken)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	return answer.StatusCode, answer.Header, nil
}

func (s *world) queueNames() (names []string) {
	for _, q := range s.exchange.Queues() {
		names = append(names, q.Name)
	}
	return names
}

func TestRESTGoesWrongAsTheStageSays(t *testing.T) {
	s := newWorld(t)
	client := stage.Client{Address: s.Address, AccountSid: s.AccountSid, AuthToken: s.AuthToken}
	put := func(faults ...stage.RESTFault) {
		t.Helper()
		if err := client.PutFaults(t.Context(), stage.Faults{REST: faults}); err != nil {
			t.Fatal(err)
		}
	}
	// Twice busy, for POSTs to queues only; then it is well again.
	put(stage.RESTFault{Kind: "busy", Method: "POST", Path: "/Queues", Count: 2})
	if status, _, _ := s.rest(t.Context(), "GET", ""); status != 200 {
		t.Errorf("a GET beside the fault: %d", status)
	}
	for _, want := range []int{429, 429, 201} {
		status, header, err := s.rest(t.Context(), "POST", "a")
		if status != want || want == 429 && header.Get("Retry-After") == "" {
			t.Errorf("%d %v, want %d", status, err, want)
		}
	}
	for kind, want := range map[string]int{"error": 500, "html": 502} {
		put(stage.RESTFault{Kind: kind})
		if status, _, _ := s.rest(t.Context(), "POST", "b"); status != want {
			t.Errorf("%s: %d, want %d", kind, status, want)
		}
	}
	put(stage.RESTFault{Kind: "down"})
	if _, _, err := s.rest(t.Context(), "POST", "b"); err == nil {
		t.Error("REST is down and answers")
	}
	if got := s.queueNames(); len(got) != 1 {
		t.Errorf("what was refused was done: %v", got)
	}
	put(stage.RESTFault{Kind: "withheld"})
	soon, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, _, err := s.rest(soon, "POST", "c"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a withheld answer came: %v", err)
	}
	if got := s.queueNames(); len(got) != 2 {
		t.Errorf("what was withheld was not done: %v", got)
	}
	put(stage.RESTFault{Kind: "broken", Count: 1})
	if _, _, err := s.rest(t.Context(), "POST", "broken"); err == nil {
		t.Error("a broken answer came")
	}
	if got := s.queueNames(); len(got) != 3 {
		t.Errorf("what was broken off was not done: %v", got)
	}
	put(stage.RESTFault{Kind: "refused", Status: 403, Code: 20005, Count: 1})
	for _, want := range []int{403, 201} {
		if status, _, err := s.rest(t.Context(), "POST", "refused"); status != want {
			t.Errorf("%d %v, want %d", status, err, want)
		}
	}
	put(stage.RESTFault{Kind: "error", Method: "GET", Skip: 2, Count: 1})
	for _, want := range []int{200, 200, 500, 200} {
		if status, _, err := s.rest(t.Context(), "GET", ""); status != want {
			t.Errorf("%d %v, want %d", status, err, want)
		}
	}
	put()
	if status, _, err := s.rest(t.Context(), "POST", "d"); status != 201 {
		t.Errorf("put right: %d %v", status, err)
	}
	if err := client.PutFaults(t.Context(), stage.Faults{REST: []stage.RESTFault{{Kind: "odd"}}}); err == nil {
		t.Error("a fault that nobody knows was taken")
	}
}

// told counts the status callbacks about a call and waits until there are want.
func (s *world) told(sid string, want int) (n int) {
	s.t.Helper()
	deadline := time.After(patience)
	for {
		s.mu.Lock()
		n = 0
		for _, a := range s.asked {
			if a.path == "/status" && a.form.Get("CallSid") == sid {
				n++
			}
		}
		more := s.more
		s.mu.Unlock()
		if n >= want {
			return n
		}
		select {
		case <-more:
		case <-deadline:
			s.t.Fatalf("%d callbacks about %s, want %d", n, sid, want)
		}
	}
}

func TestCallbacksGoWrongAsTheStageSays(t *testing.T) {
	s := newWorld(t)
	client := stage.Client{Address: s.Address, AccountSid: s.AccountSid, AuthToken: s.AuthToken}
	s.page("/voice", "<Hangup/>")
	s.page("/status", "")
	s.listeners(*(&api.UpdateIncomingPhoneNumberParams{}).SetVoiceUrl(s.url("/voice")).SetStatusCallback(s.url("/status")))
	ends := func(c stage.CallbackFaults) string {
		t.Helper()
		if err := client.PutFaults(t.Context(), stage.Faults{Callbacks: c}); err != nil {
			t.Fatal(err)
		}
		sid := s.ring(stage.Casting{})
		s.event("the call's end", func(e stage.Event) bool { return e.CallSid == sid && e.Status == "completed" })
		return sid
	}
	lost := ends(stage.CallbackFaults{Lost: 1})
	doubled := ends(stage.CallbackFaults{Doubled: 1})
	late := ends(stage.CallbackFaults{Late: 1, LateSeconds: 0.1, Seed: 7})
	well := ends(stage.CallbackFaults{})
	s.told(well, 1)
	s.told(late, 1)
	for sid, want := range map[string]int{lost: 0, doubled: 2, late: 1, well: 1} {
		if got := s.told(sid, want); got != want {
			t.Errorf("%d callbacks, want %d", got, want)
		}
	}
}

func TestEveryCallbackChangesPlacesWithTheNext(t *testing.T) {
	s := newWorld(t)
	s.page("/voice", `<Pause length="60"/>`)
	s.page("/status", "")
	if err := s.Stage().Install(t.Context(), stage.Telephone{Number: "+12025550177"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Stage().PutFaults(t.Context(), stage.Faults{Callbacks: stage.CallbackFaults{Disordered: 1}}); err != nil {
		t.Fatal(err)
	}
	call, err := s.api.CreateCall((&api.CreateCallParams{}).SetTo("+12025550177").SetFrom(s.ListenersNumber).SetUrl(s.url("/voice")).
		SetStatusCallback(s.url("/status")).SetStatusCallbackEvent([]string{"initiated", "ringing", "answered", "completed"}))
	if err != nil {
		t.Fatal(err)
	}
	sid := *call.Sid
	s.told(sid, 2)
	s.told(sid, 3) // held with none to follow: it comes by itself
	if err := s.Stage().HangUpAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.told(sid, 4)
	var order []string
	s.mu.Lock()
	for _, a := range s.asked {
		if a.path == "/status" {
			order = append(order, a.form.Get("SequenceNumber"))
		}
	}
	s.mu.Unlock()
	if got := strings.Join(order, " "); got != "1 0 2 3" {
		t.Errorf("the callbacks came in the order %s", got)
	}
}

func TestTwiliosClockIsOff(t *testing.T) {
	s := newWorld(t)
	s.page("/voice", "<Hangup/>")
	s.page("/status", "")
	s.listeners(*(&api.UpdateIncomingPhoneNumberParams{}).SetVoiceUrl(s.url("/voice")).SetStatusCallback(s.url("/status")))
	for _, ahead := range []time.Duration{-10 * time.Minute, 10 * time.Minute} {
		if err := s.Stage().PutFaults(t.Context(), stage.Faults{ClockSeconds: ahead.Seconds()}); err != nil {
			t.Fatal(err)
		}
		near := func(what, got, layout string) {
			t.Helper()
			at, err := time.Parse(layout, got)
			if off := time.Until(at) - ahead; err != nil || off.Abs() > time.Minute {
				t.Errorf("%s %q is not %v ahead: %v", what, got, ahead, err)
			}
		}
		sid := s.ring(stage.Casting{})
		s.told(sid, 1)
		s.mu.Lock()
		last := s.asked[len(s.asked)-1].form
		s.mu.Unlock()
		near("a callback's Timestamp", last.Get("Timestamp"), time.RFC1123Z)
		call, err := s.api.FetchCall(sid, nil)
		if err != nil {
			t.Fatal(err)
		}
		near("a call's date", *call.DateCreated, time.RFC1123Z)
		if *call.Duration != "1" && *call.Duration != "0" {
			t.Errorf("the call lasted %s s", *call.Duration)
		}
		_, header, err := s.rest(t.Context(), "GET", "")
		if err != nil {
			t.Fatal(err)
		}
		near("an answer's Date", header.Get("Date"), http.TimeFormat)
	}
}

func TestFaultsThatMakeNoSenseAreRefused(t *testing.T) {
	s := newWorld(t)
	for _, c := range []struct {
		faults stage.Faults
		says   string
	}{
		{stage.Faults{Callbacks: stage.CallbackFaults{Late: 0.5}}, "late needs late_seconds"},
		{stage.Faults{Callbacks: stage.CallbackFaults{Disordered: 2}}, "a chance is from 0 to 1"},
		{stage.Faults{REST: []stage.RESTFault{{Kind: "busy", Chance: -1}}}, "a chance is from 0 to 1"},
		{stage.Faults{REST: []stage.RESTFault{{Kind: "refused", Status: 403}}}, "one of Twilio's codes"},
		{stage.Faults{REST: []stage.RESTFault{{Kind: "refused", Status: 200, Code: 20005}}}, "400 to 599"},
		{stage.Faults{NoMedia: &stage.Outage{ForSeconds: -1}}, "a length is not negative"},
		{stage.Faults{ClockSeconds: 1e6}, "a day at most"},
	} {
		if err := s.Stage().PutFaults(t.Context(), c.faults); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v", c.faults, err)
		}
	}
}

func TestARESTFaultByChanceHitsSomeRequests(t *testing.T) {
	s := newWorld(t)
	statuses := func() (got []int) {
		t.Helper()
		faults := stage.Faults{REST: []stage.RESTFault{{Kind: "busy", Chance: 0.5}}, Callbacks: stage.CallbackFaults{Seed: 3}}
		if err := s.Stage().PutFaults(t.Context(), faults); err != nil {
			t.Fatal(err)
		}
		for range 20 {
			status, _, _ := s.rest(t.Context(), "GET", "")
			got = append(got, status)
		}
		return got
	}
	first, again := statuses(), statuses()
	if !slices.Contains(first, 200) || !slices.Contains(first, 429) || !slices.Equal(first, again) {
		t.Errorf("%v, and with the same seed %v", first, again)
	}
}
