package journal_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"callin/app/call"
	"callin/app/journal"
)

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
	if _, err := journal.Begin(t.Context(), path, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "no other Callin") {
		t.Errorf("a journal that is in use: %v", err)
	}
	j.Close()

	b, err := journal.Begin(t.Context(), path, slog.New(slog.DiscardHandler))
	if err != nil || b.Trouble != nil || b.Lost || b.Last != 2 {
		t.Fatalf("a good journal: %+v, %v", b, err)
	}
	b.Close()

	if err := os.WriteFile(path, []byte(strings.Repeat("not a journal", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err = journal.Begin(t.Context(), path, slog.New(slog.DiscardHandler))
	if err != nil || b.Trouble == nil || b.Trouble.Code != call.CodeJournalDamaged || !b.Lost {
		t.Fatalf("a damaged journal: %+v, %v", b, err)
	}
	b.Close()
	_, aside, _ := strings.Cut(b.Trouble.Message, "The old one is ")
	if old, err := os.ReadFile(strings.TrimSuffix(aside, ".")); err != nil || !strings.HasPrefix(string(old), "not a journal") {
		t.Errorf("%q does not name the old file: %v", b.Trouble.Message, err)
	}
	if b, err = journal.Begin(t.Context(), path, slog.New(slog.DiscardHandler)); err != nil || b.Trouble != nil {
		t.Fatalf("the start after it: %+v, %v", b, err)
	}
	b.Close()

	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	b, err = journal.Begin(t.Context(), filepath.Join(file, "journal.db"), slog.New(slog.DiscardHandler))
	if err != nil || b.Trouble == nil || b.Trouble.Code != call.CodeJournalMemory {
		t.Fatalf("where nothing can be written: %+v, %v", b, err)
	}
	defer b.Close()
	if err := b.Append(t.Context(), []call.Fact{{Seq: 1, Kind: call.Ended, Call: "CA1"}}); errors.Is(err, journal.ErrUnwritable) {
		t.Error(err)
	}
}
