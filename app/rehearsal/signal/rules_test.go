package signal

import (
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	words "callin/app/rehearsal/stage"
)

// The rules of the Voice SDK's service, each with its source: a file of
// @twilio/voice-sdk 2.18, its own end-to-end suite (twilio-voice.js,
// tests/integration), a report on its repository, a page of Twilio's, or
// "inferred".
var rules = []struct {
	name, source string
	holds        func(*testing.T)
}{
	{
		"an incoming call is heard at once, though the SDK tells no candidates",
		"peerconnection.js: answerIncomingCall sends its description before it has gathered any",
		incomingIsHeardAtOnce,
	},
	{
		"the edge that was asked for is the one reported; roaming is the first",
		"regions.js: the SDK asks by the host's name; device.js: _onSignalingConnected makes the edge that it is told its preferred one",
		theEdgeIsReported,
	},
	{
		"a token without an identity calls, and is not called",
		"tests/lib/token.js mints such; that it is not called is inferred",
		noIdentity,
	},
	{
		"a token that has expired registers nobody",
		"device.js: 31205 ends the registration timer; its text: twilio-voice.js #31",
		expiredRegistersNobody,
	},
	{
		"a token that allows no incoming calls is never rung",
		"Twilio docs: Access Tokens, VoiceGrant; that it registers is inferred",
		notAllowedIsNotRung,
	},
	{
		"the ten Devices that registered last are rung",
		"Twilio docs: Voice JavaScript SDK, Device.register",
		theLastTenRing,
	},
	{
		"a burst of small frames is no slow reader",
		"inferred",
		aBurstIsRead,
	},
	{
		"sockets that have not said who they are take no places from those who have",
		"inferred",
		strangersTakeNoPlaces,
	},
	{
		"a reconnect is refused by 31107 for its token and by 31209 for its identity",
		"errors/generated.js: ReconnectParameterInvalidError; Twilio docs: error 31209",
		reconnectsAreRefused,
	},
	{
		"a connect token is for Devices of the same identity",
		"@twilio/voice-sdk, CHANGELOG.md: Call.connectToken",
		connectTokenOfAnother,
	},
	{
		"an answer that cannot be used ends the call of who gave it, and that of the caller if nobody else rings",
		"inferred",
		uselessAnswers,
	},
	{
		"a call rings once a Device has been told, not before",
		"twilio-voice.js, tests/integration/device.ts: the callee's invite before the caller's answer",
		ringsOnceTold,
	},
	{
		"a call that ends before it rang ends by the SDK's own id",
		"call.js: _onHangup leaves alone what is neither the CallSid that it was told nor its own id",
		endsByItsOwnID,
	},
}

func TestRules(t *testing.T) {
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			t.Log(r.source)
			r.holds(t)
		})
	}
}

// incomingIsHeardAtOnce takes the best of some calls, as the machine may be busy.
func incomingIsHeardAtOnce(t *testing.T) {
	o := newOffice(t)
	s, address := serve(t, o)
	p := registered(t, address)
	best := time.Hour
	for range 3 {
		phone := ring(t, s)
		p.connection(700)
		heard := make(chan time.Time, 1)
		p.pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
			if _, _, err := track.ReadRTP(); err == nil {
				heard <- time.Now()
			}
		})
		invite := p.expect("invite")
		began := time.Now()
		p.answer(invite)
		select {
		case at := <-heard:
			best = min(best, at.Sub(began))
		case <-time.After(patience):
			t.Fatal("nothing was heard")
		}
		o.event(t)
		phone.HungUp(0, "")
		p.expect("hangup")
	}
	if best > 600*time.Millisecond {
		t.Errorf("the first sound came %v after the answer", best)
	}
}

