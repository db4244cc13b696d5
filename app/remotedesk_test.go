package app_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"callin/app/certificate"
	"callin/app/desk"
	"callin/app/desk/contract"
	"callin/app/picture"
)

// pc is a PC that is to be a desk of a station elsewhere.
type pc struct {
	t    *testing.T
	data string
	at   string // the desk's address on this PC
	// program is another one than the tests' own.
	program string
}

// callin starts Callin on the PC, and answers what it asks. It returns what it printed
// before it ended, or up to the desk's address.
func (p *pc) callin(answers string, env []string, args ...string) (printed string, process *exec.Cmd) {
	p.t.Helper()
	s := &site{t: p.t, program: p.program}
	process = s.process(env, append(args, "--data", p.data, "--no-browser")...)
	process.Stdin = strings.NewReader(answers)
	out, err := process.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	var said bytes.Buffer
	process.Stderr = &said
	if err := process.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		process.Process.Kill()
		process.Wait()
		if p.t.Failed() {
			p.t.Logf("%v said:\n%s", args, said.String())
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		printed += lines.Text() + "\n"
		if address, ok := strings.CutPrefix(lines.Text(), "desk: "); ok {
			p.at = address
			go io.Copy(io.Discard, out)
			return printed, process
		}
	}
	process.Wait()
	return printed + said.String(), process
}

// feed is what the page of the PC is told first: of the station, then a picture.
func (p *pc) feed() (now desk.StationNow, first picture.Picture) {
	p.t.Helper()
	browser := contract.Enter(p.t, p.at)
	host, _, _ := strings.Cut(p.at, "/?")
	answer, err := browser.Get(host + "/api/feed")
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	event := ""
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch {
		case name == "event":
			event = value
		case name == "data" && event == "station":
			err = json.Unmarshal([]byte(value), &now)
			if !now.Reached {
				return now, first
			}
		case name == "data" && event == "picture":
			if err := json.Unmarshal([]byte(value), &first); err != nil {
				p.t.Fatal(err)
			}
			return now, first
		}
		if err != nil {
			p.t.Fatal(err)
		}
	}
	p.t.Fatal("the feed ends")
	return now, first
}

func TestAPCIsADeskOfAStationElsewhere(t *testing.T) {
	t.Parallel()
	at, _ := contract.Room(t)
	station := contract.NewStation(at)
	server := station.Serve(t)
	p := &pc{t: t, data: t.TempDir()}

	if printed, _ := p.callin("", nil, "--station", server.URL); !strings.Contains(printed, "is not paired with "+server.URL) || !strings.Contains(printed, "Ask a manager's desk") {
		t.Fatalf("without a code it says %q", printed)
	}
	if printed, _ := p.callin("no\n", nil, "--station", server.URL, "--code", contract.Code); !strings.Contains(printed, "words are not the same") {
		t.Fatalf("with other words it says %q", printed)
	}
	if printed, _ := p.callin("yes\n", nil, "--station", server.URL, "--code", "654321"); !strings.Contains(printed, "This code is wrong") {
		t.Fatalf("with a wrong code it says %q", printed)
	}
	printed, process := p.callin("yes\n", nil, "--station", server.URL, "--code", contract.Code)
	if words := certificate.PinOf(server.Certificate()).Words(); !strings.Contains(printed, words) {
		t.Fatalf("it shows %q, not %q", printed, words)
	}
	if now, first := p.feed(); !now.Reached || now.Name != contract.StationName || len(first.Cards) != 1 {
		t.Fatalf("its page is told %+v %+v", now, first)
	}
	process.Process.Kill()
	process.Wait()

	// From then on callin alone is that desk, whatever rehearsal there was before.
	_, process = p.callin("", nil)
	if now, _ := p.feed(); !now.Reached || now.Name != contract.StationName {
		t.Fatalf("its page is told %+v", now)
	}
	process.Process.Kill()
	process.Wait()
	for _, name := range []string{"journal.db", "station-id"} {
		if found, _ := filepath.Glob(filepath.Join(p.data, "*", name)); len(found) > 0 {
			t.Errorf("a desk has %v", found)
		}
	}
	if info, err := os.Stat(filepath.Join(p.data, "remote", "station.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the secret is kept as %v, %v", info, err)
	}
	logged, err := os.ReadFile(filepath.Join(p.data, "callin.log"))
	if err != nil || bytes.Contains(logged, []byte(station.Secret)) {
		t.Errorf("the log has the secret: %s %v", logged, err)
	}

	if printed, _ := p.callin("", []string{"CALLIN_STATION=https://127.0.0.1:1"}); !strings.Contains(printed, "is not paired with https://127.0.0.1:1") {
		t.Errorf("the settings name another station, and it says %q", printed)
	}
	station.Revoke()
	if printed, _ := p.callin("", nil); !strings.Contains(printed, "no longer a desk of the station") {
		t.Errorf("once it is revoked it says %q", printed)
	}
}

