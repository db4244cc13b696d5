package secret

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// A locked keyring asks for a password, and perhaps nobody is there.
func TestAKeyringThatDoesNotAnswerIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, answers := time.Now(), make(chan error)
		_, err := within(wait, func() error { return <-answers })
		var said *Error
		if took := time.Since(began); took != wait || !errors.As(err, &said) {
			t.Errorf("after %v: %v", took, err)
		}
		answers <- nil // the one that was left alone ends
	})
}
