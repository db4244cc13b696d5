package exchange

import (
	"strings"
	"testing"
	"time"

	"callin/app/rehearsal/twiml"
)

func in(page string) map[string]string { return map[string]string{"/in": page} }

func TestSayPlayPause(t *testing.T) {
	check(t, []row{
		{name: "Say takes its time, and a call without verbs left ends", source: "Twilio docs: TwiML; the speed is ours", pages: in(`<Say>Hello there everybody</Say>`), heard: "0.0 say Hello there everybody | 1.3 completed"},
		{name: "Say as often as loop says", source: "Twilio docs: Say", pages: in(`<Say loop="3">Hi</Say>`), heard: "0.0 say Hi | 0.5 say Hi | 1.0 say Hi | 1.5 completed"},
		{name: "at a pace of 5 words are quicker, and nothing else is", source: "ours", pace: 5, pages: in(`<Say>Hello there everybody</Say><Pause/><Say>Hi</Say><Play>/a.wav</Play>`), heard: "0.0 say Hello there everybody | 1.3 say Hi | 1.4 play /a.wav | 2.4 completed"},
		{name: "Say with SSML says its words", source: "Twilio docs: Text to speech", pages: in(`<Say>One <break strength="x-weak"/>two</Say>`), heard: "0.0 say One two | 0.5 completed"},
		{name: "Say nothing", source: "dictionary", pages: in(`<Say></Say><Say>x</Say>`), heard: "0.0 say x | 0.5 completed", alerts: []int{13520}},
		{name: "Play", source: "Twilio docs: Play", pages: in(`<Play loop="2">/a.wav</Play>`), heard: "0.0 play /a.wav | 1.0 play /a.wav | 2.0 completed"},
		{name: "Play of MP3", source: "Twilio docs: Play", pages: in(`<Play>/a.mp3</Play>`), heard: "0.0 play /a.mp3 | 1.0 completed"},
		{name: "Play for ever is a thousand times", source: "Twilio docs: Play", pages: in(`<Play loop="0">/a.wav</Play>`), until: 2*time.Second + 100*time.Millisecond, heard: "0.0 play /a.wav | 1.0 play /a.wav | 2.0 play /a.wav | 2.1 completed"},
		{name: "Play digits, w half a second, W a whole one", source: "Twilio docs: Play; W inferred from Number", pages: in(`<Play digits="1wW2"/>`), heard: "0.0 digits 1wW2 | 1.9 completed"},
		{name: "Play what cannot be had goes on with the next verb", source: "inferred", pages: map[string]string{"/in": `<Play>/broken</Play><Say>x</Say>`, "/broken": "500"}, heard: "0.0 say x | 0.5 completed", asked: "/broken GET !CallSid", alerts: []int{11200}},
		{name: "Play a text", source: "dictionary: 12300", pages: map[string]string{"/in": `<Play>/text</Play><Say>x</Say>`, "/text": "words"}, heard: "0.0 say x | 0.5 completed", asked: "/text", alerts: []int{12300}},
		{name: "Play XML", source: "dictionary: 12300", pages: map[string]string{"/in": `<Play>/xml</Play><Say>x</Say>`, "/xml": `<Say>y</Say>`}, heard: "0.0 say x | 0.5 completed", asked: "/xml", alerts: []int{12300}},
		{name: "Play what is no audio", source: "dictionary: 13420", pages: map[string]string{"/in": `<Play>/x</Play><Say>x</Say>`, "/x": "Content-Type: application/json\n\n{}"}, heard: "0.0 say x | 0.5 completed", asked: "/x", alerts: []int{13420}},
		{name: "Pause", source: "Twilio docs: Pause", pages: in(`<Say>a</Say><Pause length="3"/><Say>b</Say>`), heard: "0.0 say a | 3.5 say b | 4.0 completed"},
		{name: "a plain text is said", source: "Twilio docs: TwiML", pages: in(`Good day`), heard: "0.0 say Good day | 0.5 completed"},
	})
}

