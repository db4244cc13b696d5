package app_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"callin/app/desk/contract"
	"callin/app/web"
)

// One command is a whole show to practise: it says where the desk is, leads there
// again, can be reached from this computer only, and takes everything with it
// when it ends.
func TestOneCommandRehearses(t *testing.T) {
	t.Parallel()
	s := &site{t: t}
	data := t.TempDir()
	args := []string{"--no-browser", "--no-callers", "--data", data, "--settings", os.DevNull}
	first := s.process(nil, args...)
	said := func(c *exec.Cmd) string { return strings.TrimSpace(strings.TrimPrefix(s.run(c), "desk: ")) }
	desk := said(first)
	if answer, err := http.Get(desk); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatal(desk, answer, err)
	} else {
		answer.Body.Close()
	}
	at, code, _ := strings.Cut(desk, "?code=")
	again := said(s.process(nil, args...))
	if there, fresh, _ := strings.Cut(again, "?code="); there != at || fresh == code {
		t.Errorf("started again it says %q, and the desk is at %q", again, desk)
	}
	for _, address := range []string{again, desk} {
		contract.Enter(t, address)
	}

	if _, err := os.Stat(filepath.Join(data, "station")); err == nil {
		t.Error("a rehearsal has a real show's folder")
	}
	ports := ports(t, data)
	for name, port := range ports {
		// 127.0.0.2 is this computer too, but not the address that is listened at.
		for host, want := range map[string]bool{"127.0.0.1": true, "127.0.0.2": false, "[::1]": false} {
			conn, err := net.DialTimeout("tcp", fmt.Sprintf("%s:%d", host, port), long)
			if err == nil {
				conn.Close()
			}
			if (err == nil) != want {
				t.Errorf("%s at %s:%d: %v", name, host, port, err)
			}
		}
	}
	if err := first.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := first.Wait(); err != nil {
		t.Errorf("told to end: %v", err)
	}
	if conn, err := net.DialTimeout("tcp", fmt.Sprint("127.0.0.1:", ports["rehearsal_port"]), time.Second); err == nil {
		conn.Close()
		t.Error("the rehearsal is still there")
	}
}

// A terminal that is closed takes with it who reads what Callin prints, and tells
// Callin to end; one that was started to outlive it (nohup) goes on.
func TestAClosedTerminalEndsAllInOrder(t *testing.T) {
	t.Parallel()
	for name, outlives := range map[string]bool{"in a terminal": false, "by nohup": true} {
		t.Run(name, func(t *testing.T) {
			if !outlives && signal.Ignored(syscall.SIGHUP) {
				t.Skip("these tests were started by nohup themselves")
			}
			s := &site{t: t}
			data := t.TempDir()
			c := s.process(nil, "--no-browser", "--no-callers", "--data", data, "--settings", os.DevNull)
			if outlives {
				c.Args = append([]string{"sh", "-c", `trap "" HUP; exec "$0" "$@"`, c.Path}, c.Args[1:]...)
				c.Path = "/bin/sh"
			}
			said, err := c.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			out, err := c.StdoutPipe()
			if err == nil {
				err = c.Start()
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { c.Process.Kill(); c.Wait() })
			line, err := bufio.NewReader(out).ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			desk := strings.TrimSpace(strings.TrimPrefix(line, "desk: "))
			out.Close()
			said.Close()
			// This is logged, to nobody.
			answer, err := http.PostForm(fmt.Sprintf("http://127.0.0.1:%d/voice/wait", ports(t, data)["voice_port"]), nil)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			if err := c.Process.Signal(syscall.SIGHUP); err != nil {
				t.Fatal(err)
			}
			if outlives {
				answer, err := http.Get(desk)
				if err != nil {
					t.Fatal("it did not outlive its terminal:", err)
				}
				answer.Body.Close()
				return
			}
			if err := c.Wait(); err != nil {
				t.Errorf("it ended with %v", err)
			}
			log, err := os.ReadFile(filepath.Join(data, "callin.log"))
			if err != nil || !strings.Contains(string(log), "did not sign") {
				t.Errorf("the log on disk: %s, %v", log, err)
			}
		})
	}
}

