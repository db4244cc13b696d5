package journal_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/picture"
)

func text(s string) *string { return &s }

// has reports whether any file of the journal has the bytes.
func has(t *testing.T, dir, what string) bool {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(f os.DirEntry) bool {
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Contains(b, []byte(what))
	})
}

func TestAPersonWhoIsForgottenIsInNoByteOfTheFiles(t *testing.T) {
	path := frozen(t, "journal-1.db")
	dir := filepath.Dir(path)
	// What an earlier Callin, which left its traces, had removed.
	change(t, path, `UPDATE facts SET body = replace(body, 'the ferry', 'Leith harbour, where Ben lives, and the ferry') WHERE seq = 13`)
	change(t, path, `UPDATE facts SET body = replace(body, 'Leith harbour, where Ben lives, and the ferry', 'the ferry') WHERE seq = 13`)
	j := open(t, path)
	again := []call.Fact{
		{Seq: 27, Kind: call.Arrived, Call: "CA9", Number: text("+12015550102"), Name: text("Benjamin"), Area: text("Jersey City, NJ, US")},
		{Seq: 28, Kind: call.Noted, Call: "CA9", Location: text("Portobello")},
		{Seq: 29, Kind: call.Ended, Call: "CA9", Code: "completed"},
	}
	if err := j.Append(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	told := []string{"+12015550102", "Ben", "Leith", "the ferry", "Portobello", "Jersey City"}
	for _, what := range told {
		if !has(t, dir, what) {
			t.Fatalf("%q is in no file before", what)
		}
	}
	erased, err := j.Forget(t.Context(), "+12015550102")
	if err != nil || erased.Calls != 2 || len(erased.Aside) != 0 {
		t.Fatalf("forgot %+v: %v", erased, err)
	}
	for _, what := range told {
		if has(t, dir, what) {
			t.Errorf("%q is still in a file", what)
		}
	}
	if !has(t, dir, "Ana Ålund") {
		t.Error("another caller was forgotten too")
	}
	facts := all(t, j)
	if len(facts) != 29 || facts[23].Place == nil || *facts[12].Topic != "" {
		t.Errorf("what happened is not there any more: %+v", facts)
	}
}

func TestOldFactsGoUnlessSomethingFollowsFromThem(t *testing.T) {
	path := frozen(t, "journal-1.db")
	j := open(t, path)
	end := time.UnixMilli(1767600026000)
	removed, err := j.Prune(t.Context(), end.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	var left []int64
	for _, f := range all(t, j) {
		left = append(left, f.Seq)
	}
	// Ana's call (7, 8, 16, 17, 20 to 22) is over; phones 4 and 5 came before 6.
	want := []int64{1, 2, 3, 6, 9, 10, 11, 12, 13, 14, 15, 18, 19, 23, 24, 25, 26}
	if !slices.Equal(left, want) || removed != 9 {
		t.Errorf("left are %v, want %v; %d removed", left, want, removed)
	}
	if has(t, filepath.Dir(path), "Ana Ålund") {
		t.Error("what was removed is still in a file")
	}
	if removed, err := j.Prune(t.Context(), end.Add(time.Hour)); err != nil || removed != 0 {
		t.Errorf("once more: %d, %v", removed, err)
	}
}

// What a desk sees after Prune is what it saw before: messages that nobody has
// deleted, and whose line it is although phones came too late for it since.
func TestWhatADeskSeesIsNotPruned(t *testing.T) {
	j := open(t, filepath.Join(t.TempDir(), "journal.db"))
	ana, waits, air := text("+12015550101"), call.InQueue("on-air"), call.OnLine("studio", call.Talking)
	facts := []call.Fact{
		call.ShowIs(call.ShowOpening, nil),
		call.ShowIs(call.ShowOpen, map[string]string{"on-air": "QU1"}),
		{Kind: call.Dialled, Call: "OLD", Line: "studio"},
		{Kind: call.Dialled, Call: "DESK", Line: "studio"},
		call.PhoneHas("studio", "DESK", call.PhoneOnLine),
		call.PhoneHasNot("studio", "OLD", call.PhoneOlder),
		call.EndedAs("OLD", "completed"),
		{Kind: call.Arrived, Call: "CA1", Number: ana},
		{Kind: call.Recorded, Call: "CA1", Recording: "RE1", Seconds: 7, Number: ana},
		{Kind: call.Recorded, Call: "CA1", Recording: "RE2", Seconds: 8, Number: ana},
		{Kind: call.Unrecorded, Call: "CA1", Recording: "RE2"},
		call.EndedAs("CA1", "completed"),
		{Kind: call.Arrived, Call: "CA2", Number: ana},
		{Kind: call.Placed, Call: "CA2", Place: &waits},
		{Kind: call.Placed, Call: "CA2", Place: &air, Conference: "CF1"},
		{Kind: call.PinTyped, Call: "TEL"},
		{Kind: call.PinTyped, Call: "TEL1", Number: text("+12015550102")},
		{Kind: call.PinTyped, Call: "TEL1", Number: text("+12015550102"), On: true},
		{Kind: call.PinTyped, Call: "TEL2", Number: text("+12015550103")},
		{Kind: call.PinTyped, Call: "TEL2", Number: text("+12015550103")},
		{Kind: call.PinTyped, Call: "TEL2", Number: text("+12015550103")},
		{Kind: call.PinTyped, Call: "TEL2", Number: text("+12015550103")},
		{Kind: call.PinTyped, Call: "TEL2", Number: text("+12015550103")},
		{Kind: call.LockSet, Call: "CA2"},
	}
	for i := range facts {
		facts[i].Seq, facts[i].At = int64(i+1), int64(1767600000000+i)
	}
	if err := j.Append(t.Context(), facts); err != nil {
		t.Fatal(err)
	}
	sees := func() (picture.Picture, []call.Sid) {
		s := picture.New(picture.Studio{})
		for _, f := range all(t, j) {
			s.Apply(f, s.Changes())
		}
		return s.Picture(), slices.Collect(s.ReplacedPhones())
	}
	before, replaced := sees()
	removed, err := j.Prune(t.Context(), time.UnixMilli(1767700000000))
	if err != nil || removed == 0 {
		t.Fatalf("%d removed: %v", removed, err)
	}
	after, replacedNow := sees()
	if diff := cmp.Diff(before, after); diff != "" || len(before.Voicemail) != 1 || !before.Lines[0].Phone {
		t.Errorf("before it was %+v; now (-before +after):\n%s", before, diff)
	}
	if locked := before.Lines[0].LockedTelephones; !slices.Equal(locked, []string{"+12015550103"}) {
		t.Errorf("locked are %v", locked)
	}
	pins := 0
	for _, f := range all(t, j) {
		if f.Kind == call.PinTyped {
			pins++
		}
	}
	if pins != 7 {
		t.Errorf("%d PINs are left, want those that still count", pins)
	}
	if len(replaced)+len(replacedNow) > 0 {
		t.Errorf("phones that have ended count as replaced and there: %v, and now %v", replaced, replacedNow)
	}
}
