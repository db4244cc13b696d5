package autostart

import (
	"errors"
	"strings"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// Where Windows has what it starts for a user, and where it notes what the user has
// switched off in the Task Manager or the settings.
const (
	runs     = `Software\Microsoft\Windows\CurrentVersion\Run`
	approved = `Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run`
)

func (p Program) on() (bool, error) {
	key, err := registry.OpenKey(registry.CURRENT_USER, runs, registry.QUERY_VALUE)
	if err != nil {
		return false, orNone(err)
	}
	defer key.Close()
	line, _, err := key.GetStringValue(p.Name)
	if err != nil {
		return false, orNone(err)
	}
	return strings.EqualFold(line, p.line()) && !p.switchedOff(), nil
}

// switchedOff reports whether the user has switched it off: the first byte is odd then.
func (p Program) switchedOff() bool {
	key, err := registry.OpenKey(registry.CURRENT_USER, approved, registry.QUERY_VALUE)
	if err != nil {
		return false
	}
	defer key.Close()
	is, _, err := key.GetBinaryValue(p.Name)
	return err == nil && len(is) > 0 && is[0]&1 == 1
}

func (p Program) line() string {
	return windows.ComposeCommandLine(append([]string{p.Path}, p.Args...))
}

func (p Program) add() error {
	if err := p.forget(approved); err != nil {
		return err
	}
	key, _, err := registry.CreateKey(registry.CURRENT_USER, runs, registry.SET_VALUE)
	if err != nil {
		return err
	}
	defer key.Close()
	return key.SetStringValue(p.Name, p.line())
}

func (p Program) remove() error { return errors.Join(p.forget(runs), p.forget(approved)) }

// forget removes the program from a key; it may not be there.
func (p Program) forget(path string) error {
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.SET_VALUE)
	if err != nil {
		return orNone(err)
	}
	defer key.Close()
	return orNone(key.DeleteValue(p.Name))
}

// orNone is an error, but for that there is nothing.
func orNone(err error) error {
	if errors.Is(err, registry.ErrNotExist) {
		return nil
	}
	return err
}
