package station

import (
	"errors"
	"strconv"
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

// about is what a trouble is about: its kind, and the line whose phone has it.
type about struct {
	what call.Trouble
	line string // empty for the station's
}

// fact says of a fact what it is about.
func (of about) fact(f call.Fact) call.Fact {
	f.Kind, f.Code, f.Line = call.Troubled, string(of.what), of.line
	f.Studio, _ = call.StudioOf(of.line)
	return f
}

// trouble is what is known of one of its kind, by a clock that goes on evenly.
type trouble struct {
	on    bool
	begun []time.Time // those recorded within the last hour, oldest first
}

// troubleBegins records that a trouble has begun, unless it goes on already.
func (c *core) troubleBegins(of about, message string) {
	t := c.troubles[of]
	if t == nil {
		t = &trouble{}
		c.troubles[of] = t
	}
	for len(t.begun) > 0 && time.Since(t.begun[0]) >= time.Hour {
		t.begun = t.begun[1:]
	}
	// Before anything has happened there is no show that it could be in the record of.
	if t.on || len(t.begun) == troublesAnHour || c.state.Seq() == 0 {
		return
	}
	t.on, t.begun = true, append(t.begun, time.Now())
	c.record(told, of.fact(call.Fact{On: true, Message: message}))
}

// troubleOver records that a trouble is over whose beginning was recorded.
func (c *core) troubleOver(of about) {
	t := c.troubles[of]
	if t == nil || !t.on {
		return
	}
	t.on = false
	lasted := time.Since(t.begun[len(t.begun)-1])
	c.record(told, of.fact(call.Fact{Seconds: int64(lasted.Seconds())}))
}

// recordWayIn records that Twilio has ceased to reach Callin, or reaches it again.
func (c *core) recordWayIn(wrong *call.Error) {
	what := call.TroubleWayIn
	if wrong != nil && wrong.Code == call.CodeTakenOver {
		what = call.TroubleTakenOver
	}
	for _, other := range []call.Trouble{call.TroubleWayIn, call.TroubleTakenOver} {
		if wrong == nil || other != what {
			c.troubleOver(about{what: other})
		}
	}
	if wrong != nil {
		c.troubleBegins(about{what: what}, wrong.Message)
	}
}

// recordCheck records that Twilio has ceased to answer or answers late, or does as
// it should again, from how a comparison went.
func (c *core) recordCheck(err error, took time.Duration) {
	switch {
	case errors.Is(err, call.ErrLater):
		c.troubleOver(about{what: call.TroubleTwilio})
		c.troubleBegins(about{what: call.TroubleSlow}, "It says that it is asked too much.")
	case err != nil:
		c.troubleOver(about{what: call.TroubleSlow})
		c.troubleBegins(about{what: call.TroubleTwilio}, "")
	default:
		c.troubleOver(about{what: call.TroubleTwilio})
		if took >= slowAfter {
			c.troubleBegins(about{what: call.TroubleSlow}, "It took "+took.Round(time.Second).String()+" to say where the calls are.")
		} else {
			c.troubleOver(about{what: call.TroubleSlow})
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

// recordSound records what a page finds wrong with the sound of the phone on a line.
func (c *core) recordSound(line string, sound picture.Sound) {
	if words := soundTroubles[sound]; words != "" {
		if _, n, _ := call.LaneOf(line); n > 1 {
			words += " Lane " + strconv.Itoa(n) + "."
		}
		c.troubleBegins(about{call.TroubleSound, line}, words)
	} else {
		c.troubleOver(about{call.TroubleSound, line})
	}
}
