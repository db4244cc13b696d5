package awake

import (
	"errors"
	"runtime"

	"golang.org/x/sys/windows"
)

var setThreadExecutionState = windows.NewLazySystemDLL("kernel32.dll").NewProc("SetThreadExecutionState")

// What SetThreadExecutionState takes.
const (
	systemRequired  = 0x1
	displayRequired = 0x2
	continuous      = 0x80000000
)

// keep holds a thread: Windows knows the wish as that thread's, and forgets it with it.
func keep(string) (release func(), err error) {
	kept := make(chan error)
	released := make(chan struct{})
	go func() {
		runtime.LockOSThread() // which ends with this goroutine
		if before, _, err := setThreadExecutionState.Call(continuous | systemRequired | displayRequired); before == 0 {
			kept <- errors.Join(errors.New("SetThreadExecutionState"), err)
			return
		}
		kept <- nil
		<-released
	}()
	return func() { close(released) }, <-kept
}
