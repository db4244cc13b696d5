package exchange

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"callin/app/rehearsal/twiml"
)

// dial connects a call to a queue's front, a conference or a telephone, and
// goes on with the action or the next verb.
func (c *call) dial(ctx context.Context, v twiml.Dial, p *page) (next *step, done bool) {
	var result url.Values
	switch {
	case v.Queue != nil:
		result = c.dialQueue(ctx, v, p)
	case v.Conference != nil:
		result = c.dialConference(ctx, v, p)
	case len(v.Parties) > 0:
		result = c.dialParties(ctx, v, p)
		if !v.AnswerOnBridge {
			c.answer() // if there was nobody to be told
		}
	default:
		if !v.Absent { // else it has been told of
			c.x.alert(13215, c.sid, p.from, "<Dial> without a noun that is known here")
		}
		result = status(Failed)
	}
	c.setWhere("")
	if v.Action != "" {
		next = p.to(v.Action, v.Method, result)
	}
	if ctx.Err() != nil {
		c.tellIfOver(next)
		return nil, true
	}
	return next, false
}

// tellIfOver tells an action of a Dial whose caller hung up first: a Dial's
// action is asked when the Dial ends, whoever ends it (Twilio docs: Dial). Of a
// call that goes on elsewhere it is not told, which is inferred.
func (c *call) tellIfOver(action *step) {
	c.x.mu.Lock()
	over := c.status.Final()
	c.x.mu.Unlock()
	if action != nil && over {
		c.x.tell(&c.outbox, c.sid, action.url, action.method, c.params(action.params))
	}
}

// status is what the action is told of a Dial that came to nothing.
func status(s Status) url.Values {
	return url.Values{"DialCallStatus": {string(s)}, "DialBridged": {"false"}}
}

// dialQueue takes the front member of a queue, or the next to join it.
func (c *call) dialQueue(ctx context.Context, v twiml.Dial, p *page) url.Values {
	x := c.x
	t := &taker{by: c, got: make(chan *member, 1)}
	x.mu.Lock()
	q := x.dialledQueue(c, v.Queue, p.from)
	if q == nil || ctx.Err() != nil {
		x.mu.Unlock()
		return status(Failed)
	}
	c.where = "dial queue " + q.name
	t.queue, c.taker = q, t
	q.takers = append(q.takers, t)
	q.serve()
	x.mu.Unlock()

	waiting, stop := context.WithTimeout(ctx, time.Duration(v.Timeout)*time.Second)
	defer stop()
	m := c.awaitMember(waiting, t)
	x.mu.Lock()
	c.taker = nil
	t.giveUp()
	x.mu.Unlock()
	if m == nil {
		select {
		case m = <-t.got: // served at the very moment
		default:
		}
	}
	if m == nil && ctx.Err() != nil {
		return status(Canceled)
	}
	if m == nil {
		return status(NoAnswer)
	}
	var whisper *step
	if v.Queue.URL != "" {
		whisper = p.to(v.Queue.URL, v.Queue.Method, nil)
	}
	m.bridge.prepare(whisper)
	return c.talk(ctx, v, p, m.bridge, func() {})
}

// dialledQueue is the queue that a Dial takes from; mu is held. One that does not
// exist puts nothing into the debugger, which is inferred.
func (x *Exchange) dialledQueue(c *call, v *twiml.Queue, in *webhook) *queue {
	if v.ReservationSid != "" {
		x.alertLocked(14219, c.sid, in, "TaskRouter Dial Queue is not supported here")
		return nil
	}
	name := x.trialQueue(v.Name)
	if fault := checkQueueName(name, 14212, 14213); fault != nil {
		x.alertLocked(fault.Code, c.sid, in, fault.Message)
		return nil
	}
	return x.byName[name]
}

// awaitMember waits in silence; * means nothing yet.
func (c *call) awaitMember(ctx context.Context, t *taker) *member {
	select {
	case m := <-t.got:
		return m
	default:
	}
	got := make(chan *member, 1)
	heard, stop := context.WithCancel(ctx)
	go func() {
		defer stop()
		select {
		case m := <-t.got:
			got <- m
		case <-ctx.Done():
		}
		close(got)
	}()
	c.quiet(heard)
	return <-got
}

// talk is the dialling side of a bridge: until either side leaves, * is pressed
// or the time is up. It calls met once the two can talk.
func (c *call) talk(ctx context.Context, v twiml.Dial, p *page, b *bridge, met func()) url.Values {
	c.forgetKeys() // those pressed while nobody was there
	connected := b.connected
	var taken *recording
	limit := time.NewTimer(0)
	defer limit.Stop()
	limit.Stop()
	for talking := true; talking; {
		select {
		case k := <-c.keys:
			talking = !(v.HangupOnStar && k == '*')
		case <-connected:
			connected = nil
			met()
			c.answer()
			if strings.HasPrefix(v.Record, "record-from-answer") || v.Queue != nil && v.Record != "do-not-record" {
				taken = c.recordDial(v, p)
			}
			limit.Reset(time.Duration(v.TimeLimit) * time.Second)
		case <-b.ctx.Done():
			talking = false
		case <-ctx.Done():
			talking = false
		case <-limit.C:
			talking = false
		}
	}
	return c.kept(taken, c.parted(b))
}

// parted ends a bridge and tells how it was.
func (c *call) parted(b *bridge) url.Values {
	c.x.mu.Lock()
	defer c.x.mu.Unlock()
	result := status(Canceled)
	result.Set("DialCallSid", b.callee.sid)
	if !b.since.IsZero() {
		result.Set("DialCallStatus", string(Completed))
		result.Set("DialBridged", "true")
		result.Set("DialCallDuration", strconv.Itoa(b.seconds()))
	}
	b.end()
	return result
}

// kept ends a Dial's recording, if there is one, and adds it to what the action
// is told.
func (c *call) kept(r *recording, result url.Values) url.Values {
	if r == nil {
		return result
	}
	c.x.mu.Lock()
	defer c.x.mu.Unlock()
	r.stop()
	r.describe(result)
	return result
}

// recordDial begins the recording that a Dial wants of its conversation.
func (c *call) recordDial(v twiml.Dial, p *page) *recording {
	channels := ""
	if strings.HasSuffix(v.Record, "-dual") {
		channels = "dual"
	}
	o := NewRecordingOptions(channels, v.RecordingTrack, v.Trim, p.told(v.Callback.URL), v.Callback.Method, v.Callback.Events)
	c.x.mu.Lock()
	defer c.x.mu.Unlock()
	if c.status.Final() {
		return nil
	}
	return c.x.recordCall(c, *o, "DialVerb")
}
