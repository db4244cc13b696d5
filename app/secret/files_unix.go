//go:build unix

package secret

import (
	"fmt"
	"os"
	"syscall"
)

// private refuses what others can read or write: who could read it may have it still,
// and who could write it may have put their own there.
func private(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("secret: %w", err)
	}
	owner, us := int(info.Sys().(*syscall.Stat_t).Uid), os.Geteuid()
	switch {
	case owner != us && owner != 0 && us != 0: // root is asked by nobody
		return &Error{fmt.Sprintf("%s belongs to another user of this computer. Run Callin as that user, or remove it and set up again what it held.", path)}
	case info.Mode().Perm()&0o077 != 0:
		return &Error{fmt.Sprintf("Other users of this computer can read or change %s. If somebody may have, get a new secret where it came from; then take that from them: chmod go-rwx '%s'", path, path)}
	}
	return nil
}

// seal does nothing: the file's mode says who may read it.
func seal(value []byte) ([]byte, error) { return value, nil }

func unseal(sealed []byte) ([]byte, error) { return sealed, nil }
