package station_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/station"
)

// steppedClock is a clock that is put, against that of the bubble.
type steppedClock struct{ ahead atomic.Int64 }

func (c *steppedClock) now() time.Time           { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *steppedClock) step(by time.Duration)    { c.ahead.Add(int64(by)) }
func (c *steppedClock) known() (time.Time, bool) { return c.now(), true }

// steps are what happens to a computer's clock.
var steps = map[string]time.Duration{
	"an hour forward": time.Hour, "an hour back": -time.Hour,
	"to a far future": 60 * 365 * 24 * time.Hour, "to a long past": -20 * 365 * 24 * time.Hour,
}

// stepped performs a test with a computer's clock that is put by each of steps,
// and one of Twilio's that is not, in a show with callers in which both have been
// compared.
func stepped(t *testing.T, test func(t *testing.T, s *show, wall *steppedClock, by time.Duration)) {
	for what, by := range steps {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				wall := &steppedClock{}
				test(t, clocked(t, wall, &steppedClock{}), wall, by)
			})
		})
	}
}

// clocked is an open show with the desk's phone on the line and nobody else, for
// long enough that its two clocks have been compared.
func clocked(t *testing.T, wall, twilios *steppedClock) *show {
	s := &show{
		t: t, twilio: &twilio{gone: map[call.Sid]bool{}}, journal: &memory{}, texts: &texter{},
		wall: wall.now, twilioNow: twilios.known,
	}
	s.start()
	t.Cleanup(func() { s.Close() }) // also after a restart
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.event("participant-join", "DESK", true, false, false)
	time.Sleep(31 * time.Second)
	return s
}

// numberOf is a number of a call's own.
func numberOf(sid call.Sid) string {
	n := 0
	for _, b := range []byte(sid) {
		n = n*31 + int(b)
	}
	return fmt.Sprintf("+1201556%04d", n%10000)
}

// ringsIn lets callers ring in and wait, each with a number of their own.
func (s *show) ringsIn(sids ...call.Sid) {
	for _, sid := range sids {
		a := station.Arrival{Call: sid, Number: numberOf(sid)}
		s.Arrive(a)
		s.Waiting(a, call.OnAir)
	}
	synctest.Wait()
}

// waited is how long a caller is told to have waited, and what the desk counts.
func (s *show) waited(sid call.Sid, want time.Duration) {
	s.t.Helper()
	p := s.Picture()
	told := s.Waiting(station.Arrival{Call: sid}, call.OnAir).Waited
	shown := time.Duration(p.Now-s.card(sid).Arrived) * time.Millisecond
	if (told-want).Abs() > time.Second || (shown-want).Abs() > time.Second {
		s.t.Errorf("%s has waited for %v, is told %v and shown with %v", sid, want, told, shown)
	}
}

// ofDay checks that the desk's clock is the computer's.
func (s *show) ofDay(wall *steppedClock) {
	s.t.Helper()
	if off := time.UnixMilli(s.Picture().Now).Sub(wall.now()); off.Abs() > time.Second {
		s.t.Errorf("the time of day is off by %v", off)
	}
}

func TestAWaitIsAsLongAsItWasThoughTheClockIsPut(t *testing.T) {
	stepped(t, func(t *testing.T, s *show, wall *steppedClock, by time.Duration) {
		s.ringsIn("A")
		page := s.Attach(-1)
		defer page.Close()
		time.Sleep(20 * time.Second)
		wall.step(by)
		s.waited("A", 20*time.Second)
		time.Sleep(31 * time.Second)
		s.waited("A", 51*time.Second)
		s.ofDay(wall)
		s.ringsIn("B")
		if off := time.UnixMilli(s.card("B").Arrived).Sub(wall.now()); off.Abs() > time.Second {
			t.Errorf("who rings in then does so %v off", off)
		}
		told := false
		for len(page.Changes) > 0 {
			c := <-page.Changes
			told = told || c.Now != 0 && len(c.Cards) == 1 && (c.Now-c.Cards[0].Arrived)/1000 == 29 // s, at the comparison
		}
		if !told {
			t.Error("no page was told that the clock was put, and A's time with it")
		}
		returned := s.Attach(1)
		defer returned.Close()
		var last picture.Change
		for len(returned.Changes) > 0 {
			last = <-returned.Changes
		}
		if returned.Picture != nil || last.Now != s.Picture().Now {
			t.Errorf("a page that comes back ends with %+v", last)
		}
		wall.step(-by) // and put right again
		time.Sleep(31 * time.Second)
		s.waited("A", 82*time.Second)
		s.waited("B", 31*time.Second)
		s.ofDay(wall)
	})
}

