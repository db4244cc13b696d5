package secret_test

import (
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"

	"callin/app/secret"
)

// inSession is set in a session of its own that has a keyring.
const inSession = "CALLIN_TEST_HAS_KEYRING"

// A keyring as a Linux desktop has it, in a session that ends with the test.
func TestASecretIsKeptByASecretService(t *testing.T) {
	if os.Getenv(inSession) == "" {
		for _, program := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
			if _, err := exec.LookPath(program); err != nil {
				t.Skip("needs ", program)
			}
		}
		home := t.TempDir()
		again := exec.Command("dbus-run-session", "--", "sh", "-c",
			`printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$0" -test.run="^$1\$" -test.count=1`, os.Args[0], t.Name())
		again.Env = append(os.Environ(), inSession+"=yes", "HOME="+home, "XDG_DATA_HOME="+home, "XDG_RUNTIME_DIR="+home)
		if out, err := again.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	var said strings.Builder
	s := secret.Open(t.TempDir(), slog.New(slog.NewTextHandler(&said, nil)))
	if s.Where() != "the system's keyring" {
		t.Fatal(said.String())
	}
	for _, value := range []string{"first", "second"} {
		if err := s.Set(secret.Pin(account), value); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Get(secret.Pin(account)); got != value || err != nil {
			t.Errorf("%q is kept as %q, %v", value, got, err)
		}
	}
	if err := s.Delete(secret.Pin(account)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(secret.Pin(account)); !errors.Is(err, secret.ErrNone) {
		t.Errorf("forgotten: %v", err)
	}
}
