package app

import (
	"path/filepath"

	"callin/app/service"
)

// machineFolder is where the pairing of the whole computer is; empty where Windows does
// not say where such things are.
func machineFolder() string {
	dir, err := service.Folder()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "desk")
}
