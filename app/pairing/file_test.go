package pairing_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"callin/app/call"
	"callin/app/pairing"
)

// failing are ways in which the disk fails, before and after the new file is
// written; each returns what puts it right.
var failing = map[string]func(*book) (mend func() error){
	"the folder is gone": func(b *book) func() error {
		away := b.dir + "-away"
		b.check(os.Rename(b.dir, away))
		return func() error { return os.Rename(away, b.dir) }
	},
	"the file cannot be replaced": func(b *book) func() error {
		path := filepath.Join(b.dir, "desks.json")
		b.check(os.Rename(path, path+"-away"))
		b.check(os.MkdirAll(filepath.Join(path, "in the way"), 0o700))
		return func() error { return errors.Join(os.RemoveAll(path), os.Rename(path+"-away", path)) }
	},
}

func (b *book) check(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func TestWhatIsNotOnTheDiskIsNotDone(t *testing.T) {
	for name, fail := range failing {
		t.Run(name, func(t *testing.T) {
			b := begin(t)
			b.paired("Boss", call.Manager)
			ana, secret := b.paired("Ana", call.Host)
			code := b.code(ana)
			mend := fail(b)
			for what, err := range map[string]error{
				"a new desk": onlyError(b.Add("Ben", call.Host, nil)), "a name": b.Rename(ana, "Anna"), "roles": b.SetRoles(ana, call.Manager),
				"studios": b.SetStudios(ana, nil), "a pairing": second(b.Pair(code, pairing.PC, "")),
			} {
				is(t, what, err, call.CodeNotSaved)
			}
			desk, life := b.admits("after what was not done", secret, ana)
			if desk.Name != "Ana" || desk.Roles != call.Host || len(desk.Studios) != 1 || !slices.Equal(b.names(), []string{"Boss", "Ana"}) {
				t.Errorf("it was done nevertheless: %+v, %v", desk, b.names())
			}
			b.check(mend())
			b.again().admits("after a restart", secret, ana)
			mend = fail(b)

			// Who must go goes, and it is said that this would not last.
			is(t, "revoking", b.Revoke(ana), call.CodeNotSaved)
			ends(t, "who was revoked", life)
			b.refuses("who was revoked", secret)
			b.check(mend())
			b.again().admits("after a restart, as was said", secret, ana)
			is(t, "revoking once more", b.Revoke(ana), done)
			b.again().refuses("after that", secret)
			if left, _ := filepath.Glob(filepath.Join(b.dir, "*")); len(left) != 1 {
				t.Errorf("there is left over %v", left)
			}
		})
	}
}

func onlyError(_ call.Desk, _ string, err error) error { return err }

func TestASignOutThatIsNotKeptCanBeRepeated(t *testing.T) {
	b := begin(t)
	ana, secret := b.paired("Ana", call.Host)
	mend := failing["the folder is gone"](b)
	is(t, "signing out", b.SignOut(secret), call.CodeNotSaved)
	b.refuses("who signed out", secret)
	is(t, "signing out again", b.SignOut(secret), call.CodeNotSaved)
	is(t, "from elsewhere", b.EndSession(ana), call.CodeNotSaved)
	b.check(mend())
	is(t, "once there is room", b.SignOut(secret), done)
	b.again().refuses("after a restart", secret)
}

func TestTheFileIsItsOwnersOnly(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("its folder is")
	}
	b := begin(t)
	path := filepath.Join(b.dir, "desks.json")
	is(t, "closing", b.Close(), done)
	if _, err := os.Stat(path); err == nil {
		t.Error("a station without desks has a file of them")
	}
	b.add("Ana", call.Host)
	b.check(os.Chmod(path, 0o644))
	b.add("Ben", call.Host)
	info, err := os.Stat(path)
	b.check(err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v", info.Mode())
	}
}

// A secret is the station's at which it was given, whoever has the file.
func TestAStolenFileLetsNobodyIn(t *testing.T) {
	b := begin(t)
	ana, secret := b.paired("Ana", call.Manager)
	const other call.StationID = "zzzzzzzz"
	for what, text := range map[string]string{
		"as it is": b.file(), "made to look like its own": strings.Replace(b.file(), string(here), string(other), 1),
	} {
		dir := t.TempDir()
		b.check(os.WriteFile(filepath.Join(dir, "desks.json"), []byte(text), 0o600))
		thief := open(t, dir, func(o *pairing.Options) { o.Station = other })
		thief.refuses(what, secret)
		if !slices.Equal(thief.names(), []string{"Ana"}) {
			t.Errorf("%s: the desks are %v", what, thief.names())
		}
		if what == "as it is" { // nobody is shown as signed in who is not, nor counts as the last manager
			is(t, "revoking", thief.Revoke(ana), done)
		}
	}
	if _, err := pairing.Open(t.TempDir(), pairing.Options{Log: slog.New(slog.DiscardHandler)}); err == nil {
		t.Error("a station without an id has desks")
	}
}