func TestGather(t *testing.T) {
	gather := func(attrs, more string) map[string]string {
		return in(`<Gather ` + attrs + `><Say>Press</Say></Gather><Say>Nothing</Say>` + more)
	}
	check(t, []row{
		{name: "numDigits ends it at once, and the action goes on", source: "Twilio docs: Gather", pages: gather(`action="/a" numDigits="2"`, ""), caller: script{keys: "www12"}, heard: "0.0 say Press | 3.2 completed", asked: "/a POST Digits=12 msg=Gather_End"},
		{name: "finishOnKey ends it, and is no digit", source: "Twilio docs: Gather", pages: gather(`action="/a" method="GET" finishOnKey="*"`, ""), caller: script{keys: "1#*"}, heard: "0.0 say Press | 0.3 completed", asked: "/a GET Digits=1# FinishedOnKey=*"},
		{name: "an empty finishOnKey ends nothing", source: "Twilio docs: Gather", pages: gather(`action="/a" finishOnKey=""`, ""), caller: script{keys: "1#"}, heard: "0.0 say Press | 5.2 completed", asked: "/a Digits=1#"},
		{name: "the timeout runs from the last key", source: "Twilio docs: Gather", pages: gather(`action="/a" timeout="2"`, ""), caller: script{keys: "1w2"}, heard: "0.0 say Press | 3.2 completed", asked: "/a Digits=12"},
		{name: "without input the next verb follows", source: "Twilio docs: Gather", pages: gather(`action="/a" timeout="2"`, ""), heard: "0.0 say Press | 2.5 say Nothing | 3.0 completed"},
		{name: "unless actionOnEmptyResult", source: "Twilio docs: Gather", pages: gather(`action="/a" timeout="2" actionOnEmptyResult="true"`, ""), heard: "0.0 say Press | 2.5 completed", asked: "/a Digits="},
		{name: "without an action the same document", source: "Twilio docs: Gather", pages: gather(`numDigits="1"`, ""), caller: script{keys: "1"}, until: time.Second, heard: "0.0 say Press | 0.1 say Press | 1.0 completed", asked: "/in Digits=1"},
		{name: "a key ends the prompt", source: "Twilio docs: Gather", pages: gather(`action="/a" timeout="1"`, ""), caller: script{keys: "1"}, heard: "0.0 say Press | 1.1 completed", asked: "/a Digits=1"},
		{name: "but not with bargeIn off", source: "Twilio docs: Gather; that keys count is inferred", pages: in(`<Gather action="/a" numDigits="1" bargeIn="false"><Say>Press</Say><Pause length="3"/></Gather>`), caller: script{keys: "1"}, heard: "0.0 say Press | 3.5 completed", asked: "/a Digits=1"},
		{name: "speech is not made up: nothing was understood", source: "Twilio docs: Gather", pages: gather(`input="speech" action="/a" timeout="2"`, ""), caller: script{keys: "12", tone: 500}, heard: "0.0 say Press | 2.5 say Nothing | 3.0 completed"},
		{name: "and so says the action", source: "inferred", pages: gather(`input="speech" action="/a" timeout="2" actionOnEmptyResult="true"`, ""), heard: "0.0 say Press | 2.5 completed", asked: "/a SpeechResult= !Digits"},
		{name: "words that the caller was given", source: "Twilio docs: Gather, SpeechResult; that they are given is ours", pages: gather(`input="speech" action="/a" speechTimeout="2"`, ""), caller: script{says: []string{"The tower please", "more"}}, heard: "0.0 say Press | 1.0 understood The tower please | 4.0 completed", asked: "/a POST SpeechResult=The_tower_please Confidence=0.9 !Digits"},
		{name: "silence ends them after the timeout", source: "Twilio docs: Gather, speechTimeout", pages: gather(`input="speech" action="/a" timeout="3"`, ""), caller: script{says: []string{"Yes"}}, heard: "0.0 say Press | 1.0 understood Yes | 4.5 completed", asked: "/a SpeechResult=Yes"},
		{name: "or a pause", source: "Twilio docs: Gather, speechTimeout auto; its length is ours", pages: gather(`input="speech" action="/a" speechTimeout="auto"`, ""), caller: script{says: []string{"Yes"}}, heard: "0.0 say Press | 1.0 understood Yes | 2.5 completed", asked: "/a SpeechResult=Yes"},
		{name: "the timeout is to begin to speak", source: "Twilio docs: Gather, timeout", pages: gather(`input="speech" action="/a" timeout="1" speechTimeout="2"`, ""), caller: script{says: []string{"Yes I would like to say something long"}}, heard: "0.0 say Press | 1.0 understood Yes I would like to say something long | 5.3 completed", asked: "/a SpeechResult=*"},
		{name: "each is said once", source: "ours", pages: gather(`input="speech" action="/a" speechTimeout="auto" timeout="2"`, `<Redirect>/in</Redirect>`), caller: script{says: []string{"Yes"}}, heard: "0.0 say Press | 1.0 understood Yes | 2.5 completed", asked: "/a SpeechResult=Yes"},
		{name: "of keys and words what comes first counts: words", source: "inferred", pages: gather(`input="dtmf speech" action="/a" speechTimeout="auto"`, ""), caller: script{says: []string{"Yes"}, keys: "w1"}, heard: "0.0 say Press | 1.0 understood Yes | 2.5 completed", asked: "/a SpeechResult=Yes !Digits"},
		{name: "or keys", source: "inferred", pages: gather(`input="dtmf speech" action="/a" timeout="2"`, ""), caller: script{says: []string{"Yes"}, keys: "1"}, heard: "0.0 say Press | 2.1 completed", asked: "/a Digits=1 !SpeechResult"},
		{name: "and a key, pressed just as the caller begins to speak", source: "inferred", pages: gather(`input="dtmf speech" action="/a" timeout="2"`, ""), caller: script{says: []string{"Yes"}, presses: "1"}, heard: "0.0 say Press | 1.0 understood Yes | 3.0 completed", asked: "/a Digits=1 !SpeechResult"},
		{name: "keys beside speech", source: "Twilio docs: Gather", pages: gather(`input="dtmf speech" action="/a" numDigits="1"`, ""), caller: script{keys: "7"}, heard: "0.0 say Press | 0.1 completed", asked: "/a Digits=7"},
	})
}

