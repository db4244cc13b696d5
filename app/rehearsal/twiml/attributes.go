package twiml

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// schema is the code of whatever has none of its own.
const schema = 12200

type parser struct{ problems []Problem }

func (p *parser) problem(code int, format string, a ...any) {
	p.problems = append(p.problems, Problem{code, fmt.Sprintf(format, a...)})
}

// attr is an attribute's value, and whether it was given.
func (p *parser) attr(n *node, name string) (string, bool) {
	n.read[name] = true
	v, ok := n.attrs[name]
	return v, ok
}

func (p *parser) text(n *node, name string) string {
	v, _ := p.attr(n, name)
	return v
}

// without are attributes of Twilio's that mean nothing to a telephone here.
func (p *parser) without(n *node, names ...string) {
	for _, name := range names {
		n.read[name] = true
	}
}

// rest complains about the attributes that nobody has read.
func (p *parser) rest(n *node) {
	var unknown []string
	for name := range n.attrs {
		if !n.read[name] {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		p.problem(schema, "attribute %q is not allowed in <%s>", name, n.name)
	}
}

func (p *parser) invalid(n *node, attr, value, want string, code int) {
	p.problem(code, "<%s %s=%q> is not %s", n.name, attr, value, want)
}

// oneOf is an attribute's value if it is among those allowed, whatever its
// case; the first of them is the default.
func (p *parser) oneOf(n *node, attr string, code int, allowed ...string) string {
	v, _ := p.attr(n, attr)
	if v == "" {
		return allowed[0]
	}
	for _, a := range allowed {
		if strings.EqualFold(v, a) {
			return a
		}
	}
	p.invalid(n, attr, v, "one of "+strings.Join(allowed, " "), code)
	return allowed[0]
}

func (p *parser) method(n *node, attr string, code int) string {
	return p.oneOf(n, attr, code, "POST", "GET")
}

func (p *parser) flag(n *node, attr string, def bool, code int) bool {
	first, other := "false", "true"
	if def {
		first, other = other, first
	}
	return p.oneOf(n, attr, code, first, other) == "true"
}

func (p *parser) number(n *node, attr string, def, low, high, code int) int {
	v, _ := p.attr(n, attr)
	if v == "" {
		return def
	}
	i, err := strconv.Atoi(v)
	if err != nil || i < low || i > high {
		p.invalid(n, attr, v, fmt.Sprintf("a number from %d to %d", low, high), code)
		return def
	}
	return i
}

// keys is a set of keys; def if the attribute is absent, none if it is empty.
func (p *parser) keys(n *node, attr, def string, code int) string {
	v, ok := p.attr(n, attr)
	if !ok {
		return def
	}
	if strings.Trim(v, "0123456789*#") != "" {
		p.invalid(n, attr, v, "made of 0-9 * #", code)
		return def
	}
	return v
}

// tones is a string of DTMF and pauses.
func (p *parser) tones(n *node, attr string, code int) string {
	v := p.text(n, attr)
	if strings.Trim(v, "0123456789*#ABCDabcdwW") != "" {
		p.invalid(n, attr, v, "made of 0-9 A-D * # w W", code)
		return ""
	}
	return v
}

// address is a URL, relative or absolute.
func (p *parser) address(n *node, attr string, code int) string {
	v := strings.TrimSpace(p.text(n, attr))
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" {
		p.invalid(n, attr, v, "a URL", code)
		return ""
	}
	return v
}

// events are the words of an attribute that are among those allowed.
func (p *parser) events(n *node, attr string, code int, allowed ...string) []string {
	var out []string
	for _, v := range strings.Fields(p.text(n, attr)) {
		if slices.Contains(allowed, v) {
			out = append(out, v)
		} else {
			p.invalid(n, attr, v, "made of "+strings.Join(allowed, " "), code)
		}
	}
	return out
}

// trims reports whether silence is to be taken off a recording.
func (p *parser) trims(n *node, def string, code int) bool {
	other := "trim-silence"
	if def == other {
		other = "do-not-trim"
	}
	return p.oneOf(n, "trim", code, def, other) == "trim-silence"
}

func (p *parser) recordingCallback(n *node) RecordingCallback {
	return RecordingCallback{
		URL:    p.address(n, "recordingStatusCallback", 13256),
		Method: p.method(n, "recordingStatusCallbackMethod", schema),
		Events: p.events(n, "recordingStatusCallbackEvent", 13621, "in-progress", "completed", "absent"),
	}
}
