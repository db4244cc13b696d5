package exchange

import (
	"context"
	"net/url"
	"strconv"
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
		result = c.dialNumber(ctx, v, p)
	default:
		c.x.alert(12200, c.sid, p.from, "<Dial> without a noun that is known here")
		result = status("failed")
	}
	c.setWhere("")
	if ctx.Err() != nil {
		return nil, true
	}
	if v.Action == "" {
		return nil, false
	}
	return p.to(v.Action, v.Method, result), false
}

func status(s string) url.Values {
	return url.Values{"DialCallStatus": {s}, "DialBridged": {"false"}}
}

// dialQueue takes the front member of a queue, or the next to join it.
func (c *call) dialQueue(ctx context.Context, v twiml.Dial, p *page) url.Values {
	x := c.x
	t := &taker{by: c, got: make(chan *member, 1)}
	x.mu.Lock()
	q := x.byName[x.trialQueue(v.Queue.Name)]
	if q == nil || ctx.Err() != nil {
		x.mu.Unlock()
		return status("failed")
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
	if m == nil {
		return status("no-answer")
	}
	var whisper *step
	if v.Queue.URL != "" {
		whisper = p.to(v.Queue.URL, v.Queue.Method, nil)
	}
	m.bridge.prepare(whisper)
	return c.talk(ctx, v, m.bridge)
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
// or the time is up.
func (c *call) talk(ctx context.Context, v twiml.Dial, b *bridge) url.Values {
	c.forgetKeys() // those pressed while nobody was there
	connected := b.connected
	limit := time.NewTimer(time.Duration(v.TimeLimit) * time.Second)
	defer limit.Stop()
	for talking := true; talking; {
		select {
		case k := <-c.keys:
			talking = !(v.HangupOnStar && k == '*')
		case <-connected:
			connected = nil
			c.answer()
		case <-b.ctx.Done():
			talking = false
		case <-ctx.Done():
			talking = false
		case <-limit.C:
			talking = false
		}
	}
	c.x.mu.Lock()
	defer c.x.mu.Unlock()
	bridged := !b.since.IsZero()
	result := url.Values{
		"DialCallStatus": {"completed"}, "DialCallSid": {b.callee.sid},
		"DialCallDuration": {strconv.Itoa(b.seconds())}, "DialBridged": {strconv.FormatBool(bridged)},
	}
	if !bridged {
		result.Set("DialCallStatus", "canceled")
	}
	b.end()
	return result
}

// dialNumber rings a telephone and talks to whoever answers.
func (c *call) dialNumber(ctx context.Context, v twiml.Dial, p *page) url.Values {
	n := v.Parties[0]
	from := v.CallerID
	if from == "" {
		from = c.from
	}
	x := c.x
	x.mu.Lock()
	if ctx.Err() != nil {
		x.mu.Unlock()
		return status("canceled")
	}
	var whisper *step
	if n.URL != "" {
		whisper = p.to(n.URL, n.Method, nil)
	}
	child, answers := x.newOutgoing(from, n.Number, OutboundDial)
	child.parent = c.sid
	child.callback = callback{n.StatusCallback, n.StatusCallbackMethod, n.StatusCallbackEvents}
	if n.StatusCallback != "" {
		child.callback.url = p.to(n.StatusCallback, "", nil).url
	}
	b := newBridge(c, child)
	b.prepare(whisper)
	c.bridge, child.bridge = b, b
	c.where = "dial " + n.Number
	_ = x.begin(child, &step{do: func(ctx context.Context) *step {
		if child.ring(ctx, answers, time.Duration(v.Timeout)*time.Second) {
			child.pickUp(ctx, b)
		}
		return nil
	}})
	x.mu.Unlock()

	result := c.talk(ctx, v, b)
	x.mu.Lock()
	defer x.mu.Unlock()
	if child.pending == nil {
		if b.since.IsZero() {
			x.end(child, Canceled)
		} else {
			x.end(child, Completed)
		}
	}
	if result.Get("DialBridged") != "true" && child.status.Final() {
		result.Set("DialCallStatus", string(child.status))
	}
	return result
}

// pickUp is the rung telephone's side of a bridge.
func (c *call) pickUp(ctx context.Context, b *bridge) {
	if w := b.whisper(); w != nil {
		_, _ = c.hearDocument(ctx, *w, whispered, c.direct, func() url.Values { return nil })
	}
	b.connect()
	select {
	case <-b.ctx.Done():
	case <-ctx.Done():
	}
}