// Twilio docs: Transcription. What a caller says is given to it, which is ours.
func TestTranscription(t *testing.T) {
	transcribed := func(attrs, more string) map[string]string {
		return in(`<Start><Transcription statusCallbackUrl="/t" ` + attrs + `/></Start>` + more)
	}
	says := script{says: []string{"Hello", "It's \"me\""}}
	check(t, []row{
		{
			name: "what the caller says is told, in order", source: "Twilio docs: Transcription, statusCallbackUrl; the pauses are ours",
			pages: transcribed("", `<Pause length="6"/>`), caller: says, heard: "0.5 understood Hello | 3.5 understood It's \"me\" | 6.0 completed",
			asked: "/t POST TranscriptionEvent=transcription-started SequenceId=1 TranscriptionSid=* Track=both_tracks LanguageCode=en-US CallSid=* AccountSid=* Timestamp=2000-01-01T00:00:00.000000Z | " +
				"/t TranscriptionEvent=transcription-content SequenceId=2 TranscriptionData={\"confidence\":0.9,\"transcript\":\"Hello\"} Final=true Track=inbound_track LanguageCode=en-US | " +
				"/t TranscriptionEvent=transcription-content SequenceId=3 TranscriptionData=* | /t TranscriptionEvent=transcription-stopped SequenceId=4",
		},
		{
			name: "also while the call is bridged", source: "Twilio docs: Transcription",
			pages: transcribed(`track="inbound_track" languageCode="de-DE" name="n"`, `<Dial>`+ann+`</Dial>`), caller: script{says: []string{"Hello"}}, others: map[string]script{ann: {answers: AnswersYes, tone: 700}},
			until: 2 * time.Second, heard: "0.3 hears 700 | 0.5 understood Hello | 2.0 completed",
			asked: "/t Name=n Track=inbound_track LanguageCode=de-DE | /t TranscriptionEvent=transcription-content | /t TranscriptionEvent=transcription-stopped",
		},
		{
			name: "of what the caller hears nothing is", source: "ours", pages: transcribed(`track="outbound_track"`, `<Say>Hi</Say><Pause/>`), caller: says,
			heard: "0.0 say Hi | 0.5 understood Hello | 1.5 completed", asked: "/t TranscriptionEvent=transcription-started | /t TranscriptionEvent=transcription-stopped",
		},
		{
			name: "what a Gather asks for is said to it", source: "ours", pages: transcribed("", `<Play digits="1"/><Gather input="speech" action="/a" speechTimeout="auto"><Pause length="3"/></Gather>`), caller: script{says: []string{"Hello"}},
			heard: "0.0 digits 1 | 3.7 understood Hello | 5.2 completed",
			asked: "/a SpeechResult=Hello | /t TranscriptionEvent=transcription-started | /t TranscriptionEvent=transcription-content | /t TranscriptionEvent=transcription-stopped",
		},
		{
			name: "other things that Start begins are not done here", source: "ours", pages: in(`<Start><Stream url="wss://x"/></Start><Say>x</Say>`),
			heard: "0.0 say x | 0.5 completed", alerts: []int{twiml.NotDone},
		},
	})
}

