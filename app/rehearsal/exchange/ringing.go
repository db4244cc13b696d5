package exchange

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"callin/app/rehearsal/twiml"
)

// ringing is a Dial that rings one or several: the first to answer wins.
type ringing struct {
	caller *call
	dial   twiml.Dial
	page   *page
	from   string
	calls  []*call
	told   chan struct{} // one of calls has been told
	alert  func()        // does once what follows from that
	won    chan *bridge  // sent to once
	over   chan *call    // each of calls when it has ended
	closed bool          // nobody can win any more; mu
}

// outcome is how a Dial ended that nobody answered.
type outcome struct {
	sid      string
	status   Status
	response int // SIP's
}

// dialParties rings telephones and softphones, all at once or one after the
// other, and talks to who answers.
func (c *call) dialParties(ctx context.Context, v twiml.Dial, p *page) url.Values {
	from, fault := c.callerID(v)
	if fault != nil {
		c.x.alert(fault.Code, c.sid, p.from, fault.Message)
		return status(Failed)
	}
	groups := [][]twiml.Party{v.Parties}
	if v.Sequential {
		groups = groups[:0]
		for _, one := range v.Parties {
			groups = append(groups, []twiml.Party{one})
		}
	}
	waiting, connected := context.WithCancel(ctx)
	defer connected()
	var taken *recording
	if strings.HasPrefix(v.Record, "record-from-ringing") {
		taken = c.recordDial(v, p)
	}
	alert := sync.OnceFunc(func() { c.alerted(waiting, v) })
	last := outcome{status: Failed, response: declined}
	for _, group := range groups {
		r := &ringing{
			caller: c, dial: v, page: p, from: from, won: make(chan *bridge, 1), over: make(chan *call, len(group)),
			told: make(chan struct{}, 1), alert: alert,
		}
		var b *bridge
		if b, last = r.ring(ctx, group); b != nil {
			return c.kept(taken, r.part(b, c.talk(ctx, v, p, b, connected)))
		}
		if last.status == Canceled {
			break
		}
	}
	c.nobodyAnswered(last)
	result := status(last.status)
	if last.sid != "" {
		result.Set("DialCallSid", last.sid)
	}
	return c.kept(taken, result)
}

// alerted is what follows when somebody who is dialled has been told of the call:
// who calls hears it ring. Of two softphones the callee's invite then goes before
// the caller's answer, which the SDK's own tests wait for in this order
// (twilio-voice.js, tests/integration/device.ts).
func (c *call) alerted(waiting context.Context, v twiml.Dial) {
	if d, ok := c.party.(Dialler); ok {
		d.Alerted()
	}
	if !v.AnswerOnBridge {
		c.answer()
	}
	c.ringback(waiting)
}

// nobodyAnswered is how a caller who was not answered either ends, unless its
// document goes on to a verb that answers.
func (c *call) nobodyAnswered(last outcome) {
	if last.status == Canceled { // by the caller's *, which is inferred
		last.status, last.response = NoAnswer, terminated
	}
	c.x.mu.Lock()
	defer c.x.mu.Unlock()
	c.unanswered = last
}

// ring rings a group until one of it answers or all have ended.
func (r *ringing) ring(ctx context.Context, group []twiml.Party) (*bridge, outcome) {
	c, x := r.caller, r.caller.x
	defer func() {
		select {
		case <-r.told: // by who has answered or ended since
			r.alert()
		default:
		}
	}()
	x.mu.Lock()
	if ctx.Err() != nil {
		x.mu.Unlock()
		return nil, outcome{status: Canceled}
	}
	for _, party := range group {
		r.call(party)
	}
	x.mu.Unlock()
	last := outcome{status: Failed, response: declined}
	for range r.calls {
		for waiting := true; waiting; {
			select {
			case <-r.told:
				r.alert()
			case b := <-r.won:
				return b, last
			case ended := <-r.over:
				waiting = false
				x.mu.Lock()
				last = worse(last, outcome{ended.sid, ended.status, ended.callee.refusal})
				x.mu.Unlock()
			case k := <-c.keys:
				if r.dial.HangupOnStar && k == '*' {
					return nil, r.cancel()
				}
			case <-ctx.Done():
				return nil, r.cancel()
			}
		}
	}
	select {
	case b := <-r.won: // it has ended since
		return b, last
	default:
		return nil, last
	}
}

// worse is what several that did not answer come to: of two ends the one that
// says most, which is inferred.
func worse(a, b outcome) outcome {
	rank := map[Status]int{Failed: 0, Canceled: 1, Busy: 2, NoAnswer: 3, Completed: 4}
	if a.sid == "" || rank[b.status] > rank[a.status] {
		return b
	}
	return a
}