func TestATextGoesToWhoWaitedTooLongByNoClockThatIsPut(t *testing.T) {
	stepped(t, func(t *testing.T, s *show, wall *steppedClock, by time.Duration) {
		hangsUp := func(sid call.Sid) {
			s.Ended(sid, "completed")
			synctest.Wait()
		}
		s.ringsIn("1", "2", "3", "4")
		time.Sleep(15 * time.Second)
		wall.step(by)
		hangsUp("1")
		time.Sleep(35 * time.Second) // compared
		hangsUp("2")
		time.Sleep(11 * time.Second)
		hangsUp("3")
		s.Close()
		wall.step(-by)
		s.start()
		hangsUp("4")
		sent := s.texts.(*texter).sent
		if slices.Sort(sent); fmt.Sprint(sent) != fmt.Sprintf("[%s>%s %[1]s>%[3]s]", own, numberOf("3"), numberOf("4")) {
			t.Errorf("texts went to %v", sent)
		}
		s.ringsIn("5")
		s.Ended("5", "completed")
		a := station.Arrival{Call: "6", Number: numberOf("3")} // had one
		s.Arrive(a)
		s.Waiting(a, call.OnAir)
		time.Sleep(2 * time.Minute)
		hangsUp("6")
		if now := s.texts.(*texter).sent; len(now) != len(sent) {
			t.Errorf("a second text within the day: %v", now)
		}
	})
}

func TestALostHangUpIsFoundThoughTheClockIsPut(t *testing.T) {
	stepped(t, func(t *testing.T, s *show, wall *steppedClock, by time.Duration) {
		s.ringsIn("A")
		wall.step(by)
		s.ringsIn("B")
		time.Sleep(time.Second)
		s.twilio.mu.Lock()
		s.twilio.gone["A"], s.twilio.gone["B"] = true, true
		s.twilio.mu.Unlock()
		time.Sleep(35 * time.Second)
		if s.card("A") != nil || s.card("B") != nil {
			t.Errorf("after 35 s the desk still shows A %+v and B %+v", s.card("A"), s.card("B"))
		}
	})
}

func TestATalkIsAsLongAsItWasThoughTheClockIsPut(t *testing.T) {
	stepped(t, func(t *testing.T, s *show, wall *steppedClock, by time.Duration) {
		s.ringsIn("A", "B")
		for _, sid := range []call.Sid{"A", "B"} {
			must(s.Do(t.Context(), call.OpTake, sid))
			s.join(sid)
		}
		time.Sleep(20 * time.Second)
		wall.step(by)
		must(s.Do(t.Context(), call.OpHold, "A"))
		time.Sleep(31 * time.Second)
		must(s.Do(t.Context(), call.OpHold, "B"))
		synctest.Wait()
		if a, b := s.card("A").AirMs, s.card("B").AirMs; a != 20_000 || b != 51_000 {
			t.Errorf("A, 20 s on air, was %d ms; B, 51 s, %d ms", a, b)
		}
		must(s.Do(t.Context(), call.OpDrop, "A"))
		synctest.Wait()
		time.Sleep(4 * time.Second)
		wall.step(-by)
		if c := s.card("A"); c.Place.Kind != call.Park || s.Picture().Now-c.Since != 4000 {
			t.Errorf("dropped for 4 s, A is %+v at %d", c, s.Picture().Now)
		}
		if l := s.Picture().Lines[0]; s.Picture().Now-l.Since != (20+31+4+31)*1000 {
			t.Errorf("the phone is there for %d ms", s.Picture().Now-l.Since)
		}
	})
}

// late is a Twilio that says that a caller has gone after a while, in which
// something happens.
type late struct {
	*twilio
	after time.Duration
	does  func()
}

func (l *late) Redirect(context.Context, call.Sid, call.Place, string, int64) error {
	does := l.does
	l.does = func() {}
	time.Sleep(l.after)
	does()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gone["A"] = true
	return call.ErrGone
}

