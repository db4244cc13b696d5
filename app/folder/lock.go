// Package folder guards the folder in which what is kept lies: one Callin at a
// time has it, and nobody but its owner writes there.
package folder

import (
	"errors"
	"io"
)

// ErrTaken: another Callin has the folder.
var ErrTaken = errors.New("another Callin has this folder")

// Take takes a folder for this process, until what it returns is closed; the
// system gives it back when the process dies, however it dies. An error other
// than ErrTaken says that the system could not tell: another Callin may have
// the folder, or none.
func Take(dir string) (io.Closer, error) { return take(dir) }
