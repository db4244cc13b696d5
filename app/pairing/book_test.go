package pairing_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"callin/app/call"
	"callin/app/pairing"
)

// Nothing that the tests have started may outlive them.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const here call.StationID = "k7rq2m4x"

// book is a station's, in a test that fails for what should have worked.
type book struct {
	*pairing.Book
	t   *testing.T
	dir string
}

// begin is a station's book in a new folder.
func begin(t *testing.T) *book { return open(t, t.TempDir(), nil) }

func open(t *testing.T, dir string, change func(*pairing.Options)) *book {
	t.Helper()
	o := pairing.Options{
		Station: here, Log: slog.New(slog.DiscardHandler),
		Guessed: func(e *call.Error) { t.Errorf("somebody is said to guess: %v", e) },
	}
	if change != nil {
		change(&o)
	}
	b, err := pairing.Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return &book{b, t, dir}
}

// again is the book after the process was killed.
func (b *book) again() *book {
	b.t.Helper()
	return open(b.t, b.dir, nil)
}

func (b *book) add(name string, roles call.Roles) (id call.DeskID, code string) {
	b.t.Helper()
	desk, code, err := b.Add(name, roles, []call.Studio{""})
	if err != nil {
		b.t.Fatal(err)
	}
	return desk.ID, code
}

func (b *book) code(id call.DeskID) string {
	b.t.Helper()
	code, err := b.Code(id)
	if err != nil {
		b.t.Fatal(err)
	}
	return code
}

func (b *book) pair(code string, kind pairing.Kind) (secret string) {
	b.t.Helper()
	_, secret, err := b.Pair(code, kind, "")
	if err != nil {
		b.t.Fatal(err)
	}
	return secret
}

// paired is a desk that is signed in with a PC.
func (b *book) paired(name string, roles call.Roles) (id call.DeskID, secret string) {
	b.t.Helper()
	id, code := b.add(name, roles)
	return id, b.pair(code, pairing.PC)
}

// admits fails unless a secret lets a desk in.
func (b *book) admits(what, secret string, id call.DeskID) (call.Desk, context.Context) {
	b.t.Helper()
	desk, life, ok := b.Admit(secret)
	if !ok || desk.ID != id || life.Err() != nil {
		b.t.Fatalf("%s: it lets %q in (%v), want %q", what, desk.ID, ok, id)
	}
	return desk, life
}

func (b *book) refuses(what, secret string) {
	b.t.Helper()
	if desk, life, ok := b.Admit(secret); ok || life != nil || desk.ID != "" {
		b.t.Errorf("%s: it lets %q in", what, desk.Name)
	}
}

// is fails unless an error has a code, or there is none for the zero one.
func is(t *testing.T, what string, err error, code call.Code) {
	t.Helper()
	var refused *call.Error
	if errors.As(err, &refused); err == nil && code == (call.Code{}) || refused != nil && refused.Code == code && refused.Message != "" {
		return
	}
	t.Errorf("%s: %v, want %q", what, err, code)
}

var done call.Code

// ends waits until a life ends.
func ends(t *testing.T, what string, life context.Context) {
	t.Helper()
	select {
	case <-life.Done():
	case <-time.After(15 * time.Second):
		t.Errorf("%s: it does not end", what)
	}
}

// news fails unless the list of desks is said to have changed.
func (b *book) news(what string, want bool) {
	b.t.Helper()
	select {
	case <-b.Changed():
		if !want {
			b.t.Errorf("%s: the desks are said to have changed", what)
		}
	default:
		if want {
			b.t.Errorf("%s: nobody is told that the desks have changed", what)
		}
	}
}

func (b *book) names() (names []string) {
	for _, desk := range b.Desks() {
		names = append(names, desk.Name)
	}
	return names
}

func (b *book) file() string {
	b.t.Helper()
	text, err := os.ReadFile(filepath.Join(b.dir, "desks.json"))
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text)
}

// second is the error of a pairing.
func second(_ any, _ string, err error) error { return err }

func onlyErr(_ string, err error) error { return err }
