package journal_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"callin/app/journal"
)

// A journal is looked over without being changed, of whatever version it is.
func TestAJournalIsLookedOver(t *testing.T) {
	for _, name := range []string{"journal-1.db", "journal-2.db"} {
		path := frozen(t, name)
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := journal.Check(t.Context(), path); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
			t.Errorf("%s was changed: %v", name, err)
		}
		before = append(before[:4096:4096], bytes.Repeat([]byte{0xff}, len(before)-4096)...)
		if err := os.WriteFile(path, before, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := journal.Check(t.Context(), path); !errors.Is(err, journal.ErrDamaged) {
			t.Errorf("%s, damaged: %v", name, err)
		}
	}
	path := filepath.Join(t.TempDir(), "journal.db")
	if err := journal.Check(t.Context(), path); err != nil {
		t.Errorf("none: %v", err)
	}
	if err := os.WriteFile(path, bytes.Repeat([]byte("no journal"), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := journal.Check(t.Context(), path); !errors.Is(err, journal.ErrDamaged) {
		t.Errorf("something else: %v", err)
	}
	path = filepath.Join(t.TempDir(), "taken.db")
	open(t, path)
	if err := journal.Check(t.Context(), path); !errors.Is(err, journal.ErrTaken) {
		t.Errorf("one that a station has open: %v", err)
	}
}
