package app_test

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/certificate"
	"callin/app/rehearsal/stage"
	"callin/app/settings"
	"callin/app/web"
)

// headless is a station without a window, with a door for desks, as a process.
type headless struct {
	*site
	door, words string
	listens     string // the door
	ownKey      bool   // what the door shows
	file        string // the settings
	said        *bytes.Buffer
}

func newHeadless(t *testing.T, further ...string) *headless {
	t.Helper()
	h := &headless{site: newSite(t), file: filepath.Join(t.TempDir(), "callin.toml"), ownKey: len(further) == 0}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	h.listens = l.Addr().String()
	text := fmt.Sprintf("door = %q\n", h.listens) + strings.Join(further, "\n")
	if err := os.WriteFile(h.file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *headless) start() {
	h.t.Helper()
	_, port, _ := net.SplitHostPort(h.voice)
	h.station = h.process([]string{
		"CALLIN_REHEARSAL=" + h.stage.Address, "TWILIO_ACCOUNT_SID=" + h.stage.AccountSid, "TWILIO_AUTH_TOKEN=" + h.stage.AuthToken,
		"CALLIN_NUMBER=" + h.numbers.listeners, "CALLIN_VOICE_PORT=" + port, "CALLIN_PUBLIC_URL=http://" + h.voice,
	}, "station", "--no-callers", "--data", h.data, "--settings", h.file)
	h.said = new(bytes.Buffer)
	h.station.Stderr = h.said
	out, err := h.station.StdoutPipe()
	if err == nil {
		err = h.station.Start()
	}
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(h.kill)
	text, want := make([]byte, 4096), regexp.MustCompile(`^door: (\S+)\n()$`)
	if h.ownKey {
		want = regexp.MustCompile(`^door: (\S+)\nwords: (.+)\n$`)
	}
	for n := 0; ; {
		more, err := out.Read(text[n:])
		n += more
		if m := want.FindSubmatch(text[:n]); m != nil {
			h.door, h.words = string(m[1]), string(m[2])
			break
		}
		if err != nil {
			h.station.Wait()
			h.t.Fatalf("it said %q, %v\n%s", text[:n], err, h.said)
		}
	}
	h.id = call.StationID(settings.StationID(filepath.Join(h.data, "rehearsal")))
}

// desks is callin desks with some words, and what it prints.
func (h *headless) desks(words ...string) (said string, code int) {
	h.t.Helper()
	c := h.process(nil, append([]string{"desks", "--data", h.data}, words...)...)
	out, _ := c.CombinedOutput()
	return string(out), c.ProcessState.ExitCode()
}

// remote is a PC that trusts the station by what it has pinned.
type remote struct {
	h      *headless
	client *http.Client
	secret string
	id     call.DeskID
}

// pairs makes a PC a desk by a code.
func (h *headless) pairs(code string) *remote {
	h.t.Helper()
	shown, err := certificate.Look(h.t.Context(), strings.TrimPrefix(h.door, "https://"))
	if err != nil || shown.Trusted || shown.Pin.Words() != h.words {
		h.t.Fatalf("the door shows %q, %v, and the station said %q", shown.Pin.Words(), err, h.words)
	}
	r := &remote{h: h, client: &http.Client{Timeout: long, Transport: &http.Transport{TLSClientConfig: tlsOf(shown.Pin)}}}
	h.t.Cleanup(r.client.CloseIdleConnections)
	answer, err := r.client.Post(h.door+"/api/pair", "application/json", strings.NewReader(`{"code":"`+code+`","kind":"pc"}`))
	if err != nil {
		h.t.Fatal(err)
	}
	defer answer.Body.Close()
	var told struct {
		Desk   call.Desk
		Secret string
	}
	if err := json.NewDecoder(answer.Body).Decode(&told); err != nil || told.Secret == "" {
		h.t.Fatal(answer.Status, err)
	}
	r.id, r.secret = told.Desk.ID, told.Secret
	return r
}

func tlsOf(pin certificate.Pin) *tls.Config { return certificate.Client(pin) }

func (r *remote) asks(method, path, body string) *http.Response {
	r.h.t.Helper()
	ask, err := http.NewRequestWithContext(r.h.t.Context(), method, r.h.door+path, strings.NewReader(body))
	if err != nil {
		r.h.t.Fatal(err)
	}
	ask.Header.Set("Content-Type", "application/json")
	ask.Header.Set("Authorization", "Bearer "+r.secret)
	answer, err := r.client.Do(ask)
	if err != nil {
		r.h.t.Fatal(err)
	}
	return answer
}

func (r *remote) op(name, body string) (status int, said string) {
	r.h.t.Helper()
	answer := r.asks(http.MethodPost, "/api/op/"+name, body)
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text)
}

