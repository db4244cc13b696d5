package app

import (
	"database/sql"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"callin/app/call"
	"callin/app/journal"
	"callin/app/settings"
)

// What was practised must not be taken for what was broadcast, nor a made-up
// account's key for a real one's.
func TestARehearsalAndARealShowShareNothingInOneFolder(t *testing.T) {
	data := t.TempDir()
	open := func(set settings.Settings) *process {
		t.Helper()
		s := stationIn(data, set)
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
		if practice.dir == real.dir || practice.deskName() == real.deskName() {
			t.Errorf("%s is kept in %s, with the show's desk", what, practice.dir)
		}
		practice.end()
	}
	if info, err := os.Stat(real.dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("others may look into it: %v, %v", info.Mode(), err)
	}
}

func stationIn(data string, set settings.Settings) *process {
	return &process{options: options{data: data}, world: World{Env: func(string) string { return "" }}, settings: set, log: quiet(), stderr: &veil{to: io.Discard}}
}

// Two stations on one folder would each believe their own picture.
func TestAFolderHasOneCallinWhateverItsJournalIsLike(t *testing.T) {
	for name, spoil := range map[string]func(path string){
		"as it should be": func(string) {},
		"read by another program": func(path string) {
			db, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { db.Close() })
			db.SetMaxOpenConns(1)
			if _, err := db.Exec(`BEGIN; SELECT count(*) FROM facts`); err != nil {
				t.Fatal(err)
			}
		},
		"not to be written": func(path string) {
			if err := errors.Join(os.Remove(path), os.MkdirAll(filepath.Join(path, "in the way"), 0o700)); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			if err := os.Mkdir(filepath.Join(data, "rehearsal"), 0o700); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(data, "rehearsal", "journal.db")
			if j, err := journal.Open(t.Context(), path); err != nil {
				t.Fatal(err)
			} else {
				j.Close()
			}
			spoil(path)
			first, second := stationIn(data, settings.Settings{}), stationIn(data, settings.Settings{})
			if running, err := first.openFolder(t.Context()); err != nil || running {
				t.Fatal("the first:", running, err)
			}
			if kept := first.journal.Trouble == nil; kept == (name == "not to be written") {
				t.Errorf("the first begins with %+v", first.journal.Trouble)
			}
			if running, err := second.openFolder(t.Context()); err != nil || !running {
				t.Error("the second:", running, err)
			}
			second.end()
			first.end()
			if running, err := second.openFolder(t.Context()); err != nil || running {
				t.Error("when the first one has ended:", running, err)
			}
			second.end()
		})
	}
}

// One that could not keep its desk's address is not found, and not made a second one of.
func TestARunningCallinWithoutAKeptDeskIsSaidToRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := stationIn(t.TempDir(), settings.Settings{})
		s.dir = t.TempDir()
		var refused *call.Error
		if err := s.leadToRunning(t.Context()); !errors.As(err, &refused) || refused.Code != call.CodeRunning || !strings.Contains(refused.Message, s.dir) {
			t.Error(err)
		}
	})
}

// A machine that lost its power leaves files empty; the show begins all the same.
func TestAShowBeginsWhateverIsWrongWithWhatIsKept(t *testing.T) {
	data := t.TempDir()
	path := filepath.Join(data, "rehearsal", "kept.json")
	if err := errors.Join(os.Mkdir(filepath.Dir(path), 0o700), os.WriteFile(path, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	s := stationIn(data, settings.Settings{})
	defer s.end()
	if running, err := s.openFolder(t.Context()); err != nil || running {
		t.Fatal(running, err)
	}
	if len(s.warnings) != 1 || !strings.Contains(s.warnings[0], path+"-damaged-") {
		t.Errorf("the desk is told %q", s.warnings)
	}
}
