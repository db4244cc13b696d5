package desk

import (
	"context"
	"errors"

	"callin/app/call"
)

// HearVoicemail is a message that a caller has left, as a WAVE file. Every error
// is an *Error.
func (r *Room) HearVoicemail(ctx context.Context, recording string) ([]byte, error) {
	if err := r.Studio.HasVoicemail(recording); err != nil {
		return nil, err
	}
	audio, err := r.Recording(ctx, recording)
	if err != nil {
		r.Log.Warn("a message cannot be had", "recording", recording, "error", err)
		if errors.Is(err, call.ErrGone) {
			return nil, &Error{Code: call.CodeNoSuchMessage, Message: "Twilio does not have this message. Delete it here too."}
		}
		return nil, &Error{Code: call.CodeFailed, Message: "Twilio did not give this message. Try again."}
	}
	return audio, nil
}
