package app

import "golang.org/x/sys/windows"

var allowSetForegroundWindow = windows.NewLazySystemDLL("user32.dll").NewProc("AllowSetForegroundWindow")

// letForward lets any other program bring its window forward: Windows lets only the one
// that somebody has just started.
func letForward() {
	const any = 0xFFFFFFFF
	_, _, _ = allowSetForegroundWindow.Call(any) // else the taskbar's button blinks
}
