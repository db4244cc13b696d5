package web

import (
	"encoding/json"
	"net/http"
	"strings"

	"callin/app/call"
	"callin/app/desk/door"
)

// locked is what a browser is told that was not let in.
var locked = &call.Error{Code: call.CodeNoKey, Message: "This desk is locked. Start Callin once more: it leads here with a new address."}

// enter lets a browser in by its address's code, and takes the public key of what
// it signs from then on.
func (d *browserDoor) enter(w http.ResponseWriter, r *http.Request) {
	body, refused := jsonBody(w, r)
	if refused != nil {
		door.Refuse(w, refused)
		return
	}
	var given struct{ Code, Key string }
	if json.Unmarshal(body, &given) != nil {
		door.Refuse(w, &call.Error{Code: call.CodeBadBody, Message: "The page sent something that is not JSON. Reload the page."})
		return
	}
	if _, err := publicKey(given.Key); err != nil {
		door.Refuse(w, &call.Error{Code: call.CodeBadBody, Message: "The page sent no key that Callin can use. Reload the page."})
		return
	}
	if !d.sessions.enter(given.Code, given.Key) {
		door.Refuse(w, locked)
	}
}

// proven lets through who shows a key that was let in and what it has signed, in
// a header: a cookie would go to every port of this computer. A program shows a code
// that it has left in the folder, for one request.
func (d *browserDoor) proven(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		shown, _ := bearer(r, "Callin")
		key, signature, _ := strings.Cut(shown, " ")
		life, ok := d.sessions.admit(key, signature)
		if code, left := bearer(r, CodeScheme); left {
			life, ok = d.sessions.admitLeft(code)
		}
		if !ok {
			door.Refuse(w, locked)
			return
		}
		comes(visitor{d.at, life, d.epoch}, w, r, next)
	}
}

// left lets a program through that shows a code which it has left in the folder, and no
// page.
func (d *browserDoor) left(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		code, _ := bearer(r, CodeScheme)
		if _, ok := d.sessions.admitLeft(code); !ok {
			door.Refuse(w, locked)
			return
		}
		next(w, r)
	}
}

// Quiet is whether somebody is on air at a desk, as a program of its computer asks, which
// may have it end if nobody is.
type Quiet struct {
	End   bool `json:"end"`
	OnAir int  `json:"onAir"`
}

func quiet(onAir func() int, end func()) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, refused := jsonBody(w, r)
		var asked Quiet
		if refused == nil && json.Unmarshal(body, &asked) != nil {
			refused = &call.Error{Code: call.CodeBadBody, Message: "What was sent is not JSON."}
		}
		if refused != nil {
			door.Refuse(w, refused)
			return
		}
		now := Quiet{OnAir: onAir()}
		if now.End = asked.End && now.OnAir == 0 && end != nil; now.End {
			defer end()
		}
		answer(w, now)
	}
}
