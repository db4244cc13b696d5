package studio

import "time"

// talks are how long the last callers of this show were on air: the ground for
// an estimate of the wait.
type talks struct {
	last  [8]int64 // milliseconds, oldest overwritten
	count int
}

// enough is the fewest talks that an estimate is made from.
const enough = 3

// over takes in that a call has ended, at a time in milliseconds.
func (t *talks) over(c *caller, at int64) {
	length := c.AirMs
	if c.Place.OnAir() {
		length += at - c.Since
	}
	if length > 0 {
		t.last[t.count%len(t.last)] = length
		t.count++
	}
}

// estimate is how long a caller at a position, from 1, may have to wait yet; 0
// when nothing can be said.
func (t *talks) estimate(position int) time.Duration {
	if t.count < enough {
		return 0
	}
	n := min(t.count, len(t.last))
	sum := int64(0)
	for _, length := range t.last[:n] {
		sum += length
	}
	return time.Duration(sum/int64(n)*int64(position)) * time.Millisecond
}
