package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"callin/app/call"
	"callin/app/folder"
	"callin/app/service"
	"callin/app/settings"
)

// A pairing can be the computer's, for all who use it. It lies in World.Machine, where
// only administrators write and everybody reads: who may use the computer may use its
// desk. A user's own pairing goes before it. A roll-out key makes other computers desks,
// too: until it has made this one a desk it is kept where only administrators read.

// privateOf is the folder beside the computer's that only administrators read.
func privateOf(dir string) string { return filepath.Join(filepath.Dir(dir), "joining") }

// forgetPrivate removes it, with the request in it.
func forgetPrivate(dir string) error {
	err := settings.ForgetRequest(privateOf(dir))
	_ = os.Remove(privateOf(dir)) // there may be none
	return err
}

// shareMachine makes the computer's folders.
func shareMachine(dir string) error {
	err := errors.Join(service.Share(dir), service.Guard(privateOf(dir)), os.MkdirAll(privateOf(dir), 0o700))
	if errors.Is(err, fs.ErrPermission) {
		return &call.Error{Code: call.CodeNotAllowed, Message: "The pairing of a whole computer is an administrator's to make and to end. Do this as one, or leave --machine out: then it is yours alone."}
	}
	return err
}

// share lets everybody read the computer's files, which are written for their owner alone.
func share(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	for _, path := range files {
		if err == nil {
			err = os.Chmod(path, 0o644)
		}
	}
	return err
}

// machine is the folder of the computer's pairing; empty where there is none, or where
// others than administrators could have made it.
func (s *process) machine() string {
	dir := s.world.Machine
	if dir == "" {
		return ""
	}
	if _, err := os.Stat(dir); err != nil {
		return ""
	}
	if err := errors.Join(folder.CheckOwn(dir), service.CheckShared(dir)); err != nil {
		s.log.Warn("the pairing of this computer is left out: others than administrators can change it", "folder", dir, "error", err)
		return ""
	}
	return dir
}

// own is the folder of this user's pairing.
func (s *process) own() string { return filepath.Join(s.data, remoteKind) }

// keptPairing is what this PC has of a station; nil when it has none.
func (s *process) keptPairing() (*settings.Paired, error) {
	if p, err := settings.LoadPaired(s.own()); p != nil || err != nil {
		return p, err
	}
	if dir := s.machine(); dir != "" {
		return settings.LoadPaired(dir)
	}
	return nil, nil
}

// request is that this PC is to become a desk; nil when it is not. The computer's is by a
// code, for who has no pairing.
func (s *process) request() (*settings.Request, error) {
	if r, err := settings.LoadRequest(s.own()); r != nil || err != nil {
		return r, err
	}
	if p, err := s.keptPairing(); p != nil || err != nil {
		return nil, nil // an error is told by who asks for the pairing
	}
	if dir := s.machine(); dir != "" {
		return settings.LoadRequest(dir)
	}
	return nil, nil
}
