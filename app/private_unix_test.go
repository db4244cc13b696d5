//go:build unix

package app

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"callin/app/folder"
	"callin/app/settings"
)

func mode(t *testing.T, path string) os.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func TestWhatOthersCanWriteIsRefused(t *testing.T) {
	for _, name := range []string{"", "rehearsal", "rehearsal/kept.json"} {
		for _, others := range []os.FileMode{0o020, 0o002} {
			data := t.TempDir()
			dir := filepath.Join(data, "rehearsal")
			kept, err := settings.LoadKept(data)
			if err := errors.Join(err, os.Mkdir(dir, 0o700), kept.Save(dir)); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(data, name)
			if err := os.Chmod(path, mode(t, path)|others); err != nil {
				t.Fatal(err)
			}
			s := stationIn(data, settings.Settings{})
			_, err = s.openFolder(t.Context())
			s.end()
			var refused *folder.WritableError
			if !errors.As(err, &refused) || refused.Path != path {
				t.Errorf("%s, %v: %v", name, mode(t, path), err)
			}
			if err := os.Chmod(path, mode(t, path)&^others); err != nil {
				t.Fatal(err)
			}
			if _, err := s.openFolder(t.Context()); err != nil {
				t.Errorf("%s, as it should be: %v", name, err)
			}
			s.end()
		}
	}
}

func TestWhatOthersCanReadIsPutRight(t *testing.T) {
	data := t.TempDir()
	dir := filepath.Join(data, "rehearsal")
	if err := os.Mkdir(dir, 0o755); err != nil { // one may look into it: what is there, not what it says
		t.Fatal(err)
	}
	begin := stationIn(data, settings.Settings{})
	if _, err := begin.openFolder(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := begin.kept.Save(dir); err != nil {
		t.Fatal(err)
	}
	begin.end()
	file := filepath.Join(data, "callin.toml")
	if err := os.WriteFile(file, []byte("pin = \"123456\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(dir, "journal.db-damaged-20260101-000000.000")
	if err := os.WriteFile(old, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	secret := []string{filepath.Join(dir, "journal.db"), filepath.Join(dir, "kept.json"), old, file}
	for _, others := range []os.FileMode{0o040, 0o004, 0o066} {
		for _, path := range secret {
			if filepath.Base(path) == "kept.json" {
				others &^= 0o022
			}
			if err := os.Chmod(path, 0o600|others); err != nil {
				t.Fatal(err)
			}
		}
		set, err := settings.Load(file, true, "", func(string) string { return "" }, settings.Policy{})
		if err != nil {
			t.Fatal(err)
		}
		s := stationIn(data, set)
		s.options.settings = file
		if _, err := s.openFolder(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, path := range secret {
			if mode(t, path) != 0o600 {
				t.Errorf("%s is left as %v", path, mode(t, path))
			}
		}
		s.end()
	}

	// Settings without secrets are nobody's but the user's to share.
	if err := errors.Join(os.WriteFile(file, []byte("show = \"Late\"\n"), 0o600), os.Chmod(file, 0o644)); err != nil {
		t.Fatal(err)
	}
	set, err := settings.Load(file, true, "", func(name string) string { return map[string]string{"CALLIN_PIN": "123456"}[name] }, settings.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	s := stationIn(data, set)
	s.options.settings = file
	if _, err := s.openFolder(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.end()
	if mode(t, file) != 0o644 {
		t.Errorf("settings without secrets are now %v", mode(t, file))
	}
}
