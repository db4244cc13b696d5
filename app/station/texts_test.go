package station_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/station"
)

// texter is a carrier of texts to which one number has replied STOP.
type texter struct {
	mu      sync.Mutex
	sent    []string
	refuses string
}

func (t *texter) Text(_ context.Context, from, to, _ string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sent = append(t.sent, from+">"+to)
	if to == t.refuses {
		return fmt.Errorf("%w: 21610", call.ErrOptedOut)
	}
	return nil
}

// texting performs a test in an open show that sends texts and has nobody in it.
func texting(t *testing.T, test func(t *testing.T, s *show, texts *texter)) {
	synctest.Test(t, func(t *testing.T) {
		texts := &texter{}
		s := &show{t: t, twilio: &twilio{gone: map[call.Sid]bool{}}, journal: &memory{}, texts: texts}
		s.start()
		defer func() { s.Close() }() // also after a restart
		if err := s.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		test(t, s, texts)
	})
}

// own is the number that listeners call.
const own = "+12015550190"

// djs is the number of the telephone with which the DJ dials in.
const djs = "+12015550192"

func TestWhoWasMissedIsSentATextOnceADayUnlessTheyWantNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		texts := &texter{refuses: "+12015550105"}
		journal := &memory{}
		var s station.Seat
		start := func() {
			st, err := station.New(t.Context(), station.Options{
				Studios: []picture.Studio{{Number: own, Show: picture.Show{Name: "Test"}}}, Texts: texts, SorryAfter: time.Minute,
				Journal: journal, Carrier: &twilio{gone: map[call.Sid]bool{}}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
			})
			if err != nil {
				t.Fatal(err)
			}
			s = st.Seat(whole, "")
			s.Start()
			synctest.Wait()
		}
		start()
		if err := s.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		calls := 0
		// ring lets a number wait and hang up.
		ring := func(number string, waits time.Duration) {
			calls++
			a := station.Arrival{Call: call.Sid(fmt.Sprint("CA", calls)), Number: number}
			s.Arrive(a)
			s.Waiting(a, call.OnAir)
			time.Sleep(waits)
			s.LeftQueue(a, "hangup")
			s.Ended(a.Call, "completed")
			synctest.Wait()
		}
		sent := func(what string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, texts.sent); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
			texts.sent = nil
		}
		ring("+12015550101", 59*time.Second)
		sent("a short wait")
		ring("+12015550101", 61*time.Second)
		ring("+12015550101", 61*time.Second)
		sent("two long waits", own+">+12015550101")
		ring("", 2*time.Minute)
		sent("a withheld number")
		s.Arrive(station.Arrival{Call: "F", Number: "+12015550102"})
		s.LeftQueue(station.Arrival{Call: "F", Number: "+12015550102"}, "queue-full")
		synctest.Wait()
		sent("a full queue", own+">+12015550102")

		s.OptOut("+12015550103", true)
		s.Close()
		start()
		ring("+12015550103", 2*time.Minute)
		ring("+12015550101", 2*time.Minute)
		sent("after a restart, one who replied STOP and one who had a text")
		s.OptOut("+12015550103", false)
		ring("+12015550103", 2*time.Minute)
		sent("after START", own+">+12015550103")

		ring("+12015550105", 2*time.Minute)
		time.Sleep(25 * time.Hour)
		sent("one whom Twilio knows to want none", own+">+12015550105")
		ring("+12015550105", 2*time.Minute)
		ring("+12015550101", 2*time.Minute)
		sent("a day later", own+">+12015550101")
		if err := s.CloseShow(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.Close()
	})
}

// Nothing is remembered of who was forgotten, the last text included.
func TestWhoWasForgottenIsANewCaller(t *testing.T) {
	texting(t, func(t *testing.T, s *show, texts *texter) {
		for _, sid := range []call.Sid{"A", "B"} {
			a := station.Arrival{Call: sid, Number: "+15550100101"}
			s.Arrive(a)
			s.Waiting(a, call.OnAir)
			time.Sleep(time.Hour)
			s.Ended(sid, "completed")
			synctest.Wait()
			if err := s.Forget(t.Context(), a.Number, func(context.Context, string) ([]call.SavedFile, error) { return nil, nil }); err != nil {
				t.Fatal(err)
			}
		}
		if len(texts.sent) != 2 {
			t.Errorf("texts that were sent: %v", texts.sent)
		}
	})
}
