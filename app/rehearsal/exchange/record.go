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
		_ = c.direct(ctx, beep())
	}
	c.x.mu.Lock()
	o := NewRecordingOptions("", "inbound", false, p.told(v.Callback.URL), v.Callback.Method, v.Callback.Events)
	r := c.x.newRecording(*o, c.sid, "", "RecordVerb")
	c.x.mu.Unlock()
	taken := c.listen(ctx, v)
	samples := taken.samples
	switch {
	case taken.until == 0:
		samples = nil
	case v.Trim:
		samples = samples[taken.from:taken.until]
	}
	i := r.complete(samples)
	if len(samples) == 0 || ctx.Err() != nil && c.life.Err() == nil {
		return nil // nothing was said, or something else has taken the verb's place
	}
	if v.Transcribe {
		c.x.alert(13620, c.sid, p.from, "a rehearsal transcribes nothing")
	}
	params := url.Values{
		"RecordingSid": {i.Sid}, "RecordingDuration": {strconv.Itoa(i.Seconds)}, "Digits": {taken.key},
		"RecordingUrl": {c.x.recordingURL(i.Sid)},
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

// take is what a Record has heard: something was said between from and until,
// or nothing if until is 0.
type take struct {
	samples     []int16
	from, until int
	key         string // that ended it
}

func (c *call) listen(ctx context.Context, v twiml.Record) (t take) {
	tick := time.NewTicker(media.FrameTime)
	defer tick.Stop()
	most := v.MaxLength * media.Rate
	for silent := 0; len(t.samples) < most && silent < v.Timeout*media.Rate; {
		select {
		case <-tick.C:
			var f media.Frame
			c.wire.Pull(&f)
			at := len(t.samples)
			t.samples = append(t.samples, f[:]...)
			if silent += len(f); slices.ContainsFunc(f[:], func(s int16) bool { return s > quiet || s < -quiet }) {
				if t.until == 0 {
					t.from = at
				}
				silent, t.until = 0, len(t.samples)
			}
		case k := <-c.keys:
			if strings.IndexByte(v.FinishOnKey, k) >= 0 {
				t.key = string(k)
				return t
			}
		case <-ctx.Done():
			return t
		}
	}
	return t
}

// complete ends a recording with what a Record has taken; of nothing it is
// absent.
func (r *recording) complete(samples []int16) Recording {
	r.x.mu.Lock()
	defer r.x.mu.Unlock()
	r.mu.Lock()
	r.lanes[0].samples = samples
	r.finish()
	r.mu.Unlock()
	i := r.snapshot()
	r.tell(i.Status)
	r.x.forgetRecordings()
	return i
}
