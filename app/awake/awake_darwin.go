package awake

import (
	"os"
	"os/exec"
	"strconv"
)

// keep runs macOS' own program for it, which ends with this process at the latest.
func keep(string) (release func(), err error) {
	c := exec.Command("/usr/bin/caffeinate", "-di", "-w", strconv.Itoa(os.Getpid()))
	if err := c.Start(); err != nil {
		return func() {}, err
	}
	return func() { _ = c.Process.Kill(); _ = c.Wait() }, nil
}
