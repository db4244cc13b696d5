package journal_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"callin/app/call"
	"callin/app/journal"
)

// many are facts from number first on, about calls of ten facts each.
func many(first int64, n int) []call.Fact {
	number, place := "+12015550100", call.InQueue("on-air")
	facts := make([]call.Fact, n)
	for i := range facts {
		seq := first + int64(i)
		facts[i] = call.Fact{Seq: seq, At: 1767600000000 + seq, Kind: call.Placed, Call: call.Sid(fmt.Sprintf("CA%032x", seq/10)), Place: &place}
		switch seq % 10 {
		case 0:
			facts[i].Kind, facts[i].Number, facts[i].Place = call.Arrived, &number, nil
		case 9:
			facts[i].Kind, facts[i].Place = call.Ended, nil
		}
	}
	return facts
}

// filled is the path of a journal of n facts.
func filled(b *testing.B, n int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "journal.db")
	j, err := journal.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer j.Close()
	if err := j.Append(b.Context(), many(1, n)); err != nil {
		b.Fatal(err)
	}
	return path
}

// BenchmarkAppend puts groups of facts on the disk, into journals of some sizes;
// the time is that of one group.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{100, 100_000} {
		path := filled(b, size)
		seq := int64(size)
		for _, group := range []int{1, 10, 500} {
			b.Run(fmt.Sprintf("journal=%d/group=%d", size, group), func(b *testing.B) {
				j := open(b, path)
				for range b.N {
					if err := j.Append(b.Context(), many(seq+1, group)); err != nil {
						b.Fatal(err)
					}
					seq += int64(group)
				}
				j.Close()
			})
		}
	}
}

// BenchmarkOpen opens and reads a journal of 100,000 facts.
func BenchmarkOpen(b *testing.B) {
	path := filled(b, 100_000)
	b.ResetTimer()
	for range b.N {
		j := open(b, path)
		n := 0
		if err := j.Read(b.Context(), func(call.Fact) { n++ }); err != nil || n != 100_000 {
			b.Fatal(n, err)
		}
		j.Close()
	}
}
