//go:build unix

package folder

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// CheckOwn returns a WritableError for what others can write; what is not there
// is well.
func CheckOwn(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	owner, us := int(info.Sys().(*syscall.Stat_t).Uid), os.Geteuid()
	if us != 0 && owner != us && owner != 0 { // root is asked by nobody
		return &WritableError{Path: path, Owner: true}
	}
	if info.Mode().Perm()&0o022 != 0 {
		return &WritableError{Path: path}
	}
	return nil
}

// MakePrivate takes a file from others who can read or write it, and reports
// whether they could.
func MakePrivate(path string) (open bool, err error) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Mode().Perm()&0o077 == 0 {
		return false, err
	}
	return true, os.Chmod(path, info.Mode().Perm()&^0o077)
}
