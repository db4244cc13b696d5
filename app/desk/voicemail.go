package desk

import (
	"context"
	"errors"

	"callin/app/call"
)

// HearVoicemail is a message that a caller has left, as a WAVE file.
func (d Seat) HearVoicemail(ctx context.Context, recording string) ([]byte, *call.Error) {
	of, err := d.Station.VoicemailOf(recording)
	if err != nil {
		return nil, d.refused("find a message", err)
	}
	if refused := d.may(staff, of); refused != nil {
		return nil, refused
	}
	audio, err := d.Recording(ctx, recording)
	if err != nil {
		d.Log.Warn("a message cannot be had", "recording", recording, "error", err)
		if errors.Is(err, call.ErrGone) {
			return nil, &call.Error{Code: call.CodeNoSuchMessage, Message: "Twilio does not have this message. Delete it here too."}
		}
		return nil, &call.Error{Code: call.CodeFailed, Message: "Twilio did not give this message. Try again."}
	}
	return audio, nil
}
