//go:build unix

package practice

import (
	"os/exec"
	"syscall"
)

// apart keeps the terminal's Ctrl-C from the rehearsal: it ends when Callin has
// ended, not before.
func apart(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
