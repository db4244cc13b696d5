package exchange

import (
	"testing"
	"time"
)

const (
	ann, bob = "+12065550177", "+12065550178"
	carl     = "client:carl"
)

func TestDialNumbersAndClients(t *testing.T) {
	dial := func(attrs, nouns string) map[string]string {
		return in(`<Dial ` + attrs + `>` + nouns + `</Dial><Say>after</Say>`)
	}
	picksUp := script{answers: AnswersYes, tone: 700}
	check(t, []row{
		{
			name: "a number that answers is talked to, and its end tells the action", source: "Twilio docs: Dial",
			pages: dial(`action="/a"`, ann), others: map[string]script{ann: picksUp},
			rest: func(w *world) {
				w.at(3 * time.Second)
				w.heardBy(ann, "")
				w.hangUp(ann)
			},
			heard: "0.3 hears 700 | 3.0 completed",
			asked: "/a DialCallStatus=completed DialCallSid=* DialCallDuration=3 DialBridged=true",
		},
		{
			name: "nobody answers in time", source: "Twilio docs: Dial",
			pages: dial(`action="/a" timeout="7"`, ann), others: map[string]script{ann: {answers: AnswersNo}},
			heard: "7.0 completed", asked: "/a DialCallStatus=no-answer DialCallSid=* DialBridged=false !DialCallDuration",
		},
		{
			name: "busy, and without an action the next verb", source: "Twilio docs: Dial",
			pages: dial(``, ann), others: map[string]script{ann: {answers: AnswersBusy}},
			heard: "0.0 say after | 0.5 completed",
		},
		{
			name: "several ring at once: the first to answer wins, the others are canceled", source: "Twilio docs: Number, simultaneous dialing",
			pages: dial(`action="/a"`, `<Number statusCallback="/s">`+ann+`</Number><Client>carl</Client>`),
			others: map[string]script{
				ann:  {answers: AnswersNo},
				carl: {decides: InProgress, after: 2 * time.Second, tone: 700},
			},
			rest: func(w *world) {
				w.at(4 * time.Second)
				w.heardBy(ann, "2.0 canceled")
				w.heardBy(carl, "0.0 offered +12065550123")
				w.hangUp(carl)
			},
			heard: "2.3 hears 700 | 4.0 completed",
			asked: "/a DialCallStatus=completed DialCallDuration=2 | /s CallStatus=canceled To=" + ann + " CallbackSource=call-progress-events",
		},
		{
			name: "one after the other", source: "Twilio docs: Dial, sequential",
			pages: dial(`action="/a" sequential="true" timeout="5"`, `<Number>`+ann+`</Number><Number>`+bob+`</Number>`),
			others: map[string]script{
				ann: {answers: AnswersNo},
				bob: {answers: AnswersBusy},
			},
			heard: "5.0 completed", asked: "/a DialCallStatus=busy",
		},
		{
			name: "a client is given the parameters, and may refuse", source: "Twilio docs: Client",
			pages:  dial(`action="/a"`, `<Client><Identity>carl</Identity><Parameter name="Note" value="a b"/></Client>`),
			others: map[string]script{carl: {decides: Busy, after: time.Second}},
			rest: func(w *world) {
				w.at(2 * time.Second)
				w.heardBy(carl, "0.0 offered +12065550123 Note=a+b | 1.0 busy")
			},
			heard: "1.0 completed", asked: "/a DialCallStatus=busy",
		},
		{
			name: "a client that nobody has registered", source: "inferred: at once",
			pages: dial(`action="/a"`, `<Client>nobody</Client>`), heard: "0.0 completed", asked: "/a DialCallStatus=no-answer",
		},
		{
			name: "the callee hears its document before it is put through", source: "Twilio docs: Number, url",
			pages: map[string]string{
				"/in": `<Dial action="/a"><Number url="/w">` + ann + `</Number></Dial>`,
				"/w":  `<Say>Radio</Say>`,
			},
			others: map[string]script{ann: picksUp},
			rest: func(w *world) {
				w.at(3 * time.Second)
				w.heardBy(ann, "0.0 say Radio")
				w.hangUp(ann)
			},
			heard: "0.8 hears 700 | 3.0 completed", asked: "/a DialCallStatus=completed | /w CallSid=* To=" + ann,
		},
		{
			name: "and can decline by it", source: "Twilio docs: Number, url with Hangup",
			pages: map[string]string{
				"/in": `<Dial action="/a"><Number url="/w">` + ann + `</Number></Dial>`,
				"/w":  `<Hangup/>`,
			},
			others: map[string]script{ann: picksUp},
			heard:  "0.0 completed", asked: "/a DialBridged=false | /w",
		},
		{
			name: "timeLimit ends the talk", source: "Twilio docs: Dial",
			pages: dial(`action="/a" timeLimit="4"`, ann), others: map[string]script{ann: picksUp},
			heard: "0.3 hears 700 | 4.0 completed", asked: "/a DialCallDuration=4",
		},
		{
			name: "hangupOnStar ends the talk of who dialled", source: "Twilio docs: Dial",
			pages: dial(`action="/a" hangupOnStar="true"`, ann), others: map[string]script{ann: picksUp}, caller: script{keys: "w*"},
			heard: "0.3 hears 700 | 1.1 completed", asked: "/a DialCallStatus=completed",
		},
		{
			name: "a caller id that is not the account's", source: "dictionary",
			pages: dial(`callerId="+12065550999"`, ann), others: map[string]script{ann: picksUp},
			heard: "0.0 say after | 0.5 completed", alerts: []int{13214},
		},
		{
			name: "what is no number", source: "dictionary",
			pages: dial(``, "seven"), heard: "0.0 say after | 0.5 completed", alerts: []int{13223},
		},
		{
			name: "the progress of a number, in order", source: "Twilio docs: Number, statusCallbackEvent",
			pages:  dial(``, `<Number statusCallback="/s" statusCallbackEvent="initiated ringing answered completed">`+ann+`</Number>`),
			others: map[string]script{ann: {answers: AnswersYes}},
			rest: func(w *world) {
				w.at(2 * time.Second)
				w.hangUp(ann)
			},
			heard: "2.0 say after | 2.5 completed",
			asked: "/s CallStatus=initiated SequenceNumber=0 | /s CallStatus=ringing SequenceNumber=1 | " +
				"/s CallStatus=in-progress SequenceNumber=2 | /s CallStatus=completed SequenceNumber=3 CallDuration=2 ParentCallSid=*",
		},
		{
			name: "a callback that is answered with an error is a warning, and the call goes on", source: "dictionary: 15003",
			pages:  map[string]string{"/in": `<Dial action="/a"><Number statusCallback="/s">` + ann + `</Number></Dial>`, "/s": "500"},
			others: map[string]script{ann: {answers: AnswersYes}},
			rest: func(w *world) {
				w.at(2 * time.Second)
				w.hangUp(ann)
			},
			heard: "2.0 completed", asked: "/a DialCallStatus=completed | /s CallStatus=completed", alerts: []int{15003},
		},
		{
			name: "an action's answer to a call that is over is none", source: "dictionary: 11200",
			pages:  map[string]string{"/in": `<Dial action="/a">` + ann + `</Dial>`, "/a": "500"},
			others: map[string]script{ann: {answers: AnswersNo}}, until: 2 * time.Second,
			heard: "2.0 completed", asked: "/a DialCallStatus=canceled", alerts: []int{11200},
		},
		{
			name: "a recording of the talk", source: "Twilio docs: Dial, record",
			pages:  dial(`action="/a" record="record-from-answer-dual" recordingStatusCallback="/r"`, ann),
			others: map[string]script{ann: picksUp}, caller: script{tone: 500},
			rest: func(w *world) {
				w.at(2510 * time.Millisecond)
				w.hangUp(ann)
			},
			heard: "0.3 hears 700 | 2.5 completed",
			asked: "/a RecordingUrl=* RecordingDuration=3 | /r RecordingStatus=completed RecordingChannels=2 RecordingSource=DialVerb",
		},
	})
}

