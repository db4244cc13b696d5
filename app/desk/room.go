// Package desk is what a desk may ask and what it is shown: one table of
// operations and one feed, which the doors carry to a browser or a window.
package desk

import (
	"cmp"
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"callin/app/call"
	"callin/app/station"
	"callin/app/tracks"
)

// Softphone is what a desk's page needs to connect its phone.
type Softphone struct {
	Token      string `json:"token"`
	Identity   string `json:"identity"`
	TTLSeconds int    `json:"ttlSeconds"`
	// Lines are those that the phone may have; one of them goes along as the call's
	// parameter line.
	Lines Lines `json:"lines"`
	// Edge is the one of Twilio's that the phone connects to; empty for the one that Twilio
	// chooses.
	Edge string `json:"edge,omitempty"`
	// Signal is the address of a rehearsal's signalling; empty for Twilio's.
	Signal string `json:"signal,omitempty"`
}

// Lines are those of a desk's phone: the studio's, which goes to air, empty for a desk
// that is no host's; and its own, for talking off air.
type Lines struct {
	Air string `json:"air,omitempty"`
	Own string `json:"own"`
}

// Room is what every desk's door opens onto. Its methods may be called at the same time.
type Room struct {
	Station *station.Station
	// Softphone mints a token for a desk, for its lines in a studio.
	Softphone func(by call.Desk, in call.Studio) (Softphone, error)
	// PhoneCheck mints a token by which a desk's page tries the way to Twilio.
	PhoneCheck func(by call.Desk) (Softphone, error)
	// Record is what is kept of the shows; Exports is the folder that a window's
	// exports are saved in.
	Record  Record
	Exports string
	// Zone is the station's time of day; nil for this computer's.
	Zone *time.Location
	// Recording is a recording of Twilio's as a WAVE file, by its RecordingSid.
	Recording func(ctx context.Context, recording string) ([]byte, error)
	// Speak is a sentence as a WAVE file.
	Speak func(ctx context.Context, sentence string) ([]byte, error)
	// TakeOver takes the account's calls from another Callin that is alive.
	TakeOver func(context.Context) error
	// Desks are those that the station has given out.
	Desks Desks
	// Setup connects an account; nil where that is not done here.
	Setup Setup
	// Doctor looks the station over.
	Doctor func(context.Context) (Checkup, error)
	// Tracks are the shows' isolated tracks; nil where none are kept.
	Tracks *tracks.Recorder
	// Costs are what the shows come to.
	Costs Costs
	// Opened is told that a show was opened at a desk; nil where nobody listens.
	Opened func()
	// SignOut ends the session of every browser of the station's own desk.
	SignOut func() error
	// Stage is nil outside a rehearsal.
	Stage Stage
	Log   *slog.Logger

	watching atomic.Int32
	looks    looks
}

// Watching is how many feeds are open: one for each window, and for each browser.
func (r *Room) Watching() int { return int(r.watching.Load()) }

func (r *Room) zone() *time.Location { return cmp.Or(r.Zone, time.Local) }
