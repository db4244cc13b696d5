//go:build unix

package update

import (
	"errors"
	"os"
	"syscall"
)

// apart has a process outlive this one, its terminal and its group.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// What Windows keeps of an install, nobody else does: there, no installer is per user. A test
// stands in for a logon.
var (
	atLogon    = func(_, _ string) {}
	notAtLogon = func() {}
)

func installed(string, string) {}

// toDisk has a file, or what is in a folder, be on the disk.
func toDisk(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
