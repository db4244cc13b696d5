package rehearsal

import (
	"testing"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/rehearsal/exchange"
	"callin/app/rehearsal/stage"
)

// REST calls a telephone into a conference, tells of it, lets it coach one of
// those in it, and ends the conference when who may leaves.
func TestInvited(t *testing.T) {
	t.Parallel()
	s := newWorld(t)
	s.page("/caller", room(`startConferenceOnEnter="false"`))
	s.page("/silence", `<Pause length="60"/><Redirect/>`)
	s.page("/over", "")
	s.page("/status", "")
	if err := s.Stage().Install(t.Context(), stage.Telephone{Number: "+16175550123", Tone: 900}); err != nil {
		t.Fatal(err)
	}
	s.answersAt("/caller")
	a, b := s.ring(stage.Casting{Tone: 500}), s.ring(stage.Casting{Tone: 700})
	s.request("/silence", a, nil)
	s.request("/silence", b, nil)
	p := (&api.CreateParticipantParams{}).SetFrom(s.ListenersNumber).SetTo("+16175550123").SetLabel("host").
		SetBeep("false").SetEndConferenceOnExit(true).SetStatusCallback(s.url("/status")).
		SetStatusCallbackEvent([]string{"initiated", "ringing", "answered", "completed"})
	invited, err := s.api.CreateParticipant("studio", p)
	if err != nil {
		t.Fatal(err)
	}
	host, conf := *invited.CallSid, *invited.ConferenceSid
	for _, status := range []string{"initiated", "ringing", "in-progress"} {
		s.request("/status", host, has("CallStatus", status))
	}
	s.request("/room", host, has("StatusCallbackEvent", "participant-join", "ParticipantLabel", "host", "ConferenceSid", conf))
	s.event("a hears b and the host", hearsTone(a, 700, 900))
	s.event("b hears a and the host", hearsTone(b, 500, 900))
	s.event("the host hears both", hearsTone(host, 500, 700))

	// Coaching a, the host is heard by nobody else.
	s.forget()
	s.tune(conf, "host", (&api.UpdateParticipantParams{}).SetCoaching(true).SetCallSidToCoach(a))
	s.request("/room", host, has("StatusCallbackEvent", "participant-modify", "Coaching", "true", "CallSidToCoach", a))
	s.event("b hears a alone", hearsTone(b, 500))
	if c, _ := s.stage.Caller(a); len(c.Hearing.Tones) != 2 {
		t.Errorf("a hears %v", c.Hearing.Tones)
	}
	s.forget()
	s.tune(conf, "host", (&api.UpdateParticipantParams{}).SetCoaching(false))
	s.event("b hears the host again", hearsTone(b, 500, 900))

	s.exchange.HangUp(host)
	s.request("/room", "", has("StatusCallbackEvent", "conference-end", "ReasonConferenceEnded", "participant-with-end-conference-on-exit-left"))
	s.becomes(a, string(exchange.Completed))
	s.request("/status", host, has("CallStatus", "completed"))
}
