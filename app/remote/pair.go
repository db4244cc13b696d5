package remote

import (
	"context"
	"encoding/json"
	"net/http"

	"callin/app/call"
	"callin/app/certificate"
)

// About is what a station says of itself to anybody.
type About struct {
	Name      string `json:"name"`
	Rehearsal bool   `json:"rehearsal"`
	// Edge and Region are where it uses Twilio; empty where nobody has chosen.
	Edge   string `json:"edge"`
	Region string `json:"region"`
}

// Paired is what a PC gets that is made a desk.
type Paired struct {
	Desk   call.Desk `json:"desk"`
	Secret string    `json:"secret"`
	About  `json:"-"`
}

// Pair makes this PC a desk of a station, whose door has the key that is pinned, by a
// code that can be used once.
func Pair(ctx context.Context, station string, pin certificate.Pin, code string) (Paired, *call.Error) {
	d := newDoor(station, pin, "")
	defer d.http.CloseIdleConnections()
	var p Paired
	var refused *call.Error
	if p.About, refused = d.aboutWithin(ctx); refused != nil { // before the code is used up
		return p, refused
	}
	ctx, cancel := context.WithTimeout(ctx, 2*answerWithin)
	defer cancel()
	body, _ := json.Marshal(map[string]string{"code": code, "kind": "pc"})
	if refused := d.askJSON(ctx, http.MethodPost, "/api/pair", asks{body: body}, &p); refused != nil {
		if refused.Code == call.CodeUnanswered {
			refused = &call.Error{Code: call.CodeUnanswered, Message: "The station did not answer, so the code may be used up. Try again with it; if it is wrong then, ask for another one."}
		}
		return p, refused
	}
	if p.Secret == "" {
		return p, d.noStation()
	}
	return p, nil
}

func (d door) about(ctx context.Context) (About, *call.Error) {
	var a About
	refused := d.askJSON(ctx, http.MethodGet, "/api/station", asks{}, &a)
	return a, refused
}
