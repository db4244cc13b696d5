package station_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/station"
)

// crowded is a Twilio that takes four requests at a time, each for 100 ms, and
// none at all while it is shut.
type crowded struct {
	*twilio
	asked atomic.Int64
	now   atomic.Int64
	shut  atomic.Bool
	show  *show
}

func (c *crowded) in() error {
	c.asked.Add(1)
	if c.shut.Load() {
		return &call.Later{After: time.Second, Code: 20429}
	}
	if c.now.Add(1) > 4 {
		c.now.Add(-1)
		return &call.Later{Code: 20429}
	}
	time.Sleep(100 * time.Millisecond)
	c.now.Add(-1)
	return nil
}

func (c *crowded) Redirect(ctx context.Context, sid call.Sid, from call.Place, queue string, move int64) error {
	if err := c.in(); err != nil {
		return err
	}
	return c.twilio.Redirect(ctx, sid, from, queue, move)
}

func (c *crowded) RedirectTo(ctx context.Context, sid call.Sid, twiml string) error {
	if err := c.in(); err != nil {
		return err
	}
	go c.show.Ended(sid, "completed") // when it has heard the words
	return c.twilio.RedirectTo(ctx, sid, twiml)
}

func TestWhatIsPressedGoesBeforeWhatCanWait(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		crowd := &crowded{twilio: s.twilio, show: s}
		s.Close()
		s.carrier = crowd
		s.start()
		const many = 500
		for i := range many {
			a := station.Arrival{Call: call.Sid(fmt.Sprint("Q", i))}
			s.Arrive(a)
			s.Waiting(a, call.OnAir)
		}
		must(s.Do(t.Context(), call.OpTake, "A"))
		time.Sleep(time.Second)
		s.join("A")
		s.wants("A", talking)
		s.twilio.told()

		crowd.shut.Store(true)
		crowd.asked.Store(0)
		if err := s.closes(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		if n := crowd.asked.Load(); n > 5*8 {
			t.Errorf("Twilio asked for patience and was asked %d times", n)
		}
		must(s.Do(t.Context(), call.OpDrop, "A"))
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if c := s.card("A"); c.Move != nil || c.Trouble == nil || c.Trouble.Code != call.CodeBusy {
			t.Errorf("after two seconds A's button is not given back: %+v", c)
		}
		if a := s.Waiting(station.Arrival{Call: "Q7"}, call.OnAir); a.Words != station.Thanks {
			t.Errorf("who asks what to hear in a show that closes is told %+v", a)
		}
		time.Sleep(3 * time.Second)
		crowd.shut.Store(false)
		time.Sleep(time.Second)

		pressed := time.Now()
		must(s.Do(t.Context(), call.OpDrop, "A"))
		sent := map[string]int{}
		count := func() {
			for _, did := range s.twilio.told() {
				sent[did]++
			}
		}
		for sent["send A"] == 0 {
			if time.Since(pressed) > 2*time.Second {
				t.Fatal("A's drop did not find room")
			}
			time.Sleep(50 * time.Millisecond)
			count()
		}
		time.Sleep(time.Minute)
		count()
		if state := s.Picture().Studios[0].Show.State; state != call.ShowClosed {
			t.Errorf("the show is %s", state)
		}
		for i := range many {
			if n, said := sent[fmt.Sprint("send Q", i)], i == 7; n > 1 || n == 0 && !said || n > 0 && said {
				t.Errorf("Q%d was sent to the closing words %d times", i, n)
			}
		}
	})
}
