package desk

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"callin/app/call"
)

// Backend is what a door opens onto: a desk's seat, at a station here or elsewhere.
type Backend interface {
	Operate(ctx context.Context, a Ask) (json.RawMessage, *call.Error)
	// Attach begins a feed after fact from; a negative from asks for a picture.
	Attach(from int64) Feed
	// Export is the record of a studio's show, by the number that opened it.
	Export(ctx context.Context, of call.Studio, show int64, format Format) (Export, *call.Error)
	// HearVoicemail is a message that a caller has left, as a WAVE file.
	HearVoicemail(ctx context.Context, recording string) ([]byte, *call.Error)
	// Track takes a chunk of a studio's isolated tracks, and OpenTrack finds one of a show's.
	Track(ctx context.Context, in call.Studio, chunk []byte) (json.RawMessage, *call.Error)
	OpenTrack(ctx context.Context, of call.Studio, show int64, name string) (TrackFile, *call.Error)
}

// Feed is what one desk sees.
type Feed interface {
	// Next waits for the next event. An error ends the feed: attach again.
	Next(ctx context.Context) (Event, error)
	// Close ends the feed, once nobody waits in Next any more.
	Close()
}

// Seat is a desk at the station that its room is of: all that is asked there is asked
// by that desk.
type Seat struct {
	*Room
	By call.Desk
	// Signal is where this desk's page finds a rehearsal's signalling; empty for where
	// the rehearsal itself has it.
	Signal string
}

// Seat is a desk's.
func (r *Room) Seat(by call.Desk) Seat { return Seat{Room: r, By: by} }

// may refuses what a desk may not ask: of another studio than its own, or without one
// of the roles that it needs.
func (d Seat) may(roles call.Roles, in call.Studio) *call.Error {
	switch {
	case !slices.Contains(d.By.Studios, in):
		return &call.Error{Code: call.CodeNotAllowed, Message: "This desk is not one of this studio's. A manager's desk can change that."}
	case roles != anyone && !d.By.Roles.Any(roles):
		return &call.Error{Code: call.CodeNotAllowed, Message: "This is for a " + strings.Join(roles.Names(), "'s or a ") + "'s desk. This one is a " + strings.Join(d.By.Roles.Names(), "'s and a ") + "'s. A manager's desk can change that."}
	}
	return nil
}
