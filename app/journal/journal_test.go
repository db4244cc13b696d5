package journal_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/journal"
)

func open(t testing.TB, path string) *journal.Journal {
	t.Helper()
	j, err := journal.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

func all(t *testing.T, j *journal.Journal) []call.Fact {
	t.Helper()
	var got []call.Fact
	if err := j.Read(context.Background(), func(f call.Fact) { got = append(got, f) }); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestFactsAreThereAfterTheFileIsOpenedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a show? #1", "journal.db")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	name, place := "Åsa “the ferry” O'Neil", call.OnLine("studio", call.Held)
	want := []call.Fact{
		{Seq: 1, At: 1700000000001, Kind: call.Noted, Call: "CA1", Name: &name},
		{Seq: 2, At: 1700000000002, Kind: call.Placed, Call: "CA1", Place: &place, Conference: "CF1"},
	}
	j := open(t, path)
	if err := j.Append(context.Background(), want); err != nil {
		t.Fatal(err)
	}
	j.Close()
	if diff := cmp.Diff(want, all(t, open(t, path))); diff != "" {
		t.Errorf("facts differ after opening again (-want +got):\n%s", diff)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode is %v, %v; want 0600", info.Mode(), err)
	}
}

func TestABatchIsWrittenWholeOrNotAtAll(t *testing.T) {
	j := open(t, filepath.Join(t.TempDir(), "journal.db"))
	ctx := context.Background()
	if err := j.Append(ctx, []call.Fact{{Seq: 1, Kind: call.Ended, Call: "CA1"}}); err != nil {
		t.Fatal(err)
	}
	if err := j.Append(ctx, []call.Fact{{Seq: 2, Kind: call.Ended}, {Seq: 1, Kind: call.Ended}}); err == nil {
		t.Fatal("a fact's number was used twice and nothing was said")
	}
	if got := all(t, j); len(got) != 1 {
		t.Errorf("%d facts after a failed batch, want 1", len(got))
	}
}

func TestOneStationAtATimeHasTheJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	first := open(t, path)
	if second, err := journal.Open(context.Background(), path); err == nil {
		second.Close()
		t.Fatal("two have opened the same journal")
	}
	first.Close()
	open(t, path)
}
