package journal_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"callin/app/call"
	"callin/app/journal"
)

// read opens the journal at path and counts its facts.
func read(t *testing.T, path string) (facts int, err error) {
	j, err := journal.Open(t.Context(), path)
	if err != nil {
		return 0, err
	}
	defer j.Close()
	err = j.Read(t.Context(), func(call.Fact) { facts++ })
	return facts, err
}

func known(err error) bool {
	return errors.Is(err, journal.ErrDamaged) || errors.Is(err, journal.ErrNewer) || errors.Is(err, journal.ErrUnwritable)
}

// Whatever the bytes of a file are, it is read or refused: it does no harm, and
// what is no journal is never taken for an empty one.
func FuzzReadAnyFile(f *testing.F) {
	whole, err := os.ReadFile("testdata/journal-1.db")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:6000])
	f.Add([]byte("SQLite format 3\x00"))
	f.Add([]byte("not a journal"))
	f.Fuzz(func(t *testing.T, file []byte) {
		path := filepath.Join(t.TempDir(), "journal.db")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		switch facts, err := read(t, path); {
		case err != nil && !known(err):
			t.Errorf("the error is of no kind: %v", err)
		case err == nil && facts == 0 && len(file) > 0 && !bytes.HasPrefix(file, []byte("SQLite format 3\x00")):
			t.Error("it was taken for an empty journal")
		}
		journal.Salvage(t.Context(), path)
	})
}

// Whatever stands in a fact, it is read as one or the journal is refused.
func FuzzReadAnyFact(f *testing.F) {
	f.Add("began", "CA1", `{"place":{"kind":"line","name":"studio","state":"talking"},"by":"next"}`)
	f.Add("placed", "CA1", `{}`)
	f.Add("arrived", "", `{"number":7}`)
	f.Add("", "", `[]`)
	path := filepath.Join(f.TempDir(), "journal.db")
	j, err := journal.Open(f.Context(), path)
	if err != nil {
		f.Fatal(err)
	}
	j.Close()
	empty, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, kind, sid, body string) {
		path := filepath.Join(t.TempDir(), "journal.db")
		if err := os.WriteFile(path, empty, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = db.Exec(`INSERT INTO facts (seq, at, kind, call, body) VALUES (1, 2, ?, ?, ?)`, kind, sid, body)
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		if facts, err := read(t, path); err == nil && facts != 1 || err != nil && !known(err) {
			t.Errorf("%d facts, %v", facts, err)
		}
	})
}
