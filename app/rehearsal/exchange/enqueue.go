package exchange

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"callin/app/rehearsal/twiml"
)

// Between two requests of a wait document that has nothing to hear, and after
// one that failed.
const (
	shortestWaitPass = time.Second
	waitRetry        = 2 * time.Second
)

// enqueue lets a call wait in a queue, and be bridged from it.
func (c *call) enqueue(ctx context.Context, v twiml.Enqueue, p *page) (next *step, done bool) {
	waiting, wake := context.WithCancel(ctx)
	defer wake()
	x := c.x
	x.mu.Lock()
	if ctx.Err() != nil {
		x.mu.Unlock()
		return nil, true
	}
	m, result := x.join(c, v, p.from)
	if m != nil {
		m.wake = wake
		if v.Action != "" {
			m.action = p.to(v.Action, v.Method, nil)
		}
		m.queue.serve()
	}
	x.mu.Unlock()
	if m == nil {
		if v.Action == "" {
			return nil, false
		}
		return p.to(v.Action, v.Method, url.Values{"QueueResult": {result}}), false
	}

	exit := c.waitInQueue(waiting, m, v, p)
	if ctx.Err() == nil && m.taken() {
		c.bridged(ctx, m)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if ctx.Err() != nil {
		return nil, true // detach has told the action
	}
	c.member, c.where = nil, ""
	if m.result == "" && exit != "leave" && exit != "error" {
		m.leave(exit)
		x.end(c, Completed)
		return nil, true
	}
	m.out(exit)
	if m.action == nil {
		return nil, false
	}
	if result = m.result; m.bridge != nil {
		result = m.dequeued("")
	}
	next = m.action
	next.params = m.actionParams(result)
	return next, false
}

func (m *member) taken() bool {
	m.call.x.mu.Lock()
	defer m.call.x.mu.Unlock()
	return m.bridge != nil
}

// waitInQueue lets a member hear its wait documents, over and over, until it is
// out of the queue or a document takes it out: with leave or hangup, or with an
// error in its TwiML (Twilio docs: Enqueue, QueueResult). One that cannot be had is
// asked for again, which is inferred.
func (c *call) waitInQueue(ctx context.Context, m *member, v twiml.Enqueue, p *page) (exit string) {
	if !v.Wait {
		for ctx.Err() == nil {
			_ = c.direct(ctx, music())
		}
		return ""
	}
	if v.WaitURL == "" {
		return c.quiet(ctx)
	}
	first := p.to(v.WaitURL, v.WaitURLMethod, nil)
	for ctx.Err() == nil {
		began := time.Now()
		exit, err := c.hearDocument(ctx, *first, inQueue, c.direct, m.params)
		if exit != "" || ctx.Err() != nil {
			return exit
		}
		pause := shortestWaitPass - time.Since(began)
		if err != nil {
			if err.ofTwiML() {
				return "error"
			}
			c.x.mu.Lock()
			end := c.x.switches.EndOnWaitFailure
			c.x.mu.Unlock()
			if end {
				_ = c.direct(ctx, c.x.speech(apology))
				return "system-error"
			}
			pause = waitRetry
		}
		_ = sleep(ctx, pause)
	}
	return ""
}

func (m *member) params() url.Values {
	m.call.x.mu.Lock()
	defer m.call.x.mu.Unlock()
	return m.waitParams()
}

// quiet waits for ctx; a live party is sent silence.
func (c *call) quiet(ctx context.Context) string {
	for ctx.Err() == nil {
		_ = c.direct(ctx, silence(time.Minute))
	}
	return ""
}

// bridged is the queued caller's side of a Dial that took it: the whisper, then
// the conversation until either side leaves.
func (c *call) bridged(ctx context.Context, m *member) {
	b := m.bridge
	if w := b.whisper(); w != nil {
		c.setWhere("whisper")
		hearing, stop := context.WithCancel(ctx)
		defer context.AfterFunc(b.ctx, stop)()
		defer stop()
		_, _ = c.hearDocument(hearing, *w, whispered, c.direct, func() url.Values {
			return url.Values{
				"QueueSid": {m.queue.sid}, "QueueTime": {strconv.Itoa(int(m.waited.Seconds()))},
				"DequeingCallSid": {b.caller.sid}, // Twilio's spelling
			}
		})
	}
	b.connect()
	select {
	case <-b.ctx.Done():
	case <-ctx.Done():
	}
}
