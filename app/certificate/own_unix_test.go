//go:build unix

package certificate_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"callin/app/certificate"
	"callin/app/folder"
)

func TestTheOwnKeyIsItsOwnersAlone(t *testing.T) {
	dir := t.TempDir()
	own(t, dir)
	path := filepath.Join(dir, certificate.OwnFile)
	is := func(want os.FileMode) {
		t.Helper()
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("it is %v, %v; want %v", info.Mode(), err, want)
		}
	}
	is(0o600)
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	own(t, dir)
	is(0o600)
	if err := os.Chmod(path, 0o620); err != nil {
		t.Fatal(err)
	}
	var refused *folder.WritableError
	if _, err := certificate.Own(dir); !errors.As(err, &refused) {
		t.Errorf("one that others can write: %v", err)
	}
}
