package rehearsal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"testing"
	"time"

	"callin/app/rehearsal/stage"
)

func TestMainEndsWithItsParent(t *testing.T) {
	parent, child := io.Pipe()
	out, line := io.Pipe()
	status := make(chan int)
	go func() {
		status <- Main([]string{"--with-parent"}, parent, line, io.Discard)
	}()
	text, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var hello map[string]string
	if err := json.Unmarshal(text, &hello); err != nil {
		t.Fatal(err)
	}
	for name, form := range map[string]string{
		"address": `^http://127\.0\.0\.1:\d+$`, "account_sid": `^AC[0-9a-f]{32}$`, "auth_token": `^[a-zA-Z0-9]{32}$`,
		"listeners_number": `^\+1\d{3}55501\d\d$`, "dial_in_number": `^\+1\d{3}55501\d\d$`,
	} {
		if !regexp.MustCompile(form).MatchString(hello[name]) {
			t.Errorf("%s is %q", name, hello[name])
		}
	}
	child.Close()
	select {
	case s := <-status:
		if s != 0 {
			t.Errorf("status %d", s)
		}
	case <-time.After(patience):
		t.Fatal("it outlives its parent")
	}
	if _, err := http.Get(hello["address"]); err == nil {
		t.Error("it still answers")
	}
}

func TestMainRefuses(t *testing.T) {
	for _, c := range []struct {
		args []string
		want int
	}{
		{[]string{"--listen", "0.0.0.0:0"}, 1},
		{[]string{"--listen", "nowhere"}, 1},
		{[]string{"--no-such-flag"}, 2},
		{[]string{"--pace", "0"}, 2},
		{[]string{"extra"}, 2},
	} {
		var said bytes.Buffer
		if got := Main(c.args, nil, io.Discard, &said); got != c.want || said.Len() == 0 {
			t.Errorf("%v: status %d, %q", c.args, got, said.String())
		}
	}
}

func TestOnlyThisMachineAndOnlyWithTheToken(t *testing.T) {
	t.Parallel()
	s := newWorld(t)
	for _, c := range []struct {
		host, user, password string
		want                 int
	}{
		{"", s.AccountSid, s.AuthToken, 200},
		{"localhost:1", s.AccountSid, s.AuthToken, 200},
		{"evil.example", s.AccountSid, s.AuthToken, 421},
		{"", s.AccountSid, "wrong", 401},
		{"", "", "", 401},
	} {
		for _, path := range []string{"/stage/callers", "/2010-04-01/Accounts/" + s.AccountSid + ".json"} {
			req, _ := http.NewRequest("GET", s.Address+path, nil)
			req.Host = c.host
			req.SetBasicAuth(c.user, c.password)
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != c.want {
				t.Errorf("%s with %+v: %d", path, c, res.StatusCode)
			}
		}
	}
}

func TestStageOverHTTP(t *testing.T) {
	t.Parallel()
	s := newWorld(t)
	s.page("/in", `<Enqueue waitUrl="/wait">q</Enqueue>`)
	s.page("/wait", `<Say>Wait</Say><Pause length="60"/>`)
	s.answersAt("/in")
	c, ctx := s.Stage(), t.Context()

	heard := make(chan stage.Event, 100)
	ready := make(chan struct{})
	go c.Events(ctx, func() { close(ready) }, func(e stage.Event) { heard <- e })
	<-ready
	cs, err := c.Ring(ctx, stage.Casting{Name: "Zoë", Number: "+12065550177", Count: 2, PatienceSeconds: 3})
	if err != nil || len(cs) != 2 || cs[0].Name != "Zoë" || cs[0].Number != "+12065550177" {
		t.Fatalf("%+v %v", cs, err)
	}
	want := map[string]bool{"heard": true, "completed": true} // the second by impatience
	for deadline := time.After(patience); len(want) > 0; {
		select {
		case e := <-heard:
			if e.CallSid == cs[1].CallSid {
				delete(want, e.Kind)
				delete(want, e.Status)
			}
		case <-deadline:
			t.Fatalf("missing: %v", want)
		}
	}
	cs, err = c.Ring(ctx, stage.Casting{})
	if err != nil {
		t.Fatal(err)
	}
	sid := cs[0].CallSid
	s.hears(sid, "Wait")
	got, err := c.Caller(ctx, sid)
	if err != nil || got.Status != "in-progress" || got.Heard[0].Text != "Wait" || got.Hearing.Tones == nil {
		t.Errorf("%+v %v", got, err)
	}
	if legs, err := c.Legs(ctx); err != nil || len(legs) == 0 || legs[0].Where != "queue q" {
		t.Errorf("%+v %v", legs, err)
	}
	if err := c.HangUp(ctx, sid); err != nil {
		t.Error(err)
	}
	s.becomes(sid, "completed")
	if err := c.HangUp(ctx, "CA0"); err == nil {
		t.Error("somebody unknown hung up")
	}
	for _, bad := range []stage.Casting{{Voice: "nobody"}, {Tone: 20}, {Count: -1}, {To: "+10000000000"}} {
		if _, err := c.Ring(ctx, bad); err == nil {
			t.Errorf("%+v rang", bad)
		}
	}
	if all, err := c.Callers(ctx); err != nil || len(all) != 3 {
		t.Errorf("%d callers, %v", len(all), err)
	}
}

func TestShowKeepsItsMost(t *testing.T) {
	t.Parallel()
	s := newWorld(t)
	s.page("/in", `<Pause length="60"/>`)
	s.answersAt("/in")
	if err := s.Stage().Show(t.Context(), stage.Show{EverySeconds: 0.05, Most: 2}); err != nil {
		t.Fatal(err)
	}
	ringing := func(skip map[string]bool) string {
		return s.event("another rings", func(e stage.Event) bool { return e.Status == "ringing" && !skip[e.CallSid] }).CallSid
	}
	rung := map[string]bool{}
	for range 2 {
		rung[ringing(rung)] = true
	}
	if n := len(s.legs()); n != 2 {
		t.Errorf("%d on the telephone", n)
	}
	for sid := range rung {
		s.exchange.HangUp(sid)
	}
	ringing(rung)
	if err := s.Stage().StopShow(t.Context()); err != nil {
		t.Error(err)
	}
}
