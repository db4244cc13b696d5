package update

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/desk"
)

// newKey is one that releases are signed with, and its public half.
func newKey(t *testing.T) (ed25519.PrivateKey, ed25519.PublicKey) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return private, public
}

const installerName = "callin-setup"

// release is one whose installer is a program.
func release(version string, program []byte) Release {
	sum := sha256.Sum256(program)
	return Release{
		Version: version, Date: "2026-11-26", Notes: []string{"Callers are heard better."},
		Files: []File{
			{Name: "callin.deb", System: "linux/amd64", Kind: "deb", Size: 7, SHA256: hex.EncodeToString(sum[:])},
			{Name: installerName, System: "test/any", Kind: PerUser, Size: int64(len(program)), SHA256: hex.EncodeToString(sum[:])},
		},
	}
}

// offer answers for what an address offers.
type offer map[string]http.HandlerFunc

func (o offer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if answer, ok := o[strings.TrimPrefix(r.URL.Path, "/callin/")]; ok {
		answer(w, r)
		return
	}
	http.NotFound(w, r)
}

func says(text []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.Write(text) }
}

// offering is what an address offers of a release that the key's owner has signed.
func offering(t *testing.T, key ed25519.PrivateKey, r Release, program []byte) offer {
	t.Helper()
	text, signature, err := Sign(key, r)
	if err != nil {
		t.Fatal(err)
	}
	return offer{Described: says(text), Signed: says(signature), installerName: says(program)}
}

// serve serves an offer, and returns its address.
func (o offer) serve(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(o)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL + "/callin/"
}

// follow runs updates and returns what waits for what they say.
func follow(t *testing.T, u *Updates) (until func(what string, is func(desk.UpdateNow) bool) desk.UpdateNow) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); u.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	return func(what string, is func(desk.UpdateNow) bool) desk.UpdateNow {
		t.Helper()
		late := time.After(20 * time.Second)
		for {
			now, changes := u.Now()
			if is(now) {
				return now
			}
			select {
			case <-changes.Done():
			case <-late:
				t.Fatalf("%s: it says %+v", what, now)
			}
		}
	}
}

func isIdle(now desk.UpdateNow) bool { return !now.Busy && now.LookedAt+int64(len(now.Says)) > 0 }

var quick = Limits{Describe: time.Second, Silence: time.Second, Download: 20 * time.Second}

