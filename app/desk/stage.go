package desk

import (
	"context"
	"slices"

	"callin/app/call"
)

// Stage makes callers up, in a rehearsal.
type Stage interface {
	// Ring lets callers ring a number, E.164.
	Ring(ctx context.Context, to string, count int, name, number string) error
	HangUp(ctx context.Context, sid call.Sid) error
	HangUpAll(ctx context.Context) error
	// Trouble lets one thing go wrong for a while, in place of what goes wrong
	// now; the kind NoTrouble puts everything right.
	Trouble(ctx context.Context, kind StageTrouble, seconds int) error
	// Now is the stage as it is; the channel is closed when it is no longer so.
	Now() (StageNow, <-chan struct{})
}

// StageTrouble is something that a rehearsal can let go wrong.
type StageTrouble string

// What can go wrong, to be practised with.
const (
	NoTrouble      StageTrouble = ""
	RESTDown       StageTrouble = "restDown"       // Twilio's REST does not answer
	RESTBusy       StageTrouble = "restBusy"       // it says to come back later: 429
	RESTSlow       StageTrouble = "restSlow"       // it takes its time
	NewsLate       StageTrouble = "newsLate"       // what Twilio tells comes late
	NewsDoubled    StageTrouble = "newsDoubled"    // it comes twice
	NewsDisordered StageTrouble = "newsDisordered" // it comes in the wrong order
	NewsLost       StageTrouble = "newsLost"       // half of it never comes
	PhoneCut       StageTrouble = "phoneCut"       // the phone has no connection
	SoundCut       StageTrouble = "soundCut"       // the phone's sound is lost both ways
)

var troubles = []StageTrouble{RESTDown, RESTBusy, RESTSlow, NewsLate, NewsDoubled, NewsDisordered, NewsLost, PhoneCut, SoundCut}

// StageNow is what a desk is shown of a rehearsal's stage.
type StageNow struct {
	// Callers are who is on the telephone, the longest first, StageShown at most,
	// and More how many there are besides.
	Callers []StageCaller `json:"callers"`
	More    int           `json:"more"`
	// Trouble is what goes wrong, until Until in milliseconds since 1970.
	Trouble StageTrouble `json:"trouble,omitempty"`
	Until   int64        `json:"until,omitempty"`
}

// StageShown is how many made-up callers a desk is shown.
const StageShown = 50

// StageCaller is a made-up caller and what it heard last: words, or the address
// of audio.
type StageCaller struct {
	Call   call.Sid `json:"call"`
	Number string   `json:"number"`
	Name   string   `json:"name"`
	Status string   `json:"status"`
	Heard  string   `json:"heard"`
}

// longestTrouble is how long something goes wrong at most, in seconds.
const longestTrouble = 60

func (r *Room) trouble(ctx context.Context, b TroubleBody) error {
	if !slices.Contains(troubles, b.Kind) {
		return bad("kind", "This cannot go wrong on the stage.")
	}
	if b.Seconds < 1 || b.Seconds > longestTrouble {
		return bad("seconds", "Something goes wrong for 1 to 60 seconds.")
	}
	return r.onStage(func(s Stage) error { return s.Trouble(ctx, b.Kind, b.Seconds) })
}

func (r *Room) ring(ctx context.Context, of call.Studio, b RingBody) error {
	if b.Count < 1 || b.Count > 20 {
		return bad("count", "Between 1 and 20 callers can ring at once.")
	}
	return r.onStage(func(s Stage) error { return s.Ring(ctx, r.Station.NumberOf(of), b.Count, b.Name, b.Number) })
}

// onStage does something that only a rehearsal can.
func (r *Room) onStage(do func(Stage) error) error {
	if r.Stage == nil {
		return &call.Error{Code: call.CodeNoRehearsal, Message: "This is not a rehearsal: callers cannot be made up."}
	}
	if err := do(r.Stage); err != nil {
		r.Log.Warn("the stage", "error", err)
		return &call.Error{Code: call.CodeStage, Message: "The rehearsal's stage did not do this. Try again."}
	}
	return nil
}
