package app

import (
	"io"
	"os"

	"golang.org/x/sys/windows"
)

// withoutEcho has a console not show what is typed, until the returned function is called.
// Anything else than a console stays as it is.
func withoutEcho(in io.Reader) (show func()) {
	file, is := in.(*os.File)
	if !is {
		return func() {}
	}
	console := windows.Handle(file.Fd())
	var mode uint32
	if windows.GetConsoleMode(console, &mode) != nil || windows.SetConsoleMode(console, mode&^windows.ENABLE_ECHO_INPUT) != nil {
		return func() {}
	}
	return func() {
		windows.SetConsoleMode(console, mode)
		io.WriteString(os.Stdout, "\n") // the line's end was not shown either
	}
}
