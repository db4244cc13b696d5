package rehearsal

import (
	"fmt"
	"testing"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/rehearsal/media"
	"callin/app/rehearsal/stage"
)

// room is the TwiML of a line as a station uses it.
func room(attrs string) string {
	return `<Dial action="/over"><Conference beep="false" waitUrl="/silence" statusCallback="/room"
		statusCallbackEvent="start end join leave mute hold modify announcement" ` + attrs + `>studio</Conference></Dial>`
}

func (s *world) conference() api.ApiV2010Conference {
	s.t.Helper()
	cs, err := s.api.ListConference((&api.ListConferenceParams{}).SetFriendlyName("studio").SetStatus("in-progress"))
	if err != nil || len(cs) != 1 {
		s.t.Fatalf("conferences in progress: %v %v", cs, err)
	}
	return cs[0]
}

func (s *world) tune(conf, call string, p *api.UpdateParticipantParams) *api.ApiV2010Participant {
	s.t.Helper()
	got, err := s.api.UpdateParticipant(conf, call, p)
	if err != nil {
		s.t.Fatal(err)
	}
	return got
}

func TestConference(t *testing.T) {
	t.Parallel()
	s := newWorld(t)
	s.page("/host", room(`startConferenceOnEnter="true" participantLabel="host"`))
	s.page("/caller", room(`startConferenceOnEnter="false"`))
	s.page("/silence", `<Pause length="60"/><Redirect/>`)
	s.page("/hold", `<Play>/hold.wav</Play><Redirect/>`)
	s.page("/hold.wav", string(media.WriteWAV(tone(1500, 5*media.Rate))))
	s.page("/over", `<Say>That was all</Say>`)

	// Callers alone do not start it; they hear nothing.
	s.answersAt("/caller")
	a := s.ring(stage.Casting{Tone: 500})
	b := s.ring(stage.Casting{Tone: 700})
	s.request("/silence", a, nil)
	s.request("/silence", b, nil)
	if cs, err := s.api.ListConference((&api.ListConferenceParams{}).SetStatus("init")); err != nil || len(cs) != 1 {
		t.Fatalf("%v %v", cs, err)
	}
	s.answersAt("/host")
	host := s.ring(stage.Casting{Tone: 900})
	s.request("/room", "", has("StatusCallbackEvent", "conference-start"))
	s.event("a hears b and the host", hearsTone(a, 700, 900))
	s.event("b hears a and the host", hearsTone(b, 500, 900))
	s.event("the host hears both", hearsTone(host, 500, 700))
	conf := *s.conference().Sid

	// Held: hears only the hold audio, and is not heard.
	s.forget()
	p := s.tune(conf, a, (&api.UpdateParticipantParams{}).SetHold(true).SetHoldUrl(s.url("/hold")))
	if !*p.Hold {
		t.Errorf("%+v", p)
	}
	s.event("a hears the hold audio alone", hearsTone(a, 1500))
	s.event("b hears the host alone", hearsTone(b, 900))
	s.event("the host hears b alone", hearsTone(host, 700))
	s.request("/room", a, has("StatusCallbackEvent", "participant-hold", "Hold", "true", "ConferenceSid", conf))

	// Muted: hears, and is not heard.
	s.forget()
	s.tune(conf, a, (&api.UpdateParticipantParams{}).SetHold(false))
	s.event("a is back", hearsTone(a, 700, 900))
	s.tune(conf, a, (&api.UpdateParticipantParams{}).SetMuted(true))
	s.event("the host hears b alone again", hearsTone(host, 700))
	s.request("/room", a, has("StatusCallbackEvent", "participant-mute", "Muted", "true"))
	if c, _ := s.stage.Caller(a); fmt.Sprint(c.Hearing.Tones) != "[700 900]" {
		t.Errorf("muted a hears %v", c.Hearing.Tones)
	}

	// An announcement is one participant's alone.
	s.page("/news", `<Say>News</Say>`)
	s.tune(conf, host, (&api.UpdateParticipantParams{}).SetAnnounceUrl(s.url("/news")))
	s.hears(host, "News")
	s.request("/room", host, has("StatusCallbackEvent", "announcement-end"))

	// Removed: its call goes on. Labelled: found by its label.
	if err := s.api.DeleteParticipant(conf, b, nil); err != nil {
		t.Fatal(err)
	}
	s.hears(b, "That was all")
	s.request("/over", b, has("DialCallStatus", "answered"))
	if p, err := s.api.FetchParticipant(conf, "host", nil); err != nil || *p.CallSid != host {
		t.Errorf("%v %v", p, err)
	}
	if err := s.api.DeleteParticipant(conf, b, nil); code(err) != 20404 {
		t.Errorf("a participant that has gone: %v", err)
	}

	// Ended: everybody goes on, the name is free, the next one has a new sid.
	if _, err := s.api.UpdateConference(conf, (&api.UpdateConferenceParams{}).SetStatus("completed")); err != nil {
		t.Fatal(err)
	}
	s.request("/room", "", has("StatusCallbackEvent", "conference-end", "ReasonConferenceEnded", "conference-ended-via-api"))
	s.hears(host, "That was all")
	sequence := 0
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.asked {
		if a.path == "/room" {
			sequence++
			if a.form.Get("SequenceNumber") != fmt.Sprint(sequence) {
				t.Errorf("callback %d has SequenceNumber %s", sequence, a.form.Get("SequenceNumber"))
			}
		}
	}
}

// tone is a clip of n samples.
func tone(hz float64, n int) []int16 {
	samples := make([]int16, n)
	src := media.NewTone(hz, -12)
	var f media.Frame
	for at := 0; at < n; at += len(f) {
		src.Pull(&f)
		copy(samples[at:], f[:])
	}
	return samples
}

func TestAloneInAConference(t *testing.T) {
	t.Parallel()
	s := newWorld(t)
	s.page("/in", `<Dial><Conference>studio</Conference></Dial>`)
	s.answersAt("/in")
	forgot := s.ring(stage.Casting{})
	s.hears(forgot, "default music")
	s.event("loud music", hearsTone(forgot, 620))

	s.page("/in", `<Dial><Conference waitUrl="">quiet</Conference></Dial>`)
	quiet := s.ring(stage.Casting{})
	s.request("/in", quiet, nil)
	s.page("/in", `<Dial><Conference endConferenceOnExit="true">quiet</Conference></Dial><Say>x</Say>`)
	host := s.ring(stage.Casting{Tone: 900})
	s.event("the host", hearsTone(quiet, 900))
	if c, _ := s.stage.Caller(quiet); len(c.Heard) == 0 || c.Heard[0].Kind != "beep" {
		t.Errorf("heard before the host and its beep: %+v", c.Heard)
	}
	s.exchange.HangUp(host)
	s.becomes(quiet, "completed")
}
