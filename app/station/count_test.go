package station_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/station"
)

// counting counts the comparisons.
type counting struct {
	*twilio
	surveys atomic.Int64
}

func (c *counting) Survey(ctx context.Context, queues, lines []string) (map[call.Sid]call.Whereabouts, error) {
	c.surveys.Add(1)
	return c.twilio.Survey(ctx, queues, lines)
}

// A and C hang up while Callin cannot be reached. The first wait request after
// that says how many are left.
func TestWhoHungUpUnheardOfIsMissedWhenTwilioCountsFewer(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.twilio.mu.Lock()
		s.twilio.where = map[call.Sid]call.Whereabouts{"B": {QueueSid: "QU" + call.OnAir}}
		s.twilio.gone["A"], s.twilio.gone["C"] = true, true
		s.twilio.mu.Unlock()
		time.Sleep(5 * time.Second)
		s.Waiting(station.Arrival{Call: "B", InQueue: 1}, call.OnAir)
		time.Sleep(5 * time.Second)
		if a, c := s.card("A"), s.card("C"); a != nil || c != nil {
			t.Errorf("five seconds later A is %+v and C %+v", a, c)
		}
		s.wants("B", waiting)
	})
}

func TestWhatIsUnderWayIsNoDoubtAboutACount(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.Close()
		counts := &counting{twilio: s.twilio}
		s.carrier = counts
		s.start()
		before := counts.surveys.Load()
		b := station.Arrival{Call: "B", InQueue: 2}
		s.Waiting(b, call.OnAir) // A has hung up, and its callback is under way
		time.Sleep(time.Second)
		s.Ended("A", "completed")
		time.Sleep(5 * time.Second)
		if n := counts.surveys.Load() - before; n != 0 {
			t.Errorf("%d comparisons", n)
		}
		// A count that stays wrong is not asked about at each request.
		for range 20 {
			b.InQueue = 7
			s.Waiting(b, call.OnAir)
			time.Sleep(time.Second)
		}
		if n := counts.surveys.Load() - before; n != 2 {
			t.Errorf("%d comparisons in twenty seconds", n)
		}
	})
}

// Each queue has its own moment in which what is under way may explain its count.
func TestOneQueuesMomentIsNotAnothers(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.Close()
		counts := &counting{twilio: s.twilio}
		s.carrier = counts
		s.start()
		must(s.Move(t.Context(), "C", call.Screening))
		s.Waiting(station.Arrival{Call: "C"}, call.Screening)
		before := counts.surveys.Load()
		s.Waiting(station.Arrival{Call: "B", InQueue: 1}, call.OnAir) // A has hung up
		time.Sleep(time.Second)
		s.Ended("A", "completed")
		time.Sleep(1900 * time.Millisecond)
		s.Waiting(station.Arrival{Call: "C", InQueue: 2}, call.Screening) // somebody is about to come there
		time.Sleep(200 * time.Millisecond)
		d := station.Arrival{Call: "D"}
		s.Arrive(d)
		must(s.Move(t.Context(), "B", call.Screening))
		s.Waiting(station.Arrival{Call: "B"}, call.Screening)
		time.Sleep(10 * time.Second)
		if n := counts.surveys.Load() - before; n != 0 {
			t.Errorf("%d comparisons", n)
		}
	})
}
