package signal

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/pion/webrtc/v4"

	"callin/app/rehearsal/media"
)

// connected is a peer in a call whose tones, 700 Hz out and 440 Hz in, were heard.
func connected(t *testing.T, o *office, url string) (*peer, *officeCall, reply) {
	t.Helper()
	return connectedFor(t, o, url, 20*time.Second)
}

// connectedFor asks for its call to be kept so long while its socket is lost.
func connectedFor(t *testing.T, o *office, url string, kept time.Duration) (*peer, *officeCall, reply) {
	t.Helper()
	p := dial(t, url)
	p.send("listen", object{"token": token(t, nil), "reconnectTimeout": kept.Seconds()})
	p.expect("connected")
	p.send("invite", object{"callsid": "TJSout", "sdp": p.offer(700), "twilio": object{"params": "line=studio&Note=a%20b%26"}})
	ringing := p.expect("ringing")
	c := o.pick(t, 440)
	answer := p.expect("answer")
	if ringing.CallSid != c.sid || answer.CallSid != c.sid || !strings.HasPrefix(answer.Reconnect, "RT") {
		t.Fatalf("ringing %+v, answer %+v for %s", ringing, answer, c.sid)
	}
	p.accept(answer.SDP)
	p.speak()
	p.ear.hears(t, 440)
	c.ear.hears(t, 700)
	return p, c, answer
}

func TestCall(t *testing.T) {
	o := newOffice(t)
	_, url := serve(t, o)
	p, c, answer := connected(t, o, url)
	if c.identity != "studio" || c.params.Get("line") != "studio" || c.params.Get("Note") != "a b&" {
		t.Errorf("the exchange was told %q, %v", c.identity, c.params)
	}
	if !strings.Contains(answer.SDP, "a=msid:") || !strings.Contains(answer.SDP, "a=candidate:") ||
		!strings.Contains(answer.SDP, "127.0.0.1") {
		t.Errorf("the answer lacks an msid or candidates:\n%s", answer.SDP)
	}

	p.press(5)
	p.press(11)
	p.send("dtmf", object{"callsid": c.sid, "dtmf": "1w*x"})
	got := map[string]bool{o.event(t): true, o.event(t): true, o.event(t): true}
	for _, want := range []string{"5", "#", "1*"} {
		if !got["digits "+c.sid+" "+want] {
			t.Errorf("digits %v, want %s", got, want)
		}
	}

	p.send("message", object{"callsid": c.sid, "content": "{}", "voiceeventsid": "KX1"})
	if ack := p.expect("ack"); ack.AckType != "message" || ack.CallSid != c.sid {
		t.Errorf("ack %+v", ack)
	}
	if e := o.event(t); e != "message "+c.sid+` KX1 "{}"` {
		t.Errorf("the exchange was told %q", e)
	}
	for _, refused := range []struct {
		code    int
		payload object
	}{
		{codeMessageType, object{"callsid": c.sid, "content": "{}", "messagetype": "call-state", "voiceeventsid": "KX2"}},
		{codeMessageBig, object{"callsid": c.sid, "content": strings.Repeat("x", maxMessage+1), "voiceeventsid": "KX3"}},
	} {
		p.send("message", refused.payload)
		if e := p.expect("error"); e.Error.Code != refused.code || e.CallSid != c.sid {
			t.Errorf("%+v, want %d", e, refused.code)
		}
	}

	// A new token is a new listen, and a reconnect without a loss.
	p.send("listen", object{"token": token(t, nil)})
	p.expect("connected")
	p.send("invite", object{"callsid": c.sid, "reconnect": answer.Reconnect, "sdp": p.pc.LocalDescription().SDP})
	if again := p.expect("answer"); again.SDP != "" {
		t.Errorf("a new token was answered with %+v", again)
	}

	p.send("hangup", object{"callsid": c.sid})
	if e := o.event(t); e != "hangup "+c.sid {
		t.Errorf("got %q", e)
	}
}

