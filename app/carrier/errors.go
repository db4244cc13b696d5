package carrier

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/twilio/twilio-go/client"

	"callin/app/call"
)

// ErrCredentials: Twilio does not know the AccountSid and its secret.
var ErrCredentials = errors.New("the credentials are refused")

// Refusal is an error that Twilio answered, by the code of its dictionary. It is in
// the chain of every such error, beside the meaning that some have.
type Refusal struct {
	Code, Status int
	Message      string // in Twilio's words
}

func (r *Refusal) Error() string { return fmt.Sprintf("Twilio error %d: %s", r.Code, r.Message) }

// meaning says what an error of twilio-go's means.
func meaning(err error, retryAfter time.Duration) error {
	var twilio *client.TwilioRestError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &twilio):
		// A time-out, a broken connection, or an answer that is not JSON.
		return fmt.Errorf("%w: %w", call.ErrUnknown, err)
	}
	refusal := &Refusal{twilio.Code, twilio.Status, twilio.Message}
	switch {
	case twilio.Code == 20404 || twilio.Code == 21220 || twilio.Code == 22002 || twilio.Status == http.StatusNotFound:
		return fmt.Errorf("%w: %w", call.ErrGone, refusal)
	case twilio.Code == 20429 || twilio.Status == http.StatusTooManyRequests:
		return fmt.Errorf("%w: %w", &call.Later{After: retryAfter, Code: twilio.Code}, refusal)
	case twilio.Status == http.StatusUnauthorized, twilio.Code == 21222, twilio.Code == 21224: // the last two of twilio-go's, which does not send them
		return fmt.Errorf("%w: %w", ErrCredentials, refusal)
	case twilio.Status >= http.StatusInternalServerError:
		return fmt.Errorf("%w: %w", call.ErrUnknown, refusal)
	}
	return refusal
}

// code is the number of a Twilio error, 0 for any other error.
func code(err error) int {
	var refusal *Refusal
	var twilio *client.TwilioRestError
	switch {
	case errors.As(err, &refusal):
		return refusal.Code
	case errors.As(err, &twilio):
		return twilio.Code
	}
	return 0
}
