package app_test

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/zalando/go-keyring"
	"go.uber.org/goleak"

	"callin/app"
	"callin/app/call"
	"callin/app/desk/contract"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
	"callin/app/settings"
	"callin/app/web"
)

// asCallin makes this test's program be callin itself, so that there is a
// process to kill.
const asCallin = "CALLIN_TEST_IS_CALLIN"

func TestMain(m *testing.M) {
	keyring.MockInit() // no test touches a person's keyring
	if os.Getenv(asCallin) == "" {
		// Most of these tests wait, for words or for an outage to end. The command line goes before this.
		if err := flag.Set("test.parallel", "4"); err != nil {
			panic(err)
		}
		goleak.VerifyTestMain(m)
	}
	var page fs.FS = fstest.MapFS{"index.html": {Data: []byte("<title>The desk</title>")}}
	if words := os.Getenv(crashing); words != "" {
		page = fault(words)
	}
	os.Exit(app.Main(os.Args[1:], app.World{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Env: os.Getenv, Page: page, Machine: os.Getenv("CALLIN_TEST_MACHINE"), Policy: policyOfTest(),
	}))
}

// site is two real processes: callin and a rehearsal.
type site struct {
	t       *testing.T
	stage   stage.Client
	numbers struct{ listeners, desk string }
	data    string
	voice   string // its address
	id      call.StationID
	station *exec.Cmd
	twilio  *exec.Cmd // the rehearsal
	browser *http.Client
	at      string
	leg     string // the desk's
	park    string // seconds
	pin     string // empty for a rehearsal's own
	program string // callin; empty for this test's own program
	// settings is the text of the settings' file, besides what the environment says.
	settings string
	metrics  string // the metrics_port; empty for none
	// env are variables of both processes, besides this test's own.
	env []string
	// token is the AuthToken that the environment gives, noToken for none.
	token string
	// printed is what each process that has ended printed for people.
	printed []string
}

const noToken = "none"

func newSite(t *testing.T) *site {
	return (&site{t: t, data: t.TempDir(), park: "60"}).build()
}

// build starts the rehearsal.
func (s *site) build() *site {
	t := s.t
	t.Helper()
	t.Cleanup(s.secretless)
	s.twilio = s.process(nil, "rehearsal", "--with-parent", "--pace", strconv.Itoa(pace))
	if _, err := s.twilio.StdinPipe(); err != nil { // it ends with this process
		t.Fatal(err)
	}
	line := s.run(s.twilio)
	var hello struct {
		Address         string `json:"address"`
		AccountSid      string `json:"account_sid"`
		AuthToken       string `json:"auth_token"`
		ListenersNumber string `json:"listeners_number"`
	}
	if err := json.Unmarshal([]byte(line), &hello); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	s.stage = stage.Client{Address: hello.Address, AccountSid: hello.AccountSid, AuthToken: hello.AuthToken}
	s.numbers.listeners = hello.ListenersNumber
	s.numbers.desk = "+12025550177"
	s.voice = "127.0.0.1:" + freePort(t)
	return s
}

var portsGiven atomic.Uint32

func init() { portsGiven.Store(rand.Uint32N(10000)) }

// freePort is one that nobody has, of those that neither a system gives to a connection nor
// Callin takes by itself, and that was given to no other test: a station that is killed
// finds it free.
func freePort(t *testing.T) string {
	t.Helper()
	for {
		port := strconv.Itoa(int(10000 + portsGiven.Add(1)%10000))
		if l, err := net.Listen("tcp", "127.0.0.1:"+port); err == nil {
			l.Close()
			return port
		}
	}
}

func (s *site) process(env []string, args ...string) *exec.Cmd {
	program := s.program
	if program == "" {
		var err error
		if program, err = os.Executable(); err != nil {
			s.t.Fatal(err)
		}
	}
	c := exec.Command(program, args...)
	c.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "CALLIN_") || strings.HasPrefix(v, "TWILIO_")
	}), slices.Concat(s.env, env, []string{asCallin + "=1"})...)
	return c
}

