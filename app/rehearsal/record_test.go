package rehearsal

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/rehearsal/exchange"
	"callin/app/rehearsal/media"
	"callin/app/rehearsal/stage"
)

func TestACallerIsRecorded(t *testing.T) {
	s := newWorld(t)
	s.answersAt("/voice")
	s.page("/voice", `<Record action="/recorded" maxLength="1"/>`)
	s.page("/recorded", "<Hangup/>")
	sid := s.ring(stage.Casting{Tone: 700})
	form := s.request("/recorded", sid, nil)
	if form.Get("RecordingDuration") != "1" || form.Get("RecordingSid") == "" {
		t.Fatalf("the action is told %v", form)
	}
	found, err := s.api.ListRecording((&api.ListRecordingParams{}).SetCallSid(sid))
	if err != nil || len(found) != 1 || *found[0].Sid != form.Get("RecordingSid") || *found[0].Duration != "1" {
		t.Fatalf("recordings: %+v, %v", found, err)
	}
	r, err := http.NewRequest(http.MethodGet, s.Address+"/2010-04-01/Accounts/"+s.AccountSid+"/Recordings/"+*found[0].Sid+".wav", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(s.AccountSid, s.AuthToken)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	wav, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	samples, err := media.ParseWAV(wav)
	if err != nil || len(samples) != media.Rate {
		t.Fatalf("%d samples, %v", len(samples), err)
	}
	ear := media.NewEar()
	var heard atomic.Bool // silence is noticed later, by a clock
	ear.OnChange = func(tones []float64) {
		if len(tones) == 1 && tones[0] == 700 {
			heard.Store(true)
		}
	}
	for i := 0; i+media.FrameSamples <= len(samples); i += media.FrameSamples {
		ear.Push((*media.Frame)(samples[i:]))
	}
	if !heard.Load() {
		t.Error("the recording does not hold what the caller said")
	}
	if err := s.api.DeleteRecording(*found[0].Sid, &api.DeleteRecordingParams{}); err != nil {
		t.Fatal(err)
	}
	var gone *client.TwilioRestError
	if _, err := s.api.FetchRecording(*found[0].Sid, &api.FetchRecordingParams{}); !errors.As(err, &gone) || gone.Code != 20404 {
		t.Errorf("a recording that was deleted: %v", err)
	}
}

func TestARecordingEndsWithAKeyAHangUpOrSilence(t *testing.T) {
	s := newWorld(t)
	s.answersAt("/voice")
	s.page("/voice", `<Record action="/recorded" timeout="1" finishOnKey="#"/><Redirect>/silent</Redirect>`)
	s.page("/recorded", "<Hangup/>")
	s.page("/silent", "<Hangup/>")

	left := s.ring(stage.Casting{Tone: 700})
	s.event("the beep", func(e stage.Event) bool {
		return e.CallSid == left && e.Heard != nil && e.Heard.Kind == "beep"
	})
	keyed := s.ring(stage.Casting{Tone: 700, Keys: "w1w#"}) // the 1 is not one that ends it
	s.request("/recorded", keyed, func(v url.Values) bool { return v.Get("Digits") == "#" })
	s.exchange.HangUp(left) // has spoken for a second by now
	s.request("/recorded", left, func(v url.Values) bool { return v.Get("Digits") == "hangup" })

	silent := s.ring(stage.Casting{Voice: "none"})
	s.request("/silent", silent, nil)
	if n := len(s.exchange.Recordings(func(r exchange.Recording) bool { return r.CallSid == silent && r.Status != "absent" })); n != 0 {
		t.Errorf("%d recordings of somebody who said nothing", n)
	}
}
