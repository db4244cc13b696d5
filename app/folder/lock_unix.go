//go:build unix

package folder

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// take locks the folder itself: that needs nothing to be written, so it works
// on a full disk and where Callin may not write. Some file systems of a network
// lock no folders; there it is a file in it.
func take(dir string) (io.Closer, error) {
	held, err := lock(dir, os.O_RDONLY)
	if err == nil || errors.Is(err, ErrTaken) {
		return held, err
	}
	return lock(filepath.Join(dir, "callin.lock"), os.O_RDWR|os.O_CREATE)
}

func lock(path string, how int) (io.Closer, error) {
	f, err := os.OpenFile(path, how, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrTaken
		}
		return nil, err
	}
	return f, nil
}