// run starts a process and returns the first line that it prints. It is killed
// at the end of the test.
func (s *site) run(c *exec.Cmd) string {
	s.t.Helper()
	out, err := c.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	var said bytes.Buffer
	c.Stderr = &said
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
		s.printed = append(s.printed, said.String())
		if s.t.Failed() {
			s.t.Logf("%v said:\n%s", c.Args[1:], said.String())
		}
	})
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	if err != nil {
		c.Wait()
		s.t.Fatalf("%v: %v\n%s", c.Args[1:], err, said.String())
	}
	return line
}

// command is a station's, again on the same data.
func (s *site) command(options ...string) *exec.Cmd {
	_, port, _ := net.SplitHostPort(s.voice)
	file := os.DevNull
	if s.settings != "" {
		file = filepath.Join(s.t.TempDir(), "callin.toml")
		if err := os.WriteFile(file, []byte(s.settings), 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	command := "--no-browser" // with a desk of its own
	if slices.Contains(options, "--service") {
		command = "station"
	}
	token := cmp.Or(s.token, s.stage.AuthToken)
	if token == noToken {
		token = ""
	}
	return s.process([]string{
		"CALLIN_REHEARSAL=" + s.stage.Address, "TWILIO_ACCOUNT_SID=" + s.stage.AccountSid, "TWILIO_AUTH_TOKEN=" + token,
		"CALLIN_NUMBER=" + s.numbers.listeners, "CALLIN_VOICE_PORT=" + port, "CALLIN_PUBLIC_URL=http://" + s.voice,
		"CALLIN_PARK_SECONDS=" + s.park, "CALLIN_WAIT_SECONDS=1", "CALLIN_PIN=" + s.pin, "CALLIN_METRICS_PORT=" + s.metrics,
	}, append([]string{command, "--no-callers", "--data", s.data, "--settings", file}, options...)...)
}

// start starts the station and lets a browser in.
func (s *site) start() {
	s.t.Helper()
	s.station = s.command()
	s.enter(s.run(s.station))
	if s.id = call.StationID(settings.StationID(filepath.Join(s.data, "rehearsal"))); s.id == "" {
		s.t.Fatal("the station has no id")
	}
}

// enter lets a browser in by the line that the station prints.
func (s *site) enter(line string) {
	s.t.Helper()
	at := strings.TrimSpace(strings.TrimPrefix(line, "desk: "))
	u, err := url.Parse(at)
	if err != nil || u.Host == "" {
		s.t.Fatalf("the station said %q", line)
	}
	s.at = "http://" + u.Host
	s.browser = contract.Enter(s.t, at)
	s.browser.Timeout = long
}

// kill is kill -9.
func (s *site) kill() {
	s.station.Process.Kill()
	s.station.Wait()
}

// ask presses a button.
func (s *site) ask(op string, body map[string]any) error {
	_, err := s.askIn("", op, body)
	return err
}

// askIn presses a button in a studio.
func (s *site) askIn(studio call.Studio, op string, body map[string]any) (answer []byte, err error) {
	if body == nil {
		body = map[string]any{}
	}
	sent, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.at+"/api/op/"+op, bytes.NewReader(sent))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(web.StudioHeader, string(studio))
	w, err := s.browser.Do(r)
	if err != nil {
		return nil, err
	}
	defer w.Body.Close()
	answer, err = io.ReadAll(w.Body)
	if err == nil && w.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", op, answer)
	}
	return answer, err
}

func (s *site) do(op string, body map[string]any) {
	s.t.Helper()
	if err := s.ask(op, body); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) picture() picture.Picture {
	s.t.Helper()
	p, err := s.look()
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// look returns the feed's first picture, whatever else is told before it.
func (s *site) look() (p picture.Picture, err error) {
	p, _, err = s.lookFor(func(picture.Picture) bool { return true })
	return p, err
}

// lookFor is look, and whether the picture is the one that is waited for: if not, when it is
// time to look again. That is when something has changed, and soon in any case, as what is
// waited for may be elsewhere too.
func (s *site) lookFor(is func(picture.Picture) bool) (p picture.Picture, found bool, err error) {
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.at+"/api/feed", nil)
	if err != nil {
		return p, false, err
	}
	answer, err := s.browser.Do(r)
	if err != nil {
		return p, false, err
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	seen := false
	for event := ""; lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch {
		case name == "event":
			event = value
		case name == "data" && event == "picture":
			if err := json.Unmarshal([]byte(value), &p); err != nil || is(p) {
				return p, err == nil, err
			}
			seen = true
			defer time.AfterFunc(100*time.Millisecond, cancel).Stop()
		case name == "data" && event == "change" && seen:
			time.Sleep(10 * time.Millisecond) // others come with it
			return p, false, nil
		}
	}
	if seen {
		return p, false, nil
	}
	return p, false, fmt.Errorf("no picture: %v", lines.Err())
}

