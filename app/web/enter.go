package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"callin/app/call"
	"callin/app/desk/door"
)

// locked is what a browser is told that has no proof.
var locked = &call.Error{Code: call.CodeNoKey, Message: "This desk is locked. Start Callin once more: it leads here with a new address."}

// lifeKey is the key of a request's context that holds its session's.
type lifeKey struct{}

// enter lets a browser in by its address's code, and gives it the proof that it
// shows from then on in a header: a cookie would go to every port of this computer.
func (d *browserDoor) enter(w http.ResponseWriter, r *http.Request) {
	body, refused := jsonBody(w, r)
	if refused != nil {
		door.Refuse(w, refused)
		return
	}
	var given struct{ Code string }
	if json.Unmarshal(body, &given) != nil {
		door.Refuse(w, &call.Error{Code: call.CodeBadBody, Message: "The page sent something that is not JSON. Reload the page."})
		return
	}
	proof, ok := d.sessions.enter(given.Code)
	if !ok {
		door.Refuse(w, locked)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]string{"proof": proof})
}

// proven lets through who shows a proof.
func (d *browserDoor) proven(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		proof, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		life, ok := d.sessions.admit(proof)
		if !ok {
			door.Refuse(w, locked)
			return
		}
		next(w, r.WithContext(context.WithValue(r.Context(), lifeKey{}, life)))
	}
}
