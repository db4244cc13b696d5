package twiml

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Twilio's limits of a Dial.
const (
	minTimeout, maxTimeout = 5, 600 // seconds
	maxParties             = 10
	maxLabel               = 128
)

// notLabel is what no label of a participant is: a CallSid, or something with a
// slash in it (Twilio's errors 16023 and 16024).
var notLabel = regexp.MustCompile(`^CA[0-9a-f]{32}$|/|%2F`)

// BadLabel reports whether no participant of a conference can be called so.
func BadLabel(s string) bool { return utf8.RuneCountInString(s) > maxLabel || notLabel.MatchString(s) }

var ringTone = regexp.MustCompile(`^([a-z]{2}(-old)?|automatic)$`)

func (p *parser) dial(n *node) Verb {
	d := Dial{
		Action: p.text(n, "action"), Method: p.method(n, "method", 13210),
		AnswerOnBridge: p.flag(n, "answerOnBridge", false, 13219), CallerID: p.text(n, "callerId"),
		HangupOnStar: p.flag(n, "hangupOnStar", false, 13213),
		TimeLimit:    p.number(n, "timeLimit", 14400, 1, 86400, 13216),
		Timeout:      p.dialTimeout(n),
		Record: p.oneOf(n, "record", 13217, "do-not-record", "record-from-answer", "record-from-ringing",
			"record-from-answer-dual", "record-from-ringing-dual", "true", "false"),
		RecordingTrack: p.oneOf(n, "recordingTrack", 13622, "both", "inbound", "outbound"),
		Trim:           p.trims(n, "do-not-trim", 13239), Callback: p.recordingCallback(n),
		Sequential: p.flag(n, "sequential", false, 13218), RingTone: p.text(n, "ringTone"),
	}
	switch d.Record { // as they were before 2015
	case "true":
		d.Record = "record-from-answer"
	case "false":
		d.Record = "do-not-record"
	}
	if d.RingTone != "" && !ringTone.MatchString(d.RingTone) {
		p.invalid(n, "ringTone", d.RingTone, "a country", 13220)
		d.RingTone = ""
	}
	p.without(n, "callReason", "referUrl", "referMethod", "events")
	if text := n.trimmed(); text != "" {
		d.Parties = append(d.Parties, Party{Number: text, Method: "POST", StatusCallbackMethod: "POST"})
	}
	for _, k := range n.kids {
		p.noun(&d, k)
	}
	p.exclude(&d)
	return d
}

// dialTimeout is within 5 and 600 seconds; what is beyond is brought to the
// nearer of them, which is inferred.
func (p *parser) dialTimeout(n *node) int {
	v := p.text(n, "timeout")
	if v == "" {
		return 30
	}
	i, err := strconv.Atoi(v)
	if err != nil || i < 1 {
		p.invalid(n, "timeout", v, "a positive number", 13212)
		return 30
	}
	return min(max(i, minTimeout), maxTimeout)
}

func (p *parser) noun(d *Dial, n *node) {
	switch n.name {
	case "Queue":
		d.Queue = &Queue{Name: n.trimmed(), URL: p.address(n, "url", 14211), Method: p.method(n, "method", 14210), ReservationSid: p.text(n, "reservationSid")}
		p.without(n, "postWorkActivitySid")
	case "Conference":
		d.Conference = p.conference(n)
	case "Number", "Client":
		d.Parties = append(d.Parties, p.party(n))
	default:
		if absentNouns[n.name] {
			d.Absent = true
			p.absent(n)
			return
		}
		p.problem(13215, "<%s> is not known in <Dial>", n.name)
		return
	}
	p.rest(n)
}

// exclude leaves one kind of noun: a Dial has one Queue, one Conference, or
// telephones and clients.
func (p *parser) exclude(d *Dial) {
	if d.Conference != nil && (d.Queue != nil || len(d.Parties) > 0) {
		p.problem(13000, "<Conference> with other nouns")
		d.Queue, d.Parties = nil, nil
	}
	if d.Queue != nil && len(d.Parties) > 0 {
		p.problem(13215, "<Queue> with other nouns")
		d.Parties = nil
	}
	if len(d.Parties) > maxParties {
		p.problem(13250, "%d nouns, more than %d", len(d.Parties), maxParties)
		d.Parties = d.Parties[:maxParties]
	}
}

func (p *parser) party(n *node) Party {
	out := Party{
		URL: p.address(n, "url", schema), Method: p.method(n, "method", 13221),
		StatusCallback:       p.address(n, "statusCallback", schema),
		StatusCallbackMethod: p.method(n, "statusCallbackMethod", schema),
		StatusCallbackEvents: p.events(n, "statusCallbackEvent", schema, "initiated", "ringing", "answered", "completed"),
	}
	p.without(n, "machineDetection", "machineDetectionTimeout", "machineDetectionSpeechThreshold",
		"machineDetectionSpeechEndThreshold", "machineDetectionSilenceTimeout", "amdStatusCallback", "amdStatusCallbackMethod")
	if n.name == "Number" {
		p.without(n, "byoc")
		out.Number, out.SendDigits = n.trimmed(), p.tones(n, "sendDigits", 13222)
		for _, k := range n.kids {
			p.problem(13215, "<%s> is not known in <Number>", k.name)
		}
		return out
	}
	out.Identity = n.trimmed()
	for _, k := range n.kids {
		switch k.name {
		case "Identity":
			out.Identity = k.trimmed()
		case "Parameter":
			out.Parameters = append(out.Parameters, Parameter{p.text(k, "name"), p.text(k, "value")})
		default:
			p.problem(13215, "<%s> is not known in <Client>", k.name)
			continue
		}
		p.rest(k)
	}
	return out
}

func (p *parser) conference(n *node) *Conference {
	wait, has := p.attr(n, "waitUrl")
	if has && wait != "" {
		wait = p.address(n, "waitUrl", 13233)
	}
	c := &Conference{
		Name: n.trimmed(), Muted: p.flag(n, "muted", false, 13230),
		Beep:         p.oneOf(n, "beep", 13235, "true", "false", "onEnter", "onExit"),
		StartOnEnter: p.flag(n, "startConferenceOnEnter", true, 13232),
		EndOnExit:    p.flag(n, "endConferenceOnExit", false, 13231),
		WaitURL:      wait, Wait: has, WaitMethod: p.method(n, "waitMethod", 13234),
		MaxParticipants: p.number(n, "maxParticipants", 250, 1, 250, schema),
		Label:           p.text(n, "participantLabel"), Coach: p.text(n, "coach"),
		StatusCallback:       p.address(n, "statusCallback", schema),
		StatusCallbackMethod: p.method(n, "statusCallbackMethod", schema),
		StatusCallbackEvents: p.events(n, "statusCallbackEvent", schema,
			"start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"),
		JitterBufferSize: p.oneOf(n, "jitterBufferSize", schema, "large", "medium", "small", "off"),
		Record:           strings.HasPrefix(p.oneOf(n, "record", schema, "do-not-record", "record-from-start", "true", "false"), "r"),
		Trim:             p.trims(n, "trim-silence", 13239), Region: p.text(n, "region"),
		Callback: p.recordingCallback(n), EventCallbackURL: p.address(n, "eventCallbackUrl", schema),
	}
	c.Record = c.Record || p.text(n, "record") == "true"
	if BadLabel(c.Label) {
		p.invalid(n, "participantLabel", c.Label, "a label of 128 characters without a / that is no CallSid", 16023)
		c.Label = ""
	}
	p.without(n, "whisper")
	return c
}
