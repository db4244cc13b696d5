package update

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// The folder of a program has at most so many files and bytes: one that has more is no
// folder of Callin's alone.
const (
	mostFiles = 2000
	mostBytes = 1 << 30
)

var errTooMuch = errors.New("update: there is more in the program's folder than Callin")

// copyTree copies a folder with all that is in it to a place where nothing is.
func copyTree(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	files, bytes := 0, int64(0)
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rest, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rest), 0o700)
		}
		info, err := d.Info()
		if err != nil || !info.Mode().IsRegular() {
			return errors.Join(err, fmt.Errorf("update: %s is no ordinary file", path))
		}
		files, bytes = files+1, bytes+info.Size()
		if files > mostFiles || bytes > mostBytes {
			return errTooMuch
		}
		return copyFile(path, filepath.Join(to, rest))
	})
}

// mirror makes a folder have the files of another one, and no others. What cannot be put
// right keeps nothing else from it.
func mirror(from, to string) error {
	if _, err := os.Stat(from); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	var failed []error
	fails := func(err error) {
		if err != nil {
			failed = append(failed, err)
		}
	}
	fails(os.MkdirAll(to, 0o755))
	fails(filepath.WalkDir(to, func(path string, d fs.DirEntry, err error) error { // first, which makes room
		if err != nil {
			fails(err)
			return nil
		}
		rest, err := filepath.Rel(to, path)
		if err != nil {
			return err
		}
		wanted, err := os.Lstat(filepath.Join(from, rest))
		if err == nil && wanted.Mode().Type() == d.Type() {
			return nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			fails(err)
			return nil
		}
		fails(os.RemoveAll(path))
		if d.IsDir() {
			return filepath.SkipDir
		}
		return nil
	}))
	fails(filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			fails(err)
			return nil
		}
		rest, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rest)
		switch {
		case d.IsDir():
			fails(os.MkdirAll(target, 0o755))
		case !same(path, target):
			fails(replace(path, target))
		}
		return nil
	}))
	return errors.Join(failed...)
}

// flushTree has all files of a folder be on the disk, whoever has written them.
func flushTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && (d.IsDir() || d.Type().IsRegular()) {
			err = flush(path)
		}
		return err
	})
}

// flush has a file or a folder be on the disk, and an error of that is one: a test ends the
// power or the disk there.
var flush = toDisk

// replace puts a copy of a file in the place of another, whole or not at all.
func replace(from, to string) error {
	fresh := to + ".callin-update"
	defer os.Remove(fresh) // not there any more once it is renamed
	if err := copyFile(from, fresh); err != nil {
		return err
	}
	return errors.Join(os.Rename(fresh, to), flush(filepath.Dir(to)))
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("update: %w", err)
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return fmt.Errorf("update: %w", err)
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, info.Mode().Perm())
	if err != nil {
		return fmt.Errorf("update: %w", err)
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Sync(), out.Close(), flush(filepath.Dir(to))); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	return nil
}

// same reports whether two files have the same bytes.
func same(a, b string) bool {
	f, err := os.Open(a)
	if err != nil {
		return false
	}
	defer f.Close()
	g, err := os.Open(b)
	if err != nil {
		return false
	}
	defer g.Close()
	one, two := make([]byte, 1<<16), make([]byte, 1<<16)
	for {
		n, errOne := io.ReadFull(f, one)
		m, errTwo := io.ReadFull(g, two)
		if n != m || !bytes.Equal(one[:n], two[:m]) {
			return false
		}
		if errOne != nil || errTwo != nil {
			return ended(errOne) && ended(errTwo)
		}
	}
}

func ended(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
