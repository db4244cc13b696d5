//go:build linux

package tunnel

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"callin/app/call"
)

// stageOf names the folder by which a test directs the program that stands in for
// cloudflared.
const stageOf = "FAKE_CLOUDFLARED"

// fakeCloudflared says and answers what cloudflared does (its source: cmd/cloudflared,
// metrics; version 2025.9).
func fakeCloudflared(args []string) int {
	dir := os.Getenv(stageOf)
	flags := flag.NewFlagSet("tunnel", flag.ContinueOnError)
	settings, metrics, origin := flags.String("config", "", ""), flags.String("metrics", "", ""), flags.String("url", "", "")
	flags.Bool("no-autoupdate", false, "")
	flags.Duration("grace-period", 30*time.Second, "")
	if err := flags.Parse(args[1:]); err != nil || args[0] != "tunnel" {
		return 2
	}
	started, _ := os.ReadDir(filepath.Join(dir, "started"))
	n := len(started) + 1
	about := fmt.Sprintln(os.Getpid()) + strings.Join(args, " ") + "\n" + *settings + "\n" + strings.Join(os.Environ(), "\n")
	os.WriteFile(filepath.Join(dir, "started", strconv.Itoa(n)), []byte(about), 0o600)
	if _, err := os.ReadFile(*settings); err != nil {
		return 2
	}
	says := func(level, text string) {
		fmt.Fprintf(os.Stderr, "%s %s %s\n", time.Now().UTC().Format(time.RFC3339), level, text)
	}
	says("INF", "Requesting new quick Tunnel on trycloudflare.com...")
	refused := false
	if text, err := os.ReadFile(filepath.Join(dir, "says")); err == nil {
		os.Stderr.Write(text)
		if _, err := os.Stat(filepath.Join(dir, "stays")); err != nil {
			return 1
		}
		refused = true
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ready", func(w http.ResponseWriter, _ *http.Request) {
		if _, err := os.Stat(filepath.Join(dir, "cut")); err == nil || refused {
			w.WriteHeader(http.StatusServiceUnavailable)
			io.WriteString(w, `{"status":503,"readyConnections":0,"connectorId":"0"}`)
			return
		}
		io.WriteString(w, `{"status":200,"readyConnections":1,"connectorId":"0"}`)
	})
	mux.HandleFunc("GET /quicktunnel", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		host := ""
		if *origin != "" {
			host = fmt.Sprintf("words-number-%d.trycloudflare.com", n)
		}
		fmt.Fprintf(w, `{"hostname":%q}`, host)
	})
	says("INF", "Starting metrics server on "+*metrics+"/metrics")
	if err := http.ListenAndServe(*metrics, mux); err != nil {
		says("ERR", "Error opening metrics server listener error=\"listen tcp: address already in use\"")
	}
	return 1
}

// stage is a computer with cloudflared, and a tunnel that runs there.
type stage struct {
	t     *testing.T
	dir   string
	told  chan State
	end   context.CancelFunc
	ended chan struct{}
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, dir: t.TempDir(), told: make(chan State, 100), end: func() {}, ended: make(chan struct{})}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	programs := t.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(s.dir, "started"), 0o700), os.Symlink(self, filepath.Join(programs, "cloudflared"))); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", programs)
	t.Setenv("TMPDIR", s.dir)
	t.Setenv(stageOf, s.dir)
	return s
}

func (s *stage) run(o Options) {
	ctx, end := context.WithCancel(context.Background())
	s.end = end
	o.Kind, o.To, o.Log = Cloudflared, "127.0.0.1:8101", slog.New(slog.DiscardHandler)
	o.Tell = func(state State) { s.told <- state }
	go func() { defer close(s.ended); Run(ctx, o) }()
	s.t.Cleanup(func() { end(); <-s.ended })
}

// long is how long a test waits for what must happen.
const long = 20 * time.Second

// becomes waits for a state: its address, or the code of its trouble.
func becomes(t *testing.T, told <-chan State, want string) State {
	t.Helper()
	for late := time.After(long); ; {
		select {
		case s := <-told:
			if s.Address == want && s.Trouble == nil && want != "" || s.Trouble != nil && s.Address == "" && s.Trouble.Code.String() == want {
				return s
			}
			if s != (State{}) {
				t.Logf("meanwhile: %+v", s)
			}
		case <-late:
			t.Fatalf("it is never %s", want)
		}
	}
}

func (s *stage) becomes(want string) State {
	s.t.Helper()
	return becomes(s.t, s.told, want)
}

