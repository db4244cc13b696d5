package twiml

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestParse(t *testing.T) {
	post := "POST"
	for _, c := range []struct {
		name, xml string
		want      []Verb
		warnings  int
	}{
		{"words, with the words inside SSML", `<Response><Say>One <emphasis>two</emphasis></Say></Response>`, []Verb{Say{Text: "One two", Loop: 1}}, 0},
		{"a loop of 0 is for ever", `<Response><Play loop="0"> http://x/a.wav </Play></Response>`, []Verb{Play{URL: "http://x/a.wav"}}, 0},
		{"an empty waitUrl is not an absent one", `<Response><Enqueue waitUrl="">q</Enqueue><Leave/></Response>`, []Verb{Enqueue{Name: "q", Method: post, WaitURLMethod: post, Wait: true}, Leave{}}, 0},
		{"gather", `<Response><Gather numDigits="4" finishOnKey=""><Say>Pin</Say><Dial/></Gather></Response>`, []Verb{Gather{Prompts: []Verb{Say{Text: "Pin", Loop: 1}}, NumDigits: 4, Timeout: 5, Method: post}}, 1},
		{"the front of a queue", `<Response><Dial hangupOnStar="true" timeout="600"><Queue url="/w">q</Queue></Dial><Redirect/></Response>`, []Verb{
			Dial{Method: post, HangupOnStar: true, TimeLimit: 14400, Timeout: 600, Queue: &Queue{Name: "q", URL: "/w", Method: post}},
			Redirect{Method: post},
		}, 0},
		{"a conference's defaults", `<Response><Dial><Conference>c</Conference></Dial></Response>`, []Verb{
			Dial{Method: post, TimeLimit: 14400, Timeout: 30, Conference: &Conference{
				Name: "c", Beep: "true", StartOnEnter: true, WaitMethod: post, MaxParticipants: 250,
				StatusCallbackMethod: post, JitterBufferSize: "large",
			}},
		}, 0},
		{"what is unknown is passed over", `<Response><Sing/><Pause length="x"/><Reject reason="BUSY"/></Response>`, []Verb{Pause{Length: 1}, Reject{Reason: "busy"}}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Parse([]byte(c.xml))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, d.Verbs, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			if len(d.Warnings) != c.warnings {
				t.Errorf("warnings: %q", d.Warnings)
			}
		})
	}
}

func TestUnreadable(t *testing.T) {
	for _, s := range []string{"", "Hello", "<Response><Say></Response>", "<html></html>", "<Response/><Response/>", "<Response/>x"} {
		if _, err := Parse([]byte(s)); !errors.Is(err, ErrParse) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`<?xml version="1.0"?><Response><Dial><Number>+15550100</Number></Dial></Response>`)
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := Parse([]byte(s)); (d == nil) != (err != nil) {
			t.Errorf("%v %v", d, err)
		}
	})
}
