package journal_test

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/journal"
)

// days are in milliseconds.
const days = 24 * 60 * 60 * 1000

// keeping is a journal with these facts, begun with, and how many are left when
// old ones have been removed by clocks for a while.
func keeping(t *testing.T, clocks journal.Clocks, lasts time.Duration, facts ...call.Fact) (left int, log string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal.db")
	j := open(t, path)
	for i := range facts {
		facts[i].Seq = int64(i + 1)
	}
	if err := j.Append(t.Context(), facts); err != nil {
		t.Fatal(err)
	}
	j.Close()
	b, err := journal.Begin(t.Context(), path, false, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	var said bytes.Buffer
	ctx, end := context.WithTimeout(t.Context(), lasts)
	defer end()
	also := false
	b.KeepFor(ctx, 365, clocks, func(time.Time) { also = true }, slog.New(slog.NewTextHandler(&said, nil)))
	left, log = len(all(t, b.Journal)), said.String()
	if doubted := strings.Contains(log, "in doubt"); left < len(facts) && !also || left == len(facts) && doubted && also {
		t.Errorf("%d of %d are left, what is kept besides was removed: %t", left, len(facts), also)
	}
	return left, log
}

func at(ms int64, f call.Fact) call.Fact {
	f.At = ms
	return f
}

// a call that is over, at a time.
func a(ms int64, sid call.Sid) []call.Fact {
	return []call.Fact{at(ms, call.Fact{Kind: call.Arrived, Call: sid}), at(ms, call.EndedAs(sid, "completed"))}
}

func TestWhatIsDeletedByAgeNeedsMoreThanOneClock(t *testing.T) {
	for what, c := range map[string]struct {
		wall, twilio time.Duration // ahead of the right time
		// apart is that there is no other clock; unknown, that it has not been heard of.
		apart, unknown bool
		last           int64 // how many days the last fact is old
		goes           bool
	}{
		"the clocks agree":                        {last: 1, goes: true},
		"they do not quite":                       {last: 1, wall: -20 * time.Hour, twilio: 20 * time.Hour, goes: true},
		"the computer was off for long":           {last: 200, goes: true},
		"and for longer than all is kept":         {last: 380, goes: true},
		"a far future":                            {last: 1, wall: 30 * 365 * days * time.Millisecond},
		"a month ahead":                           {last: 1, wall: 30 * days * time.Millisecond},
		"a long past":                             {last: 1, wall: -30 * 365 * days * time.Millisecond},
		"both of a far future, by a fact":         {last: -30 * 365},
		"Twilio's of a far future":                {last: 1, twilio: 30 * 365 * days * time.Millisecond},
		"Twilio's is not known":                   {last: 1, unknown: true},
		"a rehearsal":                             {last: 1, apart: true, goes: true},
		"a rehearsal of a far future":             {last: 1, apart: true, wall: 30 * 365 * days * time.Millisecond},
		"a rehearsal with a fact of a far future": {last: -30 * 365, apart: true},
		"a rehearsal on a computer that was off, or in the future": {last: 200, apart: true},
	} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				now := time.Now().UnixMilli()
				clocks := journal.Clocks{
					Wall:   func() time.Time { return time.Now().Add(c.wall) },
					Twilio: func() (time.Time, bool) { return time.Now().Add(c.twilio), !c.unknown },
				}
				if c.apart {
					clocks.Twilio = nil
				}
				old := a(now-400*days, "OLD")
				left, log := keeping(t, clocks, 40*24*time.Hour, append(old, a(now-c.last*days, "NEW")...)...)
				want := 4
				if c.goes {
					want = 2
					if c.last > 365 {
						want = 1 // the last fact is kept
					}
				}
				if left != want {
					t.Errorf("%d facts are left, want %d", left, want)
				}
				if doubts := strings.Count(log, "the time is in doubt"); doubts > 1 || doubts == 1 == c.goes {
					t.Errorf("the log says %s", log)
				}
			})
		})
	}
}

func TestOldFactsGoOnceTheClockIsRight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		clocks := journal.Clocks{
			Wall: func() time.Time {
				if time.Since(begun) < 90*time.Minute {
					return time.Now().AddDate(30, 0, 0)
				}
				return time.Now()
			},
			Twilio: func() (time.Time, bool) { return time.Now(), true },
		}
		now := begun.UnixMilli()
		left, _ := keeping(t, clocks, 3*time.Hour, append(a(now-400*days, "OLD"), a(now-days, "NEW")...)...)
		if left != 2 {
			t.Errorf("%d facts are left", left)
		}
	})
}

// What a wrong clock has dated is as old as it is.
func TestFactsThatAWrongClockHasDatedGoByTheirAge(t *testing.T) {
	now := time.Now().UnixMilli()
	wrong := func(by int64) []call.Fact {
		return []call.Fact{at(now-390*days+by, call.Fact{Kind: call.ClockSet, Step: by})}
	}
	right := func(by, since int64) []call.Fact {
		return []call.Fact{at(since, call.Fact{Kind: call.ClockSet, Step: -by})}
	}
	for what, by := range map[string]int64{"ahead": 60 * 365 * days, "behind": -20 * 365 * days} {
		t.Run(what, func(t *testing.T) {
			j := open(t, filepath.Join(t.TempDir(), "journal.db"))
			var facts []call.Fact
			for _, f := range [][]call.Fact{
				a(now-400*days, "OLD"), wrong(by), a(now-380*days+by, "OLD AND WRONG"), a(now-2*days+by, "NEW AND WRONG"),
				{at(now-380*days+by, call.Fact{Kind: call.Arrived, Call: "FOR LONG"})},
				right(by, now-days), a(now-days, "NEW"),
				{at(now-days, call.EndedAs("FOR LONG", "completed"))},
			} {
				facts = append(facts, f...)
			}
			for i := range facts {
				facts[i].Seq = int64(i + 1)
			}
			if err := j.Append(t.Context(), facts); err != nil {
				t.Fatal(err)
			}
			if _, err := j.Prune(t.Context(), time.UnixMilli(now-365*days)); err != nil {
				t.Fatal(err)
			}
			var left []string
			for _, f := range all(t, j) {
				if f.Kind == call.Arrived {
					left = append(left, string(f.Call))
				}
			}
			if strings.Join(left, ", ") != "NEW AND WRONG, FOR LONG, NEW" {
				t.Errorf("left are %v", left)
			}
		})
	}
}

// What went wrong and what desks said is for the record, which goes by age. A show that
// was opened long ago and is open still is not another studio's that was opened since.
func TestOldTroublesAndTalkGo(t *testing.T) {
	now := time.Now().UnixMilli()
	j := open(t, filepath.Join(t.TempDir(), "journal.db"))
	trouble := call.Fact{Kind: call.Troubled, Code: string(call.TroubleTwilio), On: true}
	said := call.Fact{Kind: call.Chatted, Message: "Wrap up"}
	later := call.ShowIs(call.ShowOpening, nil)
	later.Studio = "b"
	facts := []call.Fact{
		at(now-400*days, call.ShowIs(call.ShowOpening, nil)), at(now-400*days, trouble), at(now-400*days, said), at(now-399*days, later),
		at(now-days, trouble), at(now-days, said), at(now, call.ShowIs(call.ShowClosed, nil)),
	}
	for i := range facts {
		facts[i].Seq = int64(i + 1)
	}
	if err := j.Append(t.Context(), facts); err != nil {
		t.Fatal(err)
	}
	if removed, err := j.Prune(t.Context(), time.UnixMilli(now-365*days)); err != nil || removed != 2 {
		t.Errorf("%d were removed, %v", removed, err)
	}
}
