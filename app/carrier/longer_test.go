package carrier

import (
	"testing"
	"time"
)

func TestSleepIsTimeAndAClockThatWasPutIsNot(t *testing.T) {
	for _, c := range []struct{ even, own, want time.Duration }{
		{time.Minute, time.Minute, time.Minute},
		{time.Minute, 9 * time.Hour, 9 * time.Hour},
		{time.Minute, -time.Hour, time.Minute},
		{time.Minute, 48 * time.Hour, time.Minute},
	} {
		if got := longer(c.even, c.own); got != c.want {
			t.Errorf("%v by the even clock and %v by the computer's are %v, want %v", c.even, c.own, got, c.want)
		}
	}
}