// A call between two Devices, each in a call of its own.
func TestTwoCalls(t *testing.T) {
	o := newOffice(t)
	_, url := serve(t, o)
	a, first, _ := connected(t, o, url)
	b, second, _ := connected(t, o, url)
	a.setTone(900)
	b.setTone(1100)
	first.ear.hears(t, 900, 1100) // it is in the conference of both
	o.mixer.PlayTo(first.sid, nil)
	o.mixer.PlayTo(second.sid, nil)
	a.ear.hears(t, 1100)
	b.ear.hears(t, 900)
	a.send("hangup", object{"callsid": second.sid}) // not its own
	a.send("hangup", object{"callsid": "TJSout"})
	if e := o.event(t); e != "hangup "+first.sid {
		t.Errorf("got %q", e)
	}
	b.ear.hears(t)
}

func TestHeartbeat(t *testing.T) {
	t.Parallel()
	_, url := serve(t, newOffice(t))
	p := dial(t, url)
	select {
	case <-p.beats:
	case <-time.After(patience):
		t.Error("no heartbeat")
	}
}

func TestExchangeHangsUp(t *testing.T) {
	o := newOffice(t)
	_, url := serve(t, o)
	for _, code := range []int{0, 31486} {
		p, c, _ := connected(t, o, url)
		c.phone.HungUp(code, "busy")
		if got := p.expect("hangup"); got.CallSid != c.sid || got.Error.Code != code {
			t.Errorf("hangup %+v, want code %d", got, code)
		}
		c.phone.HungUp(0, "") // nothing more comes of it
		p.send("register", object{"media": object{"audio": true}})
		p.expect("ready")
	}
}

// A call whose socket is killed hears and is heard before, during and after.
func TestReconnect(t *testing.T) {
	o := newOffice(t)
	server, url := serve(t, o)
	p, c, answer := connected(t, o, url)
	server.Cut("")
	for range p.frames {
	}

	p.reconnect(url)
	p.send("listen", object{"token": token(t, nil)})
	p.expect("connected")
	p.send("invite", object{"callsid": c.sid, "reconnect": "RTwrong", "sdp": p.pc.LocalDescription().SDP})
	if got := p.expect("hangup"); got.Error.Code == 0 {
		t.Errorf("a wrong reconnect token got %+v", got)
	}
	p.send("invite", object{"callsid": c.sid, "reconnect": answer.Reconnect, "sdp": p.pc.LocalDescription().SDP})
	if again := p.expect("answer"); again.SDP != "" || again.CallSid != c.sid {
		t.Errorf("reconnect answered with %+v", again)
	}
	o.mixer.PlayTo(c.sid, media.NewTone(620, -15).Pull)
	p.ear.hears(t, 620)
	p.setTone(780)
	c.ear.hears(t, 780)

	p.send("reinvite", object{"callsid": c.sid, "sdp": p.newOffer(&webrtc.OfferOptions{ICERestart: true})})
	restarted := p.expect("answer")
	p.accept(restarted.SDP)
	o.mixer.PlayTo(c.sid, media.NewTone(880, -15).Pull)
	p.ear.hears(t, 880)

	// The exchange ends the call while the socket is away.
	p.socket.CloseNow()
	c.phone.HungUp(0, "")
	p.reconnect(url)
	p.send("listen", object{"token": token(t, nil)})
	p.expect("connected")
	p.send("invite", object{"callsid": c.sid, "reconnect": answer.Reconnect, "sdp": p.pc.LocalDescription().SDP})
	if got := p.expect("hangup"); got.CallSid != c.sid || got.Error.Code != 0 {
		t.Errorf("the end of the call was told as %+v", got)
	}
}

