// Package secret keeps what nobody but a station may read: its AuthToken, its PIN,
// its API key's secret, its tunnel's token. They are in the system's keyring, or
// where there is none in files that only their owner can read.
package secret

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"regexp"
)

// ErrNone: no secret of this name is kept.
var ErrNone = errors.New("no secret of this name is kept")

// Error says what is wrong with where a secret is kept, and what to do, in words for a
// person. It never has the secret in it.
type Error struct{ Message string }

func (e *Error) Error() string { return e.Message }

// The names of secrets. Those of an account begin with its SID.
const Tunnel = "tunnel/token"

// AuthToken is the name of what an account's requests are signed with in a region, which
// is empty for us1: each has one of its own.
func AuthToken(accountSid, region string) string {
	if region == "" {
		return accountSid + "/auth_token"
	}
	return accountSid + "/auth_token_" + region
}

// NextAuthToken is the name of the token that will be AuthToken once it is promoted at
// Twilio.
func NextAuthToken(accountSid, region string) string {
	return AuthToken(accountSid, region) + "_next"
}

// Pin is the name of the DJ's PIN.
func Pin(accountSid string) string { return accountSid + "/pin" }

// KeySecret is the name of an account's API key's secret.
func KeySecret(accountSid string) string { return accountSid + "/key_secret" }

// aName is such that a name can be part of any file's.
var aName = regexp.MustCompile(`^[A-Za-z0-9_]+/[a-z0-9_]+$`)

// Store keeps secrets by their names. Its methods may be called at the same time.
type Store struct {
	ring  *ring // nil where there is none
	files files
}

// Open opens the system's keyring, or where that does not work the files in dir.
func Open(dir string, log *slog.Logger) *Store {
	s := InFiles(dir)
	ring, err := openRing(wait)
	if err != nil {
		log.Warn("the system has no keyring that can be used; secrets are kept in files that only their owner can read", "folder", s.files.dir, "why", err)
		return s
	}
	s.ring = ring
	return s
}

// InFiles keeps secrets in files in dir alone: those of a service, which has no keyring
// of its own, and those of a rehearsal, which are nobody's for long.
func InFiles(dir string) *Store { return &Store{files: files{filepath.Join(dir, "secrets")}} }

// Where says where secrets are kept, in words that follow "kept in".
func (s *Store) Where() string {
	if s.ring != nil {
		return "the system's keyring"
	}
	return "the folder " + s.files.dir
}

// Get is a secret, or ErrNone. What was kept in files before there was a keyring is
// found there.
func (s *Store) Get(name string) (string, error) {
	if err := check(name); err != nil {
		return "", err
	}
	if s.ring != nil {
		if value, err := s.ring.get(name); !errors.Is(err, ErrNone) {
			return value, err
		}
	}
	return s.files.get(name)
}

// Set keeps a secret, whole or not at all.
func (s *Store) Set(name, value string) error {
	if err := check(name); err != nil {
		return err
	}
	if value == "" {
		return errors.New("secret: an empty one is none")
	}
	if s.ring == nil {
		return s.files.set(name, value)
	}
	if err := s.ring.set(name, value); err != nil {
		return err
	}
	return s.files.remove(name) // an older one
}

// Delete forgets a secret; one that is not there is forgotten.
func (s *Store) Delete(name string) error {
	if err := check(name); err != nil {
		return err
	}
	err := s.files.remove(name)
	if s.ring != nil {
		err = errors.Join(err, s.ring.remove(name))
	}
	return err
}

func check(name string) error {
	if !aName.MatchString(name) {
		return fmt.Errorf("secret: %q is no name", name)
	}
	return nil
}
