package cost

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/picture"
)

// world is a watch with what it asks and whom it tells. Its studio is called at +1.
type world struct {
	*Watch
	mu sync.Mutex
	twilio
	seen
	full bool // the disk
	// ahead is how far the station's clock is ahead of the test's.
	ahead time.Duration
}

// twilio is what Twilio answers, and seen is what was asked and told.
type twilio struct {
	answer Reading
	err    error
}

type seen struct {
	asked  int
	told   picture.Costs
	warned []string
	kept   []float64
}

func (w *world) saw() seen {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seen
}

func (w *world) let(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

func price(p float64) *float64 { return &p }

func run(t *testing.T, f func(t *testing.T, w *world)) { runAs(t, false, f) }

// runAs is run, of a rehearsal or not.
func runAs(t *testing.T, free bool, f func(t *testing.T, w *world)) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{twilio: twilio{answer: Reading{Month: 40, Prices: Prices{Currency: "USD", Numbers: map[string]float64{"+1": 0.5}, Line: price(0.1)}}}}
		w.Watch = New(Options{
			Free: free, Studios: []picture.Studio{{Number: "+1"}},
			Read: func(context.Context, []string) (Reading, error) {
				w.mu.Lock()
				defer w.mu.Unlock()
				w.asked++
				return w.answer, w.err
			},
			Now: func() int64 {
				w.mu.Lock()
				defer w.mu.Unlock()
				return time.Now().Add(w.ahead).UnixMilli()
			},
			Tell: func(c picture.Costs) { w.let(func() { w.told = c }) },
			Warn: func(message string) { w.let(func() { w.warned = append(w.warned, message) }) },
			Keep: func(limit float64) error {
				w.mu.Lock()
				defer w.mu.Unlock()
				if w.full {
					return errors.New("no space left")
				}
				w.kept = append(w.kept, limit)
				return nil
			},
			Log: slog.New(slog.DiscardHandler),
		})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); w.Run(ctx) }()
		f(t, w)
		stop()
		<-done
	})
}

func (w *world) happens(facts ...call.Fact) {
	for _, f := range facts {
		f.At = time.Now().UnixMilli()
		w.Happened(f)
	}
	pass(every)
}

// pass lets time pass.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (w *world) shows(t *testing.T, sum, soFar float64) {
	t.Helper()
	if w.saw().told.Month == nil || math.Abs(w.saw().told.Shows[0].Sum-sum) > 1e-9 || math.Abs(w.saw().told.Month.SoFar-soFar) > 1e-9 {
		t.Errorf("it shows %+v, month %+v; want %v and %v", w.saw().told.Shows, w.saw().told.Month, sum, soFar)
	}
}

var (
	opening = call.ShowIs(call.ShowOpening, nil)
	closed  = call.ShowIs(call.ShowClosed, nil)
)

// Twilio is asked when a show has opened and every hour of it; never while there is none.
func TestTwilioIsAskedWhenAShowOpensAndEveryHourOfIt(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		pass(24 * time.Hour)
		if w.saw().asked != 0 {
			t.Errorf("asked %d times without a show", w.saw().asked)
		}
		w.happens(opening)
		if w.saw().asked != 1 {
			t.Errorf("asked %d times as a show opened", w.saw().asked)
		}
		pass(3*time.Hour + time.Minute)
		if w.saw().asked != 4 {
			t.Errorf("asked %d times in three hours", w.saw().asked-1)
		}
		w.happens(closed)
		pass(24 * time.Hour)
		if w.saw().asked != 4 {
			t.Errorf("asked %d times after the show", w.saw().asked-4)
		}
		for range 3 { // a person looks, and looks again
			if err := w.Read(t.Context()); err != nil {
				t.Error(err)
			}
		}
		if w.saw().asked != 5 {
			t.Errorf("asked %d times for who looked", w.saw().asked-4)
		}
	})
}

// What Twilio does not tell leaves what it told before, and is said.
func TestATwilioThatDoesNotTell(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.happens(opening, call.Fact{Kind: call.Arrived, Call: "CA1"})
		w.let(func() { w.err = errors.New("gone") })
		pass(fresh)
		if w.saw().told.Trouble == "" || w.saw().told.Shows[0].Sum == 0 || w.saw().told.Month == nil {
			t.Errorf("it says %+v", w.saw().told)
		}
		asked := w.saw().asked
		w.let(func() { w.err = nil })
		pass(again - 3*every)
		if n := w.saw().asked - asked; n != 0 {
			t.Errorf("asked %d times within %v", n, again)
		}
		pass(4 * every)
		if w.saw().asked != asked+1 || w.saw().told.Trouble != "" {
			t.Errorf("asked %d times more, and it says %q", w.saw().asked-asked, w.saw().told.Trouble)
		}
	})
}

