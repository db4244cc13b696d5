package tunnel

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// run runs a program that ends with Callin, however that ends. The system counts the
// thread that started it for its parent, which therefore waits. A Ctrl-C in Callin's
// terminal does not reach it: Callin still answers those who ask then.
func run(c *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Setpgid: true}
	return c.Run()
}

func quit(p *os.Process) error { return p.Signal(syscall.SIGTERM) }