// A PC without a terminal shows the words on its page, and is paired by the answer there
// alone: nothing of the code or the PC goes to the station before.
func TestWithoutATerminalTheWordsAreComparedOnThePage(t *testing.T) {
	t.Parallel()
	at, _ := contract.Room(t)
	server := contract.NewStation(at).Serve(t)
	words := certificate.PinOf(server.Certificate()).Words()
	for _, c := range []struct{ code, answer, says string }{
		{contract.Code, `{"same":false}`, "words are not the same"},
		{"654321", `{"same":true}`, "This code is wrong"},
		{contract.Code, `{"same":true}`, ""},
	} {
		p := &pc{t: t, data: t.TempDir()}
		_, process := p.callin("", nil, "--station", server.URL, "--code", c.code)
		browser, host, stations, _ := p.follow()
		if now := soon(t, stations, long); now.Words != words || now.Reached || now.Ended || now.Name != server.URL {
			t.Fatalf("the page is told %+v, and the words are %q", now, words)
		}
		says := func(op, body string) (status int, text string) {
			answer, err := browser.Post(host+"/api/op/"+op, "application/json", strings.NewReader(body))
			if err != nil {
				return 0, err.Error()
			}
			defer answer.Body.Close()
			said, _ := io.ReadAll(answer.Body)
			return answer.StatusCode, string(said)
		}
		for op, body := range map[string]string{"next": "{}", "sameWords": "{}"} {
			if status, said := says(op, body); status != http.StatusConflict || !strings.Contains(said, "no desk yet") {
				t.Errorf("%s before it is paired is answered %d %s", op, status, said)
			}
		}
		kept := filepath.Join(p.data, "remote", "station.json")
		if _, err := os.Stat(kept); err == nil {
			t.Error("it is paired before anybody has answered")
		}
		status, said := says("sameWords", c.answer)
		if c.says == "" {
			if _, err := os.Stat(kept); status != http.StatusOK || err != nil {
				t.Fatalf("it is answered %d %s, and kept is %v", status, said, err)
			}
			for late := time.Now().Add(long); ; time.Sleep(10 * time.Millisecond) { // the desk opens where its page was
				if status, _ := says("shows", "{}"); status == http.StatusOK {
					break
				}
				if time.Now().After(late) {
					t.Fatal("the desk is not at the address of its page")
				}
			}
			continue
		}
		if status != http.StatusConflict || !strings.Contains(said, c.says) {
			t.Errorf("it is answered %d %s", status, said)
		}
		if now := soon(t, stations, long); !now.Ended || now.Words != "" || !strings.Contains(now.Why, c.says) {
			t.Errorf("the page is told %+v", now)
		}
		process.Wait()
		if _, err := os.Stat(kept); err == nil || process.ProcessState.ExitCode() != 1 {
			t.Errorf("it has ended with %d, and the pairing is kept: %v", process.ProcessState.ExitCode(), err == nil)
		}
	}
}

func TestWithoutItsStationADeskOpensAndSaysSo(t *testing.T) {
	t.Parallel()
	at, _ := contract.Room(t)
	server := contract.NewStation(at).Serve(t)
	p := &pc{t: t, data: t.TempDir()}
	_, process := p.callin("yes\n", nil, "--station", server.URL, "--code", contract.Code)
	process.Process.Kill()
	process.Wait()
	server.CloseClientConnections()
	server.Listener.Close()
	p.callin("", nil)
	if now, _ := p.feed(); now.Reached || now.Name != contract.StationName || !strings.Contains(now.Why, "is not reached") {
		t.Errorf("its page is told %+v", now)
	}
}

