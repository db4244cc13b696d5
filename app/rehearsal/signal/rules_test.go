package signal

import (
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
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
