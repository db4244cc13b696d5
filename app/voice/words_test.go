package voice_test

import (
	"net/url"
	"strings"
	"testing"

	"callin/app/call"
)

// What a telephone company sends as a name may be anything, also nothing that
// could be read or said.
func TestANameThatShowsOrSaysNothingIsNone(t *testing.T) {
	for name, want := range map[string]string{
		"Ana  Ålund\n": "Ana Ålund", "Zoe\u0308": "Zoë", "\u202eanA\u202c": "anA", "A\x00na": "Ana",
		" \u3000 ": "", "\u200b\u200d\ufeff": "", "\u2800": "", "\u3164": "", "\x01\x7f": "", "\u0301": "", "-": "", "…": "", "\xff": "",
	} {
		l, s := withPin(t, "1234")
		s.Ended("CA0123456789abcdef0123456789abcdef", call.StatusGone) // who waits in the room already
		form := url.Values{"CallSid": {"CA1"}, "From": {"anonymous"}, "CallerName": {name}}
		ask(t, l, "/voice/inbound", form)
		ask(t, l, "/voice/wait?queue=on-air", form)
		if got := cardOf(t, s, "CA1").Name; got != want {
			t.Errorf("%q: the card says %q, want %q", name, got, want)
		}
		doc := ask(t, l, "/voice/pin?try=1", url.Values{"CallSid": {"CA9"}, "From": {"+12015550199"}, "Digits": {"1234"}})
		says := "Next is a caller."
		if want != "" {
			says = "Next is " + want + "."
		}
		if got := doc.Inner[0].Text; got != says {
			t.Errorf("%q: the telephone hears %q, want %q", name, got, says)
		}
	}
}

func TestTheGreetingAsksForAQuietRadio(t *testing.T) {
	l, _ := listener(t)
	doc := ask(t, l, "/voice/inbound", url.Values{"CallSid": {"CA1"}, "From": {"+12015550199"}})
	if got := doc.Inner[0].Text; !strings.Contains(got, "please turn your radio down") {
		t.Errorf("the greeting is %q", got)
	}
}