// ports are what a rehearsal in data listens at.
func ports(t *testing.T, data string) map[string]int {
	t.Helper()
	kept, err := os.ReadFile(filepath.Join(data, "rehearsal", "kept.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(kept, &all); err != nil {
		t.Fatal(err)
	}
	ports := map[string]int{}
	for _, name := range []string{"desk_port", "voice_port", "rehearsal_port"} {
		port, _ := all[name].(float64)
		ports[name] = int(port)
	}
	return ports
}

// The browser that Callin opens is told an address that is of no use later, and
// nothing else: neither its environment nor the list of processes has a secret.
func TestTheBrowserInheritsNoSecret(t *testing.T) {
	t.Parallel()
	bin, data := t.TempDir(), t.TempDir()
	told := filepath.Join(bin, "told")
	script := "#!/bin/sh\n{ echo \"$@\"; tr '\\0' '\\n' </proc/$$/environ; } >" + told + ".part; mv " + told + ".part " + told + "\n"
	if err := os.WriteFile(filepath.Join(bin, "xdg-open"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	s := newSite(t)
	env := []string{
		"PATH=" + bin + ":/usr/bin:/bin", "DISPLAY=:none", "KEPT=this",
		"CALLIN_REHEARSAL=" + s.stage.Address, "TWILIO_ACCOUNT_SID=" + s.stage.AccountSid, "TWILIO_AUTH_TOKEN=" + s.stage.AuthToken,
		"CALLIN_NUMBER=" + s.numbers.listeners, "CALLIN_PIN=48151623", "callin_pin_file=" + os.DevNull,
	}
	printed := s.run(s.process(env, "--data", data, "--settings", os.DevNull))
	var text []byte
	for late := time.Now().Add(long); len(text) == 0 && time.Now().Before(late); time.Sleep(10 * time.Millisecond) {
		text, _ = os.ReadFile(told) // not there yet
	}
	address, environment, _ := strings.Cut(string(text), "\n")
	for _, secret := range []string{s.stage.AuthToken, s.stage.AccountSid, "48151623", "CALLIN_", "TWILIO_", "callin_"} {
		if strings.Contains(environment, secret) || strings.Contains(address, secret) {
			t.Errorf("the browser was told %s:\n%s\n%s", secret, address, environment)
		}
	}
	if !strings.Contains(environment, "KEPT=this") || strings.Contains(printed, address) {
		t.Errorf("the browser was told\n%s\n%s, and %s was printed", address, environment, printed)
	}
	contract.Enter(t, address)
	body := bytes.NewReader(contract.NewBrowser(t).Asks(address[strings.Index(address, "=")+1:]))
	again, err := http.Post(address[:strings.Index(address, "?")]+"api/session", "application/json", body)
	if err != nil {
		t.Fatal(err)
	}
	again.Body.Close()
	if again.StatusCode != http.StatusUnauthorized {
		t.Errorf("the address that the list of processes has lets in once more: %s", again.Status)
	}
	entries, err := filepath.Glob(filepath.Join(data, "*", "code-*"))
	if err != nil || len(entries) > 0 {
		t.Errorf("codes are left: %v, %v", entries, err)
	}
}

// A page that is open already is the desk: another start prints an address for who
// wants one, and opens no second page.
func TestAStartOpensNoFurtherPage(t *testing.T) {
	t.Parallel()
	bin, data := t.TempDir(), t.TempDir()
	told := filepath.Join(bin, "told")
	if err := os.WriteFile(filepath.Join(bin, "xdg-open"), []byte("#!/bin/sh\necho $START >>"+told+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := &site{t: t}
	process := func(name string) *exec.Cmd {
		env := []string{"PATH=" + bin + ":/usr/bin:/bin", "DISPLAY=:none", "START=" + name}
		return s.process(env, "--no-callers", "--data", data, "--settings", os.DevNull)
	}
	said := func(c *exec.Cmd) string { return strings.TrimSpace(strings.TrimPrefix(s.run(c), "desk: ")) }
	// openedBy are the starts that have opened a page, once the last one has.
	openedBy := func(want ...string) {
		t.Helper()
		var starts []string
		for late := time.Now().Add(long); !slices.Contains(starts, want[len(want)-1]) && time.Now().Before(late); time.Sleep(10 * time.Millisecond) {
			text, _ := os.ReadFile(told) // not there yet
			starts = strings.Fields(string(text))
		}
		if !slices.Equal(starts, want) {
			t.Fatalf("pages were opened by the starts %q, want %q", starts, want)
		}
	}
	first := process("first")
	desk := said(first)
	openedBy("first")
	browser := contract.Enter(t, desk)
	at := desk[:strings.Index(desk, "?")]
	attach := func() (close func() error) {
		for late := time.Now().Add(long); ; time.Sleep(10 * time.Millisecond) {
			if page, err := browser.Get(at + "api/feed"); err == nil {
				return page.Body.Close
			} else if time.Now().After(late) {
				t.Fatal(err)
			}
		}
	}
	leave := attach()
	other := contract.Enter(t, said(process("beside-a-page")))
	leave()
	for late := time.Now().Add(long); ; time.Sleep(10 * time.Millisecond) {
		answer, err := other.Get(at)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.Header.Get(web.OpenHeader) == "" {
			break
		} else if time.Now().After(late) {
			t.Fatal("Callin does not notice that the page was closed")
		}
	}
	said(process("beside-no-page"))
	openedBy("first", "beside-no-page")

	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	first.Wait()
	first = process("found-by-a-page")
	said(first)
	defer attach()()
	first.Process.Signal(syscall.SIGINT)
	first.Wait()
	said(process("found-by-no-page"))
	openedBy("first", "beside-no-page", "found-by-no-page")
}
