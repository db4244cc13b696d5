package call

import (
	"errors"
	"fmt"
	"time"
)

// Error is something that a person at a desk is told: a code for programs and
// a sentence that says what to do next. It never carries a secret or another
// error's text.
type Error struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
	// Field is the name of the malformed field, when one was.
	Field string `json:"field,omitempty"`
}

func (e *Error) Error() string { return e.Code.String() + ": " + e.Message }

// What a carrier can answer to a move, beside success.
var (
	// ErrGone: the call has ended or left the place it was to be moved from
	// (Twilio: 20404, 21220, 22002).
	ErrGone = errors.New("the call is not there any more")
	// ErrLater: Twilio did nothing and may be asked again (20429).
	ErrLater = errors.New("the carrier asks to try later")
	// ErrOptedOut: the number wants no texts (21610).
	ErrOptedOut = errors.New("the number wants no texts")
	// ErrUnknown: it is not known whether Twilio did it (time-out, 5xx).
	ErrUnknown = errors.New("it is not known whether the carrier did it")
)

// Later is an ErrLater that says how long.
type Later struct {
	After time.Duration // 0 when the carrier does not say
	Code  int           // the carrier's own
}

func (e *Later) Error() string { return fmt.Sprintf("%v (%d), after %v", ErrLater, e.Code, e.After) }

// Unwrap makes it an ErrLater.
func (e *Later) Unwrap() error { return ErrLater }
