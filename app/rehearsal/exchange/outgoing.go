package exchange

import (
	"context"
	"strings"
	"time"

	"callin/app/rehearsal/media"
)

// newOutgoing makes a call to a telephone; mu is held.
func (x *Exchange) newOutgoing(from, to string, d Direction) (*call, Answers) {
	var p Party
	answers := AnswersNo
	if x.opt.Telephone != nil && !strings.HasPrefix(to, "client:") {
		p, answers = x.opt.Telephone(to)
	}
	if p == nil {
		p, answers = nobody{}, AnswersNo
	}
	return x.newCall(p, from, to, d), answers
}

// ring rings a telephone and reports whether it was answered. If not, the call
// has ended as it should.
func (c *call) ring(ctx context.Context, a Answers, timeout time.Duration) bool {
	c.x.mu.Lock()
	if !c.status.Final() {
		c.setStatus(Queued)
		c.setStatus(Ringing)
	}
	c.x.mu.Unlock()
	c.party.Ringing(c.sid)
	failed := NoAnswer
	switch a {
	case AnswersYes:
		if ctx.Err() == nil {
			c.answer()
		}
		return ctx.Err() == nil
	case AnswersBusy:
		failed = Busy
	default:
		_ = sleep(ctx, timeout)
	}
	c.x.mu.Lock()
	defer c.x.mu.Unlock()
	if c.pending == nil {
		c.x.end(c, failed)
	}
	return false
}

// nobody is the far end of a call to a number that no telephone has.
type nobody struct{}

func (nobody) Pull(f *media.Frame) bool { clear(f[:]); return false }
func (nobody) Push(*media.Frame)        {}
func (nobody) NeedsAudio() bool         { return false }
func (nobody) Ringing(string)           {}
func (nobody) Answer()                  {}
func (nobody) HungUp(Status)            {}
func (nobody) Heard(Event)              {}

// ringThen rings a telephone that REST called, and goes on once it answers.
func ringThen(c *call, a Answers, timeout time.Duration, then *step) func(context.Context) *step {
	return func(ctx context.Context) *step {
		if c.ring(ctx, a, timeout) {
			return then
		}
		return nil
	}
}
