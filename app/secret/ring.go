package secret

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/zalando/go-keyring"
)

// service is what a keyring's own programs show Callin's secrets under.
const service = "Callin"

// wait is how long a keyring may take: a locked one asks its owner for a password.
const wait = time.Minute

// ring is the system's keyring: Windows' Credential Manager, macOS' Keychain, the
// Secret Service of a Linux desktop.
type ring struct{ wait time.Duration }

// openRing tries whether a keyring keeps what it is given.
func openRing(wait time.Duration) (*ring, error) {
	if err := reachable(); err != nil {
		return nil, err
	}
	r := &ring{wait}
	name, value := fmt.Sprint("trial/", os.Getpid()), rand.Text()
	if err := r.set(name, value); err != nil {
		return nil, err
	}
	kept, err := r.get(name)
	if err == nil && kept != value {
		err = errors.New("the keyring has something else than it was given")
	}
	return r, errors.Join(err, r.remove(name))
}

func (r *ring) get(name string) (value string, err error) {
	type answer struct {
		value string
		err   error
	}
	got, err := within(r.wait, func() answer {
		value, err := keyring.Get(service, name)
		return answer{value, err}
	})
	if err != nil {
		return "", err
	}
	return got.value, meaning(got.err)
}

func (r *ring) set(name, value string) error {
	kept, err := within(r.wait, func() error { return keyring.Set(service, name, value) })
	return errors.Join(err, meaning(kept))
}

func (r *ring) remove(name string) error {
	gone, err := within(r.wait, func() error { return keyring.Delete(service, name) })
	if gone = meaning(gone); errors.Is(gone, ErrNone) {
		gone = nil
	}
	return errors.Join(err, gone)
}

func meaning(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrNotFound):
		return ErrNone
	}
	return fmt.Errorf("the keyring: %w", err)
}

// errWaits: somebody is asked for the keyring's password, and is not there.
var errWaits = &Error{"The system's keyring does not answer. If it asks for a password, type it, and start Callin again."}

// within is what ask returns, unless that takes too long. Nothing can end a question to
// a keyring; one that is left alone ends when the keyring answers.
func within[T any](wait time.Duration, ask func() T) (answer T, err error) {
	answered := make(chan T, 1)
	go func() { answered <- ask() }()
	late := time.NewTimer(wait)
	defer late.Stop()
	select {
	case answer = <-answered:
		return answer, nil
	case <-late.C:
		return answer, errWaits
	}
}