// A station that nobody sits at: its first desk is paired by a code that only who may
// write in its folder is given, comes back after the station was killed, and is off,
// with its call, when it is revoked.
func TestAStationGivesDesksOut(t *testing.T) {
	t.Parallel()
	h := newHeadless(t)
	if said, code := h.desks("list"); code != 1 || !strings.Contains(said, "No station is running with the folder "+h.data) {
		t.Fatalf("without a station: %d, %s", code, said)
	}
	h.start()
	said, code := h.desks("add", "--role", "host,manager", "Ana at home")
	digits := regexp.MustCompile(`(?m)^code: (\d{3} \d{3})$`).FindStringSubmatch(said)
	if code != 0 || digits == nil || !strings.Contains(said, "words: "+h.words) || !strings.Contains(said, "address: "+h.door) {
		t.Fatalf("a new desk: %d, %s", code, said)
	}
	ana := h.pairs(digits[1])
	if status, said := ana.op("open", "{}"); status != http.StatusOK && !strings.Contains(said, "already") {
		t.Fatal(said)
	}
	if status, said := ana.op("token", "{}"); status != http.StatusOK ||
		!strings.Contains(said, `"identity":"`+h.id.DeskIdentity(ana.id)+`"`) || !strings.Contains(said, `"air":"studio"`) || !strings.Contains(said, `"signal":"ws`+strings.TrimPrefix(h.door, "http")+`/signal"`) {
		t.Errorf("a phone is told %s", said)
	}

	h.kill()
	h.start()
	if status, said := ana.op("desks", "{}"); status != http.StatusOK || !strings.Contains(said, `"name":"Ana at home"`) {
		t.Fatalf("after the station was killed: %d, %s", status, said)
	}
	if said, code := h.desks("list"); code != 0 || !strings.Contains(said, "Ana at home  host,manager  Studio   pc") {
		t.Errorf("the list: %d, %s", code, said)
	}
	if status, said := h.own("next"); status != http.StatusForbidden || !strings.Contains(said, "not_allowed") {
		t.Errorf("the desk of a computer at which nobody sits: %d, %s", status, said)
	}

	// connects has the phone of Ana's desk call the station, as its token lets it do.
	connects := func(number string) (leg string) {
		return callOut(t, h.stage, stage.Telephone{Number: number, Voice: "none"}, url.Values{
			"From": {h.numbers.listeners}, "CallerId": {"client:" + h.id.DeskIdentity(ana.id)},
			"Url": {"http://" + h.voice + "/voice/desk?line=studio"}, "StatusCallback": {"http://" + h.voice + "/voice/status"},
		})
	}
	where := func(leg string) string {
		for _, l := range h.legs() {
			if l.CallSid == leg {
				return cmp.Or(l.Where, "nowhere")
			}
		}
		return ""
	}
	leg := connects("+12025550188")
	there := func() bool { return strings.HasPrefix(where(leg), "conference") }
	for late := time.Now().Add(long); !there(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatalf("the phone is not on the line: %+v", h.legs())
		}
	}
	feed := ana.asks(http.MethodGet, "/api/feed", "")
	ended := make(chan struct{})
	go func() { defer close(ended); io.Copy(io.Discard, feed.Body) }()
	defer func() { feed.Body.Close(); <-ended }()
	if said, code := h.desks("signout", "ana AT home"); code != 0 {
		t.Fatal(said)
	}
	if said, code := h.desks("revoke", "ana AT home"); code != 0 {
		t.Fatal(said)
	}
	off := time.Now().Add(time.Second)
	select {
	case <-ended:
	case <-time.After(time.Until(off)):
		t.Error("the feed goes on a second later")
	}
	for there() {
		if time.Now().After(off) {
			t.Fatal("the phone is on the line a second later")
		}
		time.Sleep(10 * time.Millisecond)
	}
	if status, said := ana.op("token", "{}"); status != http.StatusUnauthorized {
		t.Errorf("who is revoked: %d, %s", status, said)
	}
	leg = connects("+12025550189")
	for late := time.Now().Add(long); where(leg) != ""; time.Sleep(10 * time.Millisecond) {
		if there() || time.Now().After(late) {
			t.Fatalf("the phone of who is revoked is in %s", where(leg))
		}
	}
	h.kill()
	for _, text := range []string{h.said.String(), strings.ReplaceAll(digits[1], " ", ""), ana.secret} {
		log, err := os.ReadFile(filepath.Join(h.data, "callin.log"))
		if err != nil || strings.Contains(text, "code=") || text != h.said.String() && strings.Contains(string(log), text) {
			t.Errorf("the log tells %q, %v", text, err)
		}
	}
}

