package app_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"callin/app/certificate"
	"callin/app/settings"
)

// key makes a roll-out key at the station, in a file as an installer has it.
func (h *headless) key(words ...string) (text, file string) {
	h.t.Helper()
	said, code := h.desks(append([]string{"key", "--role", "producer"}, words...)...)
	found := regexp.MustCompile(`(?m)^key: (\S+)$`).FindStringSubmatch(said)
	if code != 0 || found == nil {
		h.t.Fatalf("no key: %s", said)
	}
	return found[1], written(h.t, found[1])
}

func written(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "key.txt")
	if err := os.WriteFile(file, []byte("\ufeff"+text+"\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// redirected is a file as PowerShell's > writes it: UTF-16.
func redirected(t *testing.T, text string) string {
	t.Helper()
	file := written(t, "")
	wide := append([]byte{0xff, 0xfe}, strings.Join(strings.Split(text, ""), "\x00")+"\x00\r\x00\n\x00"...)
	if err := os.WriteFile(file, wide, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// rollout are PCs of a studio, and what all of their processes have said.
type rollout struct {
	*headless
	machine string // the folder of what is a whole computer's; empty for none
	all     bytes.Buffer
}

// pcDoes runs a command of callin's on a PC until it ends.
func (r *rollout) pcDoes(data string, words ...string) (printed string, code int) {
	r.t.Helper()
	c := r.process([]string{"CALLIN_TEST_MACHINE=" + r.machine}, append(words, "--data", data, "--settings", os.DevNull)...)
	if words[0] == "leave" {
		c.Args = c.Args[:len(c.Args)-2]
	}
	out, _ := c.CombinedOutput()
	r.all.Write(out)
	return string(out), c.ProcessState.ExitCode()
}

// joins makes a PC a desk by the key in a file, which is gone then.
func (r *rollout) joins(data, file string, words ...string) string {
	r.t.Helper()
	printed, code := r.pcDoes(data, append([]string{"join", "--station", r.door, "--key-file", file}, words...)...)
	if code != 0 {
		r.t.Fatalf("it is not joined: %d %s", code, printed)
	}
	if _, err := os.Stat(file); err == nil {
		r.t.Error("the key's file is still there")
	}
	return strings.TrimSpace(printed)
}

// isDesk fails unless a PC's page is told of its station.
func (r *rollout) isDesk(data string) {
	r.t.Helper()
	p := &pc{t: r.t, data: data}
	_, process := p.callin("", []string{"CALLIN_TEST_MACHINE=" + r.machine}, "--settings", os.DevNull)
	if now, first := p.feed(); !now.Reached || first.You == "" {
		r.t.Errorf("its page is told %+v", now)
	}
	process.Process.Kill()
	process.Wait()
}

// Twelve PCs, say, by one key: each is a desk named after it, without anybody who compares
// words or types a code, and no more than the key is for.
func TestARollOutByAKey(t *testing.T) {
	t.Parallel()
	r := &rollout{headless: newHeadless(t)}
	r.start()
	key, file := r.key("--pcs", "2")
	name, _ := os.Hostname()
	name, _, _ = strings.Cut(name, ".")
	first, second, third := t.TempDir(), t.TempDir(), t.TempDir()
	if called := r.joins(first, file); called != name {
		t.Errorf("the first is called %q, not %q", called, name)
	}
	r.kill()
	r.start() // what the key has made is on the disk, and what it has left
	if called := r.joins(second, written(t, key)); called != name+" 2" {
		t.Errorf("the second is called %q", called)
	}
	printed, code := r.pcDoes(third, "join", "--station", r.door, "--key", key)
	if code != 1 || !strings.Contains(printed, "was for 2 PCs, and so many have used it. Ask a manager") {
		t.Errorf("the third is told %d %s", code, printed)
	}
	if called := r.joins(second, written(t, key)); called != name+" 2" {
		t.Errorf("joined again the second is called %q", called)
	}
	r.isDesk(first)
	r.isDesk(second)
	list, _ := r.desks("list")
	if !regexp.MustCompile(`(?m)^\S+ +producer +Studio +2 +0 +\d{4}-`).MatchString(list) || strings.Count(list, name) != 2 {
		t.Errorf("the list is\n%s", list)
	}

	if printed, code := r.pcDoes(second, "leave"); code != 0 || !strings.Contains(printed, "is signed out at") {
		t.Errorf("leaving it is told %d %s", code, printed)
	}
	if list, _ := r.desks("list"); !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` 2 +producer +Studio +- `).MatchString(list) {
		t.Errorf("then the list is\n%s", list)
	}
	if called := r.joins(second, redirected(t, key)); called != name+" 2" {
		t.Errorf("back again it is called %q", called)
	}
}

func TestWhatAKeyIsRefusedFor(t *testing.T) {
	t.Parallel()
	r := &rollout{headless: newHeadless(t)}
	r.start()
	key, _ := r.key()
	own, trusted, _ := strings.Cut(key, ".")
	list, _ := r.desks("list")
	id := regexp.MustCompile(`(?m)^(\S+) +producer +Studio +12 +12 `).FindStringSubmatch(list)
	if id == nil {
		t.Fatal(list)
	}
	for _, day := range []string{"2001-01-01", "2099-01-01"} {
		if said, code := r.desks("key", "--role", "producer", "--until", day); code != 1 || !strings.Contains(said, "a date that is to come, within a year") {
			t.Errorf("until %s: %s", day, said)
		}
	}
	stranger := httptest.NewUnstartedServer(http.NotFoundHandler())
	stranger.Config.ErrorLog = log.New(io.Discard, "", 0) // it is refused
	stranger.StartTLS()
	defer stranger.Close()
	for name, c := range map[string]struct {
		station, key, says string
	}{
		"somebody else answers":  {stranger.URL, key, "shows another certificate"},
		"it carries no pin":      {r.door, own, "does not trust the certificate"},
		"it was not copied":      {r.door, key[:40], "was not copied whole"},
		"it is none":             {r.door, strings.Repeat("A", 26) + "." + trusted, "no roll-out key of the station's"},
		"nobody named a station": {"", key, "Name the station"},
	} {
		data, file := t.TempDir(), written(t, c.key)
		words := []string{"join", "--key-file", file}
		if c.station != "" {
			words = append(words, "--station", c.station)
		}
		printed, code := r.pcDoes(data, words...)
		if code != 1 || !strings.Contains(printed, c.says) {
			t.Errorf("%s: it says %d %q", name, code, printed)
		}
		_, err := os.Stat(file)
		if left, isKey := err == nil, name != "it was not copied"; left == isKey {
			t.Errorf("%s: the file is left: %v", name, left)
		}
		if asked, _ := settings.LoadRequest(filepath.Join(data, "remote")); asked != nil && asked.Key != "" {
			t.Errorf("%s: it is kept to be asked again", name)
		}
	}
	if _, code := r.desks("revoke-key", id[1]); code != 0 {
		t.Error("it cannot be revoked")
	}
	if printed, code := r.pcDoes(t.TempDir(), "join", "--station", r.door, "--key", key); code != 1 || !strings.Contains(printed, "was revoked") {
		t.Errorf("revoked, it says %d %q", code, printed)
	}
	for _, words := range []string{"join", "join --station " + r.door, "join --key a --code b", "leave --station a", "join --key a b"} {
		if printed, code := r.pcDoes(t.TempDir(), strings.Fields(words)...); code != 2 || !strings.Contains(printed, "not understood") {
			t.Errorf("%s: %d %s", words, code, printed)
		}
	}
	r.kill()
	for _, said := range []string{r.said.String(), r.all.String()} {
		if strings.Contains(said, own) {
			t.Errorf("the key was said: %s", said)
		}
	}
	r.walk(func(path string, text []byte) {
		if bytes.Contains(text, []byte(own)) {
			t.Errorf("the key is in %s", path)
		}
	})
}

// between is the way to the station on which answers can be lost: the station's own
// certificate, so that a PC finds nobody else there.
func (r *rollout) between(lose func(*http.Request) bool) (door string, close func()) {
	r.t.Helper()
	to, _ := url.Parse(r.door)
	own, err := certificate.Own(filepath.Join(r.data, "rehearsal"))
	if err != nil {
		r.t.Fatal(err)
	}
	transport := &http.Transport{TLSClientConfig: tlsOf(own.Pin)}
	way := &httputil.ReverseProxy{Transport: transport, Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(to) }, FlushInterval: -1, ErrorLog: log.New(io.Discard, "", 0)}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if !lose(req) {
			way.ServeHTTP(w, req)
			return
		}
		way.ServeHTTP(httptest.NewRecorder(), req)
		panic(http.ErrAbortHandler)
	}))
	shown, err := own.TLS.GetCertificate(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	server.TLS = &tls.Config{Certificates: []tls.Certificate{*shown}}
	server.StartTLS()
	return server.URL, func() { server.CloseClientConnections(); server.Close(); transport.CloseIdleConnections() }
}

