package media

import (
	"context"
	"time"
)

// FrameTime is how long a Frame lasts.
const FrameTime = FrameSamples * time.Second / Rate

// maxLate is how far a clock may fall behind before it gives the lost time up:
// after a suspended machine wakes, hours of audio must not come in a burst.
const maxLate = 200 * time.Millisecond

// frameClock ticks each FrameTime, counted from its start, so that late ticks
// do not add up to drift.
type frameClock struct {
	next  time.Time
	timer *time.Timer
}

func newFrameClock() *frameClock {
	return &frameClock{next: time.Now(), timer: time.NewTimer(0)}
}

// wait returns at the next tick, or with false as soon as done is closed.
func (c *frameClock) wait(done <-chan struct{}) bool {
	select {
	case <-c.timer.C:
		now := time.Now()
		if now.Sub(c.next) > maxLate {
			c.next = now
		}
		c.next = c.next.Add(FrameTime)
		c.timer.Reset(time.Until(c.next))
		return true
	case <-done:
		c.timer.Stop()
		return false
	}
}

// Play gives p samples to hear in real time, and returns when the last have
// been heard or with ctx's error. What p speaks meanwhile is lost, as it is
// while Twilio plays.
func Play(ctx context.Context, p Port, samples []int16) error {
	clock := newFrameClock()
	defer clock.timer.Stop()
	voice := NewVoice(samples, false)
	var out, in Frame
	for clock.wait(ctx.Done()) {
		if !voice.Pull(&out) {
			return nil
		}
		p.Pull(&in)
		p.Push(&out)
	}
	return ctx.Err()
}
