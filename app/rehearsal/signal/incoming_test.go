package signal

import (
	"net/url"
	"testing"

	"github.com/pion/webrtc/v4"

	"callin/app/rehearsal/media"
)

const rung = "CA00000000000000000000000000000001"

// registered is a Device that can be rung.
func registered(t *testing.T, address string) *peer {
	t.Helper()
	return registeredWith(t, address, token(t, nil))
}

// ring rings the Devices of the tests' identity.
func ring(t *testing.T, s *Server) Phone {
	t.Helper()
	phone := s.Ring(Offer{
		CallSid: rung, AccountSid: testAccount, Identity: "studio", From: "+12015550100", To: "client:studio",
		Parameters: url.Values{"Note": {"a b&"}}, StirStatus: "TN-Validation-Passed-A",
	})
	if phone == nil {
		t.Fatal("nobody is registered")
	}
	phone.Ringing()
	return phone
}

// pickUp answers an invite.
func (p *peer) pickUp(invite reply, hz float64) {
	p.t.Helper()
	p.connection(hz)
	p.answer(invite)
}

// answer answers an invite by the connection that there is.
func (p *peer) answer(invite reply) {
	p.t.Helper()
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: invite.SDP}); err != nil {
		p.t.Fatal(err)
	}
	answer, err := p.pc.CreateAnswer(nil)
	if err == nil {
		err = p.pc.SetLocalDescription(answer)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.send("answer", object{"callsid": invite.CallSid, "sdp": answer.SDP})
}

func TestTheFirstDeviceThatPicksUpHasTheCall(t *testing.T) {
	o := newOffice(t)
	s, address := serve(t, o)
	a, b := registered(t, address), registered(t, address)
	phone := ring(t, s)
	inviteA, inviteB := a.expect("invite"), b.expect("invite")
	want := object{
		"CallSid": rung, "AccountSid": testAccount, "From": "+12015550100", "To": "client:studio",
		"Params": "Note=a+b%26", "StirStatus": "TN-Validation-Passed-A",
	}
	for name, value := range want {
		if inviteA.Parameters[name] != value {
			t.Errorf("%s is %v, want %v", name, inviteA.Parameters[name], value)
		}
	}
	if inviteA.Reconnect == inviteB.Reconnect || inviteA.CallSid != rung {
		t.Errorf("the invites are %+v and %+v", inviteA, inviteB)
	}

	b.pickUp(inviteB, 700)
	if e := o.event(t); e != "accepted "+rung {
		t.Fatal(e)
	}
	if c := a.expect("cancel"); c.CallSid != rung {
		t.Errorf("cancelled is %+v", c)
	}
	ear := newListener()
	o.mixer.Join("b", phone)
	o.mixer.PlayTo("b", media.NewTone(440, -15).Pull)
	o.mixer.Join("ear", earPort{ear})
	b.speak()
	b.ear.hears(t, 440)
	ear.hears(t, 700)

	phone.HungUp(0, "")
	b.expect("hangup")
}

func TestARingEndsWhenTheCallerGivesUpOrNobodyWantsIt(t *testing.T) {
	o := newOffice(t)
	s, address := serve(t, o)
	if s.Ring(Offer{CallSid: rung, AccountSid: testAccount, Identity: "studio"}) != nil {
		t.Fatal("a Device rings that is not registered")
	}
	a := registered(t, address)
	phone := ring(t, s)
	a.expect("invite")
	phone.HungUp(0, "")
	a.expect("cancel")

	ring(t, s)
	a.expect("invite")
	a.send("reject", object{"callsid": rung})
	if e := o.event(t); e != "refused "+rung {
		t.Error(e)
	}

	o.gone.Store(true)
	ring(t, s)
	a.pickUp(a.expect("invite"), 700)
	if e := o.event(t); e != "accepted "+rung {
		t.Error(e)
	}
	a.expect("hangup")

	a.send("register", object{"media": object{"audio": false}})
	a.expect("offline")
	if s.Ring(Offer{CallSid: rung, AccountSid: testAccount, Identity: "studio"}) != nil {
		t.Error("a Device rings that has unregistered")
	}
}

func TestAnotherDeviceTakesARingingCallByItsConnectToken(t *testing.T) {
	o := newOffice(t)
	s, address := serve(t, o)
	a := registered(t, address)
	phone := ring(t, s)
	invite := a.expect("invite")

	b := dial(t, address)
	b.send("listen", object{"token": token(t, nil)})
	b.expect("connected")
	b.send("invite", object{"callsid": rung, "reconnect": "RTwrong", "sdp": b.offer(700)})
	b.expect("hangup")
	b.send("invite", object{"callsid": rung, "reconnect": invite.Reconnect, "sdp": b.offer(700)})
	answer := b.expect("answer")
	a.expect("cancel")
	b.accept(answer.SDP)
	b.speak()
	ear := newListener()
	o.mixer.Join("b", phone)
	o.mixer.Join("ear", earPort{ear})
	ear.hears(t, 700)
	b.send("hangup", object{"callsid": rung})
	if e := o.event(t); e != "accepted "+rung {
		t.Error(e)
	}
	if e := o.event(t); e != "hangup "+rung {
		t.Error(e)
	}
}

func TestAMessageReachesThePage(t *testing.T) {
	o := newOffice(t)
	s, address := serve(t, o)
	if s.Message(rung, "KX1", []byte(`"x"`)) {
		t.Error("a message was taken for a call that is not")
	}
	p, c, _ := connected(t, o, address)
	if !s.Message(c.sid, "KX2", []byte(`{"a":1}`)) {
		t.Fatal("the message was not taken")
	}
	if m := p.expect("message"); string(m.Content) != `{"a":1}` || m.CallSid != c.sid || m.VoiceEventSid != "KX2" {
		t.Errorf("the message is %+v", m)
	}
}
