package exchange

import (
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"
)

// callback is somebody who wants to be told what happens to a call.
type callback struct {
	url, method string
	events      []string // initiated ringing answered completed; none is completed
}

// outbox sends callbacks one after the other, so that those of one call or
// conference keep their order unless one is lost.
type outbox struct {
	mu      sync.Mutex
	waiting []func()
	sending bool
	held    func() // goes once the next has gone
}

// maxHeld is how long a callback waits for the next one, which may never be.
const maxHeld = 2 * time.Second

func (o *outbox) put(x *Exchange, f func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.waiting = append(o.waiting, f)
	if !o.sending {
		o.sending = true
		x.running.Go(o.send)
	}
}

func (o *outbox) send() {
	for {
		o.mu.Lock()
		if len(o.waiting) == 0 {
			// What was sent is not to stay as long as the call can be asked about.
			o.waiting, o.sending = nil, false
			o.mu.Unlock()
			return
		}
		f := o.waiting[0]
		o.waiting = o.waiting[1:]
		o.mu.Unlock()
		f()
	}
}

// hold sends f after the next, unless one is held already: that one then goes
// after f, so that two cannot wait for each other.
func (o *outbox) hold(x *Exchange, f func()) {
	o.mu.Lock()
	before := o.held
	o.held = nil
	once := sync.OnceFunc(f)
	if before == nil {
		o.held = once
	}
	o.mu.Unlock()
	if before != nil {
		f()
		before()
		return
	}
	x.running.Go(func() {
		select {
		case <-time.After(maxHeld):
			once()
		case <-x.life.Done():
		}
	})
}

// release sends the one that is held, if any.
func (o *outbox) release() {
	o.mu.Lock()
	held := o.held
	o.held = nil
	o.mu.Unlock()
	if held != nil {
		held()
	}
}

// setStatus changes a call's status and tells who wants to know; mu is held.
func (c *call) setStatus(s Status) {
	c.status = s
	event := "completed"
	switch s {
	case Queued:
		event = "initiated"
	case Ringing:
		event = "ringing"
		c.rang = time.Now()
	case InProgress:
		event = "answered"
	}
	cb := c.callback
	wants := slices.Contains(cb.events, event) || len(cb.events) == 0 && event == "completed"
	if cb.url == "" || !wants {
		return
	}
	v := c.base()
	if event == "initiated" {
		v.Set("CallStatus", event) // not a status of the Call resource (Twilio docs: Number)
	}
	v.Set("CallbackSource", "call-progress-events")
	v.Set("SequenceNumber", strconv.Itoa(c.sequence))
	v.Set("Timestamp", c.x.Clock(time.Now()).UTC().Format(time.RFC1123Z))
	c.sequence++
	if s.Final() {
		seconds := c.seconds()
		v.Set("CallDuration", strconv.Itoa(seconds))
		v.Set("Duration", strconv.Itoa((seconds+59)/60))
		for _, r := range c.recordings {
			// Of those that Record=true made, and of no others (Twilio docs: Call).
			if i := r.snapshot(); i.Source == "OutboundAPI" && i.Status == "completed" {
				r.describe(v)
			}
		}
	}
	c.x.tellStatus(&c.outbox, c.sid, cb.url, cb.method, v)
}

// seconds is how long a call was connected, in whole seconds as they are billed.
func (c *call) seconds() int {
	if c.answered.IsZero() {
		return 0
	}
	return int((c.ended.Sub(c.answered) + time.Second - 1) / time.Second)
}

// tellStatus makes a status callback. One that is answered 4xx or 5xx is a warning
// (dictionary: 15003, of a call's progress; that it is that of recordings and of
// conferences too is inferred).
func (x *Exchange) tellStatus(o *outbox, callSid, to, method string, v url.Values) {
	x.post(o, to, method, v, func(err *fetchError) {
		if err.in.status >= 400 {
			err.code = 15003
		}
		x.failed(callSid, err)
	})
}

// tell makes any other request whose answer does not matter.
func (x *Exchange) tell(o *outbox, callSid, to, method string, v url.Values) {
	x.post(o, to, method, v, func(err *fetchError) { x.failed(callSid, err) })
}

// post makes a request once and in its turn, unless the callbacks are to go wrong.
func (x *Exchange) post(o *outbox, to, method string, v url.Values, failed func(*fetchError)) {
	send := func() {
		if _, err := x.fetch(x.life, method, to, v); err != nil {
			failed(err)
		}
	}
	after, held := x.delivery() // by what goes wrong now, not when its turn comes
	o.put(x, func() {
		if held {
			o.hold(x, send)
			return
		}
		defer o.release()
		for _, after := range after {
			if after == 0 {
				send()
				continue
			}
			x.running.Go(func() {
				select {
				case <-time.After(after):
					send()
				case <-x.life.Done():
				}
			})
		}
	})
}

func (x *Exchange) delivery() (after []time.Duration, held bool) {
	if x.opt.Callback == nil {
		return []time.Duration{0}, false
	}
	return x.opt.Callback()
}

// Clock is what Twilio's clock says at a time of this computer's.
func (x *Exchange) Clock(t time.Time) time.Time {
	if x.opt.ClockAhead == nil {
		return t
	}
	return t.Add(x.opt.ClockAhead())
}
