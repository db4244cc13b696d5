package voice_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/xml"
	"io"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/desk/contract"
	"callin/app/picture"
	"callin/app/station"
	"callin/app/voice"
)

const (
	public = "https://radio.example.org"
	secret = "0123456789abcdef"
)

func listener(t testing.TB) (*voice.Listener, station.Seat) {
	t.Helper()
	room, _ := contract.Room(t)
	return voice.New(voice.Options{
		Station: room.Station, Script: voice.Script{Public: public, Studios: []picture.Studio{{Show: picture.Show{Name: "The Test & Tea Show", ParkMs: 10_000}}}},
		AuthTokens: voice.Only(secret), Wait: 2 * time.Second, Log: slog.New(slog.DiscardHandler),
	}), room.Station.Seat(contract.Desk, "")
}

// sign is Twilio's signature, made here from its description and shared with nothing.
func sign(token, address string, form url.Values) string {
	text := address
	for _, k := range slices.Sorted(maps.Keys(form)) {
		for _, v := range slices.Compact(slices.Sorted(slices.Values(form[k]))) {
			text += k + v
		}
	}
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func post(l http.Handler, path string, form url.Values, signature string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", signature)
	w := httptest.NewRecorder()
	l.ServeHTTP(w, r)
	return w
}

// node is a TwiML element.
type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Inner   []node     `xml:",any"`
}

func (n node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (n node) verbs() (names []string) {
	for _, v := range n.Inner {
		names = append(names, v.XMLName.Local)
	}
	return names
}

func ask(t *testing.T, l http.Handler, path string, form url.Values) node {
	t.Helper()
	w := post(l, path, form, sign(secret, public+path, form))
	var doc node
	if err := xml.Unmarshal(w.Body.Bytes(), &doc); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%s: %d %q %v", path, w.Code, w.Body, err)
	}
	return doc
}

func TestOnlyWhatTwilioSignedForThisAddressIsAnswered(t *testing.T) {
	l, s := listener(t)
	form := url.Values{"CallSid": {"CA1"}, "From": {"+15550100199"}, "To": {"+15550100100"}, "CallStatus": {"ringing"}}
	path := "/voice/inbound?b=2&a=1"
	good := sign(secret, public+path, form)
	other := maps.Clone(form)
	other.Set("From", "+15550100198")
	before := s.Picture().Seq
	for name, w := range map[string]*httptest.ResponseRecorder{
		"no signature":         post(l, path, form, ""),
		"another secret's":     post(l, path, form, sign("another", public+path, form)),
		"another address's":    post(l, path, form, sign(secret, "https://evil.example"+path, form)),
		"another query's":      post(l, "/voice/inbound?a=1&b=2", form, good),
		"another caller's":     post(l, path, other, good),
		"one that is not text": post(l, path, form, "\x00\xff"),
	} {
		if w.Code != http.StatusForbidden {
			t.Errorf("%s signature: %d %q", name, w.Code, w.Body)
		}
	}
	for _, name := range []string{"inbound", "wait", "left", "sent", "fell", "desk", "pin", "next", "parted", "message", "leave", "recording", "whisper", "hold", "silence", "hello", "status", "conference"} {
		if w := post(l, "/voice/"+name, form, ""); w.Code != http.StatusForbidden {
			t.Errorf("%s without a signature: %d", name, w.Code)
		}
	}
	long := url.Values{"CallSid": {"CA1"}, "From": {strings.Repeat("5", 1<<20)}}
	if w := post(l, path, long, sign(secret, public+path, long)); w.Code != http.StatusBadRequest {
		t.Errorf("a megabyte: %d", w.Code)
	}
	if after := s.Picture().Seq; after != before {
		t.Error("a refused request changed the picture")
	}
	if w := post(l, path, form, good); w.Code != http.StatusOK {
		t.Errorf("the right signature: %d", w.Code)
	}
}

