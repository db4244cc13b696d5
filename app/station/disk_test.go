package station_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/station"
)

func TestWhileTheDiskIsFullCallsGoOnAndDecisionsAreRefused(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.journal.kill(true)
		pressed := time.Now()
		if _, err := s.Next(t.Context(), ""); code(err) != "not_saved" || time.Since(pressed) > 0 {
			t.Errorf("Next on a full disk: %v after %v", err, time.Since(pressed))
		}
		synctest.Wait()
		s.wants("A", waiting)
		if c := s.card("A"); c.Trouble == nil || c.Trouble.Code != call.CodeNotSaved {
			t.Errorf("the card does not say why: %+v", c.Trouble)
		}
		pressed = time.Now()
		name := "Ana"
		if _, err := s.Note(t.Context(), "A", station.Note{Name: &name}); code(err) != "not_saved" || time.Since(pressed) > 0 {
			t.Errorf("a note on a disk that is known to be full: %v after %v", err, time.Since(pressed))
		}
		if err := s.closes(); code(err) != "not_saved" {
			t.Errorf("Close: %v", err)
		}
		if did := s.twilio.told(); len(did) > 0 {
			t.Errorf("Twilio was told %v", did)
		}
		if d := s.Picture().Disk; d == nil || d.Code != call.CodeDisk || d.At == 0 {
			t.Errorf("the picture says of the disk: %+v", d)
		}

		// Twilio's own facts go on, and every desk sees them.
		s.Ended("B", "completed")
		a := station.Arrival{Call: "D", Number: "+15550100109"}
		if answer := s.Arrive(a); answer.Words != station.Greeting {
			t.Errorf("a caller who rings in hears %+v", answer)
		}
		s.Waiting(a, call.OnAir)
		time.Sleep(time.Minute)
		synctest.Wait()
		var gone, came, refused bool
		for change := range s.seen() {
			gone = gone || slices.Contains(change.Gone, "B")
			came = came || slices.ContainsFunc(change.Cards, func(c picture.Card) bool { return c.Call == "D" })
			refused = refused || change.Disk != nil && change.Disk.Code == call.CodeDisk
		}
		if !gone || !came || !refused {
			t.Errorf("the desk saw: B gone %v, D came %v, the disk %v", gone, came, refused)
		}

		s.journal.kill(false)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if d := s.Picture().Disk; d != nil {
			t.Errorf("the picture says still: %+v", d)
		}
		for change := range s.seen() {
			refused = refused && (change.Disk == nil || change.Disk.Code != (call.Code{}))
		}
		if refused {
			t.Error("the desk was not told that the disk works again")
		}
		for i, f := range s.journal.facts {
			if f.Seq != int64(i+1) {
				t.Fatalf("fact %d is followed by %d", i, f.Seq)
			}
		}
		must(s.Next(t.Context(), ""))
		synctest.Wait()
		s.join("A")
		s.wants("A", talking)
	})
}

func TestADeskThatComesBackIsToldOfTheDisk(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		from := s.Picture().Seq
		s.journal.kill(true)
		s.Ended("B", "completed")
		synctest.Wait()
		f := s.Attach(from)
		defer f.Close()
		missed, disk := must(f.Next(t.Context())), must(f.Next(t.Context()))
		if !slices.Contains(missed.Gone, "B") || disk.Disk == nil || disk.Disk.Code != call.CodeDisk {
			t.Errorf("it is told %+v, then %+v", missed, disk)
		}
		s.journal.kill(false)
		time.Sleep(2 * time.Second)
	})
}

func TestAShowThatCannotBeClosedForTheDiskStaysOpen(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.journal.kill(true)
		if err := s.closes(); code(err) != "not_saved" {
			t.Errorf("Close: %v", err)
		}
		s.journal.kill(false)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		s.wants("A", waiting)
		if state := s.Picture().Studios[0].Show.State; state != call.ShowOpen {
			t.Errorf("the show is %s", state)
		}
		if did := s.twilio.told(); len(did) > 0 {
			t.Errorf("Twilio was told %v", did)
		}
		if err := s.closes(); err != nil {
			t.Error(err)
		}
	})
}

// seen is what the desk has been told since last asked.
func (s *show) seen() func(yield func(picture.Change) bool) { return seen(s.t, s.feed) }

func seen(t *testing.T, f *station.Feed) func(yield func(picture.Change) bool) {
	return func(yield func(picture.Change) bool) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		for {
			c, err := f.Next(ctx)
			if err != nil || !yield(c) {
				return
			}
		}
	}
}
