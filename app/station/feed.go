package station

import (
	"context"
	"errors"
	"slices"
	"sync"

	"callin/app/picture"
)

const (
	// replayable is how many changes are kept for desks that come back.
	replayable = 1024
	// unread is how many changes a desk may be behind before it is cut off
	// and has to come back for a whole picture.
	unread = 256
)

// ErrBehind ends the feed of a desk that reads too slowly.
var ErrBehind = errors.New("the desk reads too slowly")

// hub gives every published change to every desk, in order.
type hub struct {
	mu    sync.Mutex
	ring  []picture.Change // the last ones, replayable at least, oldest first
	feeds map[*Feed]bool
}

// Feed is what one desk sees from some fact on.
type Feed struct {
	// Picture is the picture to begin with; nil when the changes go on
	// straight from the fact that was asked for.
	Picture *picture.Picture
	// Changes are for who waits for other things too; it is closed when the desk
	// was cut off.
	Changes <-chan picture.Change

	hub     *hub
	from    int64
	changes chan<- picture.Change
}

// Next waits for the next change. It returns ErrBehind when the desk was cut
// off, or ctx's error.
func (f *Feed) Next(ctx context.Context) (picture.Change, error) {
	select {
	case c, ok := <-f.Changes:
		if !ok {
			return picture.Change{}, ErrBehind
		}
		return c, nil
	case <-ctx.Done():
		return picture.Change{}, ctx.Err()
	}
}

// Close ends the feed.
func (f *Feed) Close() {
	f.hub.mu.Lock()
	defer f.hub.mu.Unlock()
	delete(f.hub.feeds, f)
}

func (h *hub) publish(c picture.Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c.Seq > 0 { // a notice alone is for whoever is there, not for those who come back
		if len(h.ring) == 2*replayable {
			h.ring = slices.Clone(h.ring[replayable:])
		}
		h.ring = append(h.ring, c)
	}
	for f := range h.feeds {
		if c.Seq <= f.from && c.Notice == nil && c.Disk == nil && c.Check == nil && c.WayIn == nil && c.Costs == nil && c.Look == "" && c.Microphones == nil && c.Tracks == nil && c.Desks == nil && c.Now == 0 {
			continue
		}
		select {
		case f.changes <- c:
		default:
			delete(h.feeds, f)
			close(f.changes)
		}
	}
}

// forget leaves nothing to be replayed: desks that come back get a whole picture.
func (h *hub) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ring = nil
}

// Attach begins a feed for a desk that has seen everything up to fact from; a
// negative from asks for a whole picture.
func (s *Station) Attach(from int64) (f *Feed) {
	s.locked(func(c *core) { f = s.hub.attach(c, from) })
	return f
}

func (h *hub) attach(c *core, from int64) *Feed {
	h.mu.Lock()
	defer h.mu.Unlock()
	f := &Feed{hub: h, from: from}
	var missed []picture.Change
	seq := c.state.Seq()
	if from < 0 || from > seq || from < seq && (len(h.ring) == 0 || h.ring[0].Seq > from+1) {
		p := c.picture()
		f.Picture, f.from = &p, p.Seq
	} else {
		for _, change := range h.ring {
			if change.Seq > from {
				missed = append(missed, change)
			}
		}
		check, desks := c.check, c.desksNow()
		missed = append(missed, picture.Change{Now: c.now(), Disk: orNone(c.disk.trouble), Check: &check, Desks: &desks, WayIn: orNone(c.wayIn), Microphones: c.microphonesOnLines(), Costs: c.costs, Tracks: c.tracksNow()})
	}
	changes := make(chan picture.Change, len(missed)+unread)
	for _, change := range missed {
		changes <- change
	}
	f.Changes, f.changes = changes, changes
	h.feeds[f] = true
	return f
}

// Picture is the whole picture as it is now.
func (s *Station) Picture() (p picture.Picture) {
	s.locked(func(c *core) { p = c.picture() })
	return p
}

func (c *core) picture() picture.Picture {
	p := c.state.Picture()
	p.Now, p.Station, p.Disk, p.Check, p.WayIn = c.now(), c.station, c.disk.trouble, c.check, c.wayIn
	p.Microphones, p.Costs, p.Tracks = c.microphonesOnLines(), c.costs, c.tracksNow()
	p.Desks = c.desksNow()
	return p
}
