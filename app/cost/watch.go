package cost

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"sync"
	"time"

	"callin/app/call"
	"callin/app/picture"
)

const (
	// every is how often what a show comes to is reckoned anew: no oftener than eyes
	// need it, as nobody decides by it within seconds.
	every = 5 * time.Second
	// fresh is how old a reading may be while a show is open, and again how soon one
	// that failed is tried anew.
	fresh, again = time.Hour, 10 * time.Minute
	// asked is how old it may be where a person looks at it.
	asked = 5 * time.Minute
	// patience is how long a reading may take.
	patience = 30 * time.Second
	// young is how old a show may be of which Twilio has told nothing yet, or little.
	young = 5 * time.Minute
)

// Options are what a Watch is made of.
type Options struct {
	// Free is whether nothing costs anything: it is a rehearsal.
	Free    bool
	Studios []picture.Studio
	// Read asks Twilio for the prices of calls to numbers (E.164), and for the month.
	Read func(ctx context.Context, numbers []string) (Reading, error)
	// Now is the station's clock, in milliseconds since 1970.
	Now func() int64
	// Tell is told what has changed, and Warn what a person is to know.
	Tell func(picture.Costs)
	Warn func(message string)
	// Limit is what is kept of one; Fixed is whether settings have it, and Keep keeps
	// another one: it is on the disk when it returns.
	Limit float64
	Fixed bool
	Keep  func(limit float64) error
	Log   *slog.Logger
}

// Watch knows what the station's shows come to. Its methods may be called at the same
// time.
type Watch struct {
	Options
	reading chan struct{} // held by who asks Twilio
	setting sync.Mutex    // held by who sets the limit, which waits for the disk
	telling sync.Mutex    // held by who tells, so that the latest is told last
	mu      sync.Mutex
	state
}

// state is what mu guards.
type state struct {
	meter  *Meter
	prices Prices
	month  month
	// quiet is whether no show was open since the last reading, and due whether one has
	// opened since.
	quiet, due bool
	balance    *float64
	trouble    string
	tried      time.Time // when Twilio was last asked
	limit      float64   // 0 for none
	warned     int       // the percentage of it that was warned of
	told       picture.Costs
}

// New makes a Watch, which Run sets to work.
func New(o Options) *Watch {
	return &Watch{Options: o, reading: make(chan struct{}, 1), state: state{meter: NewMeter(), quiet: true, limit: o.Limit}}
}

// Happened takes in a fact that is on the disk.
func (w *Watch) Happened(f call.Fact) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.meter.Apply(f)
	if f.Kind == call.ShowSet && call.ShowState(f.Code) == call.ShowOpening {
		w.due = true
	}
}

// Started tells that the facts so far are a journal's, and that the next ones are new.
func (w *Watch) Started() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.meter.Started()
}

// Run reckons until ctx ends. Twilio is asked when a show has opened and every hour of
// it, when the month turns in it, and not while there is none.
func (w *Watch) Run(ctx context.Context) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if w.isDue() {
			w.read(ctx)
		}
		w.look()
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (w *Watch) isDue() bool {
	now := w.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	open := w.meter.AnyOpen()
	if !open {
		w.quiet = true
	}
	age := time.Since(w.tried)
	switch {
	case w.Free || !open:
		return false
	case w.trouble != "":
		return age >= again
	}
	return w.due || age >= fresh || w.month.is != monthOf(now)
}

// Read asks Twilio anew for somebody who looks, unless that was done just now. Why it
// did not succeed is told with the costs.
func (w *Watch) Read(ctx context.Context) error {
	w.mu.Lock()
	old := w.trouble != "" || time.Since(w.tried) >= asked
	w.mu.Unlock()
	if !w.Free && old {
		// What it tells is everybody's, also when who looked has gone.
		w.read(context.WithoutCancel(ctx))
		w.look()
	}
	return ctx.Err()
}

// lastTried is when Twilio was last asked.
func (w *Watch) lastTried() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.tried
}

