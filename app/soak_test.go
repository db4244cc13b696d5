//go:build soak

package app_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
)

// atOnce is how many callers are on the telephone at most: Twilio's default
// queue holds 100, and a busy show never has so many.
const atOnce = 40

// TestSoak holds a busy show for as many minutes as CALLIN_SOAK says, while
// REST and callbacks go wrong from time to time, and judges whether memory,
// threads, open files, goroutines or the journal grow with the time or the
// callers rather than with who is on the telephone. CALLIN names the program.
func TestSoak(t *testing.T) {
	minutes, err := strconv.ParseFloat(os.Getenv("CALLIN_SOAK"), 64)
	if err != nil || minutes <= 0 {
		t.Fatal("CALLIN_SOAK is a number of minutes")
	}
	out := filepath.Join("..", "build", "out", "soak")

	// What a show comes down to when its callers have gone, after a few of them.
	calm := newSoak(t)
	calm.run(20*time.Second, nil)
	calm.empty()
	stationCalm, twilioCalm := calm.s.goroutines(out + "-calm")

	busy := newSoak(t)
	c := &curves{interval: 5 * time.Second, path: out}
	busy.run(time.Duration(minutes*float64(time.Minute)), c)
	busy.empty()
	stationAfter, twilioAfter := busy.s.goroutines(out)

	for _, done := range busy.tally.lines() {
		fmt.Println(done)
	}
	for _, v := range append(c.verdicts(), held("station goroutines", stationCalm, stationAfter), held("rehearsal goroutines", twilioCalm, twilioAfter)) {
		fmt.Println(v)
		if !v.ok {
			t.Fail()
		}
	}
}

// soak is a show and those who keep it busy.
type soak struct {
	t     *testing.T
	s     *site
	tally tally
	dice  func() *rand.Rand // a seeded one for each who asks
}

// newSoak opens a show with the desk's telephone on its line.
func newSoak(t *testing.T) *soak {
	s := (&site{t: t, data: t.TempDir(), park: "3", program: os.Getenv("CALLIN")}).build()
	s.start()
	s.until("the show is open", func(p picture.Picture) bool { return p.Studios[0].Show.State == call.ShowOpen })
	s.desk()
	seed := uint64(0)
	return &soak{t: t, s: s, tally: tally{done: map[string]int{}, refused: map[string]int{}}, dice: func() *rand.Rand {
		seed++
		return rand.New(rand.NewPCG(seed, 0))
	}}
}

// run keeps the show busy. With curves, it samples, and things go wrong.
func (k *soak) run(lasts time.Duration, c *curves) {
	ctx, stop := context.WithTimeout(k.t.Context(), lasts)
	defer stop()
	var busy sync.WaitGroup
	defer busy.Wait()
	often := func(every time.Duration, dice *rand.Rand, do func(*rand.Rand)) {
		busy.Go(func() {
			for pause(ctx, time.Duration(dice.Int64N(int64(2*every)))) {
				do(dice)
			}
		})
	}
	often(500*time.Millisecond, k.dice(), func(d *rand.Rand) { k.ring(ctx, d) })
	often(3*time.Second, k.dice(), func(d *rand.Rand) { k.hangUp(ctx, d) })
	often(time.Second, k.dice(), k.press)
	busy.Go(func() { k.watch(ctx) })
	if c == nil {
		<-ctx.Done()
		return
	}
	often(10*time.Second, k.dice(), func(d *rand.Rand) { k.goWrong(ctx, d) })
	for began := time.Now(); pause(ctx, c.interval); {
		// Written each time: a run that is broken off has its curves too.
		if err := errors.Join(c.sample(k.s, time.Since(began), k.tally.of("ring")), c.write()); err != nil {
			k.t.Error(err)
			return
		}
	}
}

// pause reports whether ctx goes on after it.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// ring rings in a caller of some patience; every fourth speaks.
func (k *soak) ring(ctx context.Context, dice *rand.Rand) {
	legs, err := k.s.stage.Legs(ctx)
	if err != nil || len(legs) > atOnce {
		return
	}
	who := stage.Casting{Voice: "none", PatienceSeconds: 5 + 45*dice.Float64()}
	if dice.IntN(4) == 0 {
		who.Voice, who.Tone = "", 500+100*float64(dice.IntN(20))
	}
	_, err = k.s.stage.Ring(ctx, who)
	k.tally.count("ring", err)
}

