//go:build !windows

package service

import (
	"os"
	"runtime"
)

// elsewhere is why nothing is installed here.
var elsewhere error = Error("On this system Callin is no service: start callin station by what starts programs here.")

func init() {
	if runtime.GOOS == "linux" {
		elsewhere = Error("On Linux systemd starts Callin as a service: the unit is build/linux/callin.service of Callin's source, and says at its top what to do with it.")
	}
}

// Folder is where a service of Windows keeps what it keeps.
func Folder() (string, error) { return "", elsewhere }

// Guard does nothing: systemd makes the folder, for the service alone.
func Guard(string) error { return nil }

// Share makes a folder that all users of this computer can read.
func Share(dir string) error { return os.MkdirAll(dir, 0o755) }

// CheckShared has nothing to find: a folder's modes say all.
func CheckShared(string) error { return nil }

// Install is Windows' own.
func Install([]string, []int) error { return elsewhere }

// Remove is Windows' own.
func Remove() error { return elsewhere }