func (w *Watch) read(ctx context.Context) {
	before := w.lastTried()
	select {
	case w.reading <- struct{}{}:
		defer func() { <-w.reading }()
	case <-ctx.Done():
		return
	}
	if w.lastTried() != before { // somebody else has asked meanwhile
		return
	}
	ctx, done := context.WithTimeout(ctx, patience)
	defer done()
	got, err := w.Options.Read(ctx, studioNumbers(w.Studios))
	if err != nil && !errors.Is(err, context.Canceled) {
		w.Log.Warn("what minutes cost is not known", "error", err)
	}
	now := w.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tried = time.Now()
	if err != nil {
		w.trouble = "Twilio did not tell what minutes cost. The show goes on; Callin asks again."
		return
	}
	w.trouble, w.due = "", false
	reckoned, minutes := w.reckoned(now), w.meter.Ever(now)
	if w.quiet {
		for of, opened := range w.meter.open {
			if now-opened >= young.Milliseconds() { // Callin was started in its midst
				continue
			}
			for part, n := range w.meter.Show(of, now) {
				minutes[part] -= n
			}
		}
	}
	w.prices = w.prices.and(got.Prices)
	w.month.read(monthOf(now), got.Month, now, reckoned, minutes, w.quiet)
	w.quiet, w.balance = !w.meter.AnyOpen(), got.Balance
}

// reckoned is what the month comes to; mu is held.
func (w *Watch) reckoned(now int64) float64 {
	return w.month.base + w.prices.sum(w.Studios, w.month.since(w.meter.Ever(now)))
}

// SetLimit sets what the station means to spend in a month, as a person wrote it.
func (w *Watch) SetLimit(text string) error {
	if w.Fixed {
		return &call.Error{Code: call.CodeBadField, Field: "limit", Message: "The limit is set in the settings (cost_limit). Change it there and start Callin again."}
	}
	limit, err := ParseLimit(text)
	if err != nil {
		return err
	}
	w.setting.Lock()
	defer w.setting.Unlock()
	if err := w.Keep(limit); err != nil {
		w.Log.Warn("the limit is not kept", "error", err)
		return &call.Error{Code: call.CodeNotSaved, Message: "The limit could not be written to the disk, and is as it was. See that the disk has room."}
	}
	w.mu.Lock()
	w.limit, w.warned = limit, 0
	w.mu.Unlock()
	w.look()
	return nil
}

// look reckons anew, tells what has changed, and warns once of each bound that is passed.
func (w *Watch) look() {
	w.telling.Lock()
	defer w.telling.Unlock()
	now := w.Now()
	w.mu.Lock()
	costs := w.costs(now)
	changed := !reflect.DeepEqual(costs, w.told)
	w.told = costs
	warning := w.warning(costs)
	w.mu.Unlock()
	if changed {
		w.Tell(costs)
	}
	if warning != "" {
		w.Warn(warning)
	}
}

func (w *Watch) costs(now int64) picture.Costs {
	c := picture.Costs{
		Free: w.Free, Currency: w.prices.Currency, Shows: []picture.ShowCost{},
		Limit: w.limit, LimitFixed: w.Fixed, Balance: w.balance, Trouble: w.trouble,
	}
	for _, in := range w.Studios {
		c.Shows = append(c.Shows, w.prices.show(in, w.meter.Show(in.ID, now)))
	}
	if w.month.is == monthOf(now) {
		c.Month = &picture.MonthCost{Total: w.month.total, At: w.month.at, SoFar: w.reckoned(now)}
	}
	return c
}

// bounds are the percentages of the limit that are warned of.
var bounds = []int{80, 100}

// warning is what a person is to know of the limit now; empty for nothing new.
func (w *Watch) warning(c picture.Costs) string {
	if c.Limit == 0 || c.Month == nil {
		w.warned = 0
		return ""
	}
	passed := 0
	for _, bound := range bounds {
		if c.Month.SoFar*100 >= c.Limit*float64(bound) {
			passed = bound
		}
	}
	before := w.warned
	w.warned = passed
	if passed <= before {
		return ""
	}
	comes := fmt.Sprintf("about %.2f of %.2f %s", c.Month.SoFar, c.Limit, c.Currency)
	if passed == 100 {
		return "This month's limit is passed: " + comes + ". The show goes on."
	}
	return "80 % of this month's limit is used: " + comes + "."
}
