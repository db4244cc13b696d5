package app_test

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"callin/app"
	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/contract"
	"callin/app/folder"
	"callin/app/settings"
	"callin/app/update"
	"callin/app/web"
)

// stamped is what a copy of the tests' program has beside it to be a Callin with a number:
// the version and the public key.
const stamped = "stamp.json"

// updatedPC is a PC on which an installer has put a copy of the tests' program as 0.2.0.
func updatedPC(t *testing.T) (p *pc, key ed25519.PrivateKey, installed string) {
	t.Helper()
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	installed = t.TempDir()
	// By a process of its own: one that is started meanwhile would hold it open.
	if err := exec.Command("cp", own, filepath.Join(installed, "callin")).Run(); err != nil {
		t.Fatal(err)
	}
	stamp, _ := json.Marshal(map[string]string{"version": "0.2.0", "key": base64.StdEncoding.EncodeToString(public)})
	for name, text := range map[string][]byte{stamped: stamp, "install.json": []byte(`{"kind":"per-user"}`)} {
		if err := os.WriteFile(filepath.Join(installed, name), text, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	p = &pc{t: t, data: t.TempDir(), program: filepath.Join(installed, "callin")}
	return p, key, installed
}

// offer puts a release of 0.3.0 into a folder, whose installer runs commands.
func offer(t *testing.T, dir string, key ed25519.PrivateKey, commands string) {
	t.Helper()
	program := []byte("#!/bin/sh\n" + commands + "\n")
	sum := sha256.Sum256(program)
	text, signature, err := update.Sign(key, update.Release{Version: "0.3.0", Files: []update.File{{
		Name: "callin-setup", System: runtime.GOOS + "/" + runtime.GOARCH, Kind: update.PerUser, Size: int64(len(program)), SHA256: hex.EncodeToString(sum[:]),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	os.MkdirAll(dir, 0o700)
	for name, text := range map[string][]byte{update.Described: text, update.Signed: signature, "callin-setup": program} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// init makes this process what stamped says that it is.
func init() {
	own, _ := os.Executable()
	text, err := os.ReadFile(filepath.Join(filepath.Dir(own), stamped))
	var as struct{ Version, Key string }
	if err != nil || json.Unmarshal(text, &as) != nil {
		return
	}
	if as.Version == "broken" {
		os.Exit(1)
	}
	app.Stamp(as.Version, as.Key)
}

// endAll ends what runs a program of a folder, and waits until nothing does: a desk that
// was started again is no child of the test, nor is what has updated it.
func endAll(folder string) {
	for late := time.Now().Add(long); time.Now().Before(late); time.Sleep(10 * time.Millisecond) {
		found := false
		all, _ := filepath.Glob("/proc/[0-9]*/exe")
		for _, exe := range all {
			if at, err := os.Readlink(exe); err == nil && strings.HasPrefix(at, folder+"/") {
				found = true
				pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(exe)))
				syscall.Kill(pid, syscall.SIGKILL)
			}
		}
		if !found {
			return
		}
	}
}

// updateNow waits until the page of the PC is told something of updates.
func (p *pc) updateNow(browser *http.Client, what string, is func(desk.UpdateNow) bool) desk.UpdateNow {
	p.t.Helper()
	host, _, _ := strings.Cut(p.at, "/?")
	ctx, cancel := context.WithTimeout(p.t.Context(), long)
	defer cancel()
	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, host+"/api/feed", nil)
	answer, err := browser.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	var now desk.UpdateNow
	for event := ""; lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch {
		case name == "event":
			event = value
		case name == "data" && event == "update":
			now = desk.UpdateNow{}
			if err := json.Unmarshal([]byte(value), &now); err != nil {
				p.t.Fatal(err)
			}
			if is(now) {
				return now
			}
		}
	}
	p.t.Fatalf("it is not told %s, but %+v", what, now)
	return now
}

// press asks for an operation as the page of the PC does.
func (p *pc) press(browser *http.Client, op, body string) (status int, said string) {
	p.t.Helper()
	host, _, _ := strings.Cut(p.at, "/?")
	answer, err := browser.Post(host+"/api/op/"+op, "application/json", strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text)
}

// A PC is updated by what its station offers, once no show is open, and is the same desk
// after it; or it is as it was, and says why.
func TestADeskIsUpdatedByItsStation(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ version, runs, says string }{
		"good":              {"0.3.0", "0.3.0", ""},
		"it does not start": {"broken", "0.2.0", "Callin was not updated to 0.3.0: it did not start. Callin 0.2.0 runs."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at, _ := contract.Room(t)
			station := contract.NewStation(at)
			offered := t.TempDir()
			doors := station.Handler
			station.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				name, asked := strings.CutPrefix(r.URL.Path, "/api/updates/")
				if !asked {
					doors.ServeHTTP(w, r)
					return
				}
				if r.Header.Get("Authorization") != "Bearer "+station.Secret {
					t.Errorf("%s is asked for without the secret", name)
				}
				http.ServeFile(w, r, filepath.Join(offered, filepath.Base(name)))
			})
			server := station.Serve(t)
			p, key, installed := updatedPC(t)
			t.Cleanup(func() { endAll(p.data); endAll(installed) })
			offer(t, offered, key, "cd '"+installed+"' && sed -i 's/0\\.2\\.0/"+c.version+"/' "+stamped)
			home, onAir := anotherDesk(t)
			_, process := p.callin("yes\n", []string{"HOME=" + home}, "--station", server.URL, "--code", contract.Code)
			browser := contract.Enter(t, p.at)
			p.updateNow(browser, "of 0.3.0", func(now desk.UpdateNow) bool { return now.Newer == "0.3.0" && now.Own })

			if status, said := p.press(browser, "update", `{"version":"0.3.0"}`); status != http.StatusConflict || !strings.Contains(said, "A show is open.") {
				t.Fatalf("with an open show it is answered %d %s", status, said)
			}
			closeShow(t, at)
			onAir.Store(1)
			if status, said := p.press(browser, "update", `{"version":"0.3.0"}`); status != http.StatusConflict || !strings.Contains(said, "Somebody is on air at another desk of this PC.") {
				t.Fatalf("with somebody on air beside it it is answered %d %s", status, said)
			}
			time.AfterFunc(time.Second, func() { onAir.Store(0) }) // which the press waits for
			if status, said := p.press(browser, "update", `{"version":"0.3.0"}`); status != http.StatusOK {
				t.Fatalf("it is answered %d %s", status, said)
			}
			if err := process.Wait(); err != nil {
				t.Errorf("the old desk has ended with %v", err)
			}
			again := *p
			for late := time.Now().Add(long); ; time.Sleep(50 * time.Millisecond) { // until what updates it has started it
				printed, _ := again.callin("", nil)
				if strings.Contains(printed, "desk: ") {
					break
				}
				if time.Now().After(late) {
					t.Fatalf("no desk runs: %s", printed)
				}
			}
			again.updateNow(contract.Enter(t, again.at), c.runs, func(now desk.UpdateNow) bool { return now.Version == c.runs && now.LookedAt > 0 })
			again.callin("", nil) // for another address
			if now, first := again.feed(); !now.Reached || !strings.Contains(strings.Join(first.Station.Warnings, " "), c.says) {
				t.Errorf("its page is told %+v, %q", now, first.Station.Warnings)
			}
		})
	}
}

// anotherDesk is a user's home with a desk that runs, and says that so many are on air there.
func anotherDesk(t *testing.T) (home string, onAir *atomic.Int32) {
	t.Helper()
	home, onAir = t.TempDir(), new(atomic.Int32)
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(web.Quiet{OnAir: int(onAir.Load())})
	}))
	t.Cleanup(door.Close)
	dir := filepath.Join(home, ".callin", "station")
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		err = settings.Kept{DeskPort: door.Listener.Addr().(*net.TCPAddr).Port}.Save(dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	held, err := folder.Take(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { held.Close() })
	return home, onAir
}

// closeShow closes the room's show, and waits until it is.
func closeShow(t *testing.T, at desk.Seat) {
	t.Helper()
	if _, refused := at.Operate(t.Context(), desk.Ask{Name: "close", Body: []byte("{}")}); refused != nil {
		t.Fatal(refused)
	}
	for late := time.Now().Add(2 * long); at.Station.Picture().Studios[0].Show.State != call.ShowClosed; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatalf("the show is %s", at.Station.Picture().Studios[0].Show.State)
		}
	}
}