// A rehearsal has nothing to ask, whoever looks; its minutes are counted.
func TestARehearsalCostsNothing(t *testing.T) {
	runAs(t, true, func(t *testing.T, w *world) {
		w.happens(opening, call.Fact{Kind: call.Arrived, Call: "CA1"})
		if err := w.Read(t.Context()); err != nil {
			t.Error(err)
		}
		pass(2 * fresh)
		saw := w.saw()
		if saw.asked != 0 || !saw.told.Free || saw.told.Month != nil || saw.told.Shows[0].Parts[0].Minutes != 121 {
			t.Errorf("asked %d times, and it shows %+v", saw.asked, saw.told)
		}
	})
}

// While Twilio takes its time, facts are taken in.
func TestNothingWaitsForTwilio(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.Options.Read = func(ctx context.Context, _ []string) (Reading, error) {
			<-ctx.Done()
			return Reading{}, ctx.Err()
		}
		w.happens(opening) // it is being asked now
		before := time.Now()
		w.Happened(call.Fact{Kind: call.Arrived, Call: "CA1", At: before.UnixMilli()})
		if took := time.Since(before); took > 0 {
			t.Errorf("a fact waited for %v", took)
		}
		pass(patience)
		if w.saw().told.Trouble == "" {
			t.Error("it is not said that Twilio did not tell")
		}
	})
}

// The month is what Twilio told before the show and what the show came to: what Twilio
// tells in its midst lacks some of that, and is not put on top of it.
func TestTheMonthWithTheShow(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.happens(opening, call.Fact{Kind: call.Arrived, Call: "CA1"})
		w.shows(t, 0.5, 40.5) // also of what was there before Twilio was asked
		pass(10*time.Minute - every)
		w.happens()
		w.shows(t, 5.5, 45.5)
		w.let(func() { w.answer.Month = 41 })
		pass(time.Hour - 10*time.Minute)
		w.happens()
		w.shows(t, 30.5, 70.5)
		w.let(func() { w.answer.Month = 150 }) // texts, say
		pass(time.Hour - 2*every)
		w.happens()
		w.shows(t, 60.5, 150.5)
		w.happens(call.EndedAs("CA1", "completed"), closed)
		w.let(func() { w.answer.Month = 89 }) // it is Twilio who knows
		w.happens(opening)
		w.shows(t, 0, 89)
	})
}

// Callin is started in the midst of a show, of which Twilio has told most already.
func TestTheMonthOfAShowThatWasOpenBefore(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		before := time.Now().Add(-time.Hour).UnixMilli()
		for _, f := range []call.Fact{opening, {Kind: call.Arrived, Call: "CA1"}, call.EndedAs("CA1", "completed")} {
			f.At = before
			w.Happened(f)
		}
		w.Started()
		pass(every)
		w.shows(t, 0.5, 40)
		w.happens(call.Fact{Kind: call.Arrived, Call: "CA2"})
		w.shows(t, 1, 40.5)
	})
}

// Of a month that is over nothing is shown as this one's. The next is asked for as soon as
// it begins in a show.
func TestTheMonthTurns(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		const day = 24 * time.Hour
		w.let(func() { w.ahead = 31*day - time.Hour }) // an hour of January is left
		if err := w.SetLimit("40"); err != nil {
			t.Error(err)
		}
		w.happens(opening)
		w.happens(closed)
		if w.saw().told.Month == nil || len(w.saw().warned) != 1 {
			t.Fatalf("in its month: %+v, warned %q", w.saw().told.Month, w.saw().warned)
		}
		pass(time.Hour)
		if w.saw().told.Month != nil {
			t.Errorf("in the next one: %+v", w.saw().told.Month)
		}
		w.happens(opening)
		if n := len(w.saw().warned); n != 2 {
			t.Errorf("warned %d times of two months", n)
		}
		w.let(func() { w.ahead += 29*day - 30*time.Minute }) // half an hour of February is left
		pass(every)
		asked := w.saw().asked
		w.let(func() { w.answer.Month = 0 })
		pass(30 * time.Minute)
		if w.saw().asked != asked+1 {
			t.Errorf("asked %d times as the month turned", w.saw().asked-asked)
		}
		w.shows(t, 0, 0)
	})
}

