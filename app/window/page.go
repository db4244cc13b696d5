package window

import (
	"bytes"
	_ "embed"
	"errors"
	"io/fs"
	"net/http"
	"strings"
	"time"
)

// linkScript runs before the page's own scripts.
//
//go:embed links.js
var linkScript []byte

const (
	linkPath      = "/window/links.js"
	voicemailPath = "/api/voicemail/"
)

// voicemail is a message that a caller has left, as a WAVE file.
func (d *Door) voicemail(w http.ResponseWriter, r *http.Request, recording string) {
	audio, refused := d.room.HearVoicemail(r.Context(), recording)
	if refused != nil {
		http.Error(w, refused.Message, refused.Code.Status())
		return
	}
	w.Header().Set("Content-Type", "audio/wav")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(audio))
}

// policy is the page's Content-Security-Policy: nothing but its own parts, and
// the given further sources to connect to.
func policy(connect []string) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self' data:",
		"font-src 'self'",
		"media-src 'self' mediastream: blob:",
		strings.Join(append([]string{"connect-src 'self'"}, connect...), " "),
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
		"object-src 'none'",
	}, "; ")
}

// index is the page's index.html with linkScript in its head.
func index(page fs.FS) ([]byte, error) {
	html, err := fs.ReadFile(page, "index.html")
	if err != nil {
		return nil, errors.New("the page is not built into this program: build it with build/run")
	}
	return bytes.Replace(html, []byte("<head>"), []byte(`<head><script src="`+linkPath+`"></script>`), 1), nil
}

// guard wraps Wails' asset server. It sets the policy on every answer, answers
// with the index itself, and tells the door that a new page begins.
func guard(d *Door, index []byte, next http.Handler) http.Handler {
	policy := policy(d.options.Connect)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		switch r.URL.Path {
		case "", "/", "/index.html":
			d.fresh()
			h.Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(index)
		case linkPath:
			h.Set("Content-Type", "text/javascript; charset=utf-8")
			_, _ = w.Write(linkScript)
		default:
			if recording, ok := strings.CutPrefix(r.URL.Path, voicemailPath); ok {
				d.voicemail(w, r, recording)
				return
			}
			next.ServeHTTP(w, r)
		}
	})
}
