package twiml

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// dialled is a Dial as it is by default, changed by f.
func dialled(f func(*Dial)) []Verb {
	d := Dial{
		Method: "POST", TimeLimit: 14400, Timeout: 30, Record: "do-not-record", RecordingTrack: "both",
		Callback: RecordingCallback{Method: "POST"},
	}
	f(&d)
	return []Verb{d}
}

// TestParse is what a document says. The defaults are those of Twilio docs, by
// the verb's name; problems, in order, have the codes of its error dictionary.
func TestParse(t *testing.T) {
	const post = "POST"
	told := RecordingCallback{Method: post}
	for _, c := range []struct {
		name, xml string
		want      []Verb
		problems  []int
	}{
		{"words, with the words inside SSML in their order", `<Say>One <emphasis>two</emphasis> three<break time="1s"/></Say>`, []Verb{Say{Text: "One two three", Loop: 1}}, nil},
		{"a voice", `<Say voice="Polly.Joanna" language="en-GB">x</Say>`, []Verb{Say{Text: "x", Voice: "Polly.Joanna", Language: "en-GB", Loop: 1}}, nil},
		{"no such voice, language, loop", `<Say voice="Bob" language="?" loop="-1">x</Say>`, []Verb{Say{Text: "x", Loop: 1}}, []int{13510, 13511, 13512}},
		{"nothing to say", `<Say> </Say>`, nil, []int{13520}},
		{"a loop of 0 is for ever", `<Play loop="0"> http://x/a.wav </Play>`, []Verb{Play{URL: "http://x/a.wav"}}, nil},
		{"digits", `<Play digits="wW1A#"/>`, []Verb{Play{Digits: "wW1A#", Loop: 1}}, nil},
		{"neither digits nor a URL", `<Play loop="x" digits="1-2"/>`, nil, []int{13430, 13410, 12200}},
		{"a pause", `<Pause/><Pause length="3"/><Pause length="x"/>`, []Verb{Pause{1}, Pause{3}, Pause{1}}, []int{13910}},
		{"gather", `<Gather numDigits="4" finishOnKey=""><Say>Pin</Say><Dial/></Gather>`, []Verb{
			Gather{Prompts: []Verb{Say{Text: "Pin", Loop: 1}}, DTMF: true, NumDigits: 4, Timeout: 5, Method: post, BargeIn: true},
		}, []int{13320}},
		{"gather everything", `<Gather input="dtmf speech" timeout="2" action="/a" method="get" actionOnEmptyResult="true" bargeIn="false" hints="a" language="de-DE" speechTimeout="auto" partialResultCallback="/p"/>`, []Verb{
			Gather{DTMF: true, Speech: true, FinishOnKey: "#", Timeout: 2, Action: "/a", Method: "GET", ActionOnEmptyResult: true, SpeechTimeout: SpeechTimeoutAuto},
		}, nil},
		{"gather wrongly", `<Gather numDigits="0" finishOnKey="x" timeout="-1" method="PUT" input="mind" bargeIn="1" speechTimeout="0" language="?"><Say voice="x" loop="x">y</Say></Gather>`, []Verb{
			Gather{Prompts: []Verb{Say{Text: "y", Loop: 1}}, DTMF: true, FinishOnKey: "#", Timeout: 5, Method: post, BargeIn: true},
		}, []int{13314, 13310, 13313, 13312, 13332, 13322, 13321, 13326, 13327, 13331}},
		{"a gather's action on an empty result", `<Gather actionOnEmptyResult="maybe"/>`, []Verb{
			Gather{DTMF: true, FinishOnKey: "#", Timeout: 5, Method: post, BargeIn: true},
		}, []int{13338}},
		{"record", `<Record/>`, []Verb{Record{Method: post, Timeout: 5, MaxLength: 3600, FinishOnKey: "1234567890*#", PlayBeep: true, Trim: true, Callback: told}}, nil},
		{"record wrongly", `<Record method="x" timeout="x" maxLength="0" finishOnKey="x" playBeep="x" trim="x" transcribe="x" recordingStatusCallback="mailto:x" recordingStatusCallbackEvent="done"/>`, []Verb{
			Record{Method: post, Timeout: 5, MaxLength: 3600, FinishOnKey: "1234567890*#", PlayBeep: true, Trim: true, Callback: told},
		}, []int{13610, 13611, 13612, 13613, 13616, 13699, 13614, 13256, 13621}},
		{"redirect, reject", `<Redirect method="x"/><Reject reason="BUSY"/><Reject reason="x"/>`, []Verb{Redirect{Method: post}, Reject{Reason: "busy"}, Reject{Reason: "rejected"}}, []int{13710, 13810}},
		{"an empty waitUrl is not an absent one", `<Enqueue waitUrl="">q</Enqueue><Leave/>`, []Verb{Enqueue{Name: "q", Method: post, WaitURLMethod: post, Wait: true}, Leave{}}, nil},
		{"enqueue wrongly", `<Enqueue action="ftp://x" method="x" waitUrl="ftp://x" waitUrlMethod="x" maxQueueSize="0">q</Enqueue>`, []Verb{
			Enqueue{Name: "q", Method: post, WaitURLMethod: post, Wait: true, Invalid: true},
		}, []int{14202, 14203, 14201, 14206, 12200}},
		{"the front of a queue", `<Dial hangupOnStar="true" timeout="600"><Queue url="/w">q</Queue></Dial><Redirect/>`, append(dialled(func(d *Dial) {
			d.HangupOnStar, d.Timeout, d.Queue = true, 600, &Queue{Name: "q", URL: "/w", Method: post}
		}), Redirect{Method: post}), nil},
		{"a number by itself", `<Dial timeout="1" timeLimit="9" record="true">+1</Dial>`, dialled(func(d *Dial) {
			d.Timeout, d.TimeLimit, d.Record = 5, 9, "record-from-answer" // 5 is the least (Twilio docs: Dial)
			d.Parties = []Party{{Number: "+1", Method: post, StatusCallbackMethod: post}}
		}), nil},
		{"telephones and softphones", `<Dial sequential="true" ringTone="uk"><Number sendDigits="w1" url="/u" statusCallback="/s" statusCallbackEvent="ringing x">+1</Number><Client>ana</Client>` +
			`<Client method="GET"><Identity>ben</Identity><Parameter name="a" value="b"/></Client></Dial>`, dialled(func(d *Dial) {
			d.Sequential, d.RingTone = true, "uk"
			d.Parties = []Party{
				{Number: "+1", SendDigits: "w1", URL: "/u", Method: post, StatusCallback: "/s", StatusCallbackMethod: post, StatusCallbackEvents: []string{"ringing"}},
				{Identity: "ana", Method: post, StatusCallbackMethod: post},
				{Identity: "ben", Method: "GET", StatusCallbackMethod: post, Parameters: []Parameter{{"a", "b"}}},
			}
		}), []int{12200}},
		{
			"dial wrongly", `<Dial method="x" answerOnBridge="x" hangupOnStar="x" timeLimit="x" timeout="x" record="x" recordingTrack="x" sequential="x" ringTone="x"><Fax>+1</Fax></Dial>`, dialled(func(*Dial) {}),
			[]int{13210, 13219, 13213, 13216, 13212, 13217, 13622, 13218, 13220, 13215},
		},
		{"a conference excludes the rest", `<Dial><Number>+1</Number><Queue>q</Queue><Conference>c</Conference></Dial>`, dialled(func(d *Dial) {
			d.Conference = &Conference{
				Name: "c", Beep: "true", StartOnEnter: true, WaitMethod: post, MaxParticipants: 250,
				StatusCallbackMethod: post, JitterBufferSize: "large", Trim: true, Callback: told,
			}
		}), []int{13000}},
		{"a conference wrongly", `<Dial><Conference muted="x" beep="x" startConferenceOnEnter="x" endConferenceOnExit="x" waitUrl="ftp://x" waitMethod="x" maxParticipants="251" participantLabel="a/b" trim="x">c</Conference></Dial>`, dialled(func(d *Dial) {
			d.Conference = &Conference{
				Name: "c", Beep: "true", StartOnEnter: true, Wait: true, WaitMethod: post, MaxParticipants: 250,
				StatusCallbackMethod: post, JitterBufferSize: "large", Trim: true, Callback: told,
			}
		}), []int{13233, 13230, 13235, 13232, 13231, 13234, 12200, 13239, 16023}},
		{"a transcription", `<Start><Transcription statusCallbackUrl="/t" name="n" languageCode="de-DE" track="inbound_track" partialResults="true" hints="x" inboundTrackLabel="a" outboundTrackLabel="b"/><Transcription/></Start>`, []Verb{Start{[]Transcription{
			{Name: "n", StatusCallback: "/t", Method: post, Language: "de-DE", Engine: "google", Track: "inbound_track", InboundLabel: "a", OutboundLabel: "b", PartialResults: true},
			{Method: post, Language: "en-US", Engine: "google", Track: "both_tracks"},
		}}}, nil},
		{"a transcription wrongly", `<Start><Stream/><Sing/><Transcription track="left" statusCallbackUrl="ftp://x" colour="x"/></Start>`, []Verb{Start{[]Transcription{
			{Method: post, Language: "en-US", Engine: "google", Track: "both_tracks"},
		}}}, []int{NotDone, 12200, 12200, 12200, 12200}},
		{"what Twilio does and this stand-in does not", `<Connect><Stream url="wss://x"/></Connect><Stop/><Pay/><Refer/><Sms>x</Sms><Dial><Sim>DE1</Sim></Dial><Dial><Application>AP1</Application><Number>+1</Number></Dial>`, append(dialled(func(d *Dial) { d.Absent = true }), dialled(func(d *Dial) {
			d.Absent, d.Parties = true, []Party{{Number: "+1", Method: post, StatusCallbackMethod: post}}
		})...), []int{NotDone, NotDone, NotDone, NotDone, NotDone, NotDone, NotDone}},
		{"what is unknown is passed over", `Hello<Sing/><Hangup tune="x"/>`, []Verb{Hangup{}}, []int{12200, 12200, 12200}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Parse([]byte(`<?xml version="1.0" encoding="UTF-8"?><Response xmlns:x="y">`+c.xml+`</Response>`), "")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, d.Verbs, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			var codes []int
			for _, p := range d.Problems {
				codes = append(codes, p.Code)
			}
			if !slices.Equal(codes, c.problems) {
				t.Errorf("problems: %v", d.Problems)
			}
		})
	}
}