func (s *stage) put(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// started is what the latest cloudflared was started with, and how many there were.
func (s *stage) started() (pid int, arguments, settings string, environment []string, n int) {
	s.t.Helper()
	all, err := os.ReadDir(filepath.Join(s.dir, "started"))
	if err != nil || len(all) == 0 {
		s.t.Fatal("none was started: ", err)
	}
	text, err := os.ReadFile(filepath.Join(s.dir, "started", strconv.Itoa(len(all))))
	lines := strings.Split(string(text), "\n")
	if err != nil || len(lines) < 4 {
		s.t.Fatal(err)
	}
	pid, err = strconv.Atoi(lines[0])
	if err != nil {
		s.t.Fatal(err)
	}
	return pid, lines[1], lines[2], lines[3:], len(all)
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

func TestCloudflaredKeepsAnAddressWithoutAnAccount(t *testing.T) {
	s := newStage(t)
	s.run(Options{})
	s.becomes("https://words-number-1.trycloudflare.com")
	pid, arguments, settings, _, _ := s.started()
	if !strings.HasSuffix(arguments, " --url http://127.0.0.1:8101") {
		t.Errorf("it was started with %s", arguments)
	}

	s.put("cut", "") // from Cloudflare: it goes on by itself
	s.becomes("tunnel_cut")
	if err := os.Remove(filepath.Join(s.dir, "cut")); err != nil {
		t.Fatal(err)
	}
	s.becomes("https://words-number-1.trycloudflare.com")
	if now, _, _, _, n := s.started(); now != pid || n != 1 {
		t.Errorf("it was started %d times", n)
	}

	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s.becomes("tunnel_cut")
	s.becomes("https://words-number-2.trycloudflare.com")
	if _, err := os.Stat(settings); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the settings of the one that died are left: %v", err)
	}
	pid, _, settings, _, _ = s.started()
	s.end()
	<-s.ended
	if _, err := os.Stat(settings); alive(pid) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after the end it runs: %t; its settings: %v", alive(pid), err)
	}
}

// The token, and what Callin itself was given, are nobody else's to see.
func TestCloudflaredIsToldATokenAndNoOtherSecret(t *testing.T) {
	s := newStage(t)
	t.Setenv("TWILIO_AUTH_TOKEN", "of the account")
	t.Setenv("CALLIN_PIN", "13572468")
	t.Setenv("TUNNEL_URL", "http://somewhere.else")
	s.run(Options{Token: "eyJhIjoi", Domain: "radio.example.org"})
	s.becomes("https://radio.example.org")
	_, arguments, _, environment, _ := s.started()
	if !strings.HasSuffix(arguments, " run") || strings.Contains(arguments, "eyJhIjoi") {
		t.Errorf("it was started with %s", arguments)
	}
	if !slices.Contains(environment, "TUNNEL_TOKEN=eyJhIjoi") {
		t.Error("it has no token")
	}
	for _, v := range environment {
		if strings.HasPrefix(v, "TWILIO_") || strings.HasPrefix(v, "CALLIN_") || strings.HasPrefix(v, "TUNNEL_URL") {
			t.Errorf("it was given %s", v)
		}
	}
}

func TestWhatCloudflaredRefusesIsSaidInWords(t *testing.T) {
	const token = "eyJhIjoi"
	for name, c := range map[string]struct {
		says  string
		stays bool
		code  call.Code
	}{
		"a token that is none": {"Provided Tunnel token is not valid.\nSee 'cloudflared tunnel run --help'.\n", false, call.CodeTunnelToken},
		"a token of before":    {"2026-01-02T03:04:05Z ERR Register tunnel error from server side error=\"Unauthorized: Invalid tunnel secret\" connIndex=0\n", true, call.CodeTunnelToken},
		"too many of them":     {"2026-01-02T03:04:05Z ERR Error unmarshaling QuickTunnel response: error code: 1015 error=\"invalid character 'e' looking for beginning of value\" status_code=\"429 Too Many Requests\"\nfailed to unmarshal quick Tunnel: invalid character 'e' looking for beginning of value\n", false, call.CodeTunnelLimit},
		"no network":           {"failed to request quick Tunnel: Post \"https://api.trycloudflare.com/tunnel\": dial tcp: lookup api.trycloudflare.com: no such host\n", false, call.CodeTunnelCut},
		"what nobody knows":    {"panic: " + token + "\n", false, call.CodeTunnelCut},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.put("says", c.says)
			if c.stays {
				s.put("stays", "")
			}
			s.run(Options{Token: token, Domain: "radio.example.org"})
			if is := s.becomes(c.code.String()); strings.Contains(is.Trouble.Message, token) || !strings.HasSuffix(is.Trouble.Message, ".") {
				t.Error(is.Trouble.Message)
			}
		})
	}
}

func TestThatCloudflaredIsNotInstalledIsSaid(t *testing.T) {
	s := newStage(t)
	t.Setenv("PATH", t.TempDir())
	s.run(Options{})
	if is := s.becomes("tunnel_program"); !strings.Contains(is.Trouble.Message, "not installed") {
		t.Error(is.Trouble.Message)
	}
}

// isParent makes this test's program be Callin, which is killed.
const isParent = "FAKE_CALLIN"

func beParent() {
	Run(context.Background(), Options{Kind: Cloudflared, To: "127.0.0.1:8101", Log: slog.New(slog.DiscardHandler), Tell: func(s State) {
		if s.Address != "" {
			fmt.Println(s.Address)
		}
	}})
}

// However Callin ends, nobody is left who has its callers asked for.
func TestCloudflaredEndsWithACallinThatIsKilled(t *testing.T) {
	s := newStage(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	parent := exec.Command(self)
	parent.Env = append(os.Environ(), isParent+"=yes")
	said, err := parent.StdoutPipe()
	if err == nil {
		err = parent.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := said.Read(make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	pid, _, _, _, _ := s.started()
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	parent.Wait()
	for late := time.Now().Add(long); alive(pid); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(late) {
			syscall.Kill(pid, syscall.SIGKILL)
			t.Fatal("it goes on")
		}
	}
}
