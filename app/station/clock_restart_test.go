package station_test

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestARestartTellsAStepOfTheClockFromTime(t *testing.T) {
	stepped(t, func(t *testing.T, s *show, wall *steppedClock, by time.Duration) {
		s.ringsIn("A")
		time.Sleep(20 * time.Second)
		s.Close()
		time.Sleep(40 * time.Second)
		wall.step(by)
		s.start()
		s.waited("A", time.Minute)
		s.ofDay(wall)
		wall.step(-by) // and put right before it has been compared again
		s.Close()
		s.start()
		s.waited("A", time.Minute)
		s.ofDay(wall)
	})
}

// Without Twilio's clock a restart can tell only that time does not go back.
func TestWithoutTwiliosClockARestartDoesNotGoBack(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		time.Sleep(20 * time.Second)
		if err := s.Lock(t.Context(), "B", true); err != nil { // the last fact
			t.Fatal(err)
		}
		s.Close()
		wall := &steppedClock{}
		wall.step(-time.Hour)
		s.wall = wall.now
		s.start()
		time.Sleep(10 * time.Second)
		s.waited("A", 30*time.Second)
		s.ofDay(wall)
	})
}

// A computer that slept has a clock that is put as far as Twilio's: that is time.
func TestASleepOfTheComputerIsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		both := &steppedClock{}
		s := clocked(t, both, both)
		s.ringsIn("A")
		page := s.Attach(-1)
		defer page.Close()
		time.Sleep(31 * time.Second)
		both.step(10 * time.Minute)
		time.Sleep(30 * time.Second)
		s.waited("A", 11*time.Minute+time.Second)
		s.ofDay(both)
		if c := <-page.Changes; (time.Duration(c.Now)*time.Millisecond - time.Duration(s.card("A").Arrived)*time.Millisecond) < 10*time.Minute {
			t.Errorf("a page was told %+v", c)
		}
		both.step(-20 * time.Minute) // but nobody sleeps backwards
		time.Sleep(30 * time.Second)
		s.waited("A", 11*time.Minute+31*time.Second)
		s.ofDay(both)
	})
}

func TestAStepIsHeededOnceThoughTwiliosClockIsNotKnownThen(t *testing.T) {
	stepped(t, func(t *testing.T, s *show, wall *steppedClock, by time.Duration) {
		twilios := s.twilioNow
		s.Close()
		s.twilioNow = nil
		s.start()
		s.ringsIn("A")
		wall.step(by)
		time.Sleep(31 * time.Second)
		s.Close()
		s.twilioNow = twilios
		s.start()
		s.waited("A", 31*time.Second)
	})
}

func TestTwiliosClockIsPutAndNothingFollows(t *testing.T) {
	for _, by := range []time.Duration{10 * time.Minute, -10 * time.Minute, time.Hour, -time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			twilios := &steppedClock{}
			s := clocked(t, &steppedClock{}, twilios)
			s.ringsIn("A")
			time.Sleep(31 * time.Second)
			twilios.step(by)
			time.Sleep(31 * time.Second)
			s.waited("A", 62*time.Second)
			s.Close()
			s.start()
			s.waited("A", 62*time.Second)
			s.Close()
			twilios.step(-2 * by) // and while Callin is away
			time.Sleep(5 * time.Second)
			s.start()
			s.waited("A", 67*time.Second)
		})
	}
}
