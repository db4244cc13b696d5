package app_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What an administrator has joined is every user's, who may not change it.
func TestAWholeComputerIsADesk(t *testing.T) {
	t.Parallel()
	r := &rollout{headless: newHeadless(t), machine: filepath.Join(t.TempDir(), "callin", "desk")}
	r.start()
	_, file := r.key("--pcs", "1")
	r.joins(t.TempDir(), file, "--machine")
	user := t.TempDir()
	r.isDesk(user)
	if _, err := os.Stat(filepath.Join(user, "remote", "station.json")); err == nil {
		t.Error("the computer's pairing was made the user's")
	}
	if info, err := os.Stat(filepath.Join(r.machine, "station.json")); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("the pairing is kept as %v, %v", info, err)
	}
	// Who else could have made it is not believed.
	if err := os.Chmod(r.machine, 0o777); err != nil {
		t.Fatal(err)
	}
	if printed, _ := (&pc{t: t, data: user}).callin("", []string{"CALLIN_TEST_MACHINE=" + r.machine}, "--settings", os.DevNull, "--station", r.door); !strings.Contains(printed, "is not paired with") {
		t.Errorf("a folder that everybody can write makes it %s", printed)
	}
	if err := os.Chmod(r.machine, 0o755); err != nil {
		t.Fatal(err)
	}
	if printed, code := r.pcDoes(t.TempDir(), "leave", "--machine"); code != 0 {
		t.Errorf("leaving: %s", printed)
	}
	if _, err := os.Stat(filepath.Dir(r.machine)); err == nil {
		t.Error("it has left something")
	}
	list, _ := r.desks("list")
	if !regexp.MustCompile(`producer +Studio +- `).MatchString(list) {
		t.Error(list)
	}
}

// A station that an administrator does not reach leaves no key that users of the computer
// could read, and is joined by who types the command again.
func TestAWholeComputersKeyIsAdministratorsAlone(t *testing.T) {
	t.Parallel()
	r := &rollout{headless: newHeadless(t), machine: filepath.Join(t.TempDir(), "callin", "desk")}
	r.start()
	key, file := r.key("--pcs", "1")
	r.kill()
	if printed, code := r.pcDoes(t.TempDir(), "join", "--machine"); code != 1 || !strings.Contains(printed, "No key is kept here") {
		t.Errorf("without a key it says %d %q", code, printed)
	}
	if said := r.joins(t.TempDir(), file, "--machine"); !strings.Contains(said, "no desk yet: type callin join --machine, as administrator") {
		t.Errorf("it says %q", said)
	}
	told, _ := (&pc{t: t, data: t.TempDir()}).callin("", []string{"CALLIN_TEST_MACHINE=" + r.machine}, "--settings", os.DevNull)
	if !strings.Contains(told, "This PC is no desk of "+r.door+" yet.") || !strings.Contains(told, "An administrator of this PC types callin join --machine") {
		t.Errorf("a user of it is told %q", told)
	}
	secret, _, _ := strings.Cut(key, ".")
	kept := r.keptIn(secret)
	if len(kept) != 1 {
		t.Fatalf("the key is in %v", kept)
	}
	for path, want := range map[string]fs.FileMode{kept[0]: 0o600, filepath.Dir(kept[0]): 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want || strings.HasPrefix(path, r.machine) {
			t.Errorf("the key is kept in %s, %v, %v", path, info.Mode(), err)
		}
	}
	r.start()
	name, _ := os.Hostname()
	name, _, _ = strings.Cut(name, ".")
	if printed, code := r.pcDoes(t.TempDir(), "join", "--machine"); code != 0 || strings.TrimSpace(printed) != name {
		t.Errorf("once more it says %d %q", code, printed)
	}
	if kept := r.keptIn(secret); len(kept) > 0 {
		t.Errorf("then the key is in %v", kept)
	}
	of := t.TempDir() // somebody whom the station refuses has the computer's desk on
	if printed, code := r.pcDoes(of, "join", "--station", r.door, "--key", key); code != 1 {
		t.Errorf("by a key that was used up it says %d %q", code, printed)
	}
	r.isDesk(of)

	r.kill() // and what is left to be tried goes with the pairing
	r.joins(t.TempDir(), written(t, key), "--machine")
	if printed, code := r.pcDoes(t.TempDir(), "leave", "--machine"); code != 0 {
		t.Errorf("leaving: %s", printed)
	}
	if _, err := os.Stat(filepath.Dir(r.machine)); err == nil {
		t.Error("it has left something")
	}
}

// keptIn are the files of the whole computer that have a text in them.
func (r *rollout) keptIn(text string) (files []string) {
	filepath.WalkDir(filepath.Dir(r.machine), func(path string, _ fs.DirEntry, _ error) error {
		if has, _ := os.ReadFile(path); bytes.Contains(has, []byte(text)) {
			files = append(files, path)
		}
		return nil
	})
	return files
}
