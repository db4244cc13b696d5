package journal_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/journal"
)

// frozen is a copy of a journal as an earlier Callin wrote it. Those files are
// never written anew; a new version of the schema adds one.
func frozen(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "journal.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// change runs a statement on the file behind the journal's back.
func change(t testing.TB, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func TestAJournalOfTheFirstVersionIsBroughtUpToDate(t *testing.T) {
	path := frozen(t, "journal-1.db")
	j := open(t, path)
	facts := all(t, j)
	if len(facts) != 26 || facts[0].Kind != call.ShowSet || facts[25].Place.State != call.Held {
		t.Fatalf("%d facts: %+v", len(facts), facts)
	}
	var note call.Fact
	for _, f := range facts {
		if f.Kind == call.Noted {
			note = f
		}
	}
	name, location, topic := "Ben", "Leith", "the ferry"
	want := call.Fact{Seq: 13, At: 1767600012000, Kind: call.Noted, Call: "CA00000000000000000000000000000002", Name: &name, Location: &location, Topic: &topic}
	if diff := cmp.Diff(want, note); diff != "" {
		t.Errorf("a note of the first version (-want +got):\n%s", diff)
	}
	editions, err := j.Editions(t.Context(), "")
	if diff := cmp.Diff([]call.Edition{{Show: 1, Opened: 1767600000000, Calls: 3}}, editions); err != nil || diff != "" {
		t.Errorf("its shows: %v\n%s", err, diff)
	}
	if err := j.Append(t.Context(), []call.Fact{{Seq: 27, Kind: call.ShowSet, Code: "closing"}}); err != nil {
		t.Error(err)
	}
}

func TestAJournalOfALaterCallinIsRefusedAndLeftAlone(t *testing.T) {
	path := frozen(t, "journal-1.db")
	change(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, 1)`)
	before, _ := os.ReadFile(path)
	if _, err := journal.Open(t.Context(), path); !errors.Is(err, journal.ErrNewer) {
		t.Errorf("opening it: %v", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the file was changed")
	}
}

func TestADamagedJournalIsSetAsideAndWhatCanBeReadIsKept(t *testing.T) {
	for name, spoil := range map[string]struct {
		how  func(path string)
		kept int // facts that can still be read
	}{
		"other bytes": {func(path string) {
			if err := os.WriteFile(path, bytes.Repeat([]byte("not a journal "), 4096), 0o600); err != nil {
				t.Fatal(err)
			}
		}, 0},
		"a page of it torn": {func(path string) {
			b, _ := os.ReadFile(path)
			for i := range b[len(b)-4096:] {
				b[len(b)-4096+i] ^= 0x5a
			}
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}, -1},
		"cut off":             {func(path string) { os.Truncate(path, 6000) }, -1},
		"nearly nothing left": {func(path string) { os.Truncate(path, 1) }, 0},
		"another database": {func(path string) {
			os.Remove(path)
			change(t, path, `CREATE TABLE other (x)`)
		}, 0},
		"no table":            {func(path string) { change(t, path, `DROP TABLE facts`) }, 0},
		"a body of nonsense":  {func(path string) { change(t, path, `UPDATE facts SET body = '{"name":7' WHERE seq = 20`) }, 19},
		"a move to no place":  {func(path string) { change(t, path, `UPDATE facts SET body = '{}' WHERE seq = 16`) }, 15},
		"a number that is no": {func(path string) { change(t, path, `UPDATE facts SET body = '{"number":7}' WHERE seq = 7`) }, 6},
	} {
		t.Run(name, func(t *testing.T) {
			path := frozen(t, "journal-1.db")
			spoil.how(path)
			j, err := journal.Open(t.Context(), path)
			if err == nil {
				err = j.Read(t.Context(), func(call.Fact) {})
				j.Close()
			}
			if !errors.Is(err, journal.ErrDamaged) {
				t.Fatalf("it was taken for a good one: %v", err)
			}
			spoilt, _ := os.ReadFile(path)
			aside, err := journal.SetAside(path, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			facts := journal.Salvage(t.Context(), aside)
			if spoil.kept >= 0 && len(facts) != spoil.kept {
				t.Errorf("%d facts could be read, want %d", len(facts), spoil.kept)
			}
			j = open(t, path)
			if err := j.Append(t.Context(), facts); err != nil {
				t.Error(err)
			}
			if kept, _ := os.ReadFile(aside); !bytes.Equal(kept, spoilt) {
				t.Error("the file that was set aside was changed")
			}
		})
	}
}

func TestWhereNothingCanBeWrittenAJournalInMemoryGoesOn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := journal.Open(t.Context(), filepath.Join(file, "journal.db")); !errors.Is(err, journal.ErrUnwritable) {
		t.Errorf("opening a journal where there is no folder: %v", err)
	}
	j, err := journal.Memory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if err := j.Append(t.Context(), []call.Fact{{Seq: 1, Kind: call.Ended, Call: "CA1"}}); err != nil || len(all(t, j)) != 1 {
		t.Errorf("writing to memory: %v", err)
	}
}
