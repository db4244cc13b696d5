//go:build !windows

package app

// machineFolder is where the pairing of the whole computer is.
func machineFolder() string { return "/etc/callin/desk" }