// hangUp lets any caller hang up, wherever they are.
func (k *soak) hangUp(ctx context.Context, dice *rand.Rand) {
	legs, err := k.s.stage.Legs(ctx)
	if err != nil || len(legs) == 0 {
		return
	}
	if l := legs[dice.IntN(len(legs))]; l.CallSid != k.s.leg {
		k.tally.count("hang up", k.s.stage.HangUp(ctx, l.CallSid))
	}
}

// press is the desk's next press, as the picture allows it. What is refused,
// as when the caller has just gone, is part of a show.
func (k *soak) press(dice *rand.Rand) {
	p, err := k.s.look()
	if err != nil {
		k.tally.count("picture", err)
		return
	}
	on := func(op string, fits func(picture.Card) bool, more map[string]any) {
		for _, i := range dice.Perm(len(p.Cards)) {
			if c := p.Cards[i]; c.Move == nil && fits(c) {
				body := map[string]any{"call": c.Call}
				for name, value := range more {
					body[name] = value
				}
				k.tally.count(op, k.s.ask(op, body))
				return
			}
		}
	}
	line := func(s call.State) func(picture.Card) bool {
		return func(c picture.Card) bool { return c.Place.Kind == call.Line && c.Place.State == s }
	}
	in := func(kind call.Kind) func(picture.Card) bool {
		return func(c picture.Card) bool { return c.Place.Kind == kind }
	}
	switch dice.IntN(8) {
	case 0, 1:
		if p.Studios[0].Next != "" {
			k.tally.count("next", k.s.ask("next", map[string]any{"expect": p.Studios[0].Next}))
		}
	case 2:
		on("drop", line(call.Talking), nil)
	case 3:
		on("drop", in(call.Queue), nil)
	case 4:
		on("undo", in(call.Park), nil)
	case 5:
		on("hold", line(call.Talking), nil)
	case 6:
		if dice.IntN(2) == 0 {
			on("resume", line(call.Held), nil)
		} else {
			on("drop", line(call.Held), nil)
		}
	case 7:
		on("note", in(call.Queue), map[string]any{"name": fmt.Sprint("Caller ", dice.IntN(100)), "topic": fmt.Sprint("topic ", dice.Int())})
	}
}

// watch is a page that is open all the time; it comes back when the client's
// time is over, as one does after a break.
func (k *soak) watch(ctx context.Context) {
	for pause(ctx, time.Second) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, k.s.at+"/api/feed", nil)
		if err != nil {
			k.t.Error(err)
			return
		}
		if feed, err := k.s.browser.Do(r); err == nil {
			_, _ = io.Copy(io.Discard, feed.Body)
			feed.Body.Close()
		}
	}
}

// goWrong puts one fault in place of the last: two times in three nothing,
// or else something of REST for a few requests or of callbacks for a few seconds.
func (k *soak) goWrong(ctx context.Context, dice *rand.Rand) {
	var f stage.Faults
	kinds := []string{"busy", "error", "html", "down", "withheld", "slow", "callbacks"}
	switch kind := kinds[dice.IntN(len(kinds))]; {
	case dice.IntN(3) > 0:
	case kind == "callbacks":
		f.Callbacks = stage.CallbackFaults{Seed: dice.Uint64(), Lost: 0.2, Doubled: 0.2, Late: 0.4, LateSeconds: 3, ForSeconds: 10}
	default:
		f.REST = []stage.RESTFault{{Kind: kind, Count: 1 + dice.IntN(10), ForSeconds: 10, Seconds: 4 * dice.Float64()}}
	}
	err := k.s.stage.PutFaults(ctx, f)
	if f.REST != nil || f.Callbacks.Lost > 0 {
		k.tally.count("fault", err)
	}
}

// empty puts everything right, lets everybody hang up, and waits until the
// picture is Twilio's with nobody in it but the desk.
func (k *soak) empty() {
	k.t.Helper()
	if err := k.s.stage.PutFaults(k.t.Context(), stage.Faults{}); err != nil {
		k.t.Fatal(err)
	}
	for _, l := range k.s.legs() {
		if l.CallSid == k.s.leg {
			continue
		}
		var gone *stage.Error
		if err := k.s.stage.HangUp(k.t.Context(), l.CallSid); err != nil && !errors.As(err, &gone) {
			k.t.Fatal(err)
		}
	}
	late := time.Now().Add(2 * time.Minute) // a lost callback is made good by comparing, twice a minute
	for ; ; time.Sleep(time.Second) {
		p := k.s.picture()
		if wrong := differs(p, k.s.legs(), k.s.leg, k.s.id); len(p.Cards) == 0 && wrong == "" {
			break
		} else if time.Now().After(late) {
			k.t.Fatalf("two minutes after everybody hung up: %s: %+v", wrong, p)
		}
	}
}
