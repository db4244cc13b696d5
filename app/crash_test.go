package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
)

// back is how long after a start the picture must be Twilio's again.
const back = 5 * time.Second

// TestCrash kills Callin in a show, at a seeded random instant of a move, keeps
// it down for longer than a wait document lasts, and starts it again. CALLIN_SEED
// runs one seed alone; CALLIN_LONG runs 200 instead of 6, which are each of the
// phone's ways, with waits that end or go on where Twilio does not reach Callin.
func TestCrash(t *testing.T) {
	t.Parallel()
	first, count := uint64(1), uint64(6)
	if os.Getenv("CALLIN_LONG") != "" {
		count = 200
	}
	if seed, err := strconv.ParseUint(os.Getenv("CALLIN_SEED"), 10, 64); err == nil {
		first, count = seed, 1
	}
	for seed := first; seed < first+count && !t.Failed(); seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			ways := []string{"line", "telephone", "direct"}
			crash(t, rand.New(rand.NewPCG(seed, 0)), seed%2 == 0, ways[seed%3])
		})
	}
}

// crash is one of them. The DJ's phone is on its line, a telephone that dialled
// in, or a softphone in direct mode: by the last two it has taken a caller.
func crash(t *testing.T, dice *rand.Rand, endOnWaitFailure bool, way string) {
	s := newSite(t)
	s.start()
	s.until("the show is open", func(p picture.Picture) bool { return p.Studios[0].Show.State == call.ShowOpen })
	s.desk()
	callers := make([]call.Sid, 7)
	for i := range callers {
		callers[i] = s.ring()
	}
	s.until("all wait", func(p picture.Picture) bool {
		return !slices.ContainsFunc(callers, func(sid call.Sid) bool {
			c := card(p, sid)
			return c == nil || c.Place.Kind != call.Queue
		})
	})
	move := func(op string, sid call.Sid, kind call.Kind, state call.State) {
		s.do(op, map[string]any{"call": sid})
		s.until(op, func(p picture.Picture) bool {
			c := card(p, sid)
			return c != nil && c.Move == nil && c.Place.Kind == kind && c.Place.State == state
		})
	}
	move("take", callers[0], call.Line, call.Talking)
	move("deck", callers[1], call.Line, call.Deck)
	move("take", callers[2], call.Line, call.Talking)
	move("hold", callers[2], call.Line, call.Held)
	move("drop", callers[3], call.Park, "")
	s.do("order", map[string]any{"call": callers[6], "before": callers[5]})
	topic := fmt.Sprint("topic ", dice.Int())
	s.do("note", map[string]any{"call": callers[5], "topic": topic})
	if err := s.stage.Switch(t.Context(), stage.Switches{EndOnWaitFailure: endOnWaitFailure}); err != nil {
		t.Fatal(err)
	}

	moving := callers[4]
	ops := []string{"take", "drop", "deck"}
	if way != "line" {
		moving = s.takeFromQueue(way)
		ops = []string{"drop", "*", "hang up"}
	}
	op := ops[dice.IntN(len(ops))]
	go func() { // it may never be answered
		switch op {
		case "*":
			s.stage.Keys(context.Background(), s.leg, "*")
		case "hang up":
			s.stage.HangUp(context.Background(), s.leg)
		default:
			s.ask(op, map[string]any{"call": moving})
		}
	}()
	time.Sleep(time.Duration(dice.Int64N(int64(40 * time.Millisecond))))
	s.kill()
	time.Sleep(2500 * time.Millisecond) // the longest wait document is one second and some words
	s.start()
	began := time.Now()
	var wrong string
	for {
		p := s.picture()
		if wrong = differs(p, s.legs(), s.leg, s.id); wrong == "" {
			break
		}
		if time.Since(began) > back {
			t.Fatalf("%v after the start: %s\n%+v\nTwilio: %+v", back, wrong, p, s.legs())
		}
		time.Sleep(50 * time.Millisecond)
	}
	p := s.picture()
	if c := card(p, callers[5]); c != nil && c.Topic != topic {
		t.Errorf("the topic is %q", c.Topic)
	}
	six, five := card(p, callers[6]), card(p, callers[5])
	if six != nil && five != nil && six.Rank >= five.Rank {
		t.Error("the order of the queue is not what it was")
	}
	if c := card(p, callers[3]); c != nil && c.Place.Kind != call.Park {
		t.Errorf("who was dropped is %+v", c)
	}
	if c := card(p, moving); c != nil && c.Move != nil && call.Op(op).Void() {
		t.Errorf("%s is still under way: %+v", op, c)
	}
}

func card(p picture.Picture, sid call.Sid) *picture.Card {
	for _, c := range p.Cards {
		if c.Call == sid {
			return &c
		}
	}
	return nil
}
