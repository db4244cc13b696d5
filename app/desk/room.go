// Package desk is what a desk may ask and what it is shown: one table of
// operations and one feed, which the doors carry to a browser or a window.
package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"callin/app/station"
)

// Softphone is what a desk's page needs to connect its phone.
type Softphone struct {
	Token      string `json:"token"`
	Identity   string `json:"identity"`
	TTLSeconds int    `json:"ttlSeconds"`
	Line       string `json:"line"` // goes along as the call's parameter line
	// Signal is the address of a rehearsal's signalling; empty for Twilio's.
	Signal string `json:"signal,omitempty"`
}

// Room is what every door opens onto. Its methods may be called at the same time.
type Room struct {
	Station *station.Station
	// Softphone mints a token for a desk.
	Softphone func() (Softphone, error)
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
	// SignOut ends every browser's session.
	SignOut func() error
	// Stage is nil outside a rehearsal.
	Stage Stage
	Log   *slog.Logger
}

func (r *Room) zone() *time.Location { return cmp.Or(r.Zone, time.Local) }

// Event is one thing in the feed: a picture, a change or a rehearsal's stage, as JSON.
type Event struct {
	Name string // "picture", "change" or "stage"
	Seq  int64  // 0 for a notice and for the stage, which are not kept
	Data []byte
}

// Feed is what one desk sees.
type Feed struct {
	feed  *station.Feed
	sent  bool
	stage Stage // nil outside a rehearsal
	// turned is closed when the stage is no longer as it was sent.
	turned <-chan struct{}
}

// Attach begins a feed after fact from; a negative from asks for a picture.
func (r *Room) Attach(from int64) *Feed {
	f := &Feed{feed: r.Station.Attach(from), stage: r.Stage}
	if f.stage != nil {
		turned := make(chan struct{})
		close(turned)
		f.turned = turned
	}
	return f
}

// Next waits for the next event. An error ends the feed: attach again.
func (f *Feed) Next(ctx context.Context) (Event, error) {
	if p := f.feed.Picture; p != nil && !f.sent {
		f.sent = true
		return event("picture", p.Seq, p)
	}
	select {
	case c, ok := <-f.feed.Changes:
		if !ok {
			return Event{}, station.ErrBehind
		}
		return event("change", c.Seq, c)
	case <-f.turned:
		var now StageNow
		now, f.turned = f.stage.Now()
		return event("stage", 0, now)
	case <-ctx.Done():
		return Event{}, ctx.Err()
	}
}

func event(name string, seq int64, v any) (Event, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return Event{}, fmt.Errorf("desk: %w", err)
	}
	return Event{Name: name, Seq: seq, Data: data}, nil
}

// Close ends the feed.
func (f *Feed) Close() { f.feed.Close() }
