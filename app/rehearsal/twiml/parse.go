package twiml

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// ErrParse says that a document is not XML, Twilio's error 12100; ErrRoot that
// it is not TwiML, 12102.
var (
	ErrParse = errors.New("document parse failure")
	ErrRoot  = errors.New("the root element must be Response")
)

// maxSay is the longest text that a Say speaks, in characters (13521).
const maxSay = 4096

// Parse reads a document that came with a charset, empty for none. Where Twilio
// warns, by 12200 or a code of the attribute's own, so does Parse, and goes on.
func Parse(b []byte, charset string) (*Document, error) {
	b, err := UTF8(b, charset)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrParse, err)
	}
	root, err := tree(b)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrParse, err)
	}
	if root.name != "Response" {
		return nil, fmt.Errorf("%w, not %q", ErrRoot, root.name)
	}
	p := &parser{}
	p.rest(root)
	if root.trimmed() != "" {
		p.problem(schema, "text between the verbs")
	}
	verbs := p.verbs(root, schema, nil)
	return &Document{Verbs: verbs, Problems: p.problems}, nil
}

// verbs reads the children of n; only, when given, names those allowed, and
// code is the problem with others.
func (p *parser) verbs(n *node, code int, only []string) []Verb {
	var vs []Verb
	for _, k := range n.kids {
		if only != nil && !slices.Contains(only, k.name) {
			p.problem(code, "<%s> is not allowed in <%s>", k.name, n.name)
			continue
		}
		if v := p.verb(k, n.name == "Gather"); v != nil {
			vs = append(vs, v)
			p.rest(k)
		}
	}
	return vs
}

func (p *parser) verb(n *node, gathering bool) Verb {
	switch n.name {
	case "Say":
		return p.say(n, gathering)
	case "Play":
		return p.play(n)
	case "Pause":
		return Pause{Length: p.number(n, "length", 1, 0, 14400, 13910)}
	case "Gather":
		return p.gather(n)
	case "Record":
		return p.record(n)
	case "Redirect":
		return Redirect{URL: n.trimmed(), Method: p.method(n, "method", 13710)}
	case "Reject":
		return Reject{Reason: p.oneOf(n, "reason", 13810, "rejected", "busy")}
	case "Hangup":
		return Hangup{}
	case "Leave":
		return Leave{}
	case "Enqueue":
		return p.enqueue(n)
	case "Start":
		return p.start(n)
	case "Dial":
		return p.dial(n)
	}
	if absentVerbs[n.name] {
		p.absent(n)
		return nil
	}
	p.problem(schema, "unknown verb <%s>", n.name)
	return nil
}

// What Twilio knows and this stand-in does not do (Twilio docs: TwiML for
// Programmable Voice; Dial, nouns). Stop ends what Start began.
var (
	absentVerbs = map[string]bool{"Connect": true, "Echo": true, "Pay": true, "Prompt": true, "Refer": true, "Sms": true, "Stop": true}
	absentNouns = map[string]bool{"Application": true, "Sim": true, "Sip": true, "WhatsApp": true}
	absentStart = map[string]bool{"Recording": true, "Siprec": true, "Stream": true}
)

// absent passes over what Twilio would do. It is not looked into.
func (p *parser) absent(n *node) {
	p.problem(NotDone, "<%s> is not done by this stand-in", n.name)
}

func (p *parser) start(n *node) Verb {
	var v Start
	for _, k := range n.kids {
		switch {
		case k.name == "Transcription":
			v.Transcriptions = append(v.Transcriptions, p.transcription(k))
			p.rest(k)
		case absentStart[k.name]:
			p.absent(k)
		default:
			p.problem(schema, "<%s> is not allowed in <Start>", k.name)
		}
	}
	p.without(n, "action", "method")
	return v
}

func (p *parser) transcription(n *node) Transcription {
	t := Transcription{
		Name: p.text(n, "name"), StatusCallback: p.address(n, "statusCallbackUrl", schema), Method: p.method(n, "statusCallbackMethod", schema),
		Language: p.text(n, "languageCode"), Engine: p.text(n, "transcriptionEngine"),
		Track:        p.oneOf(n, "track", schema, "both_tracks", "inbound_track", "outbound_track"),
		InboundLabel: p.text(n, "inboundTrackLabel"), OutboundLabel: p.text(n, "outboundTrackLabel"),
		PartialResults: p.flag(n, "partialResults", false, schema),
	}
	if t.Language == "" {
		t.Language = "en-US"
	}
	if t.Engine == "" {
		t.Engine = "google"
	}
	p.flag(n, "profanityFilter", true, schema)
	p.flag(n, "enableAutomaticPunctuation", true, schema)
	p.without(n, "speechModel", "hints", "intelligenceService", "enableProviderData", "conversationConfiguration", "conversationId")
	return t
}

