package journal_test

import (
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"callin/app/call"
	"callin/app/journal"
)

var quiet = slog.New(slog.DiscardHandler)

// Whatever is wrong with the disk, a show can begin, and the desk says what is.
func TestAShowBeginsWhateverIsWrongWithTheJournal(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "journal.db")
	j, err := journal.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Append(t.Context(), []call.Fact{{Seq: 1, Kind: call.ShowSet, Code: "opening"}, {Seq: 2, Kind: call.Ended, Call: "CA1"}}); err != nil {
		t.Fatal(err)
	}
	for _, alone := range []bool{true, false} {
		if _, err := journal.Begin(t.Context(), path, alone, quiet); err == nil || !strings.Contains(err.Error(), "another program") {
			t.Errorf("a journal that an earlier Callin has: %v", err)
		}
	}
	j.Close()

	b, err := journal.Begin(t.Context(), path, true, quiet)
	if err != nil || b.Trouble != nil || b.Lost || b.Last != 2 {
		t.Fatalf("a good journal: %+v, %v", b, err)
	}
	b.Close()

	if err := os.WriteFile(path, []byte(strings.Repeat("not a journal", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err = journal.Begin(t.Context(), path, true, quiet)
	if err != nil || b.Trouble == nil || b.Trouble.Code != call.CodeJournalDamaged || !b.Lost {
		t.Fatalf("a damaged journal: %+v, %v", b, err)
	}
	b.Close()
	_, aside, _ := strings.Cut(b.Trouble.Message, "The old one is ")
	if old, err := os.ReadFile(strings.TrimSuffix(aside, ".")); err != nil || !strings.HasPrefix(string(old), "not a journal") {
		t.Errorf("%q does not name the old file: %v", b.Trouble.Message, err)
	}
	if b, err = journal.Begin(t.Context(), path, true, quiet); err != nil || b.Trouble != nil {
		t.Fatalf("the start after it: %+v, %v", b, err)
	}
	b.Close()

	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	b, err = journal.Begin(t.Context(), filepath.Join(file, "journal.db"), true, quiet)
	if err != nil || b.Trouble == nil || b.Trouble.Code != call.CodeJournalMemory {
		t.Fatalf("where nothing can be written: %+v, %v", b, err)
	}
	defer b.Close()
	if err := b.Append(t.Context(), []call.Fact{{Seq: 1, Kind: call.Ended, Call: "CA1"}}); errors.Is(err, journal.ErrUnwritable) {
		t.Error(err)
	}
}

// Who looks into the journal with another program keeps no show from being kept.
func TestSomebodyWhoReadsTheJournalIsInNobodysWay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	b, err := journal.Begin(t.Context(), path, true, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Add(t.Context(), call.Fact{Kind: call.Arrived, Call: "CA1", Number: new("+12015550100")}); err != nil {
		t.Fatal(err)
	}
	b.Close()
	reader, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	reads, err := reader.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer reads.Rollback()
	var n int
	if err := reads.QueryRow(`SELECT count(*) FROM facts`).Scan(&n); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	// Without a lock of its own Callin cannot know that nobody else writes it.
	if _, err := journal.Begin(t.Context(), path, false, quiet); err == nil {
		t.Error("it may be another Callin that has it")
	}
	b, err = journal.Begin(t.Context(), path, true, quiet)
	if err != nil || b.Trouble != nil || b.Last != 1 {
		t.Fatalf("while somebody reads: %+v, %v", b, err)
	}
	defer b.Close()
	if err := b.Add(t.Context(), call.Fact{Kind: call.Ended, Call: "CA1"}); err != nil {
		t.Errorf("a fact: %v", err)
	}
	// The reader still has the person before its eyes.
	var refused *call.Error
	if _, err := b.Forget(t.Context(), "+12015550100"); !errors.As(err, &refused) || refused.Code != call.CodeNotDeleted {
		t.Errorf("forgetting a person: %v", err)
	}
	reads.Rollback()
	if _, err := b.Forget(t.Context(), "+12015550100"); err != nil {
		t.Errorf("forgetting a person when nobody reads any more: %v", err)
	}
}
