// Package desk is what a desk may ask and what it is shown: one table of
// operations and one feed, which the doors carry to a browser or a window.
package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"callin/app/call"
	"callin/app/studio"
)

// Error is what a desk is told when an operation is refused.
type Error = call.Error

// Softphone is what a desk's page needs to connect its phone.
type Softphone struct {
	Token      string `json:"token"`
	Identity   string `json:"identity"`
	TTLSeconds int    `json:"ttlSeconds"`
	Line       string `json:"line"` // goes along as the call's parameter line
	// Signal is the address of a rehearsal's signalling; empty for Twilio's.
	Signal string `json:"signal,omitempty"`
}

// Stage makes callers up, in a rehearsal.
type Stage interface {
	Ring(ctx context.Context, count int, name, number string) error
	HangUp(ctx context.Context, sid call.Sid) error
	Callers(ctx context.Context) ([]StageCaller, error)
	// Fault lets one thing go wrong for a while.
	Fault(ctx context.Context, kind Fault, seconds int) error
}

// Fault is something that a rehearsal can let go wrong.
type Fault string

// What can go wrong, to be practised with.
const (
	FaultREST       Fault = "rest"       // Twilio's REST does not answer
	FaultCallbacks  Fault = "callbacks"  // what Twilio tells comes late, twice or never
	FaultSignalling Fault = "signalling" // the desk's phone loses its connection, once
)

// StageCaller is a made-up caller and what it heard last.
type StageCaller struct {
	Call   call.Sid     `json:"call"`
	Number string       `json:"number"`
	Name   string       `json:"name"`
	Status string       `json:"status"`
	Heard  []StageHeard `json:"heard"`
}

// StageHeard is one thing that a made-up caller heard.
type StageHeard struct {
	At   int64  `json:"at"`
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// Room is what every door opens onto. Its methods may be called at the same time.
type Room struct {
	Studio *studio.Studio
	// Softphone mints a token for a desk.
	Softphone func() (Softphone, error)
	// Record is what is kept of the shows; Exports is the folder that a window's
	// exports are saved in.
	Record  Record
	Exports string
	// Recording is a recording of Twilio's as a WAVE file, by its RecordingSid.
	Recording func(ctx context.Context, recording string) ([]byte, error)
	// Stage is nil outside a rehearsal.
	Stage Stage
	Log   *slog.Logger
}

// Event is one thing in the feed: a picture or a change, as JSON.
type Event struct {
	Name string // "picture" or "change"
	Seq  int64  // 0 for a notice, which is not kept
	Data []byte
}

// Feed is what one desk sees.
type Feed struct {
	feed *studio.Feed
	sent bool
}

// Attach begins a feed after fact from; a negative from asks for a picture.
func (r *Room) Attach(from int64) *Feed { return &Feed{feed: r.Studio.Attach(from)} }

// Next waits for the next event. An error ends the feed: attach again.
func (f *Feed) Next(ctx context.Context) (Event, error) {
	if p := f.feed.Picture; p != nil && !f.sent {
		f.sent = true
		return event("picture", p.Seq, p)
	}
	c, err := f.feed.Next(ctx)
	if err != nil {
		return Event{}, err
	}
	return event("change", c.Seq, c)
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
