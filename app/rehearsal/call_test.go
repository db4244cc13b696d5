package rehearsal

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/rehearsal/stage"
)

func TestRedirectWins(t *testing.T) {
	t.Parallel()
	s := newWorld(t)
	s.page("/in", `<Say>A very long speech that would take several seconds to say to its very end, were it not cut off</Say>`)
	s.page("/second", `<Say loop="0">Second</Say>`)
	s.answersAt("/in")
	sid := s.ring(stage.Casting{})
	s.request("/in", sid, nil)
	s.event("the speech", func(e stage.Event) bool { return e.Heard != nil })
	for range 20 { // each replaces the one before, wherever that one had got to
		if _, err := s.api.UpdateCall(sid, (&api.UpdateCallParams{}).SetTwiml("<Response><Pause length='60'/></Response>")); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.api.UpdateCall(sid, (&api.UpdateCallParams{}).SetUrl(s.url("/second"))); err != nil {
		t.Fatal(err)
	}
	s.hears(sid, "Second")
	if _, err := s.api.UpdateCall(sid, (&api.UpdateCallParams{}).SetStatus("completed")); err != nil {
		t.Fatal(err)
	}
	s.becomes(sid, "completed")
}

func TestGatherAndKeys(t *testing.T) {
	t.Parallel()
	s := newWorld(t)
	s.page("/in", `<Gather numDigits="4" action="/pin"><Say>Your PIN, please, followed by nothing at all</Say></Gather>`)
	s.page("/pin", `<Gather action="/more" finishOnKey="#" timeout="60"/>`)
	s.page("/more", `<Gather timeout="0" action="/never"/><Hangup/>`)
	s.answersAt("/in")
	sid := s.ring(stage.Casting{Keys: "1234"})
	s.request("/pin", sid, has("Digits", "1234"))
	if !s.stage.Press(sid, "w56#") {
		t.Fatal("no such caller")
	}
	s.request("/more", sid, has("Digits", "56", "FinishedOnKey", "#"))
	s.becomes(sid, "completed")
	if s.requests("/never") != 0 {
		t.Error("an empty Gather asked its action")
	}
}

func TestACallerSaysTheTextsItWasGiven(t *testing.T) {
	t.Parallel()
	s := newWorld(t)
	s.page("/in", `<Start><Transcription statusCallbackUrl="/heard"/></Start><Gather input="speech" speechTimeout="auto" action="/said"/>`)
	s.page("/said", `<Pause length="60"/>`)
	s.answersAt("/in")
	rung, err := s.Stage().Ring(t.Context(), stage.Casting{Says: []string{"The tower", "Goodbye"}})
	if err != nil {
		t.Fatal(err)
	}
	sid := rung[0].CallSid
	s.request("/said", sid, has("SpeechResult", "The tower", "Confidence", "0.9"))
	s.request("/heard", sid, has("TranscriptionEvent", "transcription-content", "TranscriptionData", `{"confidence":0.9,"transcript":"The tower"}`))
	s.request("/heard", sid, has("TranscriptionEvent", "transcription-content", "TranscriptionData", `{"confidence":0.9,"transcript":"Goodbye"}`))
	who, err := s.Stage().Caller(t.Context(), sid)
	if err != nil || len(who.Heard) != 2 || who.Heard[0].Kind != "understood" || who.Heard[1].Text != "Goodbye" {
		t.Errorf("the stage shows %+v, %v", who, err)
	}
	for _, says := range [][]string{make([]string, 1), make([]string, stage.MaxSays+1), {strings.Repeat("a", stage.MaxText+1)}} {
		if _, err := s.Stage().Ring(t.Context(), stage.Casting{Says: says}); err == nil {
			t.Errorf("%d texts were taken", len(says))
		}
	}
}

func TestOutgoing(t *testing.T) {
	t.Parallel()
	s := newWorld(t)
	s.page("/in", `<Dial action="/dialled" timeout="5"><Number url="/whisper">+16175550123</Number></Dial>`)
	s.page("/whisper", `<Say>A call for you</Say>`)
	s.page("/dialled", `<Hangup/>`)
	s.answersAt("/in")
	ctx := t.Context()
	if err := s.Stage().Install(ctx, stage.Telephone{Number: "+16175550123", Tone: 800}); err != nil {
		t.Fatal(err)
	}
	a := s.ring(stage.Casting{Tone: 500})
	s.event("the caller hears who was called", hearsTone(a, 800))
	calls, err := s.api.ListCall((&api.ListCallParams{}).SetParentCallSid(a))
	if err != nil || len(calls) != 1 || *calls[0].Direction != "outbound-dial" {
		t.Fatalf("%v %v", calls, err)
	}
	child := *calls[0].Sid
	s.hears(child, "A call for you")
	s.event("and is heard", hearsTone(child, 500))
	s.exchange.HangUp(child)
	s.request("/dialled", a, has("DialCallStatus", "completed", "DialCallSid", child, "DialBridged", "true"))
	s.becomes(a, "completed")

	if err := s.Stage().Install(ctx, stage.Telephone{Number: "+16175550123", Answers: "busy"}); err != nil {
		t.Fatal(err)
	}
	b := s.ring(stage.Casting{})
	s.request("/dialled", b, has("DialCallStatus", "busy"))

	p := (&api.CreateCallParams{}).SetTo("+16175550199").SetFrom(s.ListenersNumber).SetUrl(s.url("/hello"))
	p.SetStatusCallback(s.url("/status")).SetStatusCallbackEvent([]string{"ringing", "answered", "completed"})
	s.page("/hello", `<Say>Hello</Say>`)
	s.page("/status", "")
	made, err := s.api.CreateCall(p)
	if err != nil {
		t.Fatal(err)
	}
	s.hears(*made.Sid, "Hello")
	for i, want := range []string{"ringing", "in-progress", "completed"} {
		s.request("/status", *made.Sid, has("CallStatus", want, "SequenceNumber", fmt.Sprint(i)))
	}
}

func TestTrouble(t *testing.T) {
	t.Parallel()
	s := newWorld(t)
	const sorry = "We are sorry, an application error has occurred. Goodbye."
	s.page("/bad", "<Say>")
	s.page("/broken", "500")
	s.page("/safe", `<Say>We are still here</Say>`)
	s.page("/status", "")
	for _, c := range []struct {
		name, url, fallback, hears string
		code                       int
	}{
		{"bad XML", s.url("/bad"), "", sorry, 12100},
		{"bad XML, fallback", s.url("/bad"), s.url("/safe"), "We are still here", 12100},
		{"500", s.url("/broken"), "", sorry, 11200},
		{"500, fallback", s.url("/broken"), s.url("/safe"), "We are still here", 11200},
		{"both broken", s.url("/broken"), s.url("/bad"), sorry, 12100},
		{"nobody there", "http://127.0.0.1:1/", s.url("/safe"), "We are still here", 11205},
		{"outside", "http://192.0.2.1/", s.url("/safe"), "We are still here", 11205},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := s.in(t)
			var p api.UpdateIncomingPhoneNumberParams
			p.SetVoiceUrl(c.url).SetVoiceFallbackUrl(c.fallback).SetStatusCallback(s.url("/status"))
			s.listeners(p)
			sid := s.ring(stage.Casting{})
			s.hears(sid, c.hears)
			if c.hears != sorry {
				s.request("/safe", sid, has("ErrorCode", fmt.Sprint(c.code), "ErrorUrl", c.url))
				s.request("/status", sid, has("CallStatus", "completed"))
			}
			for _, a := range s.Alerts() {
				if a.CallSid == sid && a.Code == c.code {
					return
				}
			}
			t.Errorf("no alert %d in %+v", c.code, s.Alerts())
		})
	}
	t.Run("reject", func(t *testing.T) {
		s := s.in(t)
		s.page("/in", `<Reject reason="busy"/>`)
		s.answersAt("/in")
		s.becomes(s.ring(stage.Casting{}), "busy")
	})
	t.Run("an application sets the number's URLs aside", func(t *testing.T) {
		s := s.in(t)
		app, err := s.api.CreateApplication((&api.CreateApplicationParams{}).SetVoiceUrl(s.url("/safe")).SetVoiceMethod("GET"))
		if err != nil {
			t.Fatal(err)
		}
		var p api.UpdateIncomingPhoneNumberParams
		p.SetVoiceApplicationSid(*app.Sid)
		s.listeners(p)
		sid := s.ring(stage.Casting{Name: "Ana & <Ben>"})
		s.request("/safe", sid, func(v url.Values) bool { return v.Get("CallerName") == "Ana & <Ben>" })
	})
}
