package voice_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/station"
	"callin/app/voice"
)

// overWire posts a body as it is, with headers beside the signature, and returns
// the status.
func overWire(t *testing.T, server *httptest.Server, path, body, signature string, headers map[string]string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", signature)
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	r.Host = headers["Host"]
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode
}

func serve(t *testing.T, h http.Handler) *httptest.Server {
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server
}

func cardOf(t *testing.T, s station.Seat, sid call.Sid) picture.Card {
	t.Helper()
	for _, c := range s.Picture().Cards {
		if c.Call == sid {
			return c
		}
	}
	t.Fatalf("there is no card of %s", sid)
	return picture.Card{}
}

// The address that is signed is the one that is set, whole: nothing that a
// request says of itself is believed.
func TestNoOtherAddressCountsAsSigned(t *testing.T) {
	l, s := listener(t)
	server := serve(t, l)
	form := url.Values{"CallSid": {"CA1"}, "From": {"+15550100199"}}
	path := "/voice/wait?queue=on-air"
	evil := "https://evil.example"
	before := s.Picture().Seq
	for _, c := range []struct {
		name, signed string
		headers      map[string]string
	}{
		{"without its query", public + "/voice/wait", nil},
		{"with more of a query", public + path + "&a=1", nil},
		{"by X-Forwarded-Host", evil + path, map[string]string{"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}},
		{"by Forwarded", evil + path, map[string]string{"Forwarded": "host=evil.example;proto=https"}},
		{"by X-Original-URL", public + "/voice/silence", map[string]string{"X-Original-URL": "/voice/silence"}},
		{"by Host", evil + path, map[string]string{"Host": "evil.example"}},
		{"by where it came to", server.URL + path, nil},
	} {
		if status := overWire(t, server, path, form.Encode(), sign(secret, c.signed, form), c.headers); status != http.StatusForbidden {
			t.Errorf("an address signed %s: %d", c.name, status)
		}
	}
	if after := s.Picture().Seq; after != before {
		t.Error("a refused request changed the picture")
	}
	headers := map[string]string{"X-Forwarded-Host": "evil.example", "Host": "evil.example"}
	if status := overWire(t, server, path, form.Encode(), sign(secret, public+path, form), headers); status != http.StatusOK {
		t.Errorf("the right address behind a proxy: %d", status)
	}
}

// Twilio signs each value of a repeated key: none can be added to what it signed.
func TestEachValueOfARepeatedKeyIsSigned(t *testing.T) {
	l, s := listener(t)
	server := serve(t, l)
	const first, last = "+15550100111", "+15550100222"
	body := "CallSid=CA1&From=" + url.QueryEscape(first) + "&From=" + url.QueryEscape(last)
	signedWith := func(numbers ...string) string {
		return sign(secret, public+"/voice/inbound", url.Values{"CallSid": {"CA1"}, "From": numbers})
	}
	for _, one := range []string{first, last} {
		if status := overWire(t, server, "/voice/inbound", body, signedWith(one), nil); status != http.StatusForbidden {
			t.Errorf("with %s alone signed: %d", one, status)
		}
	}
	if status := overWire(t, server, "/voice/inbound", body, signedWith(first, last), nil); status != http.StatusOK {
		t.Fatalf("with both signed: %d", status)
	}
	if got := cardOf(t, s, "CA1"); got.Number != first {
		t.Errorf("the caller is %+v, want %s", got, first)
	}
}

func TestWhatIsAboutACallMustNameIt(t *testing.T) {
	l, s := listener(t)
	server := serve(t, l)
	before := s.Picture().Seq
	for _, name := range []string{"inbound", "wait", "left", "sent", "fell", "desk", "pin", "next", "parted", "leave", "recording", "whisper", "status"} {
		form := url.Values{"From": {"+15550100199"}, "CallStatus": {"completed"}}
		if status := overWire(t, server, "/voice/"+name, form.Encode(), sign(secret, public+"/voice/"+name, form), nil); status != http.StatusBadRequest {
			t.Errorf("%s without a CallSid: %d", name, status)
		}
	}
	if after := s.Picture().Seq; after != before {
		t.Error("a call without a name changed the picture")
	}
}

// Where no PIN is set, typing none is not typing the right one; nor is it where
// one is set.
func TestAnEmptyPinIsNeverRight(t *testing.T) {
	for pin, typed := range map[string][]string{"": {"", "1234"}, "1234": {"", "123", "12345", "1235"}} {
		l, s := withPin(t, pin)
		for i, digits := range typed {
			form := url.Values{"CallSid": {fmt.Sprint("CA", i)}, "From": {"+15550100199"}, "Digits": {digits}}
			if got := ask(t, l, "/voice/pin?try=1", form).verbs(); got[len(got)-1] != "Hangup" {
				t.Errorf("the PIN is %q, and %q leads on to %v", pin, digits, got)
			}
		}
		if line := s.Picture().Lines[0]; line.Phone {
			t.Errorf("the PIN is %q, and a telephone has the line", pin)
		}
	}
}

func withPin(t *testing.T, pin string) (*voice.Listener, station.Seat) {
	_, s := listener(t)
	return voice.New(voice.Options{
		Station: s.Station, Script: voice.Script{Public: public}, AuthTokens: voice.Only(secret), Pin: pin, Log: slog.New(slog.DiscardHandler),
	}), s
}

// In direct mode and on a telephone too: nobody is cut off after Twilio's four hours.
func TestABridgeLastsAsLongAsALine(t *testing.T) {
	l, _ := withPin(t, "1234")
	softphone := ask(t, l, "/voice/desk?mode=direct&line=studio", url.Values{"CallSid": {"CA8"}, "From": {"client:callin_studio"}})
	telephone := ask(t, l, "/voice/pin?try=1", url.Values{"CallSid": {"CA9"}, "From": {"+15550100199"}, "Digits": {"1234"}})
	for _, doc := range []node{softphone, telephone} {
		dials := 0
		for _, v := range doc.Inner {
			if v.XMLName.Local == "Dial" {
				dials++
				if limit := v.attr("timeLimit"); limit != "43200" {
					t.Errorf("it is cut off after %q seconds", limit)
				}
			}
		}
		if dials != 1 {
			t.Errorf("it does %v", doc.verbs())
		}
	}
}

// A name comes from a caller's own telephone company, and could be of any length.
func TestANameThatComesWithACallIsCutToWhatACardHolds(t *testing.T) {
	l, s := listener(t)
	ask(t, l, "/voice/inbound", url.Values{"CallSid": {"CA1"}, "From": {"+15550100199"}, "CallerName": {strings.Repeat("é", 200)}})
	if got := cardOf(t, s, "CA1").Name; got != strings.Repeat("é", 80) {
		t.Errorf("the name is %q", got)
	}
}

// A page asks for a recording by this name, and Twilio is asked by it too.
func TestARecordingIsNamedByTheEndOfItsAddressAndNothingElse(t *testing.T) {
	l, s := listener(t)
	const sid = "RE11111111111111111111111111111111"
	const at = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/"
	recorded := func(address string) int {
		t.Helper()
		ask(t, l, "/voice/recording", url.Values{"CallSid": {"CA1"}, "RecordingUrl": {address}, "RecordingDuration": {"12"}})
		return len(s.Picture().Voicemail)
	}
	before := len(s.Picture().Voicemail)
	for _, address := range []string{
		"", sid + "/..", at + sid + "/Transcriptions", at + sid + "0", at + "X" + sid, at + strings.ToUpper("RE1111111111111111111111111111111a"),
		at + "?next=/" + sid, at + sid + "\n", at + "%2e%2e", "http://[" + sid,
	} {
		if recorded(address) != before {
			t.Errorf("%q names a recording", address)
		}
	}
	if recorded(at+sid) != before+1 {
		t.Error("the right address names none")
	}
	if all := s.Picture().Voicemail; all[len(all)-1].Recording != sid {
		t.Errorf("it is %q", all[len(all)-1].Recording)
	}
}

// A public address may have a path of its own, which the proxy leaves on or not,
// and a port, which Twilio does not sign (Twilio docs: voice over HTTPS).
func TestAPublicAddressMayHaveAPath(t *testing.T) {
	for _, at := range []struct{ public, signed string }{
		{"https://radio.example.org/desk", "https://radio.example.org/desk"},
		{"https://radio.example.org:8443/desk", "https://radio.example.org/desk"},
	} {
		_, s := listener(t)
		l := voice.New(voice.Options{Station: s.Station, Script: voice.Script{Public: at.public, Studios: []picture.Studio{{Show: picture.Show{Name: "Path", ParkMs: 10_000}}}}, AuthTokens: voice.Only(secret), Log: slog.New(slog.DiscardHandler)})
		server := serve(t, l)
		form := url.Values{"CallSid": {"CA1"}, "From": {"+12015550100"}}
		signature := sign(secret, at.signed+"/voice/inbound", form)
		for _, path := range []string{"/voice/inbound", "/desk/voice/inbound"} {
			if status := overWire(t, server, path, form.Encode(), signature, nil); status != http.StatusOK {
				t.Errorf("%s at %s: %d", path, at.public, status)
			}
		}
		if status := overWire(t, server, "/other/voice/inbound", form.Encode(), signature, nil); status == http.StatusOK {
			t.Error("another path is answered")
		}
	}
}

func TestOnlyThisProcessAnswersAsItself(t *testing.T) {
	one, _ := listener(t)
	other, _ := listener(t)
	server := serve(t, one)
	answer, err := http.Get(server.URL + "/voice/here/abc")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(answer.Body)
	if string(said) != one.Here("abc") || string(said) == other.Here("abc") || string(said) == one.Here("abd") {
		t.Errorf("it answers %q", said)
	}
	long, err := http.Get(server.URL + "/voice/here/" + strings.Repeat("x", 65))
	if err != nil {
		t.Fatal(err)
	}
	long.Body.Close()
	if long.StatusCode != http.StatusNotFound {
		t.Errorf("a long nonce: %d", long.StatusCode)
	}
}

// paper is what a log is written on.
type paper struct {
	mu   sync.Mutex
	text []byte
}

func (p *paper) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text = append(p.text, b...)
	return len(b), nil
}

// take is what was written since it was last taken.
func (p *paper) take() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	text := string(p.text)
	p.text = nil
	return text
}

