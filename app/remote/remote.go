// Package remote is a desk's seat at a station that is elsewhere. What the doors of
// this PC are asked goes on to that station's door over HTTPS, and what happens there
// comes back by a feed, which begins anew by itself whenever the station is not
// reached for a while and says so meanwhile.
//
// Look is what the door shows, and Pair makes this PC a desk, once. New is its seat
// from then on. The secret that it has goes with every request to the station whose
// certificate is trusted or pinned, and to nobody else.
package remote

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"

	"callin/app/call"
	"callin/app/certificate"
	"callin/app/desk"
)

// Options are what a seat is made of.
type Options struct {
	// Station is the address of the station's door, such as https://callin.example.org,
	// and Pin what its key is known by; none where its certificate is trusted anyway.
	Station string
	Pin     certificate.Pin
	// Name is what the station calls itself.
	Name string
	// Secret is the desk's.
	Secret string
	// Signal is where this PC carries a rehearsal's signalling, see Signalling.
	Signal string
	// SignOut ends the sessions of this PC's browsers.
	SignOut func() error
	// Exports is the folder on this PC that a window's exports are saved in.
	Exports string
	// Version says which Callin this PC has.
	Version string
	// Warnings are sentences about how this PC's Callin runs, and LogFile is the path
	// of its log.
	Warnings []string
	LogFile  string
	// Policy are the names of the settings that this PC's policy has.
	Policy []string
	Log    *slog.Logger
}

// Seat is a desk at a station elsewhere. It is a desk.Backend.
type Seat struct {
	Options
	door
	// life ends when this PC is no longer a desk of the station.
	life context.Context
	end  context.CancelFunc
	// reached is whether the station ever was.
	reached atomic.Bool
}

var _ desk.Backend = (*Seat)(nil)

// New makes the seat of a PC that is paired.
func New(o Options) *Seat {
	s := &Seat{Options: o, door: newDoor(o.Station, o.Pin, o.Secret)}
	s.life, s.end = context.WithCancel(context.Background())
	return s
}

// Close ends the connections that nothing uses any more.
func (s *Seat) Close() { s.http.CloseIdleConnections() }

// About is what the station says of itself.
func (s *Seat) About(ctx context.Context) (About, *call.Error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	return s.about(ctx)
}

// living is a context for what ends with ctx and when this PC is signed out.
func (s *Seat) living(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(s.life, cancel)
	return ctx, func() { stop(); cancel() }
}

// signedIn refuses all that is asked of a PC that is signed out, and finds out when it is.
func (s *Seat) signedIn(ask func() *call.Error) *call.Error {
	if s.life.Err() == nil {
		refused := ask()
		switch {
		case s.life.Err() != nil: // meanwhile, by another request
		case refused != nil && refused.Code == call.CodeNoSession:
			s.Log.Warn("this PC is signed out at the station", "station", s.Station)
			s.end()
		default:
			return refused
		}
	}
	return s.signedOut()
}

func (s *Seat) signedOut() *call.Error {
	return &call.Error{Code: call.CodeNoSession, Message: "This PC is no longer a desk of " + s.called() + ": it was signed out there. Ask a manager's desk for a code, end Callin here, and start it with callin --station " + s.Station + " --code CODE."}
}

// called is the station in a sentence.
func (s *Seat) called() string {
	if s.Name == "" {
		return "the station"
	}
	return "the station “" + s.Name + "”"
}

// Operate asks for an operation; what is this PC's own is done here.
func (s *Seat) Operate(ctx context.Context, a desk.Ask) (json.RawMessage, *call.Error) {
	switch a.Name {
	case "signOut":
		return s.signOut()
	case "saveRecord":
		return s.saveRecord(ctx, a)
	case "saveTrack":
		return s.saveTrack(ctx, a)
	}
	var result json.RawMessage
	refused := s.signedIn(func() *call.Error {
		ctx, cancel := s.living(ctx)
		defer cancel()
		ctx, late := context.WithTimeout(ctx, answerWithin)
		defer late()
		return s.askJSON(ctx, http.MethodPost, "/api/op/"+url.PathEscape(a.Name), asks{in: a.Studio, body: a.Body}, &result)
	})
	if refused != nil {
		return nil, refused
	}
	if a.Name == "token" || a.Name == "phoneCheck" {
		return s.ownSignal(result)
	}
	return result, nil
}
