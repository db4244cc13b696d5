//go:build unix

package update

import "syscall"

// apart has a process outlive this one, its terminal and its group.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// What Windows keeps of an install, nobody else does: there, no installer is per user.
func atLogon(string, string) {}

func notAtLogon() {}

func installed(string, string) {}
