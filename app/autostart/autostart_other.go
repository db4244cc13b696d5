//go:build !windows && !linux

package autostart

import "errors"

func (p Program) on() (bool, error) { return false, nil }

func (p Program) add() error {
	return errors.New("add Callin to the login items in the system's settings")
}

func (p Program) remove() error { return nil }
