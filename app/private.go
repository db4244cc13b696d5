package app

import (
	"path/filepath"

	"callin/app/folder"
)

// secretFiles are the names, in the folder, of what tells of callers or holds
// keys: the files themselves, what SQLite keeps beside them, and old ones.
var secretFiles = []string{"journal.db*", "kept.json*", "desks.json*", "station.json*"}

// keepPrivate refuses a folder that others can write, and takes from them what
// they can read.
func (s *process) keepPrivate() error {
	for _, path := range []string{s.data, s.dir, filepath.Join(s.dir, "kept.json"), filepath.Join(s.dir, "desks.json"), filepath.Join(s.dir, "station.json")} {
		if err := folder.CheckOwn(path); err != nil {
			return err
		}
	}
	var paths []string
	for _, name := range secretFiles {
		found, err := filepath.Glob(filepath.Join(s.dir, name))
		if err != nil {
			return err
		}
		paths = append(paths, found...)
	}
	if s.settings.Secret && !s.handedOver(s.options.settings) {
		paths = append(paths, s.options.settings)
	}
	for _, path := range paths {
		s.makePrivate(path)
	}
	return nil
}

// handedOver reports whether a service manager has handed a file over for this
// process alone (systemd: credentials), which then sees to who can read it.
func (s *process) handedOver(path string) bool {
	dir := s.world.Env("CREDENTIALS_DIRECTORY")
	return dir != "" && filepath.Dir(path) == filepath.Clean(dir)
}

func (s *process) makePrivate(path string) {
	open, err := folder.MakePrivate(path)
	switch {
	case err != nil && open:
		s.warn("Other users of this computer can read " + path + ", which holds secrets, and Callin may not change that. See that only you can.")
	case err != nil:
		s.log.Warn("it is not known who can read a file", "path", path, "error", err)
	case open:
		s.log.Warn("other users of this computer could read a file with secrets; from now on only its owner can", "path", path)
	}
}
