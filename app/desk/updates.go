package desk

import (
	"context"
	"encoding/json"
	"errors"

	"callin/app/call"
	"callin/app/picture"
)

// UpdateNow is what a desk says of newer versions of the Callin on its own computer.
type UpdateNow struct {
	// Version is the one that runs; empty for a build without a number.
	Version string `json:"version"`
	// Newer is one that is there, with its day and what is new in it, a line each.
	Newer string   `json:"newer,omitempty"`
	Date  string   `json:"date,omitempty"`
	Notes []string `json:"notes,omitempty"`
	// Own is whether a press here updates to it.
	Own bool `json:"own"`
	// Says is a sentence about how things stand, or about what to do.
	Says string `json:"says"`
	// Busy is whether something is being done that was asked for.
	Busy bool `json:"busy,omitempty"`
	// LookedAt is when it was known last, in ms; absent for never.
	LookedAt int64 `json:"lookedAt,omitempty"`
}

// UpdateBody is the version that the press was for.
type UpdateBody struct {
	Version string `json:"version" need:"yes" max:"40"`
}

// Updates are those of the Callin on a desk's own computer.
type Updates interface {
	// Now is how things stand, until the context ends.
	Now() (now UpdateNow, until context.Context)
	// Look has a newer version be looked for, and Update has it take the place of this
	// one; what comes of it is told by Now.
	Look(context.Context) error
	Update(ctx context.Context, version string) error
}

// MayUpdate refuses an update of a desk's computer while a show that it sees is open.
func MayUpdate(p picture.Picture) *call.Error {
	for _, s := range p.Studios {
		if s.Show.State != call.ShowClosed {
			return &call.Error{Code: call.CodeUpdate, Message: "A show is open. Callin is updated when it has been closed."}
		}
	}
	for _, c := range p.Cards {
		if c.Place.OnAir() {
			return &call.Error{Code: call.CodeUpdate, Message: "Somebody is on air. Callin is updated when nobody is."}
		}
	}
	return nil
}

// WithUpdates is a desk on the computer whose Callin the updates are of, wherever its
// station is.
func WithUpdates(at Backend, updates Updates) Backend { return updated{at, updates} }

// updated is a desk with its own computer's updates.
type updated struct {
	Backend
	updates Updates
}

// atThePC refuses what is asked of a station by a desk that is elsewhere: the station's
// own program is not that one's.
func atThePC() error {
	return &call.Error{Code: call.CodeUpdate, Message: "Callin is updated at the computer that it runs on. Who looks after the station does that there."}
}

// Operate does what is asked of the updates here.
func (d updated) Operate(ctx context.Context, a Ask) (json.RawMessage, *call.Error) {
	var err error
	switch a.Name {
	case "updateLook":
		err = d.updates.Look(ctx)
	case "update":
		b, refused := decode[UpdateBody](a.Body)
		if refused != nil {
			return nil, refused
		}
		err = d.updates.Update(ctx, b.Version)
	default:
		return d.Backend.Operate(ctx, a)
	}
	if err == nil {
		return json.RawMessage("{}"), nil
	}
	refused := &call.Error{Code: call.CodeFailed, Message: "Callin could not do this. Try again; if it stays so, look in Callin's log."}
	errors.As(err, &refused)
	return nil, refused
}

// Attach begins a feed that also tells of the updates.
func (d updated) Attach(from int64) Feed {
	told, stale := context.WithCancel(context.Background())
	stale()
	return &updatedFeed{d.Backend.Attach(from), d.updates, told}
}

type updatedFeed struct {
	Feed
	updates Updates
	// told ends when the updates are no longer as the desk was told.
	told context.Context
}

// Next waits for the next event, or for news of the updates.
func (f *updatedFeed) Next(ctx context.Context) (Event, error) {
	for {
		if f.told.Err() != nil {
			var now UpdateNow
			now, f.told = f.updates.Now()
			return event("update", 0, now)
		}
		until, cancel := context.WithCancel(ctx)
		stop := context.AfterFunc(f.told, cancel)
		e, err := f.Feed.Next(until)
		stop()
		cancel()
		if err == nil || ctx.Err() != nil || f.told.Err() == nil {
			return e, err
		}
	}
}