// A page that goes away does not keep its call; one that is gone without a word
// keeps it for as long as it asked.
func TestPageGone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, url := serve(t, o)
	t.Run("closed", func(t *testing.T) {
		p, c, _ := connected(t, o, url)
		p.socket.Close(websocket.StatusGoingAway, "")
		if e := o.event(t); e != "hangup "+c.sid {
			t.Errorf("got %q", e)
		}
	})
	t.Run("killed", func(t *testing.T) {
		const kept = 5 * time.Second
		p, c, _ := connectedFor(t, o, url, kept)
		p.pc.Close()
		killed := time.Now()
		p.socket.CloseNow()
		if e := o.event(t); e != "hangup "+c.sid {
			t.Errorf("got %q", e)
		}
		if after := time.Since(killed); after < kept {
			t.Errorf("its call was kept for %v, not for the %v that it asked for", after, kept)
		}
	})
	t.Run("before the answer", func(t *testing.T) {
		p := dial(t, url)
		p.send("listen", object{"token": token(t, nil)})
		p.expect("connected")
		p.send("invite", object{"callsid": "TJSout", "sdp": p.offer(700), "twilio": object{}})
		p.expect("ringing")
		c := <-o.calls
		p.socket.CloseNow()
		if e := o.event(t); e != "hangup "+c.sid {
			t.Errorf("got %q", e)
		}
	})
}

func TestInviteRefused(t *testing.T) {
	_, url := serve(t, newOffice(t))
	grants := func(app string) map[string]any {
		return map[string]any{"identity": "studio", "voice": map[string]any{"outgoing": map[string]any{"application_sid": app}}}
	}
	for name, c := range map[string]struct {
		claims map[string]any
		sdp    string
		code   int
	}{
		"no application granted":  {map[string]any{"grants": grants("")}, "", codeDeclined},
		"an application not here": {map[string]any{"grants": grants("APnone")}, "", codeNoApplication},
		"an offer of nonsense":    {nil, "v=1", codeBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			p := dial(t, url)
			p.send("listen", object{"token": token(t, c.claims)})
			p.expect("connected")
			if c.sdp == "" {
				c.sdp = p.offer(700)
			}
			p.send("invite", object{"callsid": "TJS1", "sdp": c.sdp, "twilio": object{"params": ""}})
			if got := p.expect("hangup"); got.CallSid != "TJS1" || got.Error.Code != c.code || got.Error.Message == "" {
				t.Errorf("got %+v, want code %d", got, c.code)
			}
		})
	}
	p := dial(t, url)
	p.send("invite", object{"callsid": "TJS1", "sdp": p.offer(700)})
	if got := p.expect("hangup"); got.Error.Code != codeBadToken {
		t.Errorf("an invite before listen got %+v", got)
	}
}

func TestOrigin(t *testing.T) {
	_, url := serve(t, newOffice(t))
	for origin, ok := range map[string]bool{
		"":                        true,
		"http://127.0.0.1:4000":   true,
		"http://localhost:4000":   true,
		"https://example.com":     false,
		"http://127.0.0.1.evil.x": false,
		"http://wails.localhost":  false,
		"null":                    false,
	} {
		header := http.Header{}
		if origin != "" {
			header.Set("Origin", origin)
		}
		socket, _, err := websocket.Dial(t.Context(), url+"/signal", &websocket.DialOptions{HTTPHeader: header})
		if (err == nil) != ok {
			t.Errorf("origin %q: %v", origin, err)
		}
		if err == nil {
			socket.CloseNow()
		}
	}
}

// What is no frame ends the socket and nothing else.
func TestNonsense(t *testing.T) {
	_, url := serve(t, newOffice(t))
	for _, bad := range []string{"{", `{"type":1}`, `{"type":"invite","payload":[]}`, strings.Repeat("x", maxFrame+1)} {
		p := dial(t, url)
		p.socket.Write(t.Context(), websocket.MessageText, []byte(bad))
		select {
		case f, open := <-p.frames:
			if open {
				t.Errorf("%.20q was answered with %s", bad, f.Type)
			}
		case <-time.After(patience):
			t.Errorf("%.20q keeps its socket", bad)
		}
	}
}