func TestNextGoesOnForTwoSecondsThoughTheClockIsPut(t *testing.T) {
	for _, c := range []struct {
		after time.Duration
		next  bool
	}{{time.Second, true}, {3 * time.Second, false}} {
		stepped(t, func(t *testing.T, s *show, wall *steppedClock, by time.Duration) {
			s.Close()
			s.carrier = &late{s.twilio, c.after, func() { wall.step(by) }}
			s.start()
			s.ringsIn("A", "B")
			must(s.Next(t.Context(), "A"))
			time.Sleep(c.after)
			synctest.Wait()
			if b := s.card("B"); (b.Move != nil) != c.next {
				t.Errorf("%v after Next its caller had gone: B is %+v", c.after, b)
			}
		})
	}
}

// What is waited for ends although a comparison puts the clock in the middle.
func TestAMoveEndsThoughTheClockIsPut(t *testing.T) {
	stepped(t, func(t *testing.T, s *show, wall *steppedClock, by time.Duration) {
		s.ringsIn("A")
		s.Close()
		s.carrier = stubborn{s.twilio}
		s.start()
		time.Sleep(29500 * time.Millisecond) // half a second before the comparison
		wall.step(by)
		must(s.Next(t.Context(), "A"))
		time.Sleep(5 * time.Second)
		if c := s.card("A"); c.Move != nil || c.Trouble == nil {
			t.Errorf("after 5 s A is %+v", c)
		}
	})
}

// stubborn is a Twilio whose queues know nobody and whose calls all go on.
type stubborn struct{ *twilio }

func (stubborn) Redirect(context.Context, call.Sid, call.Place, string, int64) error {
	return call.ErrGone
}

func TestListsThatLagAreNotBelievedThoughTheClockIsPut(t *testing.T) {
	stepped(t, func(t *testing.T, s *show, wall *steppedClock, by time.Duration) {
		s.ringsIn("A")
		wall.step(by)
		time.Sleep(58 * time.Second) // a second before a comparison, the second since
		must(s.Do(t.Context(), call.OpTake, "A"))
		s.join("A")
		s.twilio.mu.Lock()
		s.twilio.where = map[call.Sid]call.Whereabouts{"A": {QueueSid: "QUon-air"}}
		s.twilio.mu.Unlock()
		time.Sleep(1500 * time.Millisecond)
		s.wants("A", talking)
	})
}

// What is shown as a time of day is right again when the clock is.
func TestTimesOfDayAreRightAgain(t *testing.T) {
	stepped(t, func(t *testing.T, s *show, wall *steppedClock, by time.Duration) {
		wall.step(by)
		s.Close()
		s.journal.kill(true)
		s.start()
		began := time.Now()
		s.Recorded(station.Arrival{Call: "GONE"}, "RE1", 7)
		s.ringsIn("A")
		time.Sleep(10 * time.Second)
		s.twilio.mu.Lock()
		s.twilio.gone["A"] = true
		s.twilio.mu.Unlock()
		time.Sleep(25 * time.Second) // A is mended
		wall.step(-by)
		time.Sleep(30 * time.Second)
		p := s.Picture()
		for what, at := range map[string]int64{"a message": p.Voicemail[0].At, "the disk": p.Disk.At, "mending": p.Check.MendedAt - 30_000} {
			if off := time.UnixMilli(at).Sub(began); off.Abs() > 2*time.Second {
				t.Errorf("the time of %s is off by %v", what, off)
			}
		}
	})
}

func TestASmallCorrectionOfTheClockIsFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wall := &steppedClock{}
		s := clocked(t, wall, &steppedClock{})
		for i, by := range []time.Duration{-1500 * time.Millisecond, -1500 * time.Millisecond, 1500 * time.Millisecond} {
			wall.step(by)
			time.Sleep(28900 * time.Millisecond) // a tenth of a second before the comparison
			s.ringsIn(call.Sid(fmt.Sprint("A", i)))
			time.Sleep(200 * time.Millisecond) // and after it
			s.ringsIn(call.Sid(fmt.Sprint("B", i)))
			s.ofDay(wall)
			time.Sleep(900 * time.Millisecond)
		}
		for i, f := range s.journal.facts[1:] {
			if f.At < s.journal.facts[i].At || f.Step != 0 {
				t.Errorf("after %+v comes %+v", s.journal.facts[i], f)
			}
		}
	})
}
