//go:build unix

package secret_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"callin/app/secret"
)

// kept is the one file of a store with one secret.
func kept(t *testing.T, dir string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "secrets", "*"))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	return found[0]
}

func TestAFileIsItsOwnersAlone(t *testing.T) {
	dir := t.TempDir()
	s := secret.InFiles(dir)
	if err := s.Set(secret.Tunnel, "hush"); err != nil {
		t.Fatal(err)
	}
	path := kept(t, dir)
	for at, want := range map[string]fs.FileMode{path: 0o600, filepath.Dir(path): 0o700 | fs.ModeDir} {
		info, err := os.Stat(at)
		if err != nil || info.Mode() != want {
			t.Errorf("%s is %v, %v", at, info.Mode(), err)
		}
	}
	for _, at := range []string{path, filepath.Dir(path)} {
		info, err := os.Stat(at)
		if err != nil {
			t.Fatal(err)
		}
		for _, others := range []fs.FileMode{0o040, 0o004, 0o020, 0o002} {
			if err := os.Chmod(at, info.Mode()|others); err != nil {
				t.Fatal(err)
			}
			var refused *secret.Error
			got, err := s.Get(secret.Tunnel)
			if !errors.As(err, &refused) || got != "" || !strings.Contains(err.Error(), "chmod go-rwx '"+at+"'") || strings.Contains(err.Error(), "hush") {
				t.Errorf("%s with %v: %q, %v", at, others, got, err)
			}
		}
		if err := os.Chmod(at, info.Mode()); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Get(secret.Tunnel); got != "hush" || err != nil {
			t.Errorf("as it should be: %q, %v", got, err)
		}
	}
}

// Whoever looks, or has only that left after a crash, has one secret or the other.
func TestAFileIsWrittenWholeOrNotAtAll(t *testing.T) {
	s := secret.InFiles(t.TempDir())
	values := []string{strings.Repeat("a", 1<<20), strings.Repeat("b", 1<<20)}
	if err := s.Set(secret.Tunnel, values[0]); err != nil {
		t.Fatal(err)
	}
	var written sync.WaitGroup
	done := make(chan struct{})
	written.Go(func() {
		defer close(done)
		for i := range 50 {
			if err := s.Set(secret.Tunnel, values[i%2]); err != nil {
				t.Error(err)
			}
		}
	})
	for writing := true; writing; {
		select {
		case <-done:
			writing = false
		default:
		}
		if got, err := s.Get(secret.Tunnel); err != nil || got != values[0] && got != values[1] {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
	}
	written.Wait()
}

// A file that a crash of the machine left empty is no secret.
func TestAnEmptyFileIsNoSecret(t *testing.T) {
	dir := t.TempDir()
	s := secret.InFiles(dir)
	if err := s.Set(secret.Tunnel, "old"); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(kept(t, dir), 0); err != nil {
		t.Fatal(err)
	}
	var said *secret.Error
	if got, err := s.Get(secret.Tunnel); !errors.As(err, &said) || got != "" {
		t.Errorf("%q, %v", got, err)
	}
}