func TestRecord(t *testing.T) {
	record := func(attrs string) map[string]string {
		return in(`<Record ` + attrs + `/><Say>Nothing</Say>`)
	}
	check(t, []row{
		{name: "silence ends it and is left out", source: "Twilio docs: Record; the beep's length is ours", pages: record(`action="/a"`), caller: script{tone: 500, speaks: 3 * time.Second}, heard: "0.0 beep | 8.0 completed", asked: "/a RecordingDuration=3 RecordingUrl=* RecordingSid=* Digits="},
		{name: "unless it is not to be trimmed", source: "Twilio docs: Record", pages: record(`action="/a" trim="do-not-trim" playBeep="false"`), caller: script{tone: 500, speaks: 3 * time.Second}, heard: "8.0 completed", asked: "/a RecordingDuration=8"},
		{name: "a key ends it", source: "Twilio docs: Record", pages: record(`action="/a" method="GET" finishOnKey="#"`), caller: script{tone: 500, keys: "w1w#"}, heard: "0.0 beep | 2.2 completed", asked: "/a GET RecordingDuration=2 Digits=#"},
		{name: "maxLength ends it", source: "Twilio docs: Record", pages: record(`action="/a" maxLength="4" playBeep="false"`), caller: script{tone: 500}, heard: "4.0 completed", asked: "/a RecordingDuration=4"},
		{name: "who says nothing goes on", source: "Twilio docs: Record", pages: record(`action="/a" timeout="2" playBeep="false"`), heard: "2.0 say Nothing | 2.5 completed"},
		{name: "who hangs up leaves a recording", source: "Twilio docs: Record", pages: record(`action="/a" playBeep="false"`), caller: script{tone: 500}, until: 2 * time.Second, heard: "2.0 completed", asked: "/a Digits=hangup RecordingDuration=2 CallStatus=completed"},
		{name: "the callbacks", source: "Twilio docs: Record", pages: record(`action="/a" maxLength="2" playBeep="false" recordingStatusCallback="/r" recordingStatusCallbackEvent="in-progress completed"`), caller: script{tone: 500}, heard: "2.0 completed", asked: "/r RecordingStatus=in-progress RecordingSource=RecordVerb | /a RecordingDuration=2 | /r RecordingStatus=completed RecordingDuration=2 RecordingChannels=1 RecordingStartTime=*"},
		{name: "a callback answered with an error", source: "inferred: as 15003", pages: map[string]string{"/in": record(`action="/a" maxLength="2" playBeep="false" recordingStatusCallback="/r"`)["/in"], "/r": "500"}, caller: script{tone: 500}, heard: "2.0 completed", asked: "/a | /r RecordingStatus=completed", alerts: []int{15003}},
		{name: "nothing said is absent", source: "Twilio docs: Record", pages: record(`action="/a" timeout="1" playBeep="false" recordingStatusCallback="/r" recordingStatusCallbackEvent="absent"`), heard: "1.0 say Nothing | 1.5 completed", asked: "/r RecordingStatus=absent ErrorCode=16101"},
		{name: "transcriptions there are none", source: "dictionary", pages: record(`action="/a" maxLength="2" playBeep="false" transcribe="true"`), caller: script{tone: 500}, heard: "2.0 completed", asked: "/a", alerts: []int{13620}},
	})
}

func TestDocument(t *testing.T) {
	const sorry = "0.0 say " + apology + " | 3.4 completed"
	const say = `<Response><Say>x</Say></Response>`
	check(t, []row{
		{name: "HTML is read as XML", source: "Twilio docs: TwiML, MIME types", pages: in("Content-Type: text/html\n\n" + say), heard: "0.0 say x | 0.5 completed"},
		{name: "and so is a type that ends in xml", source: "inferred", pages: in("Content-Type: application/xml; charset=utf-8\n\n" + say), heard: "0.0 say x | 0.5 completed"},
		{name: "in the charset that the header says", source: "RFC 7303", pages: in("Content-Type: text/xml; charset=ISO-8859-1\n\n<Response><Say>caf\xe9</Say></Response>"), heard: "0.0 say café | 0.5 completed"},
		{name: "a text too", source: "Twilio docs: TwiML, MIME types", pages: in("Content-Type: text/plain; charset=ISO-8859-1\n\ncaf\xe9"), heard: "0.0 say café | 0.5 completed"},
		{name: "without a Content-Type", source: "dictionary: 12300", pages: in("Content-Type:\n\n" + say), heard: sorry, alerts: []int{12300}},
		{name: "with one that says nothing", source: "dictionary: 12300", pages: in("Content-Type: ;\n\n" + say), heard: sorry, alerts: []int{12300}},
		{name: "with one of something else", source: "dictionary: 12300", pages: in("Content-Type: application/json\n\n{}"), heard: sorry, alerts: []int{12300}},
		{name: "an empty line before the XML declaration", source: "dictionary: 12100", pages: in("Content-Type: text/xml\n\n\n<?xml version='1.0'?>" + say), heard: sorry, alerts: []int{12100}},
	})
}

