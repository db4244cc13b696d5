package secret_test

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"
	"go.uber.org/goleak"

	"callin/app/secret"
)

func TestMain(m *testing.M) {
	if os.Getenv("CALLIN_TEST_HAS_KEYRING") != "" {
		os.Exit(m.Run()) // the session bus is left open by the keyring's library
	}
	keyring.MockInit() // these tests touch nobody's keyring
	goleak.VerifyTestMain(m)
}

const account = "AC0123456789abcdef0123456789abcdef"

var quiet = slog.New(slog.DiscardHandler)

// reaches has a session bus seem to be there, which the mock does not need.
func reaches(t *testing.T) {
	t.Helper()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
}

// stores are a store in a keyring and one in files.
func stores(t *testing.T) map[string]*secret.Store {
	t.Helper()
	reaches(t)
	keyring.MockInit()
	ring := secret.Open(t.TempDir(), quiet)
	keyring.MockInitWithError(errors.New("no such service"))
	files := secret.Open(t.TempDir(), quiet)
	keyring.MockInit()
	return map[string]*secret.Store{"the system's keyring": ring, "the folder": files}
}

func TestASecretIsKeptUntilItIsForgotten(t *testing.T) {
	for where, s := range stores(t) {
		if !strings.HasPrefix(s.Where(), where) {
			t.Errorf("%s is said to be %s", where, s.Where())
		}
		for _, name := range []string{secret.AuthToken(account, ""), secret.NextAuthToken(account, ""), secret.Pin(account), secret.KeySecret(account), secret.Tunnel} {
			if _, err := s.Get(name); !errors.Is(err, secret.ErrNone) {
				t.Errorf("%s: before there is one: %v", where, err)
			}
			for _, value := range []string{"first " + name, "second\n" + name} {
				if err := s.Set(name, value); err != nil {
					t.Fatal(err)
				}
				if got, err := s.Get(name); got != value || err != nil {
					t.Errorf("%s: %q is kept as %q, %v", where, value, got, err)
				}
			}
		}
		if err := errors.Join(s.Delete(secret.Tunnel), s.Delete(secret.Tunnel)); err != nil {
			t.Errorf("%s: forgetting it twice: %v", where, err)
		}
		if _, err := s.Get(secret.Tunnel); !errors.Is(err, secret.ErrNone) {
			t.Errorf("%s: forgotten: %v", where, err)
		}
		if got, err := s.Get(secret.Pin(account)); got != "second\n"+secret.Pin(account) || err != nil {
			t.Errorf("%s: another one, after that: %q, %v", where, got, err)
		}
	}
}

// A name comes from settings: it must lead to no other file.
func TestANameLeadsNowhereElse(t *testing.T) {
	for where, s := range stores(t) {
		for _, name := range []string{"", "AC1", "../../kept/json", "AC1/../x", "/etc/passwd", `AC1\x/pin`} {
			_, err := s.Get(name)
			if set := s.Set(name, "x"); err == nil || errors.Is(err, secret.ErrNone) || set == nil || s.Delete(name) == nil {
				t.Errorf("%s: %q is a name: %v, %v", where, name, err, set)
			}
		}
		if s.Set(secret.Tunnel, "") == nil {
			t.Errorf("%s: an empty secret is kept", where)
		}
	}
}

// Files from a time without a keyring are still read, and gone when the secret is
// replaced.
func TestWhatWasKeptInFilesMovesIntoTheKeyring(t *testing.T) {
	reaches(t)
	keyring.MockInit()
	dir := t.TempDir()
	if err := secret.InFiles(dir).Set(secret.Tunnel, "old"); err != nil {
		t.Fatal(err)
	}
	s := secret.Open(dir, quiet)
	if got, err := s.Get(secret.Tunnel); got != "old" || err != nil {
		t.Fatalf("%q, %v", got, err)
	}
	if err := s.Set(secret.Tunnel, "new"); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Get(secret.Tunnel); got != "new" || err != nil {
		t.Errorf("replaced: %q, %v", got, err)
	}
	if left, err := os.ReadDir(filepath.Join(dir, "secrets")); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// The keyring has nothing of Callin's own trial in it afterwards.
func TestTryingAKeyringLeavesNothingThere(t *testing.T) {
	reaches(t)
	keyring.MockInit()
	var said strings.Builder
	s := secret.Open(t.TempDir(), slog.New(slog.NewTextHandler(&said, nil)))
	if left, err := keyring.Get("Callin", fmt.Sprint("trial/", os.Getpid())); !errors.Is(err, keyring.ErrNotFound) {
		t.Errorf("left is %q, %v", left, err)
	}
	if err := s.Set(secret.Tunnel, "mine"); err != nil || said.Len() > 0 {
		t.Fatal(err, said.String())
	}
	keyring.MockInitWithError(errors.New("locked"))
	if _, err := s.Get(secret.Tunnel); err == nil || errors.Is(err, secret.ErrNone) {
		t.Errorf("a keyring that fails is taken for an empty one: %v", err)
	}
	if err := s.Set(secret.Tunnel, "other"); err == nil {
		t.Error("what is not kept is said to be")
	}
	secret.Open(t.TempDir(), slog.New(slog.NewTextHandler(&said, nil)))
	if !strings.Contains(said.String(), "files that only their owner can read") {
		t.Errorf("of files it is said: %s", said.String())
	}
}