func (s *site) until(what string, is func(picture.Picture) bool) {
	s.t.Helper()
	for late := time.Now().Add(2 * long); ; {
		p, found, err := s.lookFor(is)
		switch {
		case err != nil:
			s.t.Fatal(err)
		case found:
			return
		case time.Now().After(late):
			s.t.Fatalf("%s: %+v", what, p)
		}
	}
}

// ring rings a caller in.
func (s *site) ring() call.Sid {
	s.t.Helper()
	rung, err := s.stage.Ring(s.t.Context(), stage.Casting{Voice: "none"})
	if err != nil {
		s.t.Fatal(err)
	}
	return call.Sid(rung[0].CallSid)
}

// desk lets a telephone stand in for the desk's softphone on its line.
func (s *site) desk() {
	s.t.Helper()
	s.leg = standIn(s.t, s.stage, s.numbers.listeners, stage.Telephone{Number: s.numbers.desk, Voice: "none"}, "http://"+s.voice, s.id)
	s.until("the phone is on the line", func(p picture.Picture) bool { return p.Lines[0].Phone })
}

// standIn puts up a telephone and calls it onto the studio's line as a desk's
// softphone joins it. It returns its CallSid.
func standIn(t *testing.T, at stage.Client, from string, phone stage.Telephone, public string, id call.StationID) string {
	t.Helper()
	return callOut(t, at, phone, url.Values{"From": {from}, "Twiml": {
		`<Response><Dial><Conference participantLabel="desk-1" endConferenceOnExit="false" beep="false" waitUrl=""` +
			` statusCallback="` + public + `/voice/conference" statusCallbackEvent="start end join leave mute hold">` + id.AtTwilio("studio") + `</Conference></Dial></Response>`,
	}})
}

// callOut puts up a telephone and has Twilio call it. It returns the CallSid.
func callOut(t *testing.T, at stage.Client, phone stage.Telephone, form url.Values) string {
	t.Helper()
	if err := at.Install(t.Context(), phone); err != nil {
		t.Fatal(err)
	}
	form.Set("To", phone.Number)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		at.Address+"/2010-04-01/Accounts/"+at.AccountSid+"/Calls.json", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(at.AccountSid, at.AuthToken)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var made struct{ Sid string }
	if err := json.NewDecoder(answer.Body).Decode(&made); err != nil || made.Sid == "" {
		t.Fatalf("the desk's call: %s %v", answer.Status, err)
	}
	return made.Sid
}

func (s *site) legs() []stage.Leg {
	s.t.Helper()
	legs, err := s.stage.Legs(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	return legs
}

// differs says how the picture is not Twilio's; desk is the desk's own call.
func differs(p picture.Picture, legs []stage.Leg, desk string, id call.StationID) string {
	live, phone := map[call.Sid]bool{}, false
	for _, l := range legs {
		if l.CallSid == desk {
			phone = true
			continue
		}
		sid := call.Sid(l.CallSid)
		live[sid] = true
		c := card(p, sid)
		kind, name, _ := strings.Cut(l.Where, " ")
		name = id.OurName(name)
		switch {
		case c == nil:
			return l.CallSid + " is not in the picture"
		case kind == "queue" && c.Place != call.InQueue(name), kind == "conference" && (c.Place.Kind != call.Line || c.Place.Name != name),
			kind == "bridge" && c.Place.Kind != call.Bridge:
			return fmt.Sprintf("%s is in %q, not in %+v", sid, l.Where, c.Place)
		}
	}
	for _, c := range p.Cards {
		if !live[c.Call] {
			return string(c.Call) + " is in the picture and has ended"
		}
	}
	if p.Lines[0].Phone != phone {
		return fmt.Sprintf("the phone is there: %t, and the picture's line is %+v", phone, p.Lines[0])
	}
	return ""
}
