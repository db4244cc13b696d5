package exchange

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"callin/app/rehearsal/media"
	"callin/app/rehearsal/twiml"
)

// quiet is the level of a frame, as its loudest sample, below which nobody
// speaks: about -44 dBFS.
const quiet = 200

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
	r := c.keep(samples)
	params := url.Values{
		"RecordingSid": {r.Sid}, "RecordingDuration": {strconv.Itoa(r.Seconds)}, "Digits": {key},
		"RecordingUrl": {c.x.recordingURL(r.Sid)},
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
			c.wire.Pull(&f)
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

// keep keeps what a <Record> has taken.
func (c *call) keep(samples []int16) Recording {
	c.x.mu.Lock()
	defer c.x.mu.Unlock()
	r := c.x.newRecording(RecordingOptions{Channels: 1, Track: "both"}, c.sid, "", "RecordVerb")
	r.mu.Lock()
	r.lanes[0].samples = samples
	r.finish()
	r.mu.Unlock()
	c.x.forgetRecordings()
	return r.snapshot()
}
