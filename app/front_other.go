//go:build !windows

package app

// letForward does nothing: only Windows lets no program come forward by itself.
func letForward() {}
