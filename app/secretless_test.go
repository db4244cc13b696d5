package app_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"callin/app/settings"
)

// secretless fails the test if a secret of the station's is in what its processes
// printed, or in a file of its folder that is not there for secrets.
func (s *site) secretless() {
	secrets := map[string]string{"the auth token": s.stage.AuthToken}
	add := func(what, secret string) {
		if len(secret) > 5 { // less is found anywhere
			secrets[what] = secret
		}
	}
	add("the auth token that was given", s.token)
	add("the PIN", s.pin)
	own := []string{} // files that are there for secrets
	s.walk(func(path string, text []byte) {
		switch {
		case filepath.Base(filepath.Dir(path)) == "secrets":
			add(filepath.Base(path), strings.TrimSpace(string(text)))
		case filepath.Base(path) == "kept.json":
			kept, err := settings.LoadKept(filepath.Dir(path))
			if err != nil {
				return // a test has damaged it
			}
			add("the key's secret", kept.KeySecret)
			for _, session := range kept.Sessions {
				add("what a browser is known by", session)
			}
		default:
			return
		}
		own = append(own, path)
	})
	look := func(where, text string) {
		for what, secret := range secrets {
			if strings.Contains(text, secret) {
				s.t.Errorf("%s is in %s", what, where)
			}
		}
	}
	for _, printed := range s.printed {
		look("what a process printed", printed)
	}
	s.walk(func(path string, text []byte) {
		if !slices.Contains(own, path) {
			look(path, string(text))
		}
	})
}

// walk reads every file of the data folder.
func (s *site) walk(each func(path string, text []byte)) {
	filepath.WalkDir(s.data, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if text, err := os.ReadFile(path); err == nil {
				each(path, text)
			}
		}
		return nil
	})
}