// Several people look at once, and one of them leaves: Twilio is asked once, for all.
func TestPeopleWhoLookAtOnce(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.happens(opening)
		pass(asked)
		n := 0
		w.Options.Read = func(ctx context.Context, _ []string) (Reading, error) {
			n++
			select {
			case <-ctx.Done():
				return Reading{}, ctx.Err()
			case <-time.After(2 * time.Second):
				return w.answer, nil
			}
		}
		left, leave := context.WithTimeout(t.Context(), time.Second)
		defer leave()
		for _, ctx := range []context.Context{left, t.Context(), t.Context()} {
			go func() { _ = w.Read(ctx) }()
			synctest.Wait()
		}
		pass(time.Minute)
		if n != 1 || w.saw().told.Trouble != "" {
			t.Errorf("asked %d times, and it says %q", n, w.saw().told.Trouble)
		}
	})
}

// What has no price yet is no part of a sum, and the sum says so. A price that was told
// once holds when a new month tells none.
func TestAPriceThatIsNotKnown(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.happens(opening, call.Fact{Kind: call.Dialled, Call: "CA9", Line: call.AirLine}, call.Fact{Kind: call.Arrived, Call: "CA1"})
		if show := w.saw().told.Shows[0]; show.Known || show.Sum != 0.5 {
			t.Errorf("without a price of desks' phones: %+v", show)
		}
		w.let(func() { w.answer.Desk = price(0.25) })
		pass(fresh)
		w.let(func() { w.answer = Reading{Prices: Prices{Numbers: map[string]float64{}}} })
		pass(fresh)
		if show := w.saw().told.Shows[0]; !show.Known || math.Abs(show.Sum-121*0.75) > 1e-9 {
			t.Errorf("with one that was told once: %+v", show)
		}
		if c := w.saw().told.Currency; c != "USD" {
			t.Errorf("in %q", c)
		}
		w.let(func() { w.answer = Reading{Prices: Prices{Currency: "EUR", Numbers: map[string]float64{}}} })
		pass(fresh)
		if show := w.saw().told.Shows[0]; show.Known || show.Sum != 0 {
			t.Errorf("in another currency: %+v", show)
		}
	})
}

func TestTheLimitIsWarnedOfOnce(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.happens(opening, call.Fact{Kind: call.Arrived, Call: "CA1"})
		says := func(want ...string) {
			t.Helper()
			pass(time.Minute)
			if len(w.saw().warned) != len(want) {
				t.Fatalf("it warned %q", w.saw().warned)
			}
			for i := range want {
				if !strings.Contains(w.saw().warned[i], want[i]) {
					t.Errorf("it said %q, not %q", w.saw().warned[i], want[i])
				}
			}
			w.let(func() { w.warned = nil })
		}
		set := func(limit string) {
			t.Helper()
			if err := w.SetLimit(limit); err != nil {
				t.Error(err)
			}
		}
		says()
		set("100")
		says()
		set("60") // 41 so far
		says()
		pass(14 * time.Minute)
		says("80 % of this month's limit is used: about 48.00 of 60.00 USD.")
		says()
		pass(22 * time.Minute)
		says("This month's limit is passed: ")
		says()
		set("30")
		says("This month's limit is passed: ")
		set("")
		says()
	})
}

// A limit that could not be written is not acknowledged, and the earlier one holds.
func TestALimitThatIsNotKept(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		if err := w.SetLimit("50"); err != nil || len(w.saw().kept) != 1 || w.saw().told.Limit != 50 {
			t.Errorf("%v, kept %v, shown %v", err, w.saw().kept, w.saw().told.Limit)
		}
		w.let(func() { w.full = true })
		if err := w.SetLimit("60"); err == nil || w.saw().told.Limit != 50 {
			t.Errorf("%v, shown %v", err, w.saw().told.Limit)
		}
	})
}

func TestAmountsAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]float64{"": 0, " 0 ": 0, "50": 50, "12.5": 12.5, "12,50": 12.5, "1000000": 1e6} {
		if got, err := ParseLimit(text); err != nil || got != want {
			t.Errorf("%q: %v %v", text, got, err)
		}
	}
	for _, text := range []string{"-5", "−5", "fifty", "50 USD", "$50", "1,000", "1.000,50", "1e3", "Inf", "NaN", "12.", ".5", "1000000.01", "٥"} {
		var refused *call.Error
		if got, err := ParseLimit(text); !errors.As(err, &refused) || refused.Field != "limit" || !strings.HasSuffix(refused.Message, ".") {
			t.Errorf("%q: %v %v", text, got, err)
		}
	}
}
