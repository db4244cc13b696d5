package app_test

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// fromMenu starts Callin as a menu or the login does, without a terminal, and returns the PC with the address that
// a browser was told.
func fromMenu(t *testing.T, data string, env []string, args ...string) (*pc, *exec.Cmd) {
	t.Helper()
	bin := t.TempDir()
	told := filepath.Join(bin, "told")
	if err := os.WriteFile(filepath.Join(bin, "xdg-open"), []byte("#!/bin/sh\necho \"$1\" >"+told+".part; mv "+told+".part "+told+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := &site{t: t}
	process := s.process(append([]string{"PATH=" + bin + ":/usr/bin:/bin", "DISPLAY=:none"}, env...), append(args, "--data", data)...)
	s.run(process)
	for late := time.Now().Add(long); time.Now().Before(late); time.Sleep(10 * time.Millisecond) {
		if text, err := os.ReadFile(told); err == nil {
			return &pc{t: t, data: data, at: strings.TrimSpace(string(text))}, process
		}
	}
	t.Fatal("no browser was opened")
	return nil, nil
}

// isTold fails unless the page says these words and that nothing comes of the start, which then ends.
func (p *pc) isTold(process *exec.Cmd, words string) {
	p.t.Helper()
	if now, _ := p.feed(); !now.Ended || !strings.Contains(now.Why, words) {
		p.t.Fatalf("its page is told %+v, want %q", now, words)
	}
	process.Wait()
	if process.ProcessState.ExitCode() != 1 {
		p.t.Errorf("it ended with %v", process.ProcessState)
	}
}

// Where nobody reads what Callin prints, a page says why it does not start, and what to do.
func TestWhyCallinDoesNotStartIsOnAPage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ settings, says string }{
		{"show = \"Late\"\nsreens = true\n", "callin.toml, line 2: Callin knows no setting"},
		{"station = \"https://127.0.0.1:1\"\n", "This PC is not paired with https://127.0.0.1:1"},
	} {
		file, data := filepath.Join(t.TempDir(), "callin.toml"), t.TempDir()
		if err := os.WriteFile(file, []byte(c.settings), 0o600); err != nil {
			t.Fatal(err)
		}
		p, process := fromMenu(t, data, nil, "--settings", file)
		p.isTold(process, c.says)
	}
}

// A start that another Callin keeps from its folder says so, and leaves what that one keeps as it is.
func TestAPageOfARefusedStartTouchesNobodysFolder(t *testing.T) {
	t.Parallel()
	r := &rollout{headless: newHeadless(t)}
	r.start()
	_, file := r.key()
	data := t.TempDir()
	r.joins(data, file)
	running := &pc{t: t, data: data}
	running.callin("", nil, "--settings", os.DevNull)
	kept := filepath.Join(data, "remote", "kept.json")
	before, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	p, process := fromMenu(t, data, nil, "--settings", os.DevNull, "--station", r.door, "--code", "123 456")
	p.isTold(process, "Callin is running on this PC already")
	if after, _ := os.ReadFile(kept); string(after) != string(before) {
		t.Errorf("what the other one keeps was\n%s\nand is\n%s", before, after)
	}
	if now, first := running.feed(); !now.Reached || first.You == "" {
		t.Errorf("the page of the other one is told %+v", now)
	}
}

// Whom a station refused at the installation is no rehearsal: each start says why, until it joins or leaves.
func TestAPCThatWasRefusedSaysSoAtItsStart(t *testing.T) {
	t.Parallel()
	r := &rollout{headless: newHeadless(t)}
	r.start()
	key, _ := r.key()
	secret, pin, _ := strings.Cut(key, ".")
	wrong := strings.Repeat("A", len(secret))
	data := t.TempDir()
	if printed, code := r.pcDoes(data, "join", "--station", r.door, "--key", wrong+"."+pin); code != 1 {
		t.Fatalf("it says %d %q", code, printed)
	}
	for range 2 {
		p, process := fromMenu(t, data, nil, "--settings", os.DevNull)
		p.isTold(process, "This PC is no desk of "+r.door+" yet. This is no roll-out key of the station's")
	}
	for path, is := range map[string]bool{"rehearsal": false, "remote/join.json": true} {
		text, err := os.ReadFile(filepath.Join(data, path))
		if (err == nil) != is || strings.Contains(string(text), wrong) {
			t.Errorf("%s: %v %s", path, err, text)
		}
	}
	said, _ := r.desks("add", "--role", "producer", "Pia")
	code := regexp.MustCompile(`(?m)^code: (\S+ \S+)$`).FindStringSubmatch(said)[1]
	p := &pc{t: t, data: data}
	_, process := p.callin("yes\n", nil, "--settings", os.DevNull, "--station", r.door, "--code", code)
	process.Process.Kill()
	process.Wait()
	r.isDesk(data)
}

// A computer may start Callin before it has its network: the desk comes once Twilio answers.
func TestADeskWaitsForTwilioWhereNobodyReads(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	to, err := url.Parse(s.stage.Address)
	if err != nil {
		t.Fatal(err)
	}
	var up atomic.Bool
	proxy := httputil.NewSingleHostReverseProxy(to)
	between := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !up.Load() {
			panic(http.ErrAbortHandler)
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(between.Close)
	p, _ := fromMenu(t, t.TempDir(), []string{
		"CALLIN_REHEARSAL=" + between.URL, "TWILIO_ACCOUNT_SID=" + s.stage.AccountSid, "TWILIO_AUTH_TOKEN=" + s.stage.AuthToken, "CALLIN_NUMBER=" + s.numbers.listeners,
	}, "--settings", os.DevNull, "--no-callers")
	browser, host, stations, _ := p.follow()
	if now := <-stations; now.Ended || !strings.Contains(now.Why, "Twilio does not answer") || !strings.Contains(now.Why, "Trying again") {
		t.Errorf("its page is told %+v", now)
	}
	up.Store(true)
	for late, told := time.Now().Add(long), ""; told == "" || told == "event: station"; time.Sleep(50 * time.Millisecond) {
		if answer, err := browser.Get(host + "/api/feed"); err == nil {
			lines := bufio.NewScanner(answer.Body)
			for told = ""; !strings.HasPrefix(told, "event: ") && lines.Scan(); {
				told = lines.Text()
			}
			answer.Body.Close()
		}
		if time.Now().After(late) {
			t.Fatalf("the desk did not come: %q", told)
		}
	}
}
