package exchange

import (
	"strings"
	"testing"
)

func TestFallback(t *testing.T) {
	const sorry = "0.0 say " + apology + " | 3.4 completed"
	check(t, []row{
		{
			name: "an application that fails", source: "Twilio docs: Availability and Reliability; dictionary: 11200",
			pages: map[string]string{"/in": "500", "/fallback": `<Say>Call again</Say>`},
			heard: "0.0 say Call again | 0.6 completed",
			asked: "/fallback POST ErrorCode=11200 ErrorUrl=" + applications + "/in CallSid=* CallStatus=ringing", alerts: []int{11200},
		},
		{
			name: "a document that cannot be read", source: "Twilio docs: Availability and Reliability; dictionary: 12100",
			pages: map[string]string{"/in": `<Say>`, "/fallback": `<Say>Call again</Say>`},
			heard: "0.0 say Call again | 0.6 completed", asked: "/fallback ErrorCode=12100 ErrorUrl=" + applications + "/in", alerts: []int{12100},
		},
		{
			name: "a document that is too large", source: "dictionary: 11750; that the fallback follows is inferred",
			pages: map[string]string{"/in": `<Say>` + strings.Repeat("a", maxDocument) + `</Say>`, "/fallback": `<Say>Call again</Say>`},
			heard: "0.0 say Call again | 0.6 completed", asked: "/fallback ErrorCode=11750", alerts: []int{11750},
		},
		{
			name: "one that comes later", source: "Twilio docs: Availability and Reliability",
			pages: map[string]string{"/in": `<Say>Hi</Say><Redirect>/b</Redirect><Say>never</Say>`, "/b": "500", "/fallback": `<Say>Call again</Say>`},
			heard: "0.0 say Hi | 0.5 say Call again | 1.1 completed",
			asked: "/b | /fallback ErrorCode=11200 ErrorUrl=" + applications + "/b CallStatus=in-progress", alerts: []int{11200},
		},
		{
			name: "an action", source: "Twilio docs: Availability and Reliability",
			pages: map[string]string{"/in": `<Gather action="/b" numDigits="1"/>`, "/b": "500", "/fallback": `<Say>Call again</Say>`}, caller: script{keys: "1"},
			heard: "0.1 say Call again | 0.7 completed", asked: "/b Digits=1 | /fallback ErrorCode=11200 !Digits", alerts: []int{11200},
		},
		{
			name: "a fallback that fails, too", source: "Twilio docs: Availability and Reliability; the words are inferred",
			pages: map[string]string{"/in": "500", "/fallback": "500"},
			heard: sorry, asked: "/fallback ErrorCode=11200", alerts: []int{11200, 11200},
		},
		{
			name: "without a fallback", source: "Twilio docs: Availability and Reliability; the words are inferred",
			pages: in("500"), heard: sorry, alerts: []int{11200},
		},
		{
			name: "what only plays needs none", source: "inferred",
			pages: map[string]string{"/in": `<Play>/broken</Play><Say>x</Say>`, "/broken": "500", "/fallback": `<Say>never</Say>`},
			heard: "0.0 say x | 0.5 completed", asked: "/broken GET", alerts: []int{11200},
		},
	})
}