func theEdgeIsReported(t *testing.T) {
	_, address := serve(t, newOffice(t))
	for query, edge := range map[string]string{
		"":                                     "ashburn",
		"?host=voice-js.roaming.twilio.com":    "ashburn",
		"?host=voice-js.frankfurt.twilio.com":  "frankfurt",
		"?host=voice-js.nowhere.twilio.com":    "ashburn",
		"?host=voice-js.tokyo.twilio.com.evil": "ashburn",
	} {
		p := &peer{t: t, query: query}
		p.reconnect(address)
		p.send("listen", object{"token": token(t, nil)})
		if got := p.expect("connected"); got.Edge != edge {
			t.Errorf("%q is told %q", query, got.Edge)
		}
	}
}

// granting is a token whose grants have other parts.
func granting(t *testing.T, identity string, incoming bool) string {
	return token(t, map[string]any{"grants": map[string]any{"identity": identity, "voice": map[string]any{
		"incoming": map[string]any{"allow": incoming}, "outgoing": map[string]any{"application_sid": testApp},
	}}})
}

// registeredWith is a Device that registers with a token.
func registeredWith(t *testing.T, address, token string) *peer {
	t.Helper()
	p := dial(t, address)
	p.send("listen", object{"token": token})
	p.expect("connected")
	p.registers()
	return p
}

func (p *peer) registers() {
	p.t.Helper()
	p.send("register", object{"media": object{"audio": true}})
	p.expect("ready")
}

func noIdentity(t *testing.T) {
	o := newOffice(t)
	s, address := serve(t, o)
	p := registeredWith(t, address, granting(t, "", true))
	if s.Ring(Offer{CallSid: rung, AccountSid: testAccount}) != nil {
		t.Error("nobody is rung")
	}
	p.send("invite", object{"callsid": "TJS1", "sdp": p.offer(700), "twilio": object{"params": ""}})
	p.expect("ringing")
	if c := <-o.calls; c.identity != "" {
		t.Errorf("it calls as %q", c.identity)
	}
}

func expiredRegistersNobody(t *testing.T) {
	s, address := serve(t, newOffice(t))
	p := dial(t, address)
	p.send("listen", object{"token": token(t, nil)})
	p.expect("connected")
	put(t, s.wrong, words.Faults{ClockSeconds: 3601})
	p.send("register", object{"media": object{"audio": true}})
	if got := p.expect("error"); got.Error.Code != 31205 || got.Error.Message != "Cannot register. Token is expired" {
		t.Errorf("register is answered %+v", got.Error)
	}
	p.send("listen", object{"token": token(t, map[string]any{"exp": time.Now().Unix() + 7200})})
	p.expect("connected")
	p.registers()
	put(t, s.wrong, words.Faults{ClockSeconds: 7261})
	p.gone() // with the next heartbeat
}

func notAllowedIsNotRung(t *testing.T) {
	s, address := serve(t, newOffice(t))
	registeredWith(t, address, granting(t, "studio", false))
	if s.Ring(Offer{CallSid: rung, AccountSid: testAccount, Identity: "studio"}) != nil {
		t.Error("it is rung")
	}
}

func theLastTenRing(t *testing.T) {
	s, address := serve(t, newOffice(t))
	var all []*peer
	for range 12 {
		all = append(all, registered(t, address))
	}
	all[0].registers() // as each does every 30 s
	ring(t, s)
	for _, p := range all[2:] {
		p.expect("invite")
	}
	for _, p := range all[:2] {
		p.registers() // with no invite before
	}
}

// aBurstIsRead sends to a socket that nobody reads from yet.
func aBurstIsRead(t *testing.T) {
	s, _ := serve(t, newOffice(t))
	k := newSocket(s, firstEdge)
	for range 200 {
		k.send("message", object{"content": "small"})
	}
	if frames, _ := k.out.take(); len(frames) != 200 || k.ctx.Err() != nil {
		t.Errorf("%d frames wait, %v", len(frames), k.ctx.Err())
	}
	for range maxWaiting/maxMessage + 1 {
		k.send("message", object{"content": strings.Repeat("x", maxMessage)})
	}
	if k.ctx.Err() == nil {
		t.Error("who reads nothing keeps the socket")
	}
}

