package station

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"callin/app/call"
	"callin/app/picture"
)

const (
	// diskRetry is how long the writer leaves a disk alone that has refused.
	diskRetry = time.Second
	// diskPatience is how long calls wait for the disk: neither who is on air without
	// a desk nor who asks what to hear can wait until somebody has freed space.
	diskPatience = 500 * time.Millisecond
	// decisionPatience is how long a person waits for it.
	decisionPatience = 5 * time.Second
)

// What a disk that refuses is called on the desk.
const (
	cannotWrite      = "Callin cannot write to its disk. Calls go on, but no decision can be made from the desk until it can. Free some space."
	notSaved         = "Callin cannot write to its disk, so this was not done. Free some space and try again."
	canWriteMessages = "Callin can write to its disk again. Everything that happened meanwhile is kept."
)

// diskState is what is known of the disk. It is no fact: it could not be kept.
type diskState struct {
	refusing bool
	refusal  chan struct{} // closed while it refuses
	// trouble is what the desks are told of it, and beginning what they were told
	// at the start; nil when all is well.
	trouble, beginning *picture.Trouble
}

// entry is facts on their way to the disk and to the desks; without facts, a
// change that is none.
type entry struct {
	facts  []call.Fact
	change picture.Change
	shown  bool
	saved  chan struct{} // closed when they are on disk
}

// wakeWriter lets the writer see what has been decided.
func (s *Station) wakeWriter() {
	select {
	case s.entries <- struct{}{}:
	default:
	}
}

// write puts what has been decided on disk, everything that has gathered in
// one commit, and then shows it to the desks. While the disk refuses, all of it
// is kept, in order, and tried again; the desks see it nevertheless, since
// it is what Twilio tells.
func (s *Station) write() {
	var unsaved []*entry
	var retry <-chan time.Time
	for {
		select {
		case <-s.entries:
		case <-retry:
			retry = nil
		}
		var ended bool
		s.locked(func(c *core) {
			unsaved = append(unsaved, c.unwritten...)
			c.unwritten, ended = nil, c.ended
		})
		if retry != nil && !ended { // the disk has refused just now
			s.show(unsaved)
			continue
		}
		if err := s.save(unsaved); err != nil {
			s.locked(func(c *core) { c.diskRefuses(err) })
			s.show(unsaved)
			if ended {
				lost := slices.DeleteFunc(unsaved, func(e *entry) bool { return len(e.facts) == 0 })
				s.log.Error("Callin ends with facts that are not on disk", "entries", len(lost), "error", err)
				return
			}
			retry = time.After(diskRetry)
			continue
		}
		s.locked((*core).diskWrites)
		s.show(unsaved)
		for _, e := range unsaved {
			close(e.saved)
		}
		unsaved = nil
		if ended {
			var more bool
			s.locked(func(c *core) { more = len(c.unwritten) > 0 })
			if !more {
				return
			}
		}
	}
}

// save writes entries in one commit.
func (s *Station) save(entries []*entry) error {
	var facts []call.Fact
	for _, e := range entries {
		facts = append(facts, e.facts...)
	}
	if len(facts) == 0 {
		return nil
	}
	return s.journal.Append(context.WithoutCancel(s.life), facts)
}

// show gives the desks what they have not seen yet.
func (s *Station) show(entries []*entry) {
	for _, e := range entries {
		if !e.shown {
			s.hub.publish(e.change)
			e.shown = true
		}
	}
}

// diskRefuses notes that the disk took nothing.
func (c *core) diskRefuses(err error) {
	if !c.disk.refusing {
		c.leave(logged{slog.LevelError, "the journal cannot be written", []any{"error", err}})
		c.disk.refusing = true
		close(c.disk.refusal)
		c.tellDisk(&picture.Trouble{Code: call.CodeDisk, Message: cannotWrite, At: c.now()})
	}
}

// diskWrites notes that the disk takes facts again.
func (c *core) diskWrites() {
	if c.disk.refusing {
		c.leave(logged{slog.LevelInfo, "the journal can be written again", nil})
		c.disk.refusing, c.disk.refusal = false, make(chan struct{})
		c.tellDisk(c.disk.beginning)
		c.notice(call.CodeDiskAgain, canWriteMessages)
	}
}

// tellDisk shows the state of the disk, nil when all is well.
func (c *core) tellDisk(t *picture.Trouble) {
	c.disk.trouble = t
	c.tell(picture.Change{Disk: orNone(t)})
}

// orNone is how a change tells of a trouble, or without a code that there is none.
func orNone(t *picture.Trouble) *picture.Trouble {
	if t == nil {
		return &picture.Trouble{}
	}
	return t
}

// writable refuses a person's decision while the disk is known to refuse: it
// could not be kept; or while another station has the calls.
func (c *core) writable() error {
	if err := c.takenOver(); err != nil {
		return err
	}
	if c.disk.refusing {
		return refuse(call.CodeNotSaved, notSaved)
	}
	return nil
}

// onDisk waits until facts are on disk, at most until the disk refuses, for as
// long as ctx lives and decisionPatience: then the person is told.
func (s *Station) onDisk(ctx context.Context, saved <-chan struct{}) error {
	late := time.NewTimer(decisionPatience)
	defer late.Stop()
	var refusal <-chan struct{}
	s.locked(func(c *core) { refusal = c.disk.refusal })
	select {
	case <-saved:
		return nil
	case <-refusal:
	case <-ctx.Done():
	case <-late.C:
	}
	return refuse(call.CodeNotSaved, notSaved)
}

// waitForDisk waits until something is on disk, for as long as a call can; nil is.
func (s *Station) waitForDisk(saved <-chan struct{}) {
	if saved == nil {
		return
	}
	late := time.NewTimer(diskPatience)
	defer late.Stop()
	select {
	case <-saved:
	case <-late.C:
	case <-s.life.Done():
	}
}