// call begins the call to one noun; mu is held.
func (r *ringing) call(n twiml.Party) {
	c, x := r.caller, r.caller.x
	to, parameters := "client:"+n.Identity, url.Values{}
	for _, p := range n.Parameters {
		parameters.Set(p.Name, p.Value)
	}
	if n.Identity == "" {
		if to = dialable(n.Number); to == "" {
			x.alertLocked(13223, c.sid, r.page.from, "not a phone number: "+n.Number)
			return
		}
	}
	child := x.newOutgoing(r.from, to, OutboundDial, parameters)
	child.parent, child.callee.told = c.sid, r.told
	child.callback = callback{n.StatusCallback, n.StatusCallbackMethod, n.StatusCallbackEvents}
	if n.StatusCallback != "" {
		child.callback.url = r.page.to(n.StatusCallback, "", nil).url
	}
	var whisper *step
	if n.URL != "" {
		whisper = r.page.to(n.URL, n.Method, nil)
	}
	r.calls = append(r.calls, child)
	c.where = "dial " + to
	_ = x.begin(child, &step{do: func(ctx context.Context) *step { // fails only when all ends
		defer func() { r.over <- child }()
		var b *bridge
		claim := func() bool { b = r.claim(child); return b != nil }
		if child.ring(ctx, time.Duration(r.dial.Timeout)*time.Second, claim) {
			if n.SendDigits != "" {
				child.sendDigits(ctx, n.SendDigits, child.direct)
			}
			child.pickUp(ctx, b, whisper)
		}
		return nil
	}})
}

// claim lets a call that is answered win, if it is the first: the others end.
func (r *ringing) claim(child *call) *bridge {
	x := child.x
	x.mu.Lock()
	defer x.mu.Unlock()
	if r.closed || child.status.Final() || r.caller.status.Final() {
		return nil
	}
	r.closed = true
	b := newBridge(r.caller, child)
	r.caller.bridge, child.bridge = b, b
	for _, other := range r.calls {
		if other != child {
			x.end(other, Canceled)
		}
	}
	r.won <- b
	return b
}

// cancel ends all that ring.
func (r *ringing) cancel() outcome {
	x := r.caller.x
	x.mu.Lock()
	defer x.mu.Unlock()
	r.closed = true
	last := outcome{status: Canceled}
	for _, one := range r.calls {
		last.sid = one.sid
		if one.answered.IsZero() {
			x.end(one, Canceled)
		} else {
			x.end(one, Completed)
		}
	}
	return last
}

// part ends the call that was talked to, unless it has been sent elsewhere.
func (r *ringing) part(b *bridge, result url.Values) url.Values {
	x := r.caller.x
	x.mu.Lock()
	defer x.mu.Unlock()
	child := b.callee
	if r.caller.answered.IsZero() { // its document declined, which is inferred to be a rejection
		r.caller.unanswered = outcome{child.sid, Busy, busyHere}
	}
	if child.pending == nil {
		x.end(child, Completed)
	}
	if result.Get("DialBridged") != "true" && child.status.Final() {
		result.Set("DialCallStatus", string(child.status))
	}
	return result
}

// pickUp is the rung party's side of a bridge. Its document may end the call
// (Twilio docs: Number, url).
func (c *call) pickUp(ctx context.Context, b *bridge, whisper *step) {
	if whisper != nil {
		hearing, stop := context.WithCancel(ctx)
		defer context.AfterFunc(b.ctx, stop)()
		defer stop()
		exit, _ := c.hearDocument(hearing, *whisper, screening, c.direct, func() url.Values { return nil })
		if exit != "" || hearing.Err() != nil {
			return
		}
	}
	b.connect()
	select {
	case <-b.ctx.Done():
	case <-ctx.Done():
	}
}

// callerID is the number that a Dial calls from: the caller's own, the one that
// was called, or one of the account's (Twilio's error 13214). A softphone has
// none of its own to call a telephone with.
func (c *call) callerID(v twiml.Dial) (string, *Fault) {
	id := or(v.CallerID, c.from)
	telephones := false
	for _, n := range v.Parties {
		telephones = telephones || n.Identity == ""
	}
	if !telephones {
		return id, nil
	}
	if number := dialable(id); number != "" {
		id = number
	}
	c.x.mu.Lock()
	defer c.x.mu.Unlock()
	ours := find(c.x.numbers, func(n *Number) bool { return n.PhoneNumber == id }) != nil
	if client := strings.HasPrefix(id, "client:"); client || !ours && id != c.from && id != c.to {
		return "", &Fault{13214, "callerId must be the calling number, the called number or one of the account's, not " + id}
	}
	return id, nil
}

var (
	separators = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "")
	e164       = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)
	usNumber   = regexp.MustCompile(`^1?([2-9]\d{9})$`)
)

// dialable is a number in E.164 form, which one of the US need not be in; empty
// if it is not a number (Twilio docs: Number).
func dialable(number string) string {
	s := separators.Replace(number)
	if m := usNumber.FindStringSubmatch(s); m != nil {
		return "+1" + m[1]
	}
	if e164.MatchString(s) {
		return s
	}
	return ""
}
