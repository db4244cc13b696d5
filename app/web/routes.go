package web

import (
	"context"
	"io"
	"mime"
	"net/http"
	"strings"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/door"
)

// visitor is who a request is from, once they were let in.
type visitor struct {
	at desk.Backend
	// life ends when they are let in no longer.
	life context.Context
	// epoch stands before the numbers of facts: what it was of another one says
	// nothing of what this visitor has seen.
	epoch string
}

type visitorKey struct{}

func visitorOf(r *http.Request) visitor { return r.Context().Value(visitorKey{}).(visitor) }

// comes lets a visitor through, for as long as they are let in.
func comes(v visitor, w http.ResponseWriter, r *http.Request, next http.HandlerFunc) {
	r, end := canceled(r.WithContext(context.WithValue(r.Context(), visitorKey{}, v)))
	defer end()
	defer context.AfterFunc(v.life, end)()
	next(w, r)
}

// canceled is a request that end ends.
func canceled(r *http.Request) (_ *http.Request, end func()) {
	ctx, cancel := context.WithCancel(r.Context())
	return r.WithContext(ctx), cancel
}

// routes are what a visitor may ask for at every door.
var routes = map[string]http.HandlerFunc{
	"GET /api/":              http.NotFound,
	"POST /api/op/{name}":    operate,
	"GET /api/record/{file}": record,
	"POST /api/tracks": func(w http.ResponseWriter, r *http.Request) {
		door.Track(visitorOf(r).at, studioOf(r), w, r)
	},
	"GET /api/tracks/{show}/{folder}/{file}": func(w http.ResponseWriter, r *http.Request) {
		door.OpenTrack(visitorOf(r).at, studioOf(r), w, r)
	},
	"GET /api/voicemail/{recording}": func(w http.ResponseWriter, r *http.Request) {
		door.Voicemail(visitorOf(r).at, w, r, r.PathValue("recording"))
	},
}

// jsonBody is a request's body, which no form of another page can send so.
func jsonBody(w http.ResponseWriter, r *http.Request) ([]byte, *call.Error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		return nil, &call.Error{Code: call.CodeWrongType, Message: "The page sent something that is not JSON. Reload the page."}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, desk.Limit))
	if err != nil {
		return nil, desk.TooLong
	}
	return body, nil
}

// StudioHeader names the studio that something is asked of.
const StudioHeader = "Callin-Studio"

func studioOf(r *http.Request) call.Studio { return call.Studio(r.Header.Get(StudioHeader)) }

func operate(w http.ResponseWriter, r *http.Request) {
	body, refused := jsonBody(w, r)
	if refused != nil {
		door.Refuse(w, refused)
		return
	}
	result, refused := visitorOf(r).at.Operate(r.Context(), desk.Ask{Studio: studioOf(r), Name: r.PathValue("name"), Body: body})
	if refused != nil {
		door.Refuse(w, refused)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(result)
}

// bearer is what a request shows of a scheme in its Authorization.
func bearer(r *http.Request, scheme string) (shown string, ok bool) {
	return strings.CutPrefix(r.Header.Get("Authorization"), scheme+" ")
}
