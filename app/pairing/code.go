package pairing

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	"strings"
	"time"

	"callin/app/call"
)

const (
	// CodeLife is how long a code can be used.
	CodeLife = 10 * time.Minute
	// mostWrong is how many wrong codes can be tried while any is open, by whomever
	// and from wherever: a guess is right with a chance of open codes in a million.
	mostWrong = 5
)

// errWrongCode does not tell a wrong code from one that was used, is too old or is
// void.
var errWrongCode = &call.Error{Code: call.CodeWrongCode, Message: "This code lets nobody in. A code works once, for ten minutes. Ask a manager of the station for a new one.", Field: "code"}

// code is what pairs a desk, once.
type code struct {
	known string
	until time.Time // by the clock that nobody sets
}

// Code is a new code for a desk, instead of an earlier one. What the desk is signed
// in with stays until the code is used.
func (b *Book) Code(id call.DeskID) (digits string, err error) {
	b.state.With(func(s *state) {
		if s.find(id) == nil {
			err = errNoDesk
			return
		}
		s.dropOld()
		for {
			digits = sixDigits()
			if known := b.known(digits); s.opens(known) == nil {
				s.codes[id] = code{known, time.Now().Add(CodeLife)}
				return
			}
		}
	})
	return digits, err
}

func sixDigits() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // the system's randomness does not fail
	}
	return fmt.Sprintf("%06d", n)
}

// dropOld drops codes that are too old. When none is left, wrong tries count anew.
func (s *state) dropOld() {
	for id, c := range s.codes {
		if time.Until(c.until) <= 0 {
			delete(s.codes, id)
		}
	}
	if len(s.codes) == 0 {
		s.wrong = 0
	}
}

// opens is the desk that a code opens, or nil. How long that takes tells nothing of
// how near a wrong one is.
func (s *state) opens(known string) (at *seat) {
	for id, c := range s.codes {
		if subtle.ConstantTimeCompare([]byte(c.known), []byte(known)) == 1 {
			at = s.find(id)
		}
	}
	return at
}

// take uses a code up. Too many wrong ones make all void.
func (b *Book) take(digits string) (id call.DeskID, ok bool) {
	known := b.known(digits)
	var void []string
	b.state.With(func(s *state) {
		s.dropOld()
		if at := s.opens(known); at != nil {
			id, ok = at.ID, true
			delete(s.codes, id)
			return
		}
		if s.wrong++; s.wrong < mostWrong {
			return
		}
		for _, at := range s.Desks { // in their order
			if _, open := s.codes[at.ID]; open {
				void = append(void, at.Name)
				delete(s.codes, at.ID)
			}
		}
	})
	if void != nil {
		b.Log.Warn("wrong codes made the open ones void", "desks", void)
		b.Guessed(&call.Error{Code: call.CodeCodesVoid, Message: fmt.Sprintf(
			"Five wrong codes were typed: somebody may be guessing. No code works any more; make new ones for %s.", strings.Join(void, ", "))})
	}
	return id, ok
}