// own asks at the door of the station's own desk, with a code left in the folder.
func (h *headless) own(op string) (status int, said string) {
	h.t.Helper()
	dir := filepath.Join(h.data, "rehearsal")
	kept, err := settings.LoadKept(dir)
	if err != nil {
		h.t.Fatal(err)
	}
	host := fmt.Sprintf("127.0.0.1:%d", kept.DeskPort)
	code, err := web.LeaveCode(dir, host)
	if err != nil {
		h.t.Fatal(err)
	}
	for range 2 { // the second time the code is used up
		r, err := http.NewRequest(http.MethodPost, "http://"+host+"/api/op/"+op, strings.NewReader("{}"))
		if err != nil {
			h.t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", web.CodeScheme+" "+code)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			h.t.Fatal(err)
		}
		text, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if said == "" {
			status, said = answer.StatusCode, string(text)
		} else if answer.StatusCode != http.StatusUnauthorized {
			h.t.Errorf("a code lets a second request through: %s", answer.Status)
		}
	}
	return status, said
}

func TestWordsOfCallinDesksThatAreNotUnderstood(t *testing.T) {
	s := &site{t: t}
	for _, words := range []string{"", "add Ana", "add --role host", "list all", "rename Ana", "drop Ana", "code", "studios Ana", "add --studios b Ana", "roles --studios b Ana host", "--loud", "revoke --role host Ana"} {
		c := s.process(nil, append([]string{"desks"}, strings.Fields(words)...)...)
		out, _ := c.CombinedOutput()
		if c.ProcessState.ExitCode() != 2 || !strings.Contains(string(out), "callin desks add --role ROLES NAME") {
			t.Errorf("%q: %d, %s", words, c.ProcessState.ExitCode(), out)
		}
	}
	c := s.process(nil, "desks", "--help")
	if out, err := c.CombinedOutput(); err != nil || !strings.Contains(string(out), "callin desks list") {
		t.Errorf("%v, %s", err, out)
	}
}

// A desk that is given out on the station's computer works in the studios that are named
// there, and in no other.
func TestADeskIsGivenOutForSomeStudios(t *testing.T) {
	t.Parallel()
	h := newHeadless(t, `studio = "Studio A"`, "[[studios]]", `id = "b"`, `name = "Studio B"`, `show = "Late"`)
	h.ownKey = true
	h.start()
	for _, named := range []string{"c", "Studio A,c", "Studio A,"} {
		said, code := h.desks("add", "--role", "producer", "--studios", named, "Pia")
		if code != 1 || !strings.Contains(said, `The station has "Studio A", "Studio B" (b).`) {
			t.Errorf("for %q: %d, %s", named, code, said)
		}
	}
	listed := func(studios string) {
		t.Helper()
		if said, _ := h.desks("list"); !strings.Contains(said, "Pia   producer  "+studios+"  ") {
			t.Errorf("for %s the list is\n%s", studios, said)
		}
	}
	said, code := h.desks("add", "--role", "producer", "--studios", "b", "Pia")
	digits := regexp.MustCompile(`(?m)^code: (\d{3} \d{3})$`).FindStringSubmatch(said)
	if code != 0 || digits == nil {
		t.Fatalf("%d, %s", code, said)
	}
	listed("Studio B")
	pia := h.pairs(digits[1])
	if status, said := pia.op("shows", "{}"); status != http.StatusForbidden {
		t.Errorf("it works in the first studio: %d, %s", status, said)
	}
	if said, code := h.desks("studios", "Pia", "studio a, b"); code != 0 || !strings.Contains(said, "Pia works in Studio A and Studio B now.") {
		t.Errorf("%d, %s", code, said)
	}
	listed("Studio A, Studio B")
	if status, said := pia.op("shows", "{}"); status != http.StatusOK {
		t.Errorf("it does not work in the first studio: %d, %s", status, said)
	}
	if said, code := h.desks("studios", "Pia", "x"); code != 1 || !strings.Contains(said, `There is no studio "x".`) {
		t.Errorf("%d, %s", code, said)
	}
}