// hang answers nothing, or no more, until whoever asks has given up.
func hang(w http.ResponseWriter, r *http.Request) {
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

// Nothing but a newer release, signed, whole and as described, comes to be run.
func TestOnlyWhatWasDescribedSignedAndNewerIsTaken(t *testing.T) {
	program := []byte(strings.Repeat("an installer ", 5000))
	key, public := newKey(t)
	forger, _ := newKey(t)
	other := httptest.NewServer(says(program))
	defer other.Close()
	for _, c := range []struct {
		name string
		// change changes what is offered of 0.3.0 to a desk of 0.2.0.
		change func(o offer)
		newer  string // what is shown
		says   string // at the end
		kind   string // another one than per-user
		open   bool   // a show is, as the update begins
		opens  bool   // a show is, once it was downloaded
	}{
		{name: "good", newer: "0.3.0", says: "Callin ends now, and 0.3.0 starts in its place."},
		{name: "forged", change: func(o offer) {
			text, signature, _ := Sign(forger, release("0.3.0", program))
			o[Described], o[Signed] = says(text), says(signature)
		}, says: "is not signed by who made this one"},
		{name: "changed after it was signed", change: func(o offer) {
			text, _, _ := Sign(key, release("0.4.0", program))
			o[Described] = says(text)
		}, says: "is not signed by who made this one"},
		{name: "not signed", change: func(o offer) { delete(o, Signed) }, says: "is not signed by who made this one"},
		{name: "older", change: func(o offer) {
			text, signature, _ := Sign(key, release("0.1.9", program))
			o[Described], o[Signed] = says(text), says(signature)
		}, says: "This is the newest Callin."},
		{name: "equal", change: func(o offer) {
			text, signature, _ := Sign(key, release("0.2.0", program))
			o[Described], o[Signed] = says(text), says(signature)
		}, says: "This is the newest Callin."},
		{name: "no version", change: func(o offer) {
			text := []byte(`{"version":"newest"}`)
			o[Described], o[Signed] = says(text), says(sign(key, text))
		}, says: "cannot be read"},
		{name: "a name that is a way", change: func(o offer) {
			text := []byte(`{"version":"0.3.0","files":[{"name":"../callin","system":"test/any","kind":"per-user","size":1,"sha256":"` + strings.Repeat("0", 64) + `"}]}`)
			o[Described], o[Signed] = says(text), says(sign(key, text))
		}, says: "cannot be read"},
		{name: "a description without end", change: func(o offer) {
			o[Described] = says(make([]byte, longestDescription+2))
		}, says: "cannot be read"},
		{name: "nothing offered", change: func(o offer) { clear(o) }, says: "No updates are offered there."},
		{name: "a broken server", change: func(o offer) {
			o[Described] = func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "down", http.StatusBadGateway) }
		}, says: "is not reached"},
		{name: "a server that hangs", change: func(o offer) { o[Described] = hang }, says: "did not answer in time"},
		{name: "a redirect to elsewhere", change: func(o offer) {
			o[Described] = http.RedirectHandler(other.URL+"/updates.json", http.StatusFound).ServeHTTP
		}, says: "leads elsewhere"},
		{name: "a download that is a redirect to elsewhere", change: func(o offer) {
			o[installerName] = http.RedirectHandler(other.URL+"/callin-setup", http.StatusFound).ServeHTTP
		}, newer: "0.3.0", says: "leads elsewhere"},
		{name: "no file", change: func(o offer) { delete(o, installerName) }, newer: "0.3.0", says: "is not there yet"},
		{name: "truncated", change: func(o offer) { o[installerName] = says(program[:len(program)-1]) }, newer: "0.3.0", says: "was cut off"},
		{name: "cut off by the network", change: func(o offer) {
			o[installerName] = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", fmt.Sprint(len(program)))
				w.Write(program[:100])
				w.(http.Flusher).Flush()
				panic(http.ErrAbortHandler)
			}
		}, newer: "0.3.0", says: "was cut off"},
		{name: "wrong hash", change: func(o offer) {
			wrong := append([]byte("A"), program[1:]...)
			o[installerName] = says(wrong)
		}, newer: "0.3.0", says: "is not the newer Callin that was described"},
		{name: "without end", change: func(o offer) {
			o[installerName] = func(w http.ResponseWriter, r *http.Request) {
				for r.Context().Err() == nil {
					w.Write(program)
				}
			}
		}, newer: "0.3.0", says: "is longer than"},
		{name: "larger than described", change: func(o offer) {
			o[installerName] = says(append(append([]byte{}, program...), '!'))
		}, newer: "0.3.0", says: "is longer than"},
		{name: "a download that hangs", change: func(o offer) {
			o[installerName] = hangAfter(program[:100])
		}, newer: "0.3.0", says: "did not answer in time"},
		{name: "a download that does not begin", change: func(o offer) { o[installerName] = hang }, newer: "0.3.0", says: "did not answer in time"},
		{name: "a show is open", open: true, newer: "0.3.0", says: "A show is open."},
		{name: "a show is opened meanwhile", opens: true, newer: "0.3.0", says: "A show is open."},
		{name: "for all users", kind: "per-machine", newer: "0.3.0", says: "its administrator brings the newer one"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := offering(t, key, release("0.3.0", program), program)
			if c.change != nil {
				c.change(o)
			}
			asked, ends := 0, make(chan struct{}, 1)
			installed, data := t.TempDir(), t.TempDir()
			ours := filepath.Join(installed, "callin")
			if err := os.WriteFile(ours, []byte("#!/bin/sh\ncat >/dev/null\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			kind := PerUser
			if c.kind != "" {
				kind = c.kind
			}
			u := New(Options{
				Key: public, Version: "0.2.0", Program: ours, Kind: kind, System: "test/any", Source: At(o.serve(t)),
				Dir: filepath.Join(data, "update"), End: func() { ends <- struct{}{} }, Within: quick, Log: slog.New(slog.DiscardHandler),
				May: func(context.Context) *call.Error {
					asked++
					if c.open || c.opens && asked > 1 {
						return refuse("A show is open. Callin is updated when it has been closed.")
					}
					return nil
				},
			})
			until := follow(t, u)
			now := until("at first", isIdle)
			if now.Newer != c.newer || c.newer != "" && (now.Date != "2026-11-26" || len(now.Notes) != 1) {
				t.Fatalf("it shows %+v, want %s", now, c.newer)
			}
			said := now.Says
			if now.Newer != "" {
				err := u.Update(t.Context(), now.Newer)
				var refused *call.Error
				if errors.As(err, &refused) {
					said = refused.Message
				} else {
					said = until("at the end", func(now desk.UpdateNow) bool { return !now.Busy || strings.Contains(now.Says, "ends now") }).Says
				}
			}
			if !strings.Contains(said, c.says) {
				t.Errorf("it says %q, want %q", said, c.says)
			}
			s, handed := loadState(u.o.Dir)
			if good := c.name == "good"; handed != good {
				t.Errorf("it has been handed over: %v, %+v", handed, s)
			} else if good {
				<-ends
				if got, err := os.ReadFile(filepath.Join(u.o.Dir, s.File)); err != nil || string(got) != string(program) {
					t.Errorf("what is to be run is %d bytes, %v", len(got), err)
				}
				holding.Close() // the stand-in ends
				return
			}
			if left, _ := os.ReadDir(u.o.Dir); len(left) > 0 {
				t.Errorf("there is left %v", left)
			}
		})
	}
}

