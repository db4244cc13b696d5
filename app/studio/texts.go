package studio

import (
	"context"
	"fmt"
	"time"

	"callin/app/call"
	"callin/app/picture"
)

// Texts sends text messages.
type Texts interface {
	// Text sends words to a number; call.ErrOptedOut when it wants none.
	Text(ctx context.Context, from, to, words string) error
}

// textEvery is how long a number that was sent a text is sent no other.
const textEvery = 24 * time.Hour

// gaveUp reports whether a call that ends now has waited too long in a queue.
func (c *core) gaveUp(who *picture.Caller) bool {
	return who.Place().Kind == call.Queue && now()-who.Arrived() > c.sorryAfter.Milliseconds()
}

// sorry sends a caller who was missed a text, if texts are sent at all, the number
// has not opted out, and it was sent none in the last day. That it is sent is on
// record before it is, so that it is never sent twice.
func (c *core) sorry(who *picture.Caller, why call.TextReason) {
	number := who.Number()
	last := c.state.TextedAt(number)
	if !c.takesTexts || number == "" || c.state.OptedOut(number) || last != 0 && now()-last < textEvery.Milliseconds() {
		return
	}
	saved := c.record(told, call.TextedFor(who.Call(), number, why))
	words := fmt.Sprintf("Sorry we missed you on %s. Please call again. Reply STOP to get no more texts.", c.state.Show().Name)
	c.leave(sendText{number: number, words: words, saved: saved})
}

// OptOut records that a number wants no texts, or wants them again.
func (s *Studio) OptOut(number string, out bool) {
	s.locked(func(c *core) {
		if number != "" && c.state.OptedOut(number) != out {
			c.record(told, call.Fact{Kind: call.OptedOut, Number: &number, On: out})
		}
	})
}