// The station has made it a desk and its answer was lost: the first start of Callin asks
// again, and it is the same desk in the same place.
func TestALostAnswerIsAskedForAgain(t *testing.T) {
	t.Parallel()
	r := &rollout{headless: newHeadless(t)}
	r.start()
	_, file := r.key("--pcs", "1")
	var lost atomic.Int32
	door, end := r.between(func(req *http.Request) bool { return req.URL.Path == "/api/pair" && lost.Add(1) == 1 })
	defer end()
	data := t.TempDir()
	printed, code := r.pcDoes(data, "join", "--station", door, "--key-file", file)
	if code != 0 || !strings.Contains(printed, "the first start of Callin tries again") {
		t.Fatalf("it says %d %q", code, printed)
	}
	if info, err := os.Stat(filepath.Join(data, "remote", "join.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the request is kept as %v, %v", info, err)
	}
	r.isDesk(data)
	if lost.Load() != 2 {
		t.Errorf("it was asked for %d times", lost.Load())
	}
	if _, err := os.Stat(filepath.Join(data, "remote", "join.json")); err == nil {
		t.Error("the request is still kept")
	}
	if list, _ := r.desks("list"); !regexp.MustCompile(`(?m) +producer +Studio +1 +0 `).MatchString(list) {
		t.Error(list)
	}
}

