package twiml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// ErrParse says that a document is not XML or not TwiML: Twilio's error 12100.
var ErrParse = errors.New("document parse failure")

// maxDepth bounds nesting; TwiML's own deepest is Response > Dial > Number.
const maxDepth = 16

// Parse reads a document. Twilio's error 12200, "schema validation warning",
// is a warning here: an unknown verb or attribute value is passed over.
func Parse(b []byte) (*Document, error) {
	root, err := tree(b)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrParse, err)
	}
	if root.name != "Response" {
		return nil, fmt.Errorf("%w: the root element is %q, not Response", ErrParse, root.name)
	}
	p := &parser{}
	verbs := p.verbs(root, nil)
	return &Document{Verbs: verbs, Warnings: p.warnings}, nil
}

type node struct {
	name  string
	attrs map[string]string
	kids  []*node
	text  strings.Builder
}

func tree(b []byte) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader(b))
	var root *node
	var open []*node
	for {
		tok, err := d.Token()
		if err == io.EOF {
			if root == nil {
				return nil, errors.New("no element")
			}
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			n := &node{name: t.Name.Local, attrs: map[string]string{}}
			for _, a := range t.Attr {
				n.attrs[a.Name.Local] = a.Value
			}
			switch {
			case len(open) >= maxDepth:
				return nil, errors.New("nested too deeply")
			case len(open) > 0:
				up := open[len(open)-1]
				up.kids = append(up.kids, n)
			case root != nil:
				return nil, errors.New("more than one root element")
			default:
				root = n
			}
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text.Write(t)
			} else if len(bytes.TrimSpace(t)) > 0 {
				return nil, errors.New("text outside the root element")
			}
		}
	}
}

type parser struct{ warnings []string }

func (p *parser) warn(format string, a ...any) {
	p.warnings = append(p.warnings, fmt.Sprintf(format, a...))
}

// verbs reads the children of n; only, when given, names those allowed.
func (p *parser) verbs(n *node, only []string) []Verb {
	var vs []Verb
	for _, k := range n.kids {
		if only != nil && !slices.Contains(only, k.name) {
			p.warn("<%s> is not allowed in <%s>", k.name, n.name)
			continue
		}
		if v := p.verb(k); v != nil {
			vs = append(vs, v)
		}
	}
	return vs
}

func (p *parser) verb(n *node) Verb {
	text := strings.TrimSpace(n.text.String())
	switch n.name {
	case "Say":
		return Say{Text: spoken(n), Loop: p.number(n, "loop", 1, 0, 1000)}
	case "Play":
		return Play{URL: text, Digits: n.attrs["digits"], Loop: p.number(n, "loop", 1, 0, 1000)}
	case "Pause":
		return Pause{Length: p.number(n, "length", 1, 0, 14400)}
	case "Gather":
		return p.gather(n)
	case "Record":
		return p.record(n)
	case "Redirect":
		return Redirect{URL: text, Method: p.method(n, "method")}
	case "Reject":
		return Reject{Reason: p.oneOf(n, "reason", "rejected", "busy")}
	case "Hangup":
		return Hangup{}
	case "Leave":
		return Leave{}
	case "Enqueue":
		wait, has := n.attrs["waitUrl"]
		return Enqueue{
			Name: text, Action: n.attrs["action"], Method: p.method(n, "method"),
			WaitURL: wait, Wait: has, WaitURLMethod: p.method(n, "waitUrlMethod"),
			MaxQueueSize: p.number(n, "maxQueueSize", 0, 1, 5000),
		}
	case "Dial":
		return p.dial(n)
	}
	p.warn("unknown verb <%s>", n.name)
	return nil
}

