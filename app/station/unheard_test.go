package station_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/station"
)

// pages are the pages of phones as Twilio reaches them.
type pages struct {
	show    *show
	mu      sync.Mutex
	answers bool
	carries bool
	err     error
	asked   []call.Sid
}

func (p *pages) Listen(context.Context, call.Sid) error { return nil }

func (p *pages) AskPage(_ context.Context, leg call.Sid) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, leg)
	if p.answers {
		go p.show.PageSays(leg, p.carries)
	}
	return p.err
}

func (p *pages) now(answers, carries bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers, p.carries, p.err = answers, carries, err
}

// watched are A to C talking on three lanes, at a desk whose page is open and reached
// through Twilio too. closed ends its feed.
func watched(t *testing.T, lanes int, test func(t *testing.T, s laned, at *pages, closed func())) {
	p := &pages{answers: true, carries: true}
	onLanesOf(t, lanes, func(s *show) { s.pages, p.show = p, s }, func(t *testing.T, s laned) {
		closed := s.Opened("")
		for n, sid := range []call.Sid{"A", "B", "C"} {
			s.take(sid, min(n+1, lanes))
		}
		s.after(time.Minute)
		test(t, s, p, closed)
	})
}

func (s laned) after(d time.Duration) []string {
	time.Sleep(d)
	synctest.Wait()
	return s.twilio.told()
}

// all are that everybody is held and the phones, which Twilio still has, are ended.
var all = []string{"A held", "B held", "C held", "end DESK1", "end DESK2", "end DESK3"}

// onTheirLanes are A to C on three lanes as Twilio lists them, each with the desk's phone.
func (s laned) onTheirLanes() map[call.Sid]call.Whereabouts {
	where := map[call.Sid]call.Whereabouts{}
	for n, sid := range []call.Sid{"A", "B", "C"} {
		at := call.Whereabouts{Line: lane(n + 1), Conference: "CF" + lane(n+1)}
		where[sid] = at
		at.Desk = true
		where[deskLeg(n+1)] = at
	}
	return where
}

func (t *twilio) lists(where map[call.Sid]call.Whereabouts) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.where = where
}

func (s laned) isCutOff() bool {
	desks := s.Picture().Desks
	return desks[0].CutOff
}

// A page that died without a word leaves phones that Twilio keeps: after two seconds
// everybody is held.
func TestASilentDeskHoldsItsCallers(t *testing.T) {
	watched(t, 3, func(t *testing.T, s laned, at *pages, closed func()) {
		at.now(false, false, nil)
		closed()
		if told := s.after(1999 * time.Millisecond); len(told) > 0 {
			t.Errorf("before it can be known Twilio is told %v", told)
		}
		if told := s.after(time.Millisecond); !slices.Equal(told, all) {
			t.Errorf("Twilio is told %v", told)
		}
		s.twilio.lists(s.onTheirLanes()) // Twilio has not ended the phones: they are none all the same
		if told := s.after(time.Minute); !slices.Contains(told, "end DESK1") || s.Picture().Lines[0].Phone {
			t.Errorf("while Twilio has the phones it is told %v", told)
		}
	})
	watched(t, 3, func(t *testing.T, s laned, at *pages, closed func()) { // Twilio has no page to give it to
		at.now(false, false, call.ErrGone)
		closed()
		if told := s.after(2 * time.Second); !slices.Equal(told, all) {
			t.Errorf("of a page that Twilio does not reach it is told %v", told)
		}
	})
}

// One that comes back in time, or answers through Twilio, holds nobody, and that it is cut
// off is told. When its phone falls silent later, everybody is held then.
func TestADeskThatIsCutOffHoldsNobody(t *testing.T) {
	watched(t, 3, func(t *testing.T, s laned, at *pages, closed func()) {
		at.now(false, false, nil)
		for range 3 {
			closed()
			time.Sleep(1900 * time.Millisecond)
			closed = s.Opened("")
		}
		if told := s.after(time.Minute); len(told) > 0 || s.isCutOff() {
			t.Errorf("of a feed that broke for a moment Twilio is told %v", told)
		}

		at.now(true, true, nil)
		closed()
		if told := s.after(time.Minute); len(told) > 0 || !s.isCutOff() {
			t.Errorf("of one whose phone carries sound Twilio is told %v; cut off: %t", told, s.isCutOff())
		}
		closed = s.Opened("")
		if s.isCutOff() {
			t.Error("it is back and said to be cut off")
		}
		closed()
		time.Sleep(3 * time.Second)
		at.now(true, false, nil) // the page answers, but no sound passes
		if told := s.after(6 * time.Second); !slices.Equal(told, all) {
			t.Errorf("when the sound has ended too Twilio is told %v", told)
		}
	})
}

// Where the page could not be asked, could not answer, or never has, only Twilio knows.
func TestSilenceOfAPageThatIsNotReachedSaysNothing(t *testing.T) {
	nothing := func(what string) func(*testing.T, laned, *pages, func()) {
		return func(t *testing.T, s laned, at *pages, closed func()) {
			at.now(false, false, nil)
			switch what {
			case "Twilio is not reached":
				at.now(false, false, errors.New("down"))
			case "the way in is lost":
				s.SetWayIn(&call.Error{Code: call.CodeWayIn, Message: "Nobody answers."})
			}
			closed()
			if told := s.after(time.Minute); len(told) > 0 || s.isCutOff() {
				t.Errorf("%s: Twilio is told %v", what, told)
			}
		}
	}
	watched(t, 3, nothing("Twilio is not reached"))
	watched(t, 3, nothing("the way in is lost"))
	p := &pages{}
	onLanesOf(t, 3, func(s *show) { s.pages, p.show = p, s }, func(t *testing.T, s laned) {
		closed := s.Opened("")
		s.take("A", 1)
		s.after(time.Minute)
		nothing("it never answered")(t, s, p, closed)
	})
}

// One lane is as before, and its page is asked nothing.
func TestOneLaneAsksNoPage(t *testing.T) {
	watched(t, 1, func(t *testing.T, s laned, at *pages, closed func()) {
		at.now(false, false, nil)
		closed()
		if told := s.after(time.Minute); len(told) > 0 || len(at.asked) > 0 {
			t.Errorf("Twilio is told %v, and asked of %v", told, at.asked)
		}
	})
}

// A station that starts again hears of its desk's page through Twilio before the page is back.
func TestAStationThatStartsAgainHearsOfItsDesk(t *testing.T) {
	watched(t, 3, func(t *testing.T, s laned, at *pages, closed func()) {
		s.twilio.lists(s.onTheirLanes())
		s.Close()
		s.start()
		s.twilio.told()
		if told := s.after(20 * time.Second); len(told) > 0 || !s.isCutOff() {
			t.Errorf("Twilio is told %v; cut off: %t", told, s.isCutOff())
		}
		at.now(false, false, nil)
		if told := s.after(7 * time.Second); !slices.Equal(told, all) {
			t.Errorf("of a desk that died since Twilio is told %v", told)
		}
	})
}

var _ station.Pages = (*pages)(nil)
