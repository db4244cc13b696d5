package pairing_test

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/pairing"
)

// watched is a book that counts how often it says that somebody guesses, and the
// last thing that it said.
func watched(t *testing.T) (b *book, times *atomic.Int32, said *atomic.Value) {
	times, said = new(atomic.Int32), new(atomic.Value)
	return open(t, t.TempDir(), func(o *pairing.Options) {
		o.Guessed = func(e *call.Error) { times.Add(1); said.Store(*e) }
	}), times, said
}

// wrong is a code that none of some is.
func wrong(codes ...string) string {
	for i := 0; ; i++ {
		if code := fmt.Sprintf("%06d", i); !strings.Contains(strings.Join(codes, " "), code) {
			return code
		}
	}
}

// guess tries a wrong code some times, by many at once.
func (b *book) guess(code string, times int) {
	b.t.Helper()
	var all sync.WaitGroup
	for range times {
		all.Go(func() { is(b.t, "a guess", second(b.Pair(code, pairing.Browser, "")), call.CodeWrongCode) })
	}
	all.Wait()
}

func TestACodeWorksOnceForTenMinutes(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		b := open(t, dir, nil)
		ana, code := b.add("Ana", call.Host)
		if !regexp.MustCompile(`^[0-9]{6}$`).MatchString(code) {
			t.Errorf("a code is %q", code)
		}
		time.Sleep(pairing.CodeLife - time.Nanosecond)
		b.pair(code, pairing.PC)

		late := b.code(ana)
		time.Sleep(pairing.CodeLife)
		replaced := b.code(ana)
		open := b.code(ana)
		refusals := map[string]bool{}
		for what, code := range map[string]string{"used": code, "too old": late, "replaced": replaced, "wrong": wrong(open)} {
			err := second(b.Pair(code, pairing.PC, ""))
			is(t, "a code that is "+what, err, call.CodeWrongCode)
			refusals[err.Error()] = true
		}
		refusals[second(b.again().Pair(open, pairing.PC, "")).Error()] = true // it is in memory only
		if len(refusals) != 1 {
			t.Errorf("the refusals tell codes apart: %v", refusals)
		}
		b.pair(open, pairing.PC)
		synctest.Wait()
	})
}

func TestOneOfTwoPairingsWithACodeWins(t *testing.T) {
	b, _, _ := watched(t)
	for range 20 {
		id, code := b.add("Ana", call.Host)
		start := make(chan struct{})
		var won atomic.Int32
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				<-start
				if _, _, err := b.Pair(code, pairing.PC, ""); err == nil {
					won.Add(1)
				} else {
					is(t, "who came later", err, call.CodeWrongCode)
				}
			})
		}
		close(start)
		all.Wait()
		if won.Load() != 1 {
			t.Fatalf("%d have won", won.Load())
		}
		is(t, "revoking", b.Revoke(id), done)
	}
}

func TestFiveWrongCodesMakeAllVoid(t *testing.T) {
	b, times, said := watched(t)
	ana, anas := b.add("Ana", call.Host)
	_, bens := b.add("Ben", call.Host)
	carla, carlas := b.add("Carla", call.Host)
	no := wrong(anas, bens, carlas)

	// Four are too few; neither a right one nor a new code begins them anew.
	b.guess(no, 3)
	b.pair(bens, pairing.PC)
	b.guess(no, 1)
	anas = b.code(ana)
	if times.Load() != 0 {
		t.Fatal("four tries are said to be guessing")
	}
	b.guess(wrong(anas, carlas), 1)
	is(t, "an open code after five", second(b.Pair(anas, pairing.PC, "")), call.CodeWrongCode)
	is(t, "another one after five", second(b.Pair(carlas, pairing.PC, "")), call.CodeWrongCode)
	told, _ := said.Load().(call.Error)
	if times.Load() != 1 || told.Code != call.CodeCodesVoid || !strings.Contains(told.Message, "for Ana, Carla.") {
		t.Errorf("a manager is told %d times: %q", times.Load(), told.Message)
	}

	// Nothing is open, so nothing is guessed.
	b.guess(no, 20)
	carlas = b.code(carla)
	b.guess(wrong(carlas), 4)
	b.pair(carlas, pairing.PC)
	b.guess(no, 20)
	b.code(ana)
	is(t, "revoking", b.Revoke(ana), done) // its code goes with it
	b.guess(no, 20)
	carlas = b.code(carla)
	b.guess(wrong(carlas), 4)
	b.pair(carlas, pairing.PC)
	if times.Load() != 1 {
		t.Errorf("a manager is told %d times", times.Load())
	}
}

// Exactly five are tried, however many guess at once.
func TestAFloodOfGuessesGetsFiveTries(t *testing.T) {
	b, times, _ := watched(t)
	id, _ := b.add("Ana", call.Host)
	for round := range int32(50) {
		code := b.code(id)
		b.guess(wrong(code), 64)
		if times.Load() != round+1 {
			t.Fatalf("in round %d a manager was told %d times", round, times.Load())
		}
		is(t, "the code after the flood", second(b.Pair(code, pairing.PC, "")), call.CodeWrongCode)
		code = b.code(id)
		b.guess(wrong(code), 4)
		b.pair(code, pairing.Browser)
	}
}

func TestTriesAreForgottenWithTheCodes(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		b := open(t, dir, nil)
		id, code := b.add("Ana", call.Host)
		b.guess(wrong(code), 4)
		time.Sleep(pairing.CodeLife)
		code = b.code(id)
		b.guess(wrong(code), 4)
		b.pair(code, pairing.PC)
		synctest.Wait()
	})
}