func TestDialRinging(t *testing.T) {
	late := map[string]script{carl: {decides: InProgress, after: 2 * time.Second}}
	busy := map[string]script{carl: {decides: Busy, after: 2 * time.Second}}
	dial := func(attrs string) map[string]string {
		return map[string]string{"/in": `<Dial action="/a" ` + attrs + `><Client>carl</Client></Dial>`}
	}
	check(t, []row{
		{
			name: "a call is answered before it dials", source: "Twilio docs: Dial, answerOnBridge",
			pages: dial(`hangupOnStar="true"`), others: late, caller: script{keys: "*"},
			heard: "0.1 completed", asked: "/a DialCallStatus=canceled CallStatus=in-progress",
		},
		{
			name: "with answerOnBridge when the other side answers", source: "Twilio docs: Dial, answerOnBridge",
			pages: dial(`hangupOnStar="true" answerOnBridge="true"`), others: late, caller: script{keys: "*"},
			heard: "2.1 completed", asked: "/a DialCallStatus=completed CallStatus=in-progress",
		},
		{
			name: "and not before", source: "Twilio docs: Dial, answerOnBridge; the statuses are inferred",
			pages: dial(`answerOnBridge="true"`), others: late,
			until: time.Second, heard: "1.0 no-answer", asked: "/a DialCallStatus=canceled CallStatus=no-answer",
		},
		{
			name: "and if it does not, by the next verb that answers", source: "Twilio docs: Dial, answerOnBridge",
			pages: map[string]string{"/in": dial(`answerOnBridge="true"`)["/in"], "/a": `<Say>Nobody is in</Say>`}, others: busy,
			heard: "2.0 say Nobody is in | 2.7 completed", asked: "/a DialCallStatus=busy CallStatus=ringing",
		},
		{
			name: "keys are sent to who answers, and then the two can talk", source: "Twilio docs: Number, sendDigits",
			pages:  in(`<Dial action="/a"><Number sendDigits="1wW2">` + ann + `</Number></Dial>`),
			others: map[string]script{ann: {answers: AnswersYes}},
			rest: func(w *world) {
				w.at(4 * time.Second)
				w.heardBy(ann, "0.0 digits 1wW2")
				w.hangUp(ann)
			},
			heard: "4.0 completed", asked: "/a DialCallStatus=completed DialCallDuration=2",
		},
		{
			name: "a recording from the answer on", source: "Twilio docs: Dial, record",
			pages: dial(`record="record-from-answer"`), others: late,
			rest: func(w *world) {
				w.at(4510 * time.Millisecond)
				w.hangUp(carl)
			},
			heard: "4.5 completed", asked: "/a RecordingDuration=3 DialCallDuration=2",
		},
		{
			name: "a recording from ringing on", source: "Twilio docs: Dial, record",
			pages: dial(`record="record-from-ringing" recordingStatusCallback="/r"`), others: late,
			rest: func(w *world) {
				w.at(4510 * time.Millisecond)
				w.hangUp(carl)
			},
			heard: "4.5 completed", asked: "/a RecordingDuration=5 DialCallDuration=2 RecordingUrl=* | /r RecordingStatus=completed RecordingChannels=1 RecordingDuration=5 RecordingSource=DialVerb",
		},
		{
			name: "there is one of ringing alone, too", source: "Twilio docs: Dial, record; that there is one is inferred",
			pages: dial(`record="record-from-ringing-dual" timeout="7"`), others: busy,
			heard: "2.0 completed", asked: "/a DialCallStatus=busy RecordingUrl=* RecordingDuration=2",
		},
	})
}