// Nobody answers at the install: the page of the first start says so, and is a desk's once
// somebody does.
func TestAPCWaitsForItsStation(t *testing.T) {
	t.Parallel()
	r := &rollout{headless: newHeadless(t)}
	r.start()
	key, file := r.key()
	r.kill()
	data := t.TempDir()
	if printed, code := r.pcDoes(data, "join", "--station", r.door, "--key-file", file); code != 0 || !strings.Contains(printed, "Nobody answers at "+r.door) {
		t.Fatalf("it says %d %q", code, printed)
	}
	starts := r.process(nil, "--data", data, "--settings", os.DevNull, "--no-browser")
	out, err := starts.StdoutPipe()
	if err == nil {
		err = starts.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer starts.Wait()
	defer starts.Process.Kill()
	lines := bufio.NewScanner(out)
	next := func(begins string) string {
		t.Helper()
		if !lines.Scan() || !strings.HasPrefix(lines.Text(), begins) {
			t.Fatalf("it prints %q, want %s…", lines.Text(), begins)
		}
		return strings.TrimPrefix(lines.Text(), begins)
	}
	p := &pc{t: t, at: next("desk: ")}
	if now, _ := p.feed(); now.Ended || !strings.Contains(now.Why, "is to be a desk of "+r.door) || !strings.Contains(now.Why, "Trying again") {
		t.Errorf("its page is told %+v", now)
	}
	r.start()
	next("This PC is the desk ")
	p.at = next("desk: ")
	if now, first := p.feed(); !now.Reached || first.You == "" {
		t.Errorf("then its page is told %+v", now)
	}
	secret, _, _ := strings.Cut(key, ".")
	filepath.WalkDir(data, func(path string, _ fs.DirEntry, _ error) error {
		if text, _ := os.ReadFile(path); bytes.Contains(text, []byte(secret)) {
			t.Errorf("the key is left in %s", path)
		}
		return nil
	})
}

// What the station refuses is said on a page, with what to do.
func TestARefusedPCSaysWhatToDo(t *testing.T) {
	t.Parallel()
	r := &rollout{headless: newHeadless(t)}
	r.start()
	_, file := r.key()
	list, _ := r.desks("list")
	id := regexp.MustCompile(`(?m)^(\S+) +producer +Studio +12 +12 `).FindStringSubmatch(list)[1]
	r.kill()
	data := t.TempDir()
	r.pcDoes(data, "join", "--station", r.door, "--key-file", file)
	r.start()
	r.desks("revoke-key", id)
	p := &pc{t: t, data: data}
	_, process := p.callin("", nil, "--settings", os.DevNull)
	if now, _ := p.feed(); !now.Ended || !strings.Contains(now.Why, "This PC is no desk yet. This roll-out key was revoked. Ask a manager") {
		t.Errorf("its page is told %+v", now)
	}
	process.Wait() // by itself, once that was told
	if process.ProcessState.ExitCode() != 1 {
		t.Errorf("it ended with %v", process.ProcessState)
	}
}
