package station_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/station"
)

// tardy is a Twilio that takes its time over a survey, or fails it.
type tardy struct {
	*twilio
	mu    sync.Mutex
	takes time.Duration
	err   error
	asked int // for surveys
}

func (t *tardy) is(takes time.Duration, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.takes, t.err = takes, err
}

func (t *tardy) Survey(ctx context.Context, queues, lines []string) (map[call.Sid]call.Whereabouts, error) {
	t.mu.Lock()
	t.asked++
	takes, err := t.takes, t.err
	t.mu.Unlock()
	time.Sleep(takes)
	if err != nil {
		return nil, err
	}
	return t.twilio.Survey(ctx, queues, lines)
}

func TestTheDeskIsToldOfComparingWithTwilio(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		// A's callbacks were lost: it is on air at Twilio, and C has gone.
		s.twilio.where = map[call.Sid]call.Whereabouts{
			"A": {Line: call.AirLine, Conference: "CF1"}, "B": {QueueSid: "QU" + call.OnAir}, "DESK": {Line: call.AirLine},
		}
		s.twilio.gone["C"] = true
		s.Close()
		slow := &tardy{twilio: s.twilio, takes: 3 * time.Second}
		s.carrier = slow
		s.start()
		check := func(what string, want picture.Check) {
			t.Helper()
			synctest.Wait()
			got := s.Picture().Check
			if (got.LostAt > 0) != (want.LostAt > 0) || (got.MendedAt > 0) != (got.Mended > 0) || got.Now != want.Now || got.Mended != want.Mended {
				t.Errorf("%s: %+v, want %+v", what, got, want)
			}
		}
		check("from the start on", picture.Check{Now: true})
		time.Sleep(4 * time.Second)
		check("afterwards", picture.Check{Mended: 2})
		s.wants("A", talking)
		if s.card("C") != nil {
			t.Error("C has not gone")
		}
		// The record tells what was found so from what was told.
		var found []string
		for _, f := range s.journal.facts {
			if f.Mended {
				found = append(found, string(f.Kind)+" "+string(f.Call))
			}
		}
		if !slices.Equal(found, []string{"placed A", "ended C"}) {
			t.Errorf("marked as mended: %v", found)
		}

		seen := s.Attach(s.Picture().Seq)
		defer seen.Close()
		slow.is(0, nil)
		time.Sleep(time.Minute)
		synctest.Wait()
		if told := checks(seen); len(told) != 1 { // the one that a desk begins with
			t.Errorf("a comparison that finds nothing was told of: %+v", told)
		}
		slow.is(0, call.ErrUnknown)
		time.Sleep(time.Minute)
		check("while Twilio does not answer", picture.Check{LostAt: 1, Mended: 2})
		since := s.Picture().Check.LostAt
		slow.is(2*time.Second, call.ErrUnknown)
		time.Sleep(time.Minute)
		if got := s.Picture().Check.LostAt; got != since {
			t.Errorf("lost since %d, then %d", since, got)
		}
		slow.is(0, nil)
		time.Sleep(10 * time.Second)
		check("when it answers again", picture.Check{Mended: 2})
		if told := checks(seen); len(told) == 0 || told[len(told)-1].LostAt != 0 {
			t.Errorf("the desk was told %+v", told)
		}
	})
}

// checks are what a desk has been told of comparing since last asked.
func checks(f *station.Feed) (told []picture.Check) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	for {
		c, err := f.Next(ctx)
		if err != nil {
			return told
		}
		if c.Check != nil {
			told = append(told, *c.Check)
		}
	}
}

func TestMovesThatAreLateTogetherAreAskedForTogether(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.Close()
		slow := &tardy{twilio: s.twilio, takes: time.Second}
		s.carrier = slow
		s.start()
		time.Sleep(5 * time.Second) // past the comparison at the start
		for _, sid := range []call.Sid{"A", "B", "C"} {
			must(s.Do(t.Context(), call.OpDeck, sid)) // Twilio says yes and does nothing
		}
		time.Sleep(4 * time.Second)
		slow.mu.Lock()
		slow.asked = 0
		slow.mu.Unlock()
		time.Sleep(4 * time.Second) // past Twilio's patience, and what is asked then
		synctest.Wait()
		for _, sid := range []call.Sid{"A", "B", "C"} {
			if c := s.card(sid); c.Move != nil || c.Trouble == nil || c.Trouble.Code != call.CodeNotDone {
				t.Errorf("%s: %+v", sid, c)
			}
		}
		// The first may ask at once; the others share the next.
		slow.mu.Lock()
		defer slow.mu.Unlock()
		if slow.asked > 2 {
			t.Errorf("Twilio was asked %d times where everybody is, for three late moves", slow.asked)
		}
	})
}
