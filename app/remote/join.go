package remote

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"callin/app/call"
	"callin/app/certificate"
	"callin/app/desk"
)

// Computer is this PC as it joins by a roll-out key. It has made Machine and Secret
// itself and keeps them, so that it may ask again and again.
type Computer struct {
	Name    string `json:"computer"`
	Machine string `json:"machine"`
	Secret  string `json:"secret"`
}

// tooOftenPause is how long a PC waits that was told that its address asks too often:
// the PCs of a studio have one, and all of them join at once.
const tooOftenPause = 10 * time.Second

// Join makes this PC a desk of a station, whose door has the key that is pinned, by a
// roll-out key, and comes there once: from then on no other PC is taken for this one.
func Join(ctx context.Context, station string, pin certificate.Pin, key string, c Computer) (Paired, *call.Error) {
	d := newDoor(station, pin, "")
	defer d.http.CloseIdleConnections()
	var p Paired
	var refused *call.Error
	if p.About, refused = d.aboutWithin(ctx); refused != nil {
		return p, refused
	}
	body, err := json.Marshal(struct {
		Key  string `json:"key"`
		Kind string `json:"kind"`
		Computer
	}{key, "pc", c})
	if err != nil {
		return p, d.noStation()
	}
	for {
		asking, late := context.WithTimeout(ctx, answerWithin)
		refused = d.askJSON(asking, http.MethodPost, "/api/pair", asks{body: body}, &p)
		late()
		if refused == nil || refused.Code != call.CodeTooOften {
			break
		}
		select {
		case <-time.After(tooOftenPause):
		case <-ctx.Done():
			return p, unanswered
		}
	}
	if refused != nil {
		return p, refused
	}
	p.Secret = c.Secret
	return p, LetsIn(ctx, station, pin, c.Secret)
}

// LetsIn asks a station whether a secret lets a desk in.
func LetsIn(ctx context.Context, station string, pin certificate.Pin, secret string) *call.Error {
	seat := New(Options{Station: station, Pin: pin, Secret: secret, Log: slog.New(slog.DiscardHandler)})
	defer seat.Close()
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	_, refused := seat.Operate(ctx, desk.Ask{Name: "shows", Body: []byte("{}")})
	if refused != nil && refused.Code == call.CodeNotAllowed { // a desk without a studio
		return nil
	}
	return refused
}

func (d door) aboutWithin(ctx context.Context) (About, *call.Error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	a, refused := d.about(ctx)
	if refused != nil && (refused.Code == call.CodeNotReached || refused.Code == call.CodeUnanswered) {
		refused = nobodyAt(d.station)
	}
	return a, refused
}

// Leave signs the desk out at its station that has the secret.
func Leave(ctx context.Context, station string, pin certificate.Pin, secret string) *call.Error {
	d := newDoor(station, pin, secret)
	defer d.http.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	return d.askJSON(ctx, http.MethodPost, "/api/leave", asks{body: []byte("{}")}, &struct{}{})
}