func TestADamagedFileIsSetAside(t *testing.T) {
	whole := begin(t)
	id, _ := whole.paired("Ana", call.Host)
	_, code := whole.add("Ben", call.Host)
	whole.pair(code, pairing.Browser)
	whole.check(whole.Revoke(id))
	whole.paired("Carla", call.Host)
	text := whole.file()
	if whole.Damaged() != "" || whole.again().Damaged() != "" {
		t.Error("a sound file is said to be damaged")
	}
	change := func(from, to string) string {
		if !strings.Contains(text, from) {
			t.Fatalf("there is no %s in %s", from, text)
		}
		return strings.Replace(text, from, to, 1)
	}
	secrets := regexp.MustCompile(`[0-9a-f]{64}`)
	for what, damaged := range map[string]string{
		"empty": "", "half": text[:len(text)/2], "nothing": "null", "a list": "[]", "no version": "{}", "zeros": "\x00\x00",
		"an old version": change(`"version": 1`, `"version": 0`), "roles": change(`"host"`, `"boss"`),
		"a name twice": change(`"Ben"`, `"carla"`), "no name": change(`"Ben"`, `""`), "an id again": strings.ReplaceAll(text, string(whole.Desks()[0].ID), string(id)),
		"no id": change(`"id": "`, `"id": "../`), "a kind": change(`"browser"`, `"toaster"`), "a browser for ever": change(`"until"`, `"untold"`),
		"known by less": change(`"known": "`, `"known": "0`), "known alike": secrets.ReplaceAllString(text, strings.Repeat("ab", 32)),
		"known by nothing": change(`"known"`, `"unknown"`),
	} {
		dir := t.TempDir()
		whole.check(os.WriteFile(filepath.Join(dir, "desks.json"), []byte(damaged), 0o600))
		b := open(t, dir, nil)
		aside, err := os.ReadFile(b.Damaged())
		if err != nil || string(aside) != damaged || !strings.HasPrefix(b.Damaged(), filepath.Join(dir, "desks.json-damaged-")) {
			t.Errorf("%s: it lies at %q, %v", what, b.Damaged(), err)
		}
		if len(b.Desks()) != 0 {
			t.Errorf("%s: there are desks", what)
		}
		b.add("Ana", call.Host)
		if b := b.again(); b.Damaged() != "" || len(b.Desks()) != 1 {
			t.Errorf("%s: the new file is damaged too", what)
		}
	}

	newer := filepath.Join(t.TempDir(), "desks.json")
	whole.check(os.WriteFile(newer, []byte(`{"version":2,"desks":"other"}`), 0o600))
	_, err := pairing.Open(filepath.Dir(newer), pairing.Options{Station: here, Log: slog.New(slog.DiscardHandler)})
	if !errors.Is(err, pairing.ErrNewer) {
		t.Errorf("a later Callin's: %v", err)
	}
	if _, err := os.Stat(newer); err != nil {
		t.Error("a later Callin's file is not left where it was")
	}
}

// Whatever the bytes of the file are, it is read as desks, which are kept as they
// are, or set aside as it is.
func FuzzReadAnyFile(f *testing.F) {
	f.Add([]byte(`{"version":1,"station":"k7rq2m4x","desks":[{"id":"a","name":"Ana","roles":["host"],"studios":[""],"paired":"2026-10-03T10:00:00Z","with":"browser","until":"2999-10-03T10:00:00Z","seen":"2026-10-03","known":"` +
		strings.Repeat("ab", 32) + `"},{"id":"b","name":"Ben","roles":["watcher"],"studios":null}],"revoked":[{"id":"c","name":"Carla","at":"2026-10-03T10:00:00Z"}]}`))
	f.Add([]byte(`{"version":2}`))
	f.Add([]byte(`null`))
	f.Add([]byte(``))
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		path := filepath.Join(dir, "desks.json")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		o := pairing.Options{Station: here, Log: slog.New(slog.DiscardHandler)}
		b, err := pairing.Open(dir, o)
		if errors.Is(err, pairing.ErrNewer) {
			return
		}
		if err != nil {
			t.Fatalf("the error is of no kind: %v", err)
		}
		if b.Damaged() != "" {
			if left, err := os.ReadFile(b.Damaged()); err != nil || !bytes.Equal(left, text) || len(b.Desks()) != 0 {
				t.Errorf("it is not set aside as it was: %q, %v", left, err)
			}
			return
		}
		before := b.Desks()
		if len(before) >= 200 {
			return
		}
		name := "new"
		for range before {
			name += "." // a name that none has
		}
		if _, _, err := b.Add(name, call.Host, nil); err != nil {
			return // it is one after all
		}
		again, err := pairing.Open(dir, o)
		if err != nil || again.Damaged() != "" {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		after := again.Desks()
		is, _ := json.Marshal(after[:len(after)-1])
		was, _ := json.Marshal(before)
		if !bytes.Equal(is, was) {
			t.Errorf("%s is kept as %s", was, is)
		}
	})
}
