package window

import (
	"bytes"
	_ "embed"
	"errors"
	"io/fs"
	"net/http"
	"strings"

	"callin/app/desk/door"
)

// linkScript runs before the page's own scripts.
//
//go:embed links.js
var linkScript []byte

const (
	linkPath      = "/window/links.js"
	voicemailPath = "/api/voicemail/"
)

// index is the page's index.html with linkScript in its head.
func index(page fs.FS) ([]byte, error) {
	html, err := fs.ReadFile(page, "index.html")
	if err != nil {
		return nil, errors.New("the page is not built into this program: build it with build/run")
	}
	return bytes.Replace(html, []byte("<head>"), []byte(`<head><script src="`+linkPath+`"></script>`), 1), nil
}

// guard wraps Wails' asset server. It binds every answer, answers with the index
// itself, and tells the door that a new page begins.
func guard(d *Door, index []byte, next http.Handler) http.Handler {
	return door.Secure(d.options.Connect, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
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
				door.Voicemail(d.at, w, r, recording)
				return
			}
			next.ServeHTTP(w, r)
		}
	}))
}