// What who dials is told, and how it ends if nobody answers.
func TestDialTells(t *testing.T) {
	client := func(attrs string) map[string]string {
		return in(`<Dial timeout="5" ` + attrs + `><Client>carl</Client></Dial>`)
	}
	bridged, dials := client(`answerOnBridge="true"`), script{dials: true}
	carl := func(s script) map[string]script {
		s.told = time.Second
		return map[string]script{carl: s}
	}
	check(t, []row{
		{
			name: "that it rings once the callee has been told, and only then an answer", source: "twilio-voice.js, tests/integration/device.ts: the callee's invite before the caller's answer",
			pages: client(""), others: carl(script{decides: InProgress, after: 2 * time.Second}), caller: dials,
			until: 4 * time.Second, heard: "1.0 alerted | 1.0 answered | 4.0 completed",
		},
		{
			name: "with answerOnBridge the answer is the callee's", source: "Twilio docs: Dial, answerOnBridge; @twilio/voice-sdk, call.js: the event ringing",
			pages: bridged, others: carl(script{decides: InProgress, after: 2 * time.Second}), caller: dials,
			until: 4 * time.Second, heard: "1.0 alerted | 2.0 answered | 4.0 completed",
		},
		{
			name: "a callee who rejects", source: "@twilio/voice-sdk, errors/generated.js: BusyHere; the status: Twilio docs: Call resource",
			pages: bridged, others: carl(script{decides: Busy, after: 2 * time.Second}), caller: dials,
			heard: "1.0 alerted | 2.0 refused 486 | 2.0 busy",
		},
		{
			name: "one that is not there", source: "@twilio/voice-sdk, errors/generated.js: TemporarilyUnavailable; the status: Twilio docs: Call resource",
			pages: bridged, caller: dials, heard: "0.0 refused 480 | 0.0 no-answer",
		},
		{
			name: "one that does not answer", source: "Twilio docs: error 31487; the status: Twilio docs: Call resource",
			pages: bridged, others: carl(script{}), caller: dials, heard: "1.0 alerted | 5.0 refused 487 | 5.0 no-answer",
		},
		{
			name: "one that cannot take it", source: "@twilio/voice-sdk, errors/generated.js: Decline",
			pages: bridged, others: carl(script{decides: Failed, after: 2 * time.Second}), caller: dials,
			heard: "1.0 alerted | 2.0 refused 603 | 2.0 failed",
		},
		{
			name: "one that declines by its document", source: "inferred: as one that rejects",
			pages:  map[string]string{"/in": `<Dial answerOnBridge="true"><Number url="/w">` + ann + `</Number></Dial>`, "/w": `<Hangup/>`},
			others: map[string]script{ann: {answers: AnswersYes}}, caller: dials,
			heard: "0.0 alerted | 0.0 refused 486 | 0.0 busy", asked: "/w",
		},
		{
			name: "nothing of it once something has answered", source: "Twilio docs: Call resource",
			pages:  map[string]string{"/in": `<Dial action="/a" answerOnBridge="true"><Client>carl</Client></Dial>`, "/a": `<Say>Nobody is in</Say>`},
			caller: dials, heard: "0.0 answered | 0.0 say Nobody is in | 0.7 completed", asked: "/a DialCallStatus=no-answer",
		},
		{
			name: "nor of a call that was answered before", source: "Twilio docs: Dial, answerOnBridge",
			pages: client(""), caller: dials, heard: "0.0 answered | 0.0 completed",
		},
	})
}