// Who presses twice, or at two pages at once, has one update: the second press is refused,
// and the desk ends once.
func TestASecondPressIsRefused(t *testing.T) {
	program := []byte("an installer")
	key, public := newKey(t)
	installed := t.TempDir()
	ours := filepath.Join(installed, "callin")
	if err := os.WriteFile(ours, []byte("#!/bin/sh\ncat >/dev/null\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	o, goOn, asked := offering(t, key, release("0.3.0", program), program), make(chan struct{}), make(chan struct{}, 9)
	o[installerName] = func(w http.ResponseWriter, _ *http.Request) {
		asked <- struct{}{}
		<-goOn
		w.Write(program)
	}
	ends := make(chan struct{}, 9)
	u := New(Options{
		Key: public, Version: "0.2.0", Program: ours, Kind: PerUser, System: "test/any", Source: At(o.serve(t)),
		Dir: filepath.Join(t.TempDir(), "update"), End: func() { ends <- struct{}{} }, Log: slog.New(slog.DiscardHandler),
		May: func(context.Context) *call.Error { return nil },
	})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ran := make(chan struct{})
	go func() { defer close(ran); u.Run(ctx) }()
	for now, changes := u.Now(); now.Newer == ""; now, changes = u.Now() {
		<-changes.Done()
	}
	refusals := make(chan error, 9)
	for range cap(refusals) {
		go func() { refusals <- u.Update(t.Context(), "0.3.0") }()
	}
	<-asked
	taken := 0
	for range cap(refusals) {
		if err := <-refusals; err == nil {
			taken++
		} else if !strings.Contains(fmt.Sprint(err), "Callin is at it.") {
			t.Error(err)
		}
	}
	late := u.Update(t.Context(), "0.3.0") // while it is downloaded
	look := u.Look(t.Context())
	close(goOn)
	select {
	case <-ran:
	case <-time.After(20 * time.Second):
		t.Error("it goes on looking as the desk ends")
		stop()
		<-ran
	}
	holding.Close() // the stand-in ends
	if taken != 1 || late == nil || look == nil || len(ends) != 1 {
		t.Errorf("%d of the presses at once were taken, then %v, %v, and the desk ended %d times", taken, late, look, len(ends))
	}
	if u.Update(t.Context(), "0.3.0") == nil {
		t.Error("it is taken as the desk ends")
	}
}

func sign(key ed25519.PrivateKey, text []byte) []byte {
	return []byte(base64.StdEncoding.EncodeToString(ed25519.Sign(key, text)))
}

// A folder offers what lies in it, and nothing else of the computer.
func TestAFolderOffersItsOwnFilesOnly(t *testing.T) {
	above := t.TempDir()
	dir := filepath.Join(above, "updates")
	for _, err := range []error{
		os.Mkdir(dir, 0o700), os.WriteFile(filepath.Join(above, "secret"), []byte("secret"), 0o600),
		os.WriteFile(filepath.Join(dir, "callin_0.3.0_setup.exe"), []byte("new"), 0o600),
		os.Mkdir(filepath.Join(dir, "folder"), 0o700), os.WriteFile(filepath.Join(dir, "folder", "inner"), nil, 0o600), os.Symlink("../secret", filepath.Join(dir, "link")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{
		"callin_0.3.0_setup.exe": "new", "../secret": "", "..": "", ".": "", "": "", "link": "", "folder": "", "folder/inner": "", "folder/../../secret": "",
		"/etc/hostname": "", `..\secret`: "", "none": "",
	} {
		f, err := In(dir)(t.Context(), name)
		if want == "" {
			if !errors.Is(err, ErrNone) {
				t.Errorf("%q is opened: %v", name, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := io.ReadAll(f); string(got) != want {
			t.Errorf("%q is %q", name, got)
		}
		f.Close()
	}
}

func TestVersionsAreComparedByTheirNumbers(t *testing.T) {
	for _, c := range []struct {
		a, b  string
		newer bool
	}{
		{"0.3.0", "0.2.9", true},
		{"0.10.0", "0.9.9", true},
		{"1.0.0", "0.99.99", true},
		{"0.2.1", "0.2.0", true},
		{"0.2.0", "0.2.0", false},
		{"0.2.0", "0.3.0", false},
		{"0.3.0", "0.2.0~changes", false},
		{"0.3.0~changes", "0.2.0", false},
		{"0.3", "0.2.0", false},
		{"0.3.0", "", false},
		{"-1.0.0", "0.2.0", false},
		{"0.3.0.1", "0.2.0", false},
	} {
		if newer(c.a, c.b) != c.newer {
			t.Errorf("%q newer than %q: %v", c.a, c.b, !c.newer)
		}
	}
}

// A build without a key, or without a number, has no updates and says so.
func TestABuildWithoutAKeyHasNoUpdates(t *testing.T) {
	_, public := newKey(t)
	for says, o := range map[string]Options{
		"no updates": {Version: "0.2.0", Source: In(t.TempDir())}, "no number": {Key: public, Source: In(t.TempDir())},
		"switched off": {Key: public, Version: "0.2.0", None: "Updates are switched off."},
	} {
		o.Log = slog.New(slog.DiscardHandler)
		u := New(o)
		u.Run(t.Context()) // returns at once
		if now, _ := u.Now(); !strings.Contains(now.Says, says) || now.Newer != "" || u.Look(t.Context()) == nil || u.Update(t.Context(), "") == nil {
			t.Errorf("it says %+v, want %q", now, says)
		}
	}
}

// hangAfter answers a part, and no more.
func hangAfter(part []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Write(part)
		hang(w, r)
	}
}
