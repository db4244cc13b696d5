//go:build !windows

package settings

// SystemPolicy is that of this computer.
func SystemPolicy() (Policy, error) { return PolicyFile("/etc/callin/policy.toml") }
