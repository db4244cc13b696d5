package exchange

import (
	"strings"
	"testing"
	"time"
)

// A call to one of the account's own numbers asks that number's voice URL.
func TestDialOwnNumber(t *testing.T) {
	const own = "+12025550101"
	dial := func(document string) map[string]string {
		return map[string]string{"/in": `<Pause/><Dial action="/a" answerOnBridge="true">` + own + `</Dial>`, "/own": document}
	}
	answered := func(w *world) {
		w.x.mu.Lock()
		defer w.x.mu.Unlock()
		w.x.numbers[1].VoiceURL, w.x.numbers[1].StatusCallback = applications+"/own", applications+"/s"
	}
	check(t, []row{
		{
			name: "its document is heard, and ends both calls", source: "Twilio docs: IncomingPhoneNumber, VoiceUrl",
			pages: dial(`<Play>/tone.mp3</Play>`), rest: answered,
			heard: "1.3 hears 1000 | 2.1 completed",
			asked: "/own Direction=inbound From=+12065550123 To=+12025550101 | /a DialCallStatus=completed DialBridged=true | /s CallStatus=completed",
		},
		{
			name: "who calls it is heard", source: "Twilio docs: Record",
			pages: dial(`<Record action="/r" playBeep="false" timeout="2"/>`), caller: script{tone: 500, speaks: 3 * time.Second}, rest: answered,
			heard: "6.0 completed",
			asked: "/own | /r RecordingDuration=3 | /a DialCallStatus=completed | /s CallStatus=completed CallDuration=5",
		},
		{
			name: "a caller who hangs up ends both calls", source: "Twilio docs: Call resource",
			pages: dial(`<Pause length="1"/><Say>Hello</Say><Pause length="60"/>`),
			rest: func(w *world) {
				answered(w)
				w.at(5 * time.Second)
				w.hangUp("caller")
				w.at(20 * time.Second)
			},
			heard: "5.0 completed",
			asked: "/own | /a DialCallStatus=completed | /s CallStatus=completed CallDuration=3",
		},
		{
			name: "it may reject", source: "Twilio docs: Reject",
			pages: dial(`<Reject reason="busy"/>`), rest: answered,
			heard: "1.0 busy", asked: "/own | /a DialCallStatus=busy | /s CallStatus=busy",
		},
		{
			name: "one whose document dials itself comes to an end", source: "ours",
			pages: dial(`<Dial answerOnBridge="true">` + own + `</Dial>`),
			rest: func(w *world) {
				answered(w)
				w.at(4 * time.Second)
				w.x.mu.Lock()
				defer w.x.mu.Unlock()
				if w.x.trunks != 0 {
					w.t.Errorf("%d calls are still counted", w.x.trunks)
				}
			},
			heard: "1.0 busy",
			asked: "/a DialCallStatus=busy" + strings.Repeat(" | /own", maxTrunks) + strings.Repeat(" | /s CallStatus=busy", maxTrunks),
		},
	})
}