// spoken is an element's text with that of the elements inside it: SSML.
func spoken(n *node) string {
	parts := []string{n.text.String()}
	for _, k := range n.kids {
		parts = append(parts, spoken(k))
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

func (p *parser) gather(n *node) Verb {
	g := Gather{
		NumDigits: p.number(n, "numDigits", 0, 1, 1000), FinishOnKey: "#",
		Timeout: p.number(n, "timeout", 5, 0, 3600),
		Action:  n.attrs["action"], Method: p.method(n, "method"),
		ActionOnEmptyResult: p.flag(n, "actionOnEmptyResult", false),
		Prompts:             p.verbs(n, []string{"Say", "Play", "Pause"}),
	}
	if k, ok := n.attrs["finishOnKey"]; ok {
		g.FinishOnKey = k
	}
	if in := n.attrs["input"]; in != "" && !strings.Contains(in, "dtmf") {
		p.warn("<Gather input=%q>: only dtmf is heard here", in)
	}
	return g
}

func (p *parser) record(n *node) Verb {
	r := Record{
		Action: n.attrs["action"], Method: p.method(n, "method"),
		Timeout: p.number(n, "timeout", 5, 1, 3600), MaxLength: p.number(n, "maxLength", 3600, 1, 14400),
		FinishOnKey: "1234567890*#", PlayBeep: p.flag(n, "playBeep", true),
	}
	if k, ok := n.attrs["finishOnKey"]; ok {
		r.FinishOnKey = k
	}
	return r
}

func (p *parser) dial(n *node) Verb {
	d := Dial{
		Action: n.attrs["action"], Method: p.method(n, "method"),
		AnswerOnBridge: p.flag(n, "answerOnBridge", false), CallerID: n.attrs["callerId"],
		HangupOnStar: p.flag(n, "hangupOnStar", false),
		TimeLimit:    p.number(n, "timeLimit", 14400, 1, 86400),
		Timeout:      p.number(n, "timeout", 30, 5, 600),
	}
	if text := strings.TrimSpace(n.text.String()); text != "" {
		d.Numbers = append(d.Numbers, Number{Number: text, Method: "POST"})
	}
	for _, k := range n.kids {
		text := strings.TrimSpace(k.text.String())
		switch k.name {
		case "Queue":
			d.Queue = &Queue{Name: text, URL: k.attrs["url"], Method: p.method(k, "method")}
		case "Conference":
			d.Conference = p.conference(k, text)
		case "Number":
			d.Numbers = append(d.Numbers, Number{
				Number: text, URL: k.attrs["url"], Method: p.method(k, "method"),
				StatusCallback:       k.attrs["statusCallback"],
				StatusCallbackMethod: p.method(k, "statusCallbackMethod"),
				StatusCallbackEvents: strings.Fields(k.attrs["statusCallbackEvent"]),
			})
		default:
			p.warn("<%s> is not known in <Dial>", k.name)
		}
	}
	return d
}

func (p *parser) conference(n *node, name string) *Conference {
	wait, has := n.attrs["waitUrl"]
	return &Conference{
		Name: name, Muted: p.flag(n, "muted", false),
		Beep:         p.oneOf(n, "beep", "true", "false", "onEnter", "onExit"),
		StartOnEnter: p.flag(n, "startConferenceOnEnter", true),
		EndOnExit:    p.flag(n, "endConferenceOnExit", false),
		WaitURL:      wait, Wait: has, WaitMethod: p.method(n, "waitMethod"),
		MaxParticipants: p.number(n, "maxParticipants", 250, 1, 250),
		Label:           n.attrs["participantLabel"], Coach: n.attrs["coach"],
		StatusCallback:       n.attrs["statusCallback"],
		StatusCallbackMethod: p.method(n, "statusCallbackMethod"),
		StatusCallbackEvents: strings.Fields(n.attrs["statusCallbackEvent"]),
		JitterBufferSize:     p.oneOf(n, "jitterBufferSize", "large", "medium", "small", "off"),
		Record:               n.attrs["record"], Region: n.attrs["region"], Trim: n.attrs["trim"],
	}
}

func (p *parser) method(n *node, attr string) string {
	return p.oneOf(n, attr, "POST", "GET")
}

// oneOf is an attribute's value if it is among those allowed, whatever its
// case; the first of them is the default.
func (p *parser) oneOf(n *node, attr string, allowed ...string) string {
	v, ok := n.attrs[attr]
	if !ok || v == "" {
		return allowed[0]
	}
	for _, a := range allowed {
		if strings.EqualFold(v, a) {
			return a
		}
	}
	p.warn("<%s %s=%q> is not one of %v", n.name, attr, v, allowed)
	return allowed[0]
}

func (p *parser) flag(n *node, attr string, def bool) bool {
	first := "false"
	other := "true"
	if def {
		first, other = other, first
	}
	return p.oneOf(n, attr, first, other) == "true"
}

func (p *parser) number(n *node, attr string, def, low, high int) int {
	v, ok := n.attrs[attr]
	if !ok || v == "" {
		return def
	}
	i, err := strconv.Atoi(v)
	if err != nil || i < low || i > high {
		p.warn("<%s %s=%q> is not a number from %d to %d", n.name, attr, v, low, high)
		return def
	}
	return i
}