// voice and language are the shape of what Say takes: names are too many to
// keep a list of.
var (
	voice    = regexp.MustCompile(`^(man|woman|alice|default|(Polly|Google|ElevenLabs|Amazon)\..+)$`)
	language = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
)

func (p *parser) say(n *node, gathering bool) Verb {
	loop, voices := 13510, 13511
	if gathering {
		loop, voices = 13322, 13321
	}
	s := Say{
		Text: strings.Join(strings.Fields(n.words.String()), " "),
		Loop: p.number(n, "loop", 1, 0, 1000, loop), Voice: p.text(n, "voice"), Language: p.text(n, "language"),
	}
	if s.Voice != "" && !voice.MatchString(s.Voice) {
		p.invalid(n, "voice", s.Voice, "a voice", voices)
		s.Voice = ""
	}
	if s.Language != "" && !language.MatchString(s.Language) {
		p.invalid(n, "language", s.Language, "a language", 13512)
		s.Language = ""
	}
	switch length := utf8.RuneCountInString(s.Text); {
	case length == 0:
		p.problem(13520, "<Say> without text")
		return nil
	case length > maxSay:
		p.problem(13521, "<Say> of %d characters, more than %d", length, maxSay)
		return nil
	}
	return s
}

func (p *parser) play(n *node) Verb {
	v := Play{URL: n.trimmed(), Digits: p.tones(n, "digits", 13430), Loop: p.number(n, "loop", 1, 0, 1000, 13410)}
	if v.URL == "" && v.Digits == "" {
		p.problem(schema, "<Play> without a URL or digits")
		p.rest(n)
		return nil
	}
	return v
}

func (p *parser) gather(n *node) Verb {
	g := Gather{
		NumDigits: p.number(n, "numDigits", 0, 1, 1000, 13314), FinishOnKey: p.keys(n, "finishOnKey", "#", 13310),
		Timeout: p.number(n, "timeout", 5, 0, 3600, 13313),
		Action:  p.text(n, "action"), Method: p.method(n, "method", 13312),
		ActionOnEmptyResult: p.flag(n, "actionOnEmptyResult", false, 13338),
		BargeIn:             p.flag(n, "bargeIn", true, 13332),
		Prompts:             p.verbs(n, 13320, []string{"Say", "Play", "Pause"}),
	}
	input := p.oneOf(n, "input", 13326, "dtmf", "speech", "dtmf speech", "speech dtmf")
	g.DTMF, g.Speech = strings.Contains(input, "dtmf"), strings.Contains(input, "speech")
	if p.text(n, "speechTimeout") == "auto" {
		g.SpeechTimeout = SpeechTimeoutAuto
	} else {
		g.SpeechTimeout = p.number(n, "speechTimeout", 0, 1, 3600, 13327)
	}
	p.number(n, "maxSpeechTime", 60, 1, 60, 13328)
	p.address(n, "partialResultCallback", schema)
	p.method(n, "partialResultCallbackMethod", 13329)
	p.flag(n, "profanityFilter", true, 13333)
	if v := p.text(n, "language"); v != "" && !language.MatchString(v) {
		p.invalid(n, "language", v, "a language", 13331)
	}
	p.without(n, "hints", "speechModel", "enhanced", "debug", "dtmfDetection")
	return g
}

func (p *parser) record(n *node) Verb {
	r := Record{
		Action: p.text(n, "action"), Method: p.method(n, "method", 13610),
		Timeout: p.number(n, "timeout", 5, 1, 3600, 13611), MaxLength: p.number(n, "maxLength", 3600, 1, 14400, 13612),
		FinishOnKey: p.keys(n, "finishOnKey", "1234567890*#", 13613), PlayBeep: p.flag(n, "playBeep", true, 13616),
		Trim: p.trims(n, "trim-silence", 13699), Transcribe: p.flag(n, "transcribe", false, 13614),
		Callback: p.recordingCallback(n),
	}
	if p.address(n, "transcribeCallback", 13257) != "" {
		r.Transcribe = true
	}
	p.without(n, "recordingChannels", "recordingTrack")
	return r
}

func (p *parser) enqueue(n *node) Verb {
	before := len(p.problems)
	wait, has := p.attr(n, "waitUrl")
	if has && wait != "" {
		wait = p.address(n, "waitUrl", 14202)
	}
	for _, k := range n.kids {
		if k.name != "Task" {
			p.problem(schema, "<%s> is not allowed in <Enqueue>", k.name)
		}
	}
	v := Enqueue{
		Name: n.trimmed(), Action: p.address(n, "action", 14203), Method: p.method(n, "method", 14201),
		WaitURL: wait, Wait: has, WaitURLMethod: p.method(n, "waitUrlMethod", 14206),
		MaxQueueSize: p.number(n, "maxQueueSize", 0, 1, 5000, schema), WorkflowSid: p.text(n, "workflowSid"),
	}
	v.Invalid = slices.ContainsFunc(p.problems[before:], func(f Problem) bool { return f.OfEnqueue() })
	return v
}
