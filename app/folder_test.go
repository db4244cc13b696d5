package app

import (
	"os"
	"testing"

	"callin/app/call"
	"callin/app/settings"
)

// What was practised must not be taken for what was broadcast, nor a made-up
// account's key for a real one's.
func TestARehearsalAndARealShowShareNothingInOneFolder(t *testing.T) {
	data := t.TempDir()
	open := func(set settings.Settings) *station {
		t.Helper()
		s := &station{options: options{data: data}, settings: set, log: quiet(), hide: (&veil{}).hide}
		if running, err := s.openFolder(t.Context()); err != nil || running {
			t.Fatal(running, err)
		}
		if err := s.journal.Append(t.Context(), []call.Fact{{Seq: s.journal.Last + 1, Kind: call.Ended, Call: "CA1"}}); err != nil {
			t.Fatal(err)
		}
		if err := s.kept.Save(s.dir); err != nil {
			t.Fatal(err)
		}
		return s
	}
	real := open(settings.Settings{AccountSid: "AC1", AuthToken: "x", PublicURL: "https://radio.example.org"})
	defer real.end()
	for what, set := range map[string]settings.Settings{
		"a rehearsal of its own":      {},
		"a rehearsal that runs apart": {AccountSid: "AC1", AuthToken: "x", Rehearsal: "http://127.0.0.1:8090"},
	} {
		// At the same time: each has a journal that nobody else may open.
		practice := open(set)
		if practice.dir == real.dir || practice.kept.DeskKey == real.kept.DeskKey {
			t.Errorf("%s is kept in %s, with the show's key", what, practice.dir)
		}
		practice.end()
	}
	if info, err := os.Stat(real.dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("others may look into it: %v, %v", info.Mode(), err)
	}
}
