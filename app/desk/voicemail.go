package desk

import (
	"context"
	"errors"

	"callin/app/call"
)

// HearVoicemail is a message that a caller has left, as a WAVE file.
func (r *Room) HearVoicemail(ctx context.Context, recording string) ([]byte, *call.Error) {
	if err := r.Station.HasVoicemail(recording); err != nil {
		return nil, r.refused("find a message", err)
	}
	audio, err := r.Recording(ctx, recording)
	if err != nil {
		r.Log.Warn("a message cannot be had", "recording", recording, "error", err)
		if errors.Is(err, call.ErrGone) {
			return nil, &call.Error{Code: call.CodeNoSuchMessage, Message: "Twilio does not have this message. Delete it here too."}
		}
		return nil, &call.Error{Code: call.CodeFailed, Message: "Twilio did not give this message. Try again."}
	}
	return audio, nil
}
