package voice_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"callin/app/call"
	"callin/app/picture"
)

func TestOutsideAShowACallerCanLeaveAMessage(t *testing.T) {
	l, s := listener(t)
	if err := s.CloseShow(t.Context()); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"CallSid": {"CA7"}, "From": {"+15550100197"}, "CallerName": {"Cleo"}}
	place := func() call.Kind {
		for _, c := range s.Picture().Cards {
			if c.Call == "CA7" {
				return c.Place.Kind
			}
		}
		return call.Gone
	}
	doc := ask(t, l, "/voice/inbound", form)
	if got := doc.verbs(); !slices.Equal(got, []string{"Gather", "Say", "Hangup"}) {
		t.Fatalf("a caller outside the show gets %v", got)
	}
	if words := doc.Inner[0].Inner[0].Text; !strings.Contains(words, "not taking calls") || !strings.Contains(words, "press 1") {
		t.Errorf("the offer is %q", words)
	}
	if got := doc.Inner[0].attr("action"); got != public+"/voice/leave" {
		t.Errorf("the key goes to %q", got)
	}

	form.Set("Digits", "2")
	if got := ask(t, l, "/voice/leave", form).verbs(); !slices.Equal(got, []string{"Say", "Hangup"}) || place() != call.Closing {
		t.Errorf("another key does %v, and the call is in %s", got, place())
	}
	form.Set("Digits", "1")
	doc = ask(t, l, "/voice/leave", form)
	if got := doc.verbs(); !slices.Equal(got, []string{"Say", "Record", "Say", "Hangup"}) || place() != call.Voicemail {
		t.Fatalf("1 does %v, and the call is in %s", got, place())
	}
	if record := doc.Inner[1]; record.attr("maxLength") != "120" || record.attr("action") != public+"/voice/recording" {
		t.Errorf("the message is taken by %+v", record)
	}

	// Twilio tells twice, and nothing was said the third time.
	form.Set("RecordingUrl", "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE11111111111111111111111111111111")
	form.Set("RecordingDuration", "12")
	form.Set("Digits", "hangup")
	for range 2 {
		ask(t, l, "/voice/recording", form)
	}
	form.Set("RecordingUrl", "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE22222222222222222222222222222222")
	form.Set("RecordingDuration", "0")
	if got := ask(t, l, "/voice/recording", form).verbs(); !slices.Equal(got, []string{"Say", "Hangup"}) || place() != call.Closing {
		t.Errorf("after the message: %v, and the call is in %s", got, place())
	}
	all := s.Picture().Voicemail
	last := all[len(all)-1]
	last.At = 0
	want := picture.Voicemail{Recording: "RE11111111111111111111111111111111", Call: "CA7", Number: "+15550100197", Name: "Cleo", Seconds: 12}
	if len(all) != 2 || last != want {
		t.Errorf("the messages are %+v, want Ben's and %+v", all, want)
	}

	if err := s.DeleteVoicemail(t.Context(), last.Recording); err != nil {
		t.Fatal(err)
	}
	if got := s.Picture().Voicemail; len(got) != 1 {
		t.Errorf("after the deletion: %+v", got)
	}
}
