package station

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"callin/app/call"
	"callin/app/picture"
)

// weightless is a journal that leaves nothing for the garbage collector to mark,
// as that would be measured too.
type weightless struct{ Journal }

func (weightless) Read(context.Context, func(call.Fact)) error { return nil }

// crowd is a studio that does not write, with callers who wait.
func crowd(b *testing.B, callers int) *Station {
	b.Helper()
	s, err := New(b.Context(), Options{Studios: []picture.Studio{{}}, Journal: weightless{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	s.core.With(func(c *core) {
		c.record(told, call.ShowIs(call.ShowOpen, map[string]string{call.OnAir: "QU1"}))
		waits := call.InQueue(call.OnAir)
		for i := range callers {
			sid, number := call.Sid(fmt.Sprintf("CA%032x", i)), fmt.Sprintf("+1201555%04d", i)
			c.record(told, call.Fact{Kind: call.Arrived, Call: sid, Number: &number}, call.Fact{Kind: call.Placed, Call: sid, Place: &waits})
		}
		c.unwritten = nil
	})
	return s
}

func sizes(b *testing.B, run func(b *testing.B, s *Station, callers int)) {
	for _, callers := range []int{10, 500, 5000} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			s := crowd(b, callers)
			b.ReportAllocs()
			b.ResetTimer()
			run(b, s, callers)
		})
	}
}

// BenchmarkFold folds what happens to one caller from the ring to the end: six
// facts a turn, and what they change for the desks.
func BenchmarkFold(b *testing.B) {
	sizes(b, func(b *testing.B, s *Station, _ int) {
		number, waits, air := "+12015559999", call.InQueue(call.OnAir), call.OnLine(call.AirLine, call.Talking)
		for range b.N {
			s.core.With(func(c *core) {
				c.record(told, call.Fact{Kind: call.Arrived, Call: "CA", Number: &number})
				c.record(told, call.Fact{Kind: call.Placed, Call: "CA", Place: &waits})
				c.record(told, call.Fact{Kind: call.Noted, Call: "CA", Name: &number})
				c.record(told, call.Fact{Kind: call.Began, Call: "CA", By: call.OpTake, Place: &air})
				c.record(told, call.Fact{Kind: call.Placed, Call: "CA", Place: &air, Conference: "CF"})
				c.record(told, call.EndedAs("CA", "completed"))
				c.unwritten = c.unwritten[:0]
			})
		}
	})
}

// BenchmarkFoldWhileClosing folds a fact in a show in which everybody is on the
// way to the closing words, so that Next has nobody to take.
func BenchmarkFoldWhileClosing(b *testing.B) {
	sizes(b, func(b *testing.B, s *Station, callers int) {
		closing := call.Place{Kind: call.Closing}
		s.core.With(func(c *core) {
			for who := range c.state.Callers() {
				c.record(told, call.Fact{Kind: call.Began, Call: who.Call(), By: call.OpClose, Place: &closing})
			}
			sid := call.Sid(fmt.Sprintf("CA%032x", callers-1))
			b.ResetTimer()
			for i := range b.N {
				c.record(told, call.Fact{Kind: call.LockSet, Call: sid, On: i%2 == 0})
				c.unwritten = c.unwritten[:0]
			}
		})
	})
}

// BenchmarkPicture makes a whole picture: this one is as large as the crowd.
func BenchmarkPicture(b *testing.B) {
	sizes(b, func(b *testing.B, s *Station, _ int) {
		for range b.N {
			s.Picture()
		}
	})
}

// BenchmarkFeed tells five desks of one change.
func BenchmarkFeed(b *testing.B) {
	sizes(b, func(b *testing.B, s *Station, callers int) {
		feeds := make([]*Feed, 5)
		for i := range feeds {
			feeds[i] = s.Attach(-1)
			defer feeds[i].Close()
		}
		sid := call.Sid(fmt.Sprintf("CA%032x", callers/2))
		for i := range b.N {
			var change picture.Change
			s.core.With(func(c *core) {
				c.record(told, call.Fact{Kind: call.LockSet, Call: sid, On: i%2 == 0})
				change = c.unwritten[0].change
				c.unwritten = c.unwritten[:0]
			})
			s.hub.publish(change)
			for _, f := range feeds {
				if _, err := f.Next(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
