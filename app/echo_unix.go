//go:build linux || darwin

package app

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// withoutEcho has a terminal not show what is typed, until the returned function is
// called. Anything else than a terminal stays as it is.
func withoutEcho(in io.Reader) (show func()) {
	file, is := in.(*os.File)
	if !is {
		return func() {}
	}
	fd := int(file.Fd())
	mode, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return func() {}
	}
	hidden := *mode
	hidden.Lflag = hidden.Lflag&^unix.ECHO | unix.ECHONL
	if unix.IoctlSetTermios(fd, setTermios, &hidden) != nil {
		return func() {}
	}
	return func() { unix.IoctlSetTermios(fd, setTermios, mode) }
}
