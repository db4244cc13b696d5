package studio

import (
	"context"
	"errors"
	"slices"
	"sync"

	"callin/app/call"
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
	ring  []Change // the last ones, replayable at least, oldest first
	feeds map[*Feed]bool
}

// Feed is what one desk sees from some fact on.
type Feed struct {
	// Picture is the picture to begin with; nil when the changes go on
	// straight from the fact that was asked for.
	Picture *Picture
	// Changes are for who waits for other things too; it is closed when the desk
	// was cut off.
	Changes <-chan Change

	hub     *hub
	from    int64
	changes chan<- Change
}

// Next waits for the next change. It returns ErrBehind when the desk was cut
// off, or ctx's error.
func (f *Feed) Next(ctx context.Context) (Change, error) {
	select {
	case c, ok := <-f.Changes:
		if !ok {
			return Change{}, ErrBehind
		}
		return c, nil
	case <-ctx.Done():
		return Change{}, ctx.Err()
	}
}

// Close ends the feed.
func (f *Feed) Close() {
	f.hub.mu.Lock()
	defer f.hub.mu.Unlock()
	delete(f.hub.feeds, f)
}

func (h *hub) publish(c Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c.Seq > 0 { // a notice alone is for whoever is there, not for those who come back
		if len(h.ring) == 2*replayable {
			h.ring = slices.Clone(h.ring[replayable:])
		}
		h.ring = append(h.ring, c)
	}
	for f := range h.feeds {
		if c.Seq <= f.from && c.Notice == nil && c.Disk == nil && c.Check == nil {
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

// Attach begins a feed for a desk that has seen everything up to fact from; a
// negative from asks for a whole picture.
func (s *Studio) Attach(from int64) *Feed {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	f := &Feed{hub: s.hub, from: from}
	var missed []Change
	ring := s.hub.ring
	if from < 0 || from > s.state.seq || from < s.state.seq && (len(ring) == 0 || ring[0].Seq > from+1) {
		p := s.picture()
		f.Picture, f.from = &p, p.Seq
	} else {
		for _, c := range ring {
			if c.Seq > from {
				missed = append(missed, c)
			}
		}
		check := s.check
		missed = append(missed, Change{Disk: diskNow(s.diskTrouble), Check: &check})
	}
	changes := make(chan Change, len(missed)+unread)
	for _, c := range missed {
		changes <- c
	}
	f.Changes, f.changes = changes, changes
	s.hub.feeds[f] = true
	return f
}

// Picture is the whole picture as it is now.
func (s *Studio) Picture() Picture {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.picture()
}

func (s *Studio) picture() Picture {
	p := Picture{
		Seq: s.state.seq, Now: now(), Station: s.station, Show: s.state.show,
		Lines: []Line{}, Cards: make([]Card, 0, len(s.state.callers)), Next: s.state.next(), Disk: s.diskTrouble, Check: s.check,
	}
	p.Voicemail = append([]Voicemail{}, s.state.voicemail...)
	for _, name := range s.lineNames {
		p.Lines = append(p.Lines, s.state.lines[name].Line)
	}
	for _, c := range s.state.callers {
		p.Cards = append(p.Cards, c.Card)
	}
	return p
}

// change is what the facts that touched t changed.
func (s *Studio) change(t *touched, lastNext call.Sid) Change {
	c := Change{Seq: s.state.seq}
	for sid := range t.cards {
		if caller := s.state.callers[sid]; caller != nil {
			c.Cards = append(c.Cards, caller.Card)
		}
	}
	for sid := range t.gone {
		c.Gone = append(c.Gone, sid)
	}
	for name := range t.lines {
		c.Lines = append(c.Lines, s.state.lines[name].Line)
	}
	if t.voicemail {
		all := append([]Voicemail{}, s.state.voicemail...)
		c.Voicemail = &all
	}
	if t.show {
		show := s.state.show
		c.Show = &show
	}
	if next := s.state.next(); next != lastNext {
		c.Next = &next
	}
	return c
}
