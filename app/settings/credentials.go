package settings

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// one is the one value that a file holds.
func one(where string, file []byte) (string, error) {
	text, not := plain(file)
	if not != "" {
		return "", &Error{where, "The file that it names is " + not + ". Save it as UTF-8."}
	}
	value := strings.TrimSpace(string(text))
	if value == "" {
		return "", &Error{where, "The file that it names is empty."}
	}
	return value, nil
}

// credentials takes the secrets that a service manager has handed over (systemd:
// LoadCredential), where nothing else gives them.
func (s *Settings) credentials(env func(string) string) error {
	dir := env("CREDENTIALS_DIRECTORY")
	if dir == "" {
		return nil
	}
	for name, field := range map[string]*string{"auth_token": &s.AuthToken, "pin": &s.Pin} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if *field != "" || errors.Is(err, fs.ErrNotExist) {
			continue
		}
		where := "LoadCredential=" + name
		if err != nil {
			return &Error{where, "The file that it names cannot be read."}
		}
		if *field, err = one(where, b); err != nil {
			return err
		}
	}
	return nil
}