func strangersTakeNoPlaces(t *testing.T) {
	_, address := serve(t, newOffice(t))
	known := registered(t, address)
	oldest := dial(t, address)
	for range maxStrangers {
		dial(t, address)
	}
	oldest.gone()
	registered(t, address)
	known.registers()
}

func reconnectsAreRefused(t *testing.T) {
	o := newOffice(t)
	_, address := serve(t, o)
	p, c, answer := connected(t, o, address)
	other := registeredWith(t, address, granting(t, "other", true))
	for _, try := range []struct {
		by         *peer
		sid, token string
		code       int
	}{
		{p, c.sid, "RTwrong", 31107},
		{p, rung, answer.Reconnect, 31107},
		{other, c.sid, answer.Reconnect, 31209},
	} {
		try.by.send("invite", object{"callsid": try.sid, "reconnect": try.token, "sdp": p.pc.LocalDescription().SDP})
		if got := try.by.expect("hangup"); got.CallSid != try.sid || got.Error.Code != try.code {
			t.Errorf("got %+v, want %d", got, try.code)
		}
	}
}

func connectTokenOfAnother(t *testing.T) {
	s, address := serve(t, newOffice(t))
	p := registered(t, address)
	other := registeredWith(t, address, granting(t, "other", true))
	ring(t, s)
	invite := p.expect("invite")
	for token, code := range map[string]int{"RTwrong": 31107, invite.Reconnect: 31209} {
		other.send("invite", object{"callsid": rung, "reconnect": token, "sdp": other.offer(700)})
		if got := other.expect("hangup"); got.Error.Code != code {
			t.Errorf("got %+v, want %d", got, code)
		}
	}
}

func uselessAnswers(t *testing.T) {
	o := newOffice(t)
	s, address := serve(t, o)
	a, b := registered(t, address), registered(t, address)
	useless := func(p *peer) {
		t.Helper()
		p.send("answer", object{"callsid": rung, "sdp": "v=1"})
		if got := p.expect("hangup"); got.CallSid != rung || got.Error.Code != codeBadRequest {
			t.Errorf("got %+v", got)
		}
	}
	told := func(want string) {
		t.Helper()
		if e := o.event(t); e != want+" "+rung {
			t.Errorf("the exchange was told %q, not %q", e, want)
		}
	}
	ring(t, s)
	a.expect("invite")
	b.expect("invite")
	useless(a) // b rings on
	useless(b)
	told("failed")

	s, address = serve(t, o)
	a = registered(t, address)
	ring(t, s)
	a.pickUp(a.expect("invite"), 700)
	told("accepted")
	useless(a) // a second one
	told("hangup")
	a.registers()
}

func ringsOnceTold(t *testing.T) {
	o := newOffice(t)
	s, address := serve(t, o)
	p := registered(t, address)
	phone := s.Ring(Offer{CallSid: rung, AccountSid: testAccount, Identity: "studio"})
	if len(o.rung) > 0 {
		t.Error("it rings before anybody was told")
	}
	phone.Ringing()
	p.expect("invite")
	select {
	case sid := <-o.rung:
		if sid != rung {
			t.Errorf("%s rings", sid)
		}
	case <-time.After(patience):
		t.Error("nobody says that it rings")
	}
}

func endsByItsOwnID(t *testing.T) {
	o := newOffice(t)
	o.silent.Store(true)
	_, address := serve(t, o)
	p := registered(t, address)
	p.send("invite", object{"callsid": "TJS1", "sdp": p.offer(700), "twilio": object{"params": ""}})
	c := <-o.calls
	c.phone.HungUp(31480, "nobody is there")
	if got := p.expect("hangup"); got.CallSid != "TJS1" || got.Error.Code != 31480 {
		t.Errorf("got %+v", got)
	}
}
