package station

import (
	"errors"
	"time"

	"callin/app/call"
	"callin/app/picture"
)

const (
	// troublesAnHour is how often a trouble is recorded within an hour: one that comes
	// and goes all the time must not fill the journal.
	troublesAnHour = 12
	// slowAfter is how long a comparison with Twilio takes that the record calls slow.
	slowAfter = 3 * time.Second
)

// trouble is what is known of one of its kind, by a clock that goes on evenly.
type trouble struct {
	on    bool
	begun []time.Time // those recorded within the last hour, oldest first
}

// troubleBegins records that a trouble has begun, unless it goes on already.
func (c *core) troubleBegins(what call.Trouble, message string) {
	t := c.troubles[what]
	if t == nil {
		t = &trouble{}
		c.troubles[what] = t
	}
	for len(t.begun) > 0 && time.Since(t.begun[0]) >= time.Hour {
		t.begun = t.begun[1:]
	}
	// Before anything has happened there is no show that it could be in the record of.
	if t.on || len(t.begun) == troublesAnHour || c.state.Seq() == 0 {
		return
	}
	t.on, t.begun = true, append(t.begun, time.Now())
	c.record(told, call.Fact{Kind: call.Troubled, Code: string(what), On: true, Message: message})
}

// troubleOver records that a trouble is over whose beginning was recorded.
func (c *core) troubleOver(what call.Trouble) {
	t := c.troubles[what]
	if t == nil || !t.on {
		return
	}
	t.on = false
	lasted := time.Since(t.begun[len(t.begun)-1])
	c.record(told, call.Fact{Kind: call.Troubled, Code: string(what), Seconds: int64(lasted.Seconds())})
}

// recordWayIn records that Twilio has ceased to reach Callin, or reaches it again.
func (c *core) recordWayIn(wrong *call.Error) {
	what := call.TroubleWayIn
	if wrong != nil && wrong.Code == call.CodeTakenOver {
		what = call.TroubleTakenOver
	}
	for _, other := range []call.Trouble{call.TroubleWayIn, call.TroubleTakenOver} {
		if wrong == nil || other != what {
			c.troubleOver(other)
		}
	}
	if wrong != nil {
		c.troubleBegins(what, wrong.Message)
	}
}

// recordCheck records that Twilio has ceased to answer or answers late, or does as
// it should again, from how a comparison went.
func (c *core) recordCheck(err error, took time.Duration) {
	switch {
	case errors.Is(err, call.ErrLater):
		c.troubleOver(call.TroubleTwilio)
		c.troubleBegins(call.TroubleSlow, "It says that it is asked too much.")
	case err != nil:
		c.troubleOver(call.TroubleSlow)
		c.troubleBegins(call.TroubleTwilio, "")
	default:
		c.troubleOver(call.TroubleTwilio)
		if took >= slowAfter {
			c.troubleBegins(call.TroubleSlow, "It took "+took.Round(time.Second).String()+" to say where the calls are.")
		} else {
			c.troubleOver(call.TroubleSlow)
		}
	}
}

// soundTroubles are what a desk's page finds wrong with its phone's sound, in words.
var soundTroubles = map[picture.Sound]string{
	picture.SoundUnplugged:  "The microphone is gone.",
	picture.SoundDead:       "The microphone is silent.",
	picture.SoundNotSent:    "The desk's sound does not go out.",
	picture.SoundSilentLine: "No sound comes from the line.",
}

// recordSound records what a page finds wrong with the sound of the phone on the line.
func (c *core) recordSound(sound picture.Sound) {
	if words := soundTroubles[sound]; words != "" {
		c.troubleBegins(call.TroubleSound, words)
	} else {
		c.troubleOver(call.TroubleSound)
	}
}