func TestACallerIsGreetedAndWaitsAndIsToldWhere(t *testing.T) {
	l, _ := listener(t)
	form := url.Values{"CallSid": {"CA1"}, "From": {"+15550100199"}, "CallerName": {"<b>Ana</b>"}}
	doc := ask(t, l, "/voice/inbound", form)
	if got := doc.verbs(); !slices.Equal(got, []string{"Say", "Enqueue"}) {
		t.Fatalf("an arrival does %v", got)
	}
	if !strings.Contains(doc.Inner[0].Text, "The Test & Tea Show") {
		t.Errorf("the greeting is %q", doc.Inner[0].Text)
	}
	queue := doc.Inner[1]
	if queue.Text != call.OnAir || queue.attr("action") != public+"/voice/left" {
		t.Errorf("Enqueue is %+v", queue)
	}
	doc = ask(t, l, strings.TrimPrefix(queue.attr("waitUrl"), public), form)
	if got := doc.verbs(); !slices.Equal(got, []string{"Say", "Play"}) {
		t.Fatalf("waiting does %v", got)
	}
	if want := "You are number 2 in the queue."; !strings.Contains(doc.Inner[0].Text, want) {
		t.Errorf("a second caller is told %q", doc.Inner[0].Text)
	}
}

// What a station's engineer checks first: no beep, no music, no delay, nobody
// cut off, and nobody heard who is not to be.
// A desk that talks to the host alone is heard by that leg and by nobody else.
func TestTalkbackGoesToTheHostsLegOnly(t *testing.T) {
	l, s := listener(t)
	talks := func() node {
		return ask(t, l, "/voice/desk", url.Values{
			"CallSid": {"CA9"}, "From": {"client:callin_studio"}, "line": {call.AirLine}, "mode": {"talkback"},
		})
	}
	if doc := talks(); slices.Contains(doc.verbs(), "Dial") {
		t.Errorf("without a host it does %v", doc.verbs())
	}
	ask(t, l, "/voice/desk", url.Values{"CallSid": {"CA8"}, "From": {"client:callin_studio"}, "line": {call.AirLine}})
	s.Conference(station.ConferenceEvent{Event: "participant-join", Conference: "CF1", Line: call.AirLine, Call: "CA8", Desk: true, Sequence: 1})
	doc := talks()
	if len(doc.Inner) != 1 { // afterwards it would be heard
		t.Fatalf("it does %v", doc.verbs())
	}
	conference := doc.Inner[0].Inner[0]
	for name, want := range map[string]string{"coach": "CA8", "participantLabel": "talkback-CA9", "beep": "false", "startConferenceOnEnter": "false"} {
		if got := conference.attr(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestALineIsFitForAir(t *testing.T) {
	l, s := listener(t)
	desk := ask(t, l, "/voice/desk", url.Values{"CallSid": {"CA8"}, "From": {"client:callin_studio"}, "line": {call.AirLine}})
	s.Conference(station.ConferenceEvent{Event: "participant-join", Conference: "CF1", Line: call.AirLine, Call: "CA8", Desk: true, Sequence: 1})
	form := url.Values{"CallSid": {"CA1"}, "From": {"+15550100199"}}
	ask(t, l, "/voice/wait?queue=on-air", form)
	if _, err := s.Do(t.Context(), call.OpDeck, "CA1"); err != nil {
		t.Fatal(err)
	}
	caller := ask(t, l, "/voice/sent?move=1", form)
	callbacks := ""
	for who, doc := range map[string]node{"desk": desk, "caller": caller} {
		if doc.Inner[0].XMLName.Local != "Dial" {
			t.Fatalf("the %s does %v", who, doc.verbs())
		}
		c := doc.Inner[0].Inner[0]
		for name, want := range map[string]string{
			"beep": "false", "jitterBufferSize": "small", "endConferenceOnExit": "false",
			"waitUrl": public + "/voice/silence", "statusCallback": public + "/voice/conference",
			"startConferenceOnEnter": map[string]string{"desk": "true", "caller": "false"}[who],
			"muted":                  map[string]string{"desk": "false", "caller": "true"}[who],
		} {
			if got := c.attr(name); got != want {
				t.Errorf("the %s's %s is %q, want %q", who, name, got, want)
			}
		}
		if limit := doc.Inner[0].attr("timeLimit"); limit != "43200" {
			t.Errorf("the %s is cut off after %q seconds, want 12 hours: Twilio's own are 4", who, limit)
		}
		if c.Text != call.AirLine || c.attr("participantLabel") == "" {
			t.Errorf("the %s joins %q as %q", who, c.Text, c.attr("participantLabel"))
		}
		if callbacks == "" {
			callbacks = c.attr("statusCallbackEvent")
		}
		if c.attr("statusCallbackEvent") != callbacks {
			t.Error("the legs ask for different callbacks: the first one's would win")
		}
	}
	if got := caller.verbs(); !slices.Equal(got, []string{"Dial", "Redirect"}) {
		t.Errorf("a caller who falls out of the line finds %v", got)
	}
	fell := ask(t, l, "/voice/fell", form)
	if got := fell.verbs(); len(got) == 0 || got[0] != "Say" {
		t.Errorf("a caller who fell out of the line hears %v", got)
	}
	silence := ask(t, l, "/voice/silence", form)
	if got := silence.verbs(); !slices.Equal(got, []string{"Pause", "Redirect"}) {
		t.Errorf("the first on a line hears %v", got)
	}
}

func TestAStrangerIsNoDesk(t *testing.T) {
	l, s := listener(t)
	for _, form := range []url.Values{
		{"CallSid": {"CA9"}, "From": {"+15550100199"}, "line": {call.AirLine}},
		{"CallSid": {"CA9"}, "From": {"client:callin_studio"}, "line": {"attic"}},
		{"CallSid": {"CA9"}, "From": {"client:callin_k7rq2m4x_studio"}, "line": {call.AirLine}}, // another Callin's
	} {
		if got := ask(t, l, "/voice/desk", form).verbs(); !slices.Equal(got, []string{"Say", "Hangup"}) {
			t.Errorf("%v does %v", form, got)
		}
	}
	if s.Picture().Lines[0].Phone {
		t.Error("a stranger is the desk's phone")
	}
}

func TestTheHoldMusicIsHeardAndNeitherClicksNorClips(t *testing.T) {
	l, _ := listener(t)
	w := httptest.NewRecorder()
	l.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/voice/audio/hold.wav", nil))
	wav, err := io.ReadAll(w.Body)
	if err != nil || len(wav) < 44 || string(wav[:4]) != "RIFF" {
		t.Fatalf("%d bytes, %v", len(wav), err)
	}
	if seconds := float64(len(wav)-44) / 2 / 8000; seconds < 1.9 || seconds > 2.1 {
		t.Errorf("%.2f s of music, want 2", seconds)
	}
	var sum float64
	loudest := 0.0
	for i := 44; i+1 < len(wav); i += 2 {
		s := float64(int16(binary.LittleEndian.Uint16(wav[i:]))) / math.MaxInt16
		sum += s * s
		loudest = max(loudest, math.Abs(s))
	}
	level := 10 * math.Log10(sum/float64((len(wav)-44)/2))
	if level < -35 || level > -12 || loudest > 0.9 {
		t.Errorf("level %.1f dBFS, peak %.2f", level, loudest)
	}
	if last := int16(binary.LittleEndian.Uint16(wav[len(wav)-2:])); last > 50 || last < -50 {
		t.Errorf("ends at %d, which clicks", last)
	}
}

// A phone that only tries the way is taken, hears silence and is on no line, whatever it asks
// for; nothing of it is recorded.
func TestAPhoneThatTriesTheWayIsOnNoLine(t *testing.T) {
	l, s := listener(t)
	before := s.Picture().Seq
	from := "client:" + l.ID.CheckIdentity("")
	for _, form := range []url.Values{
		{}, {"line": {call.AirLine}}, {"line": {call.AirLine}, "mode": {"direct"}}, {"line": {call.AirLine}, "mode": {"talkback"}},
	} {
		form.Set("CallSid", "CA7")
		form.Set("From", from)
		if got := ask(t, l, "/voice/desk", form).verbs(); !slices.Equal(got, []string{"Gather", "Hangup"}) {
			t.Errorf("%v does %v", form, got)
		}
	}
	ask(t, l, "/voice/status", url.Values{"CallSid": {"CA7"}, "From": {from}, "CallStatus": {"completed"}})
	if p := s.Picture(); p.Lines[0].Phone || p.Seq != before {
		t.Errorf("it is on the line, %t, and %d things were recorded", p.Lines[0].Phone, p.Seq-before)
	}
}