func TestUnreadable(t *testing.T) {
	for s, want := range map[string]error{
		"": ErrParse, "Hello": ErrParse, "<Response><Say></Response>": ErrParse, "<Response/><Response/>": ErrParse,
		"<Response/>x": ErrParse, ` <?xml version="1.0"?><Response/>`: ErrParse, "\n<?xml version='1.0'?><Response/>": ErrParse,
		`<!-- --><?xml version="1.0"?><Response/>`: ErrParse, `<Response><?xml version="1.0"?></Response>`: ErrParse,
		`<?xml version="1.0" encoding="Klingon"?><Response/>`: ErrParse, "<Response><Say>\xe9</Say></Response>": ErrParse,
		`<Response><Say loop="1" loop="2">x</Say></Response>`: ErrParse,
		"<html></html>": ErrRoot, "<response/>": ErrRoot,
	} {
		if _, err := Parse([]byte(s), ""); !errors.Is(err, want) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// TestCharset is what XML allows a document to be written in (XML 1.0, 4.3.3 and
// appendix F; RFC 7303 for which of several words counts).
func TestCharset(t *testing.T) {
	sixteen := func(endian string, s string) string {
		out := ""
		for _, r := range s {
			if endian == "big" {
				out += "\x00" + string([]byte{byte(r)})
			} else {
				out += string([]byte{byte(r)}) + "\x00"
			}
		}
		return out
	}
	const say, declares = "<Response><Say>caf\xe9</Say></Response>", `<?xml version="1.0" encoding="ISO-8859-1"?>`
	for name, c := range map[string]struct{ doc, charset string }{
		"UTF-8":                    {"<Response><Say>café</Say></Response>", ""},
		"by a mark":                {"\ufeff<?xml version='1.0'?><Response><Say>café</Say></Response>", ""},
		"declared":                 {declares + say, ""},
		"declared in single marks": {"<?xml version='1.0'\n encoding='windows-1252' standalone='yes'?>" + say, ""},
		"by the header":            {say, "iso-8859-1"},
		"the header goes first":    {"<?xml version='1.0' encoding='UTF-8'?>" + say, "windows-1252"},
		"the mark before both":     {"\ufeff" + declares + "<Response><Say>café</Say></Response>", "iso-8859-1"},
		"UTF-16, big":              {"\xfe\xff" + sixteen("big", "<?xml version='1.0' encoding='UTF-16'?>") + sixteen("big", "<Response><Say>caf") + "\x00\xe9" + sixteen("big", "</Say></Response>"), ""},
		"UTF-16, little":           {"\xff\xfe" + sixteen("little", "<Response><Say>caf") + "\xe9\x00" + sixteen("little", "</Say></Response>"), ""},
		"UTF-16 without a mark":    {sixteen("little", "<?xml version='1.0' encoding='UTF-16'?><Response><Say>caf") + "\xe9\x00" + sixteen("little", "</Say></Response>"), "utf-16"},
	} {
		d, err := Parse([]byte(c.doc), c.charset)
		if err != nil || !cmp.Equal(d.Verbs, []Verb{Say{Text: "café", Loop: 1}}) {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`<?xml version="1.0" encoding="UTF-8"?><Response><Say voice="Polly.Amy" loop="2">Hello <break time="200ms"/><prosody rate="slow">there</prosody></Say></Response>`,
		`<Response><Play loop="0">https://api.twilio.com/cowbell.mp3</Play><Play digits="wwww3"/></Response>`,
		`<Response><Gather input="speech dtmf" timeout="3" numDigits="1" action="/g?a=b&amp;c=d"><Say>Press 1</Say><Pause length="2"/></Gather><Redirect method="GET">/again</Redirect></Response>`,
		`<Response><Record action="http://x/r" maxLength="20" finishOnKey="#" transcribe="true" recordingStatusCallbackEvent="in-progress completed absent"/></Response>`,
		`<Response><Enqueue waitUrl="/wait" action="/left" maxQueueSize="7">on-air</Enqueue><Leave/></Response>`,
		`<Response><Enqueue workflowSid="WW0"><Task priority="1">{"a":1}</Task></Enqueue></Response>`,
		`<Response><Dial callerId="+15550100" timeout="20" record="record-from-ringing-dual"><Number url="/w" sendDigits="wwww1928">+15550101</Number><Number>+15550102</Number></Dial></Response>`,
		`<Response><Dial><Client statusCallback="/s" statusCallbackEvent="initiated ringing answered completed"><Identity>ana</Identity><Parameter name="n" value="v"/></Client></Dial></Response>`,
		`<Response><Dial hangupOnStar="true" action="/next"><Queue url="/whisper">on-air</Queue></Dial></Response>`,
		`<Response><Dial><Conference beep="onEnter" startConferenceOnEnter="false" endConferenceOnExit="true" waitUrl="" coach="CA0" participantLabel="host" record="record-from-start">studio</Conference></Dial></Response>`,
		`<Response><Reject reason="busy"/><Hangup/></Response>`,
		`<Response><![CDATA[<Say>x</Say>]]><!-- nothing --></Response>`,
		`<!DOCTYPE r [<!ENTITY a "b">]><Response><Say>&a;</Say></Response>`,
		"<Response><Say>\xff\xfe</Say></Response>", `<Response`, `<a><b><c><d><e><f><g><h><i><j><k><l><m><n><o><p><q>`,
		`<Response><Dial><Dial><Dial><Number><Number/></Number></Dial></Dial></Dial></Response>`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse([]byte(s), "")
		if (d == nil) != (err != nil) {
			t.Fatalf("%v %v", d, err)
		}
		if err != nil {
			return
		}
		for _, p := range d.Problems {
			if p.Code != NotDone && p.Code < 11000 || p.Text == "" {
				t.Errorf("%+v", p)
			}
		}
		again, err := Parse([]byte(s), "")
		if err != nil || !cmp.Equal(d, again) {
			t.Errorf("the second time it reads otherwise: %v", err)
		}
	})
}
