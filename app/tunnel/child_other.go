//go:build !linux && !windows

package tunnel

import (
	"os"
	"os/exec"
	"syscall"
)

// run runs a program that ends when Callin ends it; where Callin is killed it goes on.
// A Ctrl-C in Callin's terminal does not reach it: Callin still answers those who ask then.
func run(c *exec.Cmd) error {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return c.Run()
}

func quit(p *os.Process) error { return p.Signal(syscall.SIGTERM) }
