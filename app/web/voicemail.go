package web

import (
	"bytes"
	"errors"
	"net/http"
	"time"

	"callin/app/call"
	"callin/app/desk"
)

// voicemail is a message that a caller has left, as a WAVE file: the page never
// has Twilio's credentials.
func (d *Door) voicemail(w http.ResponseWriter, r *http.Request) {
	audio, err := d.room.HearVoicemail(r.Context(), r.PathValue("recording"))
	if err != nil {
		refused := &desk.Error{Code: call.CodeFailed, Message: "Callin could not do this. Try again."}
		errors.As(err, &refused)
		refuse(w, refused)
		return
	}
	w.Header().Set("Content-Type", "audio/wav")
	w.Header().Set("Cache-Control", "no-store")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(audio))
}
