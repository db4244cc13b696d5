package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/station"
)

// Event is one thing in the feed: a picture, a change, a rehearsal's stage, whether
// the station is reached, or how this computer's updates stand, as JSON.
type Event struct {
	Name string // "picture", "change", "stage", "station" or "update"
	Seq  int64  // 0 for a notice, the stage, the station and updates, which are not kept
	Data []byte
}

// StationNow is what a desk of a station elsewhere is told of that: first, and whenever
// it changes. While it is not reached there are no other events; what comes after that goes
// on from them, or is a picture.
type StationNow struct {
	Name    string `json:"name"`
	Reached bool   `json:"reached"`
	// Ended is whether this is no longer a desk of the station: nothing of it is to be
	// shown any more.
	Ended bool `json:"ended"`
	// Why is why it is not reached, in words.
	Why string `json:"why,omitempty"`
	// Words are those of the station's certificate, for as long as this PC is paired only
	// when somebody says that the station shows the same.
	Words string `json:"words,omitempty"`
}

// seatFeed is what a desk at this station sees.
type seatFeed struct {
	feed   *station.Feed
	closed func()
	by     call.Desk
	// shown are the callers that the desk has been shown; nil for one that comes back,
	// of which that is not known.
	shown map[call.Sid]bool
	stage Stage // nil outside a rehearsal
	// turned is closed when the stage is no longer as it was sent.
	turned <-chan struct{}
}

// Attach begins a feed, as Backend says.
func (d Seat) Attach(from int64) Feed {
	d.watching.Add(1)
	opened := d.Station.Opened(d.By.ID)
	f := &seatFeed{closed: sync.OnceFunc(func() { opened(); d.watching.Add(-1) }), feed: d.Station.Attach(from), by: d.By, stage: d.Stage}
	if f.stage != nil {
		turned := make(chan struct{})
		close(turned)
		f.turned = turned
	}
	return f
}

// Next waits for the next event. An error ends the feed: attach again.
func (f *seatFeed) Next(ctx context.Context) (Event, error) {
	if p := f.feed.Picture; p != nil && f.shown == nil {
		return event("picture", p.Seq, f.picture(*p))
	}
	select {
	case c, ok := <-f.feed.Changes:
		if !ok {
			return Event{}, station.ErrBehind
		}
		return event("change", c.Seq, f.change(c))
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
func (f *seatFeed) Close() {
	f.feed.Close()
	f.closed()
}

// picture is what the desk is to see of a picture: nothing of studios that it is not
// in. The picture's own lists stay as they are: other desks have them.
func (f *seatFeed) picture(p picture.Picture) picture.Picture {
	p.Studios = only(p.Studios, func(s picture.Studio) bool { return f.in(s.ID) })
	p.Lines = only(p.Lines, func(l picture.Line) bool { return f.ofLine(l.Name) })
	p.Microphones = only(p.Microphones, func(m picture.Microphone) bool { return f.ofLine(m.Line) })
	p.Cards = only(p.Cards, func(c picture.Card) bool { return f.in(c.Studio) })
	f.shown = map[call.Sid]bool{}
	for _, card := range p.Cards {
		f.shown[card.Call] = true
	}
	p.You = f.by.ID
	if p.You != "" {
		p.Station.Log = "" // on another computer
	}
	p.Chat = only(p.Chat, func(s picture.Said) bool { return f.in(s.Studio) })
	p.Voicemail = only(p.Voicemail, func(v picture.Voicemail) bool { return f.in(v.Studio) })
	p.Costs, p.Tracks = f.costs(p.Costs), only(p.Tracks, func(t picture.Tracks) bool { return f.in(t.Studio) })
	return p
}

// costs are what the desk is to see of what the shows come to: those who only look see
// nothing of it.
func (f *seatFeed) costs(c *picture.Costs) *picture.Costs {
	if c == nil || !f.by.Roles.Any(staff) {
		return nil
	}
	seen := *c
	seen.Shows = only(c.Shows, func(s picture.ShowCost) bool { return f.in(s.Studio) })
	return &seen
}

// change is what the desk is to see of a change. A caller who was given to a studio that
// it is not in is gone, for it; of others there it hears nothing.
func (f *seatFeed) change(c picture.Change) picture.Change {
	c.Studios = only(c.Studios, func(s picture.Studio) bool { return f.in(s.ID) })
	c.Lines = only(c.Lines, func(l picture.Line) bool { return f.ofLine(l.Name) })
	c.Microphones = only(c.Microphones, func(m picture.Microphone) bool { return f.ofLine(m.Line) })
	gone := only(c.Gone, f.leaves)
	for _, card := range c.Cards {
		if f.in(card.Studio) {
			f.comes(card.Call)
		} else if f.leaves(card.Call) {
			gone = append(slices.Clip(gone), card.Call)
		}
	}
	for _, sid := range gone {
		delete(f.shown, sid)
	}
	c.Gone, c.Cards = gone, only(c.Cards, func(c picture.Card) bool { return f.in(c.Studio) })
	c.Chat = only(c.Chat, func(s picture.Said) bool { return f.in(s.Studio) })
	if c.Voicemail != nil {
		here := only(*c.Voicemail, func(v picture.Voicemail) bool { return f.in(v.Studio) })
		c.Voicemail = &here
	}
	if c.NoticeTo != nil && !f.in(*c.NoticeTo) {
		c.Notice = nil
	}
	c.Costs, c.Tracks = f.costs(c.Costs), only(c.Tracks, func(t picture.Tracks) bool { return f.in(t.Studio) })
	if !f.by.Roles.Any(talkers) {
		c.Look = "" // it has no phone
	}
	if c.Notice != nil {
		if of := noticed(c.Notice.Code); of != anyone && !f.by.Roles.Any(of) {
			c.Notice = nil
		}
	}
	return c
}

// noticed is whose a notice is: who may not give codes out can do nothing about void
// ones, and who only looks nothing about money.
func noticed(code call.Code) call.Roles {
	switch code {
	case call.CodeCodesVoid, call.CodeVersions:
		return call.Manager
	case call.CodeCostLimit:
		return staff
	}
	return anyone
}

// comes takes in that the desk is shown a caller.
func (f *seatFeed) comes(sid call.Sid) {
	if f.shown != nil {
		f.shown[sid] = true
	}
}

// leaves reports whether the desk is to be told that a caller is gone.
func (f *seatFeed) leaves(sid call.Sid) bool { return f.shown == nil || f.shown[sid] }

func (f *seatFeed) in(studio call.Studio) bool { return slices.Contains(f.by.Studios, studio) }

// ofLine is whether a line is for the desk to see: a desk's own is for all, as who has
// which caller is.
func (f *seatFeed) ofLine(name string) bool {
	of, air := call.StudioOf(name)
	return !air || f.in(of)
}

// only are those of a list that are to be seen: the list itself when all are.
func only[T any](list []T, seen func(T) bool) []T {
	if !slices.ContainsFunc(list, func(t T) bool { return !seen(t) }) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(t T) bool { return !seen(t) })
}
