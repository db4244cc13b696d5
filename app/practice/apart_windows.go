package practice

import (
	"os/exec"
	"syscall"
)

// apart keeps the console's Ctrl-C from the rehearsal, and a console window
// from the screen: it ends when Callin has ended, not before.
func apart(c *exec.Cmd) {
	const newProcessGroup, noWindow = 0x00000200, 0x08000000
	c.SysProcAttr = &syscall.SysProcAttr{HideWindow: true, CreationFlags: newProcessGroup | noWindow}
}