// Whoever ends a Dial, its action is asked; the answer is for nobody if the call
// is over.
func TestDialActionAfterTheCaller(t *testing.T) {
	pages := func(dial string) map[string]string {
		return map[string]string{"/in": dial, "/a": `<Say>never</Say>`, "/b": `<Say>b</Say>`}
	}
	number := pages(`<Dial action="/a" method="GET">` + ann + `</Dial>`)
	check(t, []row{
		{
			name: "hung up in talk", source: "Twilio docs: Dial, action",
			pages: number, others: map[string]script{ann: {answers: AnswersYes, tone: 700}},
			until: 3 * time.Second, heard: "0.3 hears 700 | 3.0 completed",
			asked: "/a GET DialCallStatus=completed DialCallSid=* DialCallDuration=3 DialBridged=true CallStatus=completed",
		},
		{
			name: "hung up while it rings", source: "inferred: canceled",
			pages: number, others: map[string]script{ann: {answers: AnswersNo}},
			until: 3 * time.Second, heard: "3.0 completed",
			asked: "/a DialCallStatus=canceled DialCallSid=* DialBridged=false CallStatus=completed",
		},
		{
			name: "hung up before anybody came to the queue", source: "inferred: canceled",
			pages: pages(`<Pause/><Dial action="/a"><Queue>q</Queue></Dial>`),
			rest:  func(w *world) { _, _ = w.x.CreateQueue("q", 0) },
			until: 3 * time.Second, heard: "3.0 completed", asked: "/a DialCallStatus=canceled DialBridged=false",
		},
		{
			name: "hung up in a conference", source: "Twilio docs: Dial, action",
			pages: pages(`<Dial action="/a"><Conference beep="false" waitUrl="">studio</Conference></Dial>`),
			until: 3 * time.Second, heard: "3.0 completed", asked: "/a DialCallStatus=answered CallStatus=completed !DialCallDuration",
		},
		{
			name: "hung up with a recording", source: "Twilio docs: Dial, action",
			pages:  pages(`<Dial action="/a" record="record-from-answer">` + ann + `</Dial>`),
			others: map[string]script{ann: {answers: AnswersYes, tone: 700}},
			until:  2510 * time.Millisecond, heard: "0.3 hears 700 | 2.5 completed", asked: "/a DialCallStatus=completed RecordingUrl=* RecordingDuration=3",
		},
		{
			name: "a call that is redirected goes on without it", source: "inferred",
			pages: number, others: map[string]script{ann: {answers: AnswersYes}},
			rest: func(w *world) {
				w.at(2 * time.Second)
				w.redirect("/b")
			},
			heard: "2.0 say b | 2.5 completed", asked: "/b",
		},
		{
			name: "and without an action nobody is asked", source: "Twilio docs: Dial, action",
			pages: pages(`<Dial>` + ann + `</Dial>`), others: map[string]script{ann: {answers: AnswersYes, tone: 700}},
			until: 3 * time.Second, heard: "0.3 hears 700 | 3.0 completed",
		},
	})
}

// A softphone whose token names nobody.
func TestAnonymous(t *testing.T) {
	check(t, []row{{
		name: "calls as client:Anonymous", source: "inferred from the Capability Tokens of old",
		pages: map[string]string{"/in": `<Pause length="60"/>`}, until: time.Second,
		rest: func(w *world) {
			w.at(500 * time.Millisecond)
			w.x.AddApplication(func(a *Application) { a.Sid, a.VoiceURL = "AP1", applications+"/app" })
			if _, err := w.x.Connect(w.x.account.Sid, "AP1", "", nil, nobody{}); err != nil {
				w.t.Fatal(err)
			}
		},
		heard: "1.0 no-answer", asked: "/app From=client:Anonymous",
	}})
}
