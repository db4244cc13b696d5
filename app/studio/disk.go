package studio

import (
	"context"
	"time"

	"callin/app/call"
)

// again is how long the writer leaves a disk alone that has refused.
const again = time.Second

// cannotWrite is what a disk that refuses is called on the desk.
const (
	cannotWrite      = "Callin cannot write to its disk. Calls go on, but no decision can be made from the desk until it can. Free some space."
	notSaved         = "Callin cannot write to its disk, so this was not done. Free some space and try again."
	canWriteMessages = "Callin can write to its disk again. Everything that happened meanwhile is kept."
)

// entry is facts on their way to the disk.
type entry struct {
	facts  []call.Fact
	change Change
	shown  bool
	saved  chan struct{} // closed when they are on disk
}

// write puts what has been decided on disk, everything that has gathered in
// one commit, and then shows it to the desks. While the disk refuses, all of it
// is kept, in order, and tried again; the desks see it nevertheless, since
// it is what Twilio tells.
func (s *Studio) write() {
	var unsaved []*entry
	var retry <-chan time.Time
	for {
		select {
		case <-s.filled:
		case <-retry:
			retry = nil
		}
		s.mu.Lock()
		unsaved = append(unsaved, s.queue...)
		s.queue = nil
		ended := s.ended
		s.mu.Unlock()
		if retry != nil && !ended { // the disk has refused just now
			s.show(unsaved)
			continue
		}
		if err := s.save(unsaved); err != nil {
			s.refused(err)
			s.show(unsaved)
			if ended {
				s.log.Error("Callin ends with facts that are not on disk", "entries", len(unsaved), "error", err)
				return
			}
			retry = time.After(again)
			continue
		}
		s.accepted()
		s.show(unsaved)
		for _, e := range unsaved {
			close(e.saved)
		}
		unsaved = nil
		if ended && s.drained() {
			return
		}
	}
}

// save writes entries in one commit.
func (s *Studio) save(entries []*entry) error {
	if len(entries) == 0 {
		return nil
	}
	var facts []call.Fact
	for _, e := range entries {
		facts = append(facts, e.facts...)
	}
	return s.journal.Append(context.WithoutCancel(s.life), facts)
}

// show gives the desks what they have not seen yet.
func (s *Studio) show(entries []*entry) {
	for _, e := range entries {
		if !e.shown {
			s.hub.publish(e.change)
			e.shown = true
		}
	}
}

// drained reports whether nothing more has come since the last save.
func (s *Studio) drained() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) > 0 {
		s.signal()
		return false
	}
	return true
}

// refused notes that the disk took nothing.
func (s *Studio) refused(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refusing {
		return
	}
	s.log.Error("the journal cannot be written", "error", err)
	s.refusing = true
	close(s.refusal)
	s.disk(&Trouble{Code: call.CodeDisk, Message: cannotWrite, At: now()})
}

// accepted notes that the disk takes facts again.
func (s *Studio) accepted() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.refusing {
		return
	}
	s.log.Info("the journal can be written again")
	s.refusing = false
	s.refusal = make(chan struct{})
	s.disk(s.beginning)
	s.notice(call.CodeDiskAgain, canWriteMessages)
}

// disk shows the state of the disk, nil when all is well. It is not a fact: it
// could not be kept. The lock is held.
func (s *Studio) disk(t *Trouble) {
	s.diskTrouble = t
	s.hub.publish(Change{Disk: diskNow(t)})
}

// diskNow is how a change tells the state of the disk: without a code, it works.
func diskNow(t *Trouble) *Trouble {
	if t == nil {
		return &Trouble{}
	}
	return t
}

// writable refuses a person's decision while the disk is known to refuse: it
// could not be kept. The lock is held.
func (s *Studio) writable() error {
	if s.refusing {
		return refuse(call.CodeNotSaved, notSaved)
	}
	return nil
}

// onDisk waits until facts are on disk, at most until the disk refuses, for as
// long as ctx lives and five seconds: then the person is told.
func (s *Studio) onDisk(ctx context.Context, saved <-chan struct{}) error {
	late := time.NewTimer(5 * time.Second)
	defer late.Stop()
	s.mu.Lock()
	refusal := s.refusal
	s.mu.Unlock()
	select {
	case <-saved:
		return nil
	case <-refusal:
	case <-ctx.Done():
	case <-late.C:
	}
	return refuse(call.CodeNotSaved, notSaved)
}

// abandon ends moves that were decided but could not be kept, and so were never
// sent.
func (s *Studio) abandon(jobs ...job) {
	for _, m := range jobs {
		s.fail(m, call.CodeNotSaved, notSaved)
	}
}