// Whoever is at the PC's port without the pass does not reach the rehearsal.
func TestOnlyTheDesksPageSignalsThroughIt(t *testing.T) {
	t.Parallel()
	at, _ := contract.Room(t)
	server := contract.NewStation(at).Serve(t)
	p := &pc{t: t, data: t.TempDir()}
	p.callin("yes\n", nil, "--station", server.URL, "--code", contract.Code)
	host, _, _ := strings.Cut(p.at, "/?")
	answer, err := http.Get(host + "/signal?pass=guessed")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusForbidden {
		t.Errorf("it is answered %s", answer.Status)
	}
}

// Nobody is left in doubt whether a PC is a station or a desk.
func TestWhatAPCIsIsRefusedWhereItIsInDoubt(t *testing.T) {
	t.Parallel()
	account := []string{"TWILIO_ACCOUNT_SID=AC1", "TWILIO_AUTH_TOKEN=x", "CALLIN_PUBLIC_URL=https://radio.example.org"}
	named := []string{"CALLIN_STATION=https://a.example.org"}
	p := &pc{t: t, data: t.TempDir()}
	for _, c := range []struct {
		env  []string
		args string
		says string
	}{
		{nil, "--station ftp://a.example.org", "no address of a station"},
		{nil, "--station http://a.example.org", "no address of a station"},
		{nil, "--code 123456", "Name that with --station"},
		{account, "--code 123456", "Name that with --station"},
		{account, "--station https://a.example.org", "this PC is a station itself"},
		{named, "--station https://b.example.org", "name another station: https://a.example.org"},
		{named, "", "is not paired with https://a.example.org"},
		{append(named, account...), "", "Remove station"},
		{named, "station", "runs a station"},
		{nil, "station --station https://a.example.org", "runs a station"},
		{nil, "--station 127.0.0.1:1 --code 123456", "Nobody answers at https://127.0.0.1:1"},
	} {
		if printed, _ := p.callin("", c.env, strings.Fields(c.args)...); !strings.Contains(printed, c.says) {
			t.Errorf("callin %s with %v says %q, want %q", c.args, c.env, printed, c.says)
		}
	}
	if made, _ := filepath.Glob(filepath.Join(p.data, "*", "journal.db")); len(made) > 0 {
		t.Errorf("there is %v", made)
	}
}

// The page of a PC may connect to the edge of its station's, as that says at each start,
// and to no other.
func TestAPCTakesItsStationsEdge(t *testing.T) {
	t.Parallel()
	at, _ := contract.Room(t)
	station := contract.NewStation(at)
	var says atomic.Value
	doors := station.Handler
	station.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/station" {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, says.Load().(string))
			return
		}
		doors.ServeHTTP(w, r)
	})
	server := station.Serve(t)
	p := &pc{t: t, data: t.TempDir()}
	args := []string{"--station", server.URL, "--code", contract.Code}
	for _, c := range []struct{ edge, region, source string }{
		{"dublin", "ie1", "wss://voice-js.dublin.twilio.com https://eventgw.twilio.com https://eventgw.ie1.twilio.com;"},
		{"", "", "wss://voice-js.roaming.twilio.com https://eventgw.twilio.com https://eventgw.us1.twilio.com;"},
		{"evil.example/", "us1", "wss://voice-js.roaming.twilio.com https://eventgw.twilio.com https://eventgw.us1.twilio.com;"},
	} {
		says.Store(fmt.Sprintf(`{"name":"Radio","rehearsal":false,"edge":%q,"region":%q}`, c.edge, c.region))
		_, process := p.callin("yes\n", nil, args...)
		host, _, _ := strings.Cut(p.at, "/?")
		answer, err := http.Get(host + "/")
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if policy := answer.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "connect-src 'self' "+c.source) {
			t.Errorf("with %q and %q the page may connect by %q", c.edge, c.region, policy)
		}
		process.Process.Kill()
		process.Wait()
		args = nil
	}
}
