package app

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"callin/app/journal"
	"callin/app/settings"
)

// told is a value that says more in a log than in a print.
type told struct{ secret string }

func (told) String() string                 { return "nothing" }
func (v told) MarshalText() ([]byte, error) { return []byte(v.secret), nil }

type asked struct{ secret string }

func (v asked) LogValue() slog.Value { return slog.GroupValue(slog.String("asked", v.secret)) }

func TestASecretIsNotLoggedWhateverCarriesIt(t *testing.T) {
	const secret = "Zm9v=YmFy no"
	for name, carry := range map[string]func(*slog.Logger){
		"the message":       func(l *slog.Logger) { l.Info("it is " + secret) },
		"a text":            func(l *slog.Logger) { l.Info("it", "is", secret) },
		"a name":            func(l *slog.Logger) { l.Info("it", secret, "is") },
		"an error":          func(l *slog.Logger) { l.Info("it", "error", fmt.Errorf("Twilio: %w", errors.New(secret))) },
		"an error in words": func(l *slog.Logger) { l.Info("it", "error", fmt.Errorf("%q", secret)) },
		"bytes":             func(l *slog.Logger) { l.Info("it", "is", []byte(secret)) },
		"a struct":          func(l *slog.Logger) { l.Info("it", "is", settings.Settings{AuthToken: secret}) },
		"a list":            func(l *slog.Logger) { l.Info("it", "are", []string{"a", secret}) },
		"a header":          func(l *slog.Logger) { l.Info("it", "is", http.Header{"Authorization": {"Bearer " + secret}}) },
		"a value's text":    func(l *slog.Logger) { l.Info("it", "is", told{secret}) },
		"a value for logs":  func(l *slog.Logger) { l.Info("it", "is", asked{secret}) },
		"a group":           func(l *slog.Logger) { l.Info("it", slog.Group("a", slog.Group("b", "is", secret))) },
		"a group's name":    func(l *slog.Logger) { l.WithGroup(secret).Info("it", "is", 1) },
		"a logger's own":    func(l *slog.Logger) { l.With("is", secret).Info("it") },
		"net/http's words": func(l *slog.Logger) {
			slog.NewLogLogger(l.Handler(), slog.LevelInfo).Printf("http: panic serving %s", secret)
		},
	} {
		var out bytes.Buffer
		stderr := &veil{to: &out}
		log := slog.New(slog.NewTextHandler(stderr, nil))
		if name == "a logger's own" { // it was made before the secret was known
			log = log.With("was", secret)
		}
		stderr.hide("", "YmFy", secret)
		carry(log)
		if text := out.String(); strings.Contains(text, "Zm9v") || strings.Contains(text, "YmFy") || !strings.Contains(text, "[hidden]") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// A PIN is a number among others: hidden by itself, and no telephone number or
// time of day with it.
func TestAPinIsHiddenAndNoOtherNumber(t *testing.T) {
	var out bytes.Buffer
	stderr := &veil{to: &out}
	stderr.hide("1212")
	for text, want := range map[string]string{
		"pin=1212":            "pin=[hidden]",
		"1212":                "[hidden]",
		"pin1212x 1212 1212.": "pin[hidden]x [hidden] [hidden].",
		"121212 is none":      "121212 is none",
		"12 1212":             "12 [hidden]",
		"+12015551212":        "+12015551212",
		"12123":               "12123",
		"11212":               "11212",
	} {
		out.Reset()
		if n, err := stderr.Write([]byte(text)); n != len(text) || err != nil || out.String() != want {
			t.Errorf("%q is written as %q, %d, %v", text, out.String(), n, err)
		}
	}
}

// What ends Callin at its start is said on standard error too: here the folder's
// own name has every secret in it, and another program has its journal open.
func TestWhatCallinSaysAtItsEndHidesItsSecrets(t *testing.T) {
	t.Parallel() // it waits for a journal that another has open
	secrets := map[string]string{"the AuthToken": "a1b2c3d4e5f6a7b8", "the PIN": "48151623", "the API key's secret": "KEYSECRETKEYSECRET"}
	name := "data"
	for _, secret := range secrets {
		name += "-" + secret
	}
	data := filepath.Join(t.TempDir(), name)
	dir := filepath.Join(data, "station")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	kept := settings.Kept{KeySecret: secrets["the API key's secret"]}
	if err := kept.Save(dir); err != nil {
		t.Fatal(err)
	}
	another, err := journal.Open(t.Context(), filepath.Join(dir, "journal.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer another.Close()

	var out, stderr bytes.Buffer
	env := map[string]string{
		"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": secrets["the AuthToken"], "CALLIN_PIN": secrets["the PIN"],
		"CALLIN_PUBLIC_URL": "https://radio.example.org",
	}
	code := run("station", []string{"--data", data, "--settings", os.DevNull}, World{
		Stdout: &out, Stderr: &stderr, Env: func(name string) string { return env[name] }, Page: aPage,
	})
	if code != 1 || !strings.Contains(stderr.String(), "another program") || strings.Count(stderr.String(), "[hidden]") < len(secrets) {
		t.Errorf("it ended with %d: %s", code, &stderr)
	}
	onDisk, err := os.ReadFile(filepath.Join(data, "callin.log"))
	if err != nil || !strings.Contains(string(onDisk), "another program") {
		t.Errorf("the log on disk: %s, %v", onDisk, err)
	}
	for what, secret := range secrets {
		if strings.Contains(stderr.String()+out.String()+string(onDisk), secret) {
			t.Errorf("%s was said: %s%s%s", what, &stderr, &out, onDisk)
		}
	}
}

var aPage = fstest.MapFS{"index.html": {Data: []byte("<title>The desk</title>")}}
