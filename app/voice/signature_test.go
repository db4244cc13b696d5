package voice_test

import (
	"encoding/xml"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"github.com/twilio/twilio-go/client"

	"callin/app/voice"
)

// The vectors of Twilio's own helper libraries: what Twilio signs with the token 12345.
func TestTwiliosOwnVectorsAreSigned(t *testing.T) {
	const (
		at   = "https://mycompany.com"
		path = "/myapp.php?foo=1&bar=2"
		hash = "bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
		json = `{"property": "value", "boolean": true}`
	)
	call := url.Values{"CallSid": {"CA1234567890ABCDE"}, "Digits": {"1234"}, "From": {"+14158675309"}, "To": {"+18005551212"}, "Caller": {"+14158675309"}}
	reasons := url.Values{"ReasonConferenceEnded": {"test"}, "Reason": {"Participant"}}
	for key, value := range call {
		reasons[key] = value
	}
	repeated := url.Values{"Sid": {"CA123"}, "SidAccount": {"AC123"}, "Digits": {"5678", "1234", "1234"}}
	for what, v := range map[string]struct {
		public, uri string
		form        url.Values
		body, as    string
	}{
		"a call":                      {at, path, call, "", "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
		"a name that begins another":  {at, path, reasons, "", "vOEb5UThFn24KEfnOFLQY2AE5FY="},
		"a port that is not signed":   {at + ":1234", path, reasons, "", "vOEb5UThFn24KEfnOFLQY2AE5FY="},
		"http":                        {"http://mycompany.com:1234", path, reasons, "", "n2xBNyzSW7rfYStDtOFiFMv7qNo="},
		"a repeated field":            {at, path, repeated, "", "IK+Dwps556ElfBT0I3Rgjkr1wJU="},
		"a body by its hash":          {at, path + "&" + hash, nil, json, "a9nBmqA0ju/hNViExpshrM61xv4="},
		"nothing but the body's hash": {at, "/myapp.php?" + hash, nil, json, "y77kIzt2vzLz71DgmJGsen2scGs="},
	} {
		if !voice.Signed("12345", v.public, v.uri, v.form, []byte(v.body), v.as) {
			t.Errorf("%s is not taken for signed", what)
		}
		for wrong, signed := range map[string]bool{
			"another token":   voice.Signed("12346", v.public, v.uri, v.form, []byte(v.body), v.as),
			"another address": voice.Signed("12345", v.public, v.uri+"x", v.form, []byte(v.body), v.as),
			"another field":   v.form != nil && voice.Signed("12345", v.public, v.uri, url.Values{"CallSid": {"CA2"}}, nil, v.as),
			"another body":    v.body != "" && voice.Signed("12345", v.public, v.uri, nil, []byte("{}"), v.as),
			"no signature":    voice.Signed("12345", v.public, v.uri, v.form, []byte(v.body), ""),
			"half of one":     voice.Signed("12345", v.public, v.uri, v.form, []byte(v.body), v.as[:12]),
			"one and more":    voice.Signed("12345", v.public, v.uri, v.form, []byte(v.body), v.as+"AAAA"),
		} {
			if signed {
				t.Errorf("%s: %s is taken for signed", what, wrong)
			}
		}
	}
}

// Whatever Twilio's helper takes for signed is signed here too, and nothing else.
func TestSignaturesAreThoseOfTwiliosHelper(t *testing.T) {
	roll := rand.New(rand.NewPCG(12, 4))
	text := func(of string) string {
		b := make([]byte, roll.IntN(12))
		for i := range b {
			b[i] = of[roll.IntN(len(of))]
		}
		return string(b)
	}
	for range 2000 {
		host := []string{"https://a.example", "http://a.example", "https://a.example:8443", "http://a.example:80", "https://a.example:443", "http://127.0.0.1:3000"}[roll.IntN(6)]
		uri := "/voice/" + text("abc") + []string{"", "?a=1", "?queue=on-air&x=" + text("abc%20")}[roll.IntN(3)]
		form, flat := url.Values{}, map[string]string{}
		for range roll.IntN(8) {
			key, value := "k"+text("abAB_"), text("a&=+ \xff%é")
			form.Set(key, value)
			flat[key] = value
		}
		as := []string{host, "https://a.example:443", "https://a.example", "http://a.example:80", "http://a.example", "http://127.0.0.1"}[roll.IntN(6)]
		signature := sign("token", as+uri, form)
		helper := client.NewRequestValidator("token")
		if want, got := helper.Validate(host+uri, flat, signature), voice.Signed("token", host, uri, form, nil, signature); got != want {
			t.Fatalf("%s%s with %v, signed as of %s: %v, Twilio's helper says %v", host, uri, form, as, got, want)
		}
	}
}

func TestNoTextBreaksADocument(t *testing.T) {
	for _, words := range []string{"Tea & <Cake> \"now\" 'then' ]]>", "tab\tand\nline\r", "é 王 🎙", "\x00\x1b\xff broken"} {
		var doc node
		if err := xml.Unmarshal(voice.Written(words, words), &doc); err != nil {
			t.Fatalf("%q: %v", words, err)
		}
		want := strings.Map(func(r rune) rune {
			if r == '\x00' || r == '\x1b' {
				return '\uFFFD' // XML has no way to write it
			}
			return r
		}, strings.ToValidUTF8(words, "\uFFFD"))
		if doc.Inner[0].Text != want || doc.Inner[1].Text != want || doc.Inner[1].attr("method") != want {
			t.Errorf("%q is read as %q", words, doc)
		}
	}
}
