package picture

import (
	"time"

	"callin/app/call"
)

// talkTimes are how long the last callers of this show were on air: the ground
// for an estimate of the wait.
type talkTimes struct {
	last  [8]int64 // milliseconds, oldest overwritten
	count int
}

// leastTalks is the fewest talks that an estimate is made from.
const leastTalks = 3

// Estimate is how long a caller at a position, from 1, may have to wait yet in a
// studio; 0 when nothing can be said.
func (s *State) Estimate(of call.Studio, position int) time.Duration {
	t := &s.studio(of).talkTimes
	if t.count < leastTalks {
		return 0
	}
	n := min(t.count, len(t.last))
	sum := int64(0)
	for _, length := range t.last[:n] {
		sum += length
	}
	return time.Duration(sum/int64(n)*int64(position)) * time.Millisecond
}