// Twilio docs: TwiML Voice, request parameters. The towns are ours.
func TestGeography(t *testing.T) {
	const from, to = "FromCity=SEATTLE FromState=WA FromZip=98101 FromCountry=US", "ToCity=WASHINGTON ToState=DC ToZip=20001 ToCountry=US"
	check(t, []row{
		{
			name: "each request about a call says where its numbers are from", source: "Twilio docs: TwiML Voice, request parameters",
			pages: map[string]string{"/in": `<Redirect>/b</Redirect>`, "/b": `<Enqueue waitUrl="/wait" action="/left">q</Enqueue>`}, until: 500 * time.Millisecond,
			heard: "0.5 completed", asked: "/b " + from + " " + to + " | /left " + from + " " + to + " | /wait " + from + " " + to,
		},
		{
			name: "that of a client is not known, and of other numbers the country at most", source: "Twilio docs: TwiML Voice, request parameters: sent where it is known",
			pages: in(`<Dial callerId="+12025550100"><Number statusCallback="/n">+442079460000</Number><Number statusCallback="/x">+85223456789</Number><Client statusCallback="/c">nobody</Client></Dial>`),
			heard: "30.0 completed",
			asked: "/c FromCity=WASHINGTON !ToCity !ToCountry | /n ToCountry=GB !ToCity !ToZip | /x !ToCountry !ToCity",
		},
	})
}

func TestRedirectRejectHangup(t *testing.T) {
	check(t, []row{
		{name: "Redirect", source: "Twilio docs: Redirect", pages: map[string]string{"/in": `<Redirect method="GET">b?x=1</Redirect><Say>never</Say>`, "/b": `<Say>b</Say>`}, heard: "0.0 say b | 0.5 completed", asked: "/b GET x=1 CallSid=*"},
		{name: "Reject is not answered", source: "Twilio docs: Reject; the status is inferred", pages: in(`<Reject/>`), heard: "0.0 no-answer"},
		{name: "Reject as busy", source: "Twilio docs: Reject", pages: in(`<Reject reason="busy"/>`), heard: "0.0 busy"},
		{name: "Reject of what is answered ends it", source: "inferred", pages: in(`<Say>x</Say><Reject reason="busy"/>`), heard: "0.0 say x | 0.5 completed"},
		{name: "Hangup", source: "Twilio docs: Hangup", pages: in(`<Hangup/><Say>never</Say>`), heard: "0.0 completed"},
		{name: "Leave outside a queue", source: "inferred", pages: in(`<Leave/><Say>x</Say>`), heard: "0.0 say x | 0.5 completed", alerts: []int{12200}},
		{name: "an error in a document ends the call", source: "dictionary: an error; that it ends is inferred", pages: in(`<Dial><Conference endConferenceOnExit="perhaps">c</Conference></Dial>`), heard: "0.0 say " + apology + " | 3.4 completed", alerts: []int{13231}},
		{name: "a warning does not", source: "dictionary: a warning", pages: in(`<Say loop="many">x</Say><Sing/>`), heard: "0.0 say x | 0.5 completed", alerts: []int{13510, 12200}},
		{name: "a verb that is not done here", source: "ours: Twilio has no code for it", pages: in(`<Pay/><Say>x</Say>`), heard: "0.0 say x | 0.5 completed", alerts: []int{twiml.NotDone}},
		{name: "a noun that is not done here", source: "ours; that the Dial fails is inferred", pages: in(`<Dial action="/a"><Sip>sip:a@b</Sip></Dial>`), heard: "0.0 completed", asked: "/a DialCallStatus=failed", alerts: []int{twiml.NotDone}},
		{name: "a Dial without a noun", source: "dictionary: 13215", pages: in(`<Dial/><Say>x</Say>`), heard: "0.0 say x | 0.5 completed", alerts: []int{13215}},
		{name: "too large", source: "dictionary", pages: in(`<Say>` + strings.Repeat("a", maxDocument) + `</Say>`), heard: "0.0 say " + apology + " | 3.4 completed", alerts: []int{11750}},
	})
}
