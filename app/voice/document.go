package voice

import (
	"bytes"
	"encoding/xml"
	"strconv"
)

// A verb is a TwiML element. It is written here rather than by Twilio's helper,
// which builds a tree of every answer first: nearly all that callers wait for is
// one sentence and the music.
type verb struct {
	name  string
	attrs []attr
	text  string
	inner []verb
}

// attr is an attribute of a verb; one without a value is left out.
type attr struct{ name, value string }

func say(words string) verb { return verb{name: "Say", text: words} }
func hangup() verb          { return verb{name: "Hangup"} }
func pause(seconds int) verb {
	return verb{name: "Pause", attrs: []attr{{"length", strconv.Itoa(seconds)}}}
}

// document is what a call should do, as XML.
func document(verbs []verb) []byte {
	b := bytes.NewBuffer(make([]byte, 0, 1024))
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>`)
	verb{name: "Response", inner: verbs}.write(b)
	return b.Bytes()
}

func (v verb) write(b *bytes.Buffer) {
	b.WriteByte('<')
	b.WriteString(v.name)
	for _, a := range v.attrs {
		if a.value == "" {
			continue
		}
		b.WriteByte(' ')
		b.WriteString(a.name)
		b.WriteString(`="`)
		xml.EscapeText(b, []byte(a.value)) // a buffer takes everything
		b.WriteByte('"')
	}
	if v.text == "" && len(v.inner) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteByte('>')
	xml.EscapeText(b, []byte(v.text))
	for _, inner := range v.inner {
		inner.write(b)
	}
	b.WriteString("</")
	b.WriteString(v.name)
	b.WriteByte('>')
}
