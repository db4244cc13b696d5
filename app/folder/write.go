package folder

import (
	"errors"
	"os"
	"path/filepath"
)

// Write writes a file that only its owner can read, whole or not at all.
func Write(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "kept-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // not there any more once it is renamed
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
