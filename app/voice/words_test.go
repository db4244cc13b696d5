package voice_test

import (
	"net/url"
	"strings"
	"testing"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/station"
	"callin/app/voice"
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

// Twilio says where a number is from, in words that come from outside as names do.
func TestACardSaysWhereItsNumberIsFrom(t *testing.T) {
	const seattle = "+12065550199"
	for _, c := range []struct{ from, city, state, country, want string }{
		{seattle, "SEATTLE", "WA", "US", "Seattle, WA, US"},
		{seattle, "SALT LAKE CITY", "UT", "US", "Salt Lake City, UT, US"},
		{"+442079460199", "", "", "GB", "GB"},
		{seattle, "La Jolla", "", "", "La Jolla"},
		{seattle, "", "", "", ""},
		{seattle, " \u202eSE\x00ATTLE\n", "-", "\u2800", "Seattle"},
		{seattle, strings.Repeat("é", 200), "", "US", strings.Repeat("é", 40) + ", US"},
		{"anonymous", "SEATTLE", "WA", "US", ""},
	} {
		l, s := listener(t)
		ask(t, l, "/voice/inbound", url.Values{"CallSid": {"CA1"}, "From": {c.from}, "FromCity": {c.city}, "FromState": {c.state}, "FromZip": {"98101"}, "FromCountry": {c.country}})
		card := cardOf(t, s, "CA1")
		if card.Area != c.want || card.Location != "" {
			t.Errorf("of %+v the card says %q, and %q for a location", c, card.Area, card.Location)
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

// Where tracks are recorded everybody is told so before the queue, however they come there;
// where none are, nobody is.
func TestWhoIsRecordedIsToldSoBeforeTheQueue(t *testing.T) {
	s := voice.Script{Public: "https://x", Studios: []picture.Studio{{Show: picture.Show{Name: "One"}}, {ID: "b", Show: picture.Show{Name: "Two", Tracks: true}}}}
	for _, c := range []struct {
		queue string
		words station.Words
		told  bool
	}{
		{"on-air-b", station.Greeting, true},
		{"screening-b", station.Greeting, true},
		{"on-air-b", station.Brought, true},
		{"on-air-b", station.NoWords, false},
		{"on-air-b", station.Back, false},
		{"on-air", station.Greeting, false},
		{"on-air", station.Brought, false},
	} {
		doc := s.Document("CA1", station.Answer{Place: call.InQueue(c.queue), Words: c.words})
		told := strings.Index(doc, "you are recorded while you are on air")
		if (told >= 0) != c.told || told > strings.Index(doc, "<Enqueue") {
			t.Errorf("with %q into %s it is said: %s", c.words, c.queue, doc)
		}
	}
}
