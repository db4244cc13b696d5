package secret

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// files keep a secret each, so that two programs that keep different ones are not in
// each other's way.
type files struct{ dir string }

func (f files) path(name string) string {
	return filepath.Join(f.dir, strings.ReplaceAll(name, "/", "."))
}

func (f files) get(name string) (string, error) {
	path := f.path(name)
	sealed, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", ErrNone
	case errors.Is(err, fs.ErrPermission):
		return "", &Error{fmt.Sprintf("%s cannot be read. See that Callin runs as the user who owns it.", path)}
	case err != nil:
		return "", fmt.Errorf("secret: %w", err)
	}
	for _, path := range []string{f.dir, path} {
		if err := private(path); err != nil {
			return "", err
		}
	}
	value, err := unseal(sealed)
	if err != nil || len(value) == 0 {
		return "", &Error{fmt.Sprintf("%s is damaged, or of another computer. Remove it, and set up again what it held.", path)}
	}
	return string(value), nil
}

func (f files) set(name, value string) error {
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return fmt.Errorf("secret: %w", err)
	}
	if err := private(f.dir); err != nil {
		return err
	}
	sealed, err := seal([]byte(value))
	if err != nil {
		return fmt.Errorf("secret: %w", err)
	}
	temp, err := os.CreateTemp(f.dir, "new-*") // mode 0600
	if err != nil {
		return fmt.Errorf("secret: %w", err)
	}
	defer os.Remove(temp.Name()) // not there any more once it is renamed
	_, err = temp.Write(sealed)
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), f.path(name))
	}
	if err != nil {
		return fmt.Errorf("secret: %w", err)
	}
	return nil
}

func (f files) remove(name string) error {
	if err := os.Remove(f.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("secret: %w", err)
	}
	return nil
}
