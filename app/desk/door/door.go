// Package door is what both doors of the desk do alike over HTTP: the headers of
// every answer, refusals, and messages that are played.
package door

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"callin/app/call"
	"callin/app/desk"
)

// Secure binds every answer of h, so that the page has nothing but its own parts
// and connects to nothing but where it comes from and the sources in connect, in
// the Content-Security-Policy's notation.
func Secure(connect []string, h http.Handler) http.Handler {
	policy := strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self' data:",
		"font-src 'self'",
		"media-src 'self' blob: mediastream:",
		strings.Join(append([]string{"connect-src 'self'"}, connect...), " "),
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
		"object-src 'none'",
	}, "; ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Cache-Control", "no-store")
		h.ServeHTTP(w, r)
	})
}

// Refuse answers with an error's code and words.
func Refuse(w http.ResponseWriter, e *call.Error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(e.Code.Status())
	json.NewEncoder(w).Encode(e)
}

// Voicemail answers with a message that a caller has left, as a WAVE file: the
// page never has Twilio's credentials.
func Voicemail(at desk.Backend, w http.ResponseWriter, r *http.Request, recording string) {
	audio, refused := at.HearVoicemail(r.Context(), recording)
	if refused != nil {
		Refuse(w, refused)
		return
	}
	w.Header().Set("Content-Type", "audio/wav")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(audio))
}
