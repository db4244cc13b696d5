package signal

import (
	"net/http"
	"testing"

	"callin/app/rehearsal/faults"
	"callin/app/rehearsal/media"
	words "callin/app/rehearsal/stage"
)

func put(t *testing.T, wrong *faults.Set, f words.Faults) {
	t.Helper()
	if err := wrong.Put(f); err != nil {
		t.Fatal(err)
	}
}

func TestMediaIsLostBothWaysWhileSignallingLives(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	server, url := serve(t, o)
	p, c, _ := connected(t, o, url)
	o.mixer.PlayTo(c.sid, media.NewTone(620, -15).Pull)
	p.setTone(780)
	p.ear.hears(t, 620)
	c.ear.hears(t, 780)

	put(t, server.wrong, words.Faults{NoMedia: &words.Outage{Identity: "somebody_else"}})
	p.setTone(830)
	c.ear.hears(t, 830)
	put(t, server.wrong, words.Faults{NoMedia: &words.Outage{Call: "another"}})
	p.setTone(880)
	c.ear.hears(t, 880)

	put(t, server.wrong, words.Faults{NoMedia: &words.Outage{Call: c.sid}})
	p.ear.hears(t)
	c.ear.hears(t)
	p.send("dtmf", object{"callsid": c.sid, "dtmf": "5"}) // by signalling
	if e := o.event(t); e != "digits "+c.sid+" 5" {
		t.Errorf("got %q", e)
	}
	put(t, server.wrong, words.Faults{NoMedia: &words.Outage{ForSeconds: 0.3}})
	p.ear.hears(t, 620)
	c.ear.hears(t, 880)
}

func TestSignallingIsCutForOneIdentityOrForAll(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	server, url := serve(t, o)
	ours, c, answer := connected(t, o, url)
	identity := server.leg(c.sid).grant.identity

	server.Cut("somebody_else")
	put(t, server.wrong, words.Faults{NoSignalling: &words.Outage{Identity: identity}})
	ours.send("invite", object{"callsid": c.sid, "reconnect": "RTwrong", "sdp": ours.pc.LocalDescription().SDP})
	ours.expect("hangup") // is connected still
	server.Cut(identity)
	if f, ok := <-ours.frames; ok {
		t.Fatalf("the socket was not cut: %+v", f)
	}
	ours.reconnect(url)
	ours.send("listen", object{"token": token(t, nil)})
	if f, ok := <-ours.frames; ok {
		t.Fatalf("a softphone that has no network was told %+v", f)
	}
	put(t, server.wrong, words.Faults{NoSignalling: &words.Outage{}})
	if res, err := http.Get(url + "/signal"); err != nil {
		t.Error(err)
	} else if res.Body.Close(); res.StatusCode != http.StatusServiceUnavailable {
		t.Error(res.Status)
	}
	put(t, server.wrong, words.Faults{NoSignalling: &words.Outage{Identity: "somebody_else"}})
	ours.reconnect(url)
	ours.send("listen", object{"token": token(t, nil)})
	ours.expect("connected")
	ours.send("invite", object{"callsid": c.sid, "reconnect": answer.Reconnect, "sdp": ours.pc.LocalDescription().SDP})
	if got := ours.expect("answer"); got.CallSid != c.sid {
		t.Errorf("the call was not taken up again: %+v", got)
	}
}

func TestATokenIsJudgedByTwiliosClock(t *testing.T) {
	t.Parallel()
	server, url := serve(t, newOffice(t))
	p := dial(t, url)
	listen := func(ahead float64, want string) reply {
		t.Helper()
		put(t, server.wrong, words.Faults{ClockSeconds: ahead})
		p.send("listen", object{"token": token(t, nil)})
		return p.expect(want)
	}
	well := listen(0, "connected").Token.TTL
	if ttl := listen(600, "connected").Token.TTL; ttl > well-599 || ttl < well-602 {
		t.Errorf("ten minutes ahead the token lives for %v s, not %v less 600", ttl, well)
	}
	if got := listen(well+60, "error"); got.Error.Code != tokenExpired {
		t.Errorf("past its end: %+v", got.Error)
	}
}
