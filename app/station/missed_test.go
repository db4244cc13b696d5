package station_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/station"
)

// missing is a show that sends texts, and whose callers give up.
type missing struct {
	*show
	texter
}

func miss(t *testing.T, test func(m *missing)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		m := &missing{show: &show{t: t, twilio: &twilio{gone: map[call.Sid]bool{}}, journal: &memory{}}}
		m.texts = &m.texter
		m.start()
		if err := m.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		m.event("participant-join", "DESK", true, false, false)
		test(m)
		synctest.Wait()
		m.Close()
	})
}

// waits lets a call of a number wait.
func (m *missing) waits(sid call.Sid, number string) {
	a := station.Arrival{Call: sid, Number: number}
	m.Arrive(a)
	m.Waiting(a, call.OnAir)
}

// givesUp lets two minutes pass and a call end.
func (m *missing) givesUp(sid call.Sid) {
	time.Sleep(2 * time.Minute)
	m.Ended(sid, "completed")
	synctest.Wait()
}

func (m *missing) reopens() {
	if err := m.CloseShow(m.t.Context()); err != nil {
		m.t.Fatal(err)
	}
	time.Sleep(time.Minute)
	if err := m.Open(m.t.Context()); err != nil {
		m.t.Fatal(err)
	}
	synctest.Wait()
}

// talks brings a call on air.
func (m *missing) talks(sid call.Sid) {
	must(m.Do(m.t.Context(), call.OpTake, sid))
	m.join(sid)
}

func (m *missing) got(what string, want ...string) {
	m.t.Helper()
	var to []string
	for _, s := range m.sent {
		to = append(to, s[len(own+">"):])
	}
	if !slices.Equal(to, want) {
		m.t.Errorf("%s: texts were sent to %q, want %q", what, to, want)
	}
	m.sent = nil
}

const ana, ben = "+12015550101", "+12015550102"

func TestWhoWasOnAirOrIsHereIsNotMissed(t *testing.T) {
	for name, c := range map[string]struct {
		play func(m *missing)
		want []string
	}{
		"on air, and then in the queue again": {play: func(m *missing) {
			m.waits("A", ana)
			m.DeskCalls("", "D", call.AirLine, true)
			m.Bridged(station.Arrival{Call: "A", Number: ana}, "D")
			m.Ended("D", "completed")
			m.waits("A", ana)
			m.givesUp("A")
		}},
		"on air with another call": {play: func(m *missing) {
			m.waits("A", ana)
			m.waits("B", ana)
			m.talks("A")
			m.givesUp("B")
		}},
		"on hold with another call": {play: func(m *missing) {
			m.waits("A", ana)
			m.waits("B", ana)
			must(m.Do(m.t.Context(), call.OpDeck, "A"))
			m.givesUp("B")
		}},
		"in the queue with another call": {play: func(m *missing) {
			m.waits("A", ana)
			m.waits("B", ana)
			m.givesUp("A")
		}},
		"and gives up with that as well": {want: []string{ana}, play: func(m *missing) {
			m.waits("A", ana)
			m.waits("B", ana)
			m.givesUp("A")
			m.givesUp("B")
		}},
		"the other call is somebody else's": {want: []string{ana}, play: func(m *missing) {
			m.waits("A", ana)
			m.waits("B", ben)
			m.givesUp("A")
		}},
		"on air before in this show": {play: func(m *missing) {
			m.waits("A", ana)
			m.talks("A")
			m.Ended("A", "completed")
			m.Close()
			m.start() // it is remembered
			m.waits("B", ana)
			m.givesUp("B")
		}},
		"found the queue full, on air with another call": {play: func(m *missing) {
			m.waits("A", ana)
			m.talks("A")
			b := station.Arrival{Call: "B", Number: ana}
			m.Arrive(b)
			m.LeftQueue(b, "queue-full")
			synctest.Wait()
		}},
		"on air from one show into the next": {play: func(m *missing) {
			m.waits("A", ana)
			m.talks("A")
			m.reopens()
			m.FellOut(station.Arrival{Call: "A", Number: ana})
			m.waits("A", ana)
			m.givesUp("A")
		}},
		"on air in the last show": {want: []string{ana}, play: func(m *missing) {
			m.waits("A", ana)
			m.talks("A")
			m.Ended("A", "completed")
			m.reopens()
			m.waits("B", ana)
			m.givesUp("B")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			miss(t, func(m *missing) {
				c.play(m)
				m.got(name, c.want...)
			})
		})
	}
}

func TestATextGoesToNobodyWhomItCouldHarm(t *testing.T) {
	for number, countries := range map[string][]string{
		own:             nil,
		"+12015550191":  nil, // the dial-in number
		"+447700900123": nil,
		"+14165550123":  nil, // Canada
		"+18765550123":  nil, // Jamaica
		"+19005550123":  nil,
		"+12019765501":  nil,
		"+12015550":     nil,
		"+979123456789": nil,
		"+449012345678": {"GB"},
		"+447012345678": {"GB"},
		"+12015550123":  {"GB", "CA"},
	} {
		miss(t, func(m *missing) {
			m.Close()
			m.countries = countries
			m.start()
			m.waits("A", number)
			m.givesUp("A")
			m.got(number + " called")
		})
	}
	miss(t, func(m *missing) {
		m.Close()
		m.countries = []string{"GB", "CA"}
		m.start()
		for i, number := range []string{"+447700900123", "+14165550123"} {
			m.waits(call.Sid(fmt.Sprint("A", i)), number)
			m.givesUp(call.Sid(fmt.Sprint("A", i)))
			m.got("a country that is allowed", number)
		}
	})
}

func TestTheStationSendsTwoHundredTextsADay(t *testing.T) {
	miss(t, func(m *missing) {
		flood := func(from, calls int) {
			for i := range calls {
				m.waits(call.Sid(fmt.Sprint("A", from+i)), fmt.Sprintf("+1201555%04d", from+i))
			}
			time.Sleep(2 * time.Minute)
			for i := range calls {
				m.Ended(call.Sid(fmt.Sprint("A", from+i)), "completed")
			}
			synctest.Wait()
		}
		flood(0, 150)
		m.Close()
		m.start() // they count after a restart
		flood(1000, 100)
		if len(m.sent) != 200 {
			t.Errorf("%d texts were sent, want 200", len(m.sent))
		}
		m.sent = nil
		time.Sleep(24 * time.Hour)
		flood(2000, 1)
		if len(m.sent) != 1 {
			t.Errorf("a day later %d texts were sent, want 1", len(m.sent))
		}
	})
}

func TestStopAndStartInTurnLeaveNoEndlessRecord(t *testing.T) {
	miss(t, func(m *missing) {
		facts := func() int {
			synctest.Wait()
			m.journal.mu.Lock()
			defer m.journal.mu.Unlock()
			n := 0
			for _, f := range m.journal.facts {
				if f.Kind == call.OptedOut {
					n++
				}
			}
			return n
		}
		for range 600 { // an hour
			m.OptOut(ana, true)
			time.Sleep(3 * time.Second)
			m.OptOut(ana, false)
			time.Sleep(3 * time.Second)
		}
		if n := facts(); n > 62 {
			t.Errorf("%d facts in an hour, want about one a minute", n)
		}
		// Whatever came before: STOP counts at once, and START after a while.
		m.OptOut(ana, true)
		m.waits("A", ana)
		m.givesUp("A")
		m.got("STOP")
		m.OptOut(ana, false)
		m.waits("B", ana)
		m.givesUp("B")
		m.got("START", ana)
	})
}