// Strangers can send as much as they like and write no more than a line a minute.
func TestUnsignedRequestsAreCountedInTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var said paper
		l := voice.New(voice.Options{
			Script: voice.Script{Public: public}, AuthTokens: voice.Only(secret), Log: slog.New(slog.NewTextHandler(&said, nil)),
		})
		stranger := func(times int) {
			for range times {
				if answer := post(l, "/voice/wait", url.Values{"CallSid": {"CA1"}}, "none"); answer.Code != http.StatusForbidden {
					t.Fatal(answer.Code)
				}
			}
		}
		says := func(when string, want ...string) {
			t.Helper()
			synctest.Wait()
			var counts []string
			for line := range strings.Lines(said.take()) {
				_, count, _ := strings.Cut(strings.TrimSpace(line), "count=")
				counts = append(counts, count)
			}
			if !slices.Equal(counts, want) {
				t.Errorf("%s: the log has the counts %q, want %q", when, counts, want)
			}
		}
		stranger(1)
		says("the first", "1")
		stranger(999)
		says("within the minute")
		time.Sleep(time.Minute + time.Second)
		says("after it", "999")
		stranger(5)
		time.Sleep(5 * time.Minute)
		says("after some more", "5")
		stranger(1)
		says("after a silence", "1")
		time.Sleep(2 * time.Minute)
		says("and nobody else")
	})
}
