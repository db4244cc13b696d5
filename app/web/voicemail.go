package web

import (
	"bytes"
	"net/http"
	"time"
)

// voicemail is a message that a caller has left, as a WAVE file: the page never
// has Twilio's credentials.
func (d *Door) voicemail(w http.ResponseWriter, r *http.Request) {
	audio, refused := d.room.HearVoicemail(r.Context(), r.PathValue("recording"))
	if refused != nil {
		refuse(w, refused)
		return
	}
	w.Header().Set("Content-Type", "audio/wav")
	w.Header().Set("Cache-Control", "no-store")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(audio))
}
