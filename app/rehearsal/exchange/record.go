package exchange

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"callin/app/rehearsal/media"
	"callin/app/rehearsal/twiml"
)

const (
	// quiet is the level of a frame, as its loudest sample, below which nobody
	// speaks: about -44 dBFS.
	quiet = 200
	// keptRecordings bounds the audio kept, in samples: about two hours.
	keptRecordings = 60 * 1000 * 1000
)

// Recording is what a caller said after a <Record>.
type Recording struct {
	Sid, CallSid string
	Created      time.Time
	Samples      []int16
}

// Seconds is the length in whole seconds, as Twilio tells it.
func (r Recording) Seconds() int { return (len(r.Samples) + media.Rate - 1) / media.Rate }

// record listens to a caller until a key, a silence, the longest time or the
// end of the call. Who has said nothing goes on with the next verb.
func (c *call) record(ctx context.Context, v twiml.Record, p *page) *step {
	c.forgetKeys()
	if v.PlayBeep {
		c.hear(Event{Kind: "beep"})
	}
	samples, key := c.listen(ctx, v)
	if ctx.Err() != nil && c.life.Err() == nil {
		return nil // something else has taken the recording's place
	}
	if len(samples) == 0 {
		return nil
	}
	r := c.x.keep(&Recording{Sid: newSid("RE"), CallSid: c.sid, Created: time.Now(), Samples: samples})
	params := url.Values{
		"RecordingSid": {r.Sid}, "RecordingDuration": {strconv.Itoa(r.Seconds())}, "Digits": {key},
		"RecordingUrl": {fmt.Sprintf("https://api.twilio.com/2010-04-01/Accounts/%s/Recordings/%s", c.x.account.Sid, r.Sid)},
	}
	next := p.to(v.Action, v.Method, params)
	if c.life.Err() == nil {
		return next
	}
	// The caller hung up: the action is told, and its answer is for nobody.
	params.Set("Digits", "hangup")
	c.x.tell(&c.outbox, c.sid, next.url, next.method, c.params(params))
	return nil
}

// listen returns what was said, without the silence at its end, and the key
// that ended it.
func (c *call) listen(ctx context.Context, v twiml.Record) (samples []int16, key string) {
	tick := time.NewTicker(media.FrameTime)
	defer tick.Stop()
	most := v.MaxLength * media.Rate
	silent, said := 0, 0
	for len(samples) < most && silent < v.Timeout*media.Rate {
		select {
		case <-tick.C:
			var f media.Frame
			c.party.Pull(&f)
			samples = append(samples, f[:]...)
			if silent += len(f); slices.ContainsFunc(f[:], func(s int16) bool { return s > quiet || s < -quiet }) {
				silent, said = 0, len(samples)
			}
		case k := <-c.keys:
			if strings.IndexByte(v.FinishOnKey, k) >= 0 {
				return samples[:said], string(k)
			}
		case <-ctx.Done():
			return samples[:said], ""
		}
	}
	return samples[:said], ""
}

// keep keeps a recording; the oldest ones go when there is too much.
func (x *Exchange) keep(r *Recording) *Recording {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.recordings = append(x.recordings, r)
	size := 0
	for i := len(x.recordings) - 1; i >= 0; i-- {
		if size += len(x.recordings[i].Samples); size > keptRecordings {
			x.recordings = x.recordings[i+1:]
			break
		}
	}
	return r
}

// Recordings returns the recordings, those of one call only if it is given.
func (x *Exchange) Recordings(callSid string) []Recording {
	return list(x, &x.recordings, func(r *Recording) bool { return callSid == "" || r.CallSid == callSid })
}

// DeleteRecording forgets a recording and reports whether it was there.
func (x *Exchange) DeleteRecording(sid string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	had := len(x.recordings)
	x.recordings = slices.DeleteFunc(x.recordings, func(r *Recording) bool { return r.Sid == sid })
	return len(x.recordings) < had
}
