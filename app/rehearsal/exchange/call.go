package exchange

import (
	"context"
	"net/url"
	"time"
)

// Status is a call's status, in Twilio's words.
type Status string

// The statuses of a call; those from Completed on are final.
const (
	Queued     Status = "queued"
	Ringing    Status = "ringing"
	InProgress Status = "in-progress"
	Completed  Status = "completed"
	Busy       Status = "busy"
	Failed     Status = "failed"
	NoAnswer   Status = "no-answer"
	Canceled   Status = "canceled"
)

// Final reports whether a call of this status has ended.
func (s Status) Final() bool { return s != Queued && s != Ringing && s != InProgress }

// Direction is which way a call goes.
type Direction string

// The directions of a call.
const (
	Inbound      Direction = "inbound"
	OutboundAPI  Direction = "outbound-api"
	OutboundDial Direction = "outbound-dial"
)

// call is one leg. A goroutine of its own follows its TwiML; whatever else
// happens to it happens under the exchange's mu.
type call struct {
	x                              *Exchange
	sid, from, to                  string
	direction                      Direction
	party                          Party
	wire                           *wire        // the party's audio
	recordings                     []*recording // that run, or have ended
	callerName, applicationSid     string
	answeredBy                     string // human, when it was to be found out
	numberSid, parent              string
	fallback                       step // its url is empty when there is none
	callback                       callback
	created, answered, ended, rang time.Time
	status                         Status
	ending                         Status // what its end makes of it, while it is taken out of where it is
	where                          string // for people who look for a fault
	callee                         callee // of a call going out
	decision                       chan Status
	unanswered                     outcome // of the last Dial that nobody answered; counts while the call is not answered either
	life                           context.Context
	stop                           context.CancelFunc
	keys                           chan byte
	askedFor                       int              // Gathers that listen for speech
	transcriptions                 []*transcription // that run
	outbox                         outbox
	subscribed                     map[string]Subscription // by Sid
	said                           int                     // messages of the page's
	sequence                       int                     // of status callbacks
	lastFetch                      time.Time
	hops                           int // documents fetched, counted for a trial account only
	timeLimit                      *time.Timer
	pending                        *step              // replaces what the call does
	interrupt                      context.CancelFunc // ends what the call does
	member                         *member            // while in a queue, or bridged from one
	participant                    *participant
	invitation                     *participant // while it is called into a conference
	bridge                         *bridge
	taker                          *taker // while it waits for somebody to join a queue
}

// step is the next thing for a call to follow: a document to fetch, inline
// TwiML, or a deed of the exchange's own.
type step struct {
	url, method string
	params      url.Values // on top of those of every request
	twiml       string
	do          func(context.Context) *step
	isFallback  bool
}

func firstStep(r Route, params url.Values) *step {
	return &step{url: r.VoiceURL, method: r.VoiceMethod, params: params}
}

func (x *Exchange) newCall(p Party, from, to string, d Direction) *call {
	life, stop := context.WithCancel(x.life)
	return &call{
		x: x, sid: newSid("CA"), from: from, to: to, direction: d, party: p, wire: &wire{party: p},
		created: time.Now(), status: Queued, life: life, stop: stop, keys: make(chan byte, 64),
		decision: make(chan Status, 1),
	}
}

// take copies what a route says about the call's whole life.
func (c *call) take(r Route) {
	if r.FallbackURL != "" {
		c.fallback = step{url: r.FallbackURL, method: r.FallbackMethod, isFallback: true}
	}
	c.callback = callback{url: r.StatusCallback, method: r.CallbackMethod}
}

// begin lets a new call run; mu is held.
func (x *Exchange) begin(c *call, first *step) error {
	if x.closed {
		c.stop()
		return &Fault{20503, "the exchange is closed"}
	}
	if err := x.trialRefuses(c); err != nil {
		if c.timeLimit != nil {
			c.timeLimit.Stop()
		}
		c.stop()
		return err
	}
	x.forget()
	x.calls[c.sid] = c
	x.order = append(x.order, c)
	if c.direction == Inbound {
		c.status, c.rang = Ringing, time.Now()
	}
	x.running.Go(func() { c.run(first) })
	return nil
}

// forget drops the oldest call once there are too many, if it has ended.
func (x *Exchange) forget() {
	if len(x.order) >= keptCalls && x.order[0].status.Final() {
		delete(x.calls, x.order[0].sid)
		x.order = x.order[1:]
	}
}

func (c *call) run(next *step) {
	if c.direction == Inbound {
		c.party.Ringing(c.sid)
	}
	for {
		ctx, st := c.turn(next)
		if st == nil {
			break
		}
		next = c.follow(ctx, st)
	}
	c.x.mu.Lock()
	final, response := c.status, c.unanswered.response
	c.x.mu.Unlock()
	if d, ok := c.party.(Dialler); ok && response != 0 && final == c.unanswered.status {
		d.Refused(response)
	}
	c.party.HungUp(final)
}

// endsAs is the status of a call that has come to its document's end. One that
// was never answered ends as those whom it dialled did: completed is a call that
// was answered (Twilio docs: Call resource, status).
func (c *call) endsAs() Status {
	if c.answered.IsZero() && c.unanswered.status != "" {
		return c.unanswered.status
	}
	return Completed
}

// turn begins the next step. A redirect that came meanwhile goes before it;
// without either the call has ended.
func (c *call) turn(next *step) (context.Context, *step) {
	c.x.mu.Lock()
	defer c.x.mu.Unlock()
	if c.interrupt != nil {
		c.interrupt()
	}
	if c.pending != nil {
		next, c.pending = c.pending, nil
	}
	if next == nil || c.status.Final() {
		c.x.end(c, c.endsAs())
		return nil, nil
	}
	ctx, interrupt := context.WithCancel(c.life)
	c.interrupt = interrupt
	return ctx, next
}

// redirect makes a call do something else at once; mu is held.
func (x *Exchange) redirect(c *call, st *step) {
	c.pending, c.where = st, ""
	x.detach(c, "redirected")
	if c.interrupt != nil {
		c.interrupt()
	}
}

// end ends a call for good with a final status; mu is held. Ending an ended call
// does nothing.
func (x *Exchange) end(c *call, status Status) {
	if c.status.Final() {
		return
	}
	c.ended, c.ending = time.Now(), status
	x.detach(c, "hangup")
	for _, r := range c.recordings {
		r.stop() // before the last callback, which tells of it
	}
	c.setStatus(status)
	x.count(c)
	if c.timeLimit != nil {
		c.timeLimit.Stop()
	}
	c.where = ""
	c.stop()
}

// detach takes a call out of where it is, a queue, a bridge or a conference;
// mu is held. Why is a QueueResult: redirected or hangup.
func (x *Exchange) detach(c *call, why string) {
	if m := c.member; m != nil {
		c.member = nil
		m.leave(why)
	}
	if t := c.taker; t != nil {
		t.giveUp()
	}
	if b := c.bridge; b != nil {
		b.end()
	}
	if p := c.invitation; p != nil {
		// Who was called and did not come in leaves too (Twilio changelog: 2023-10-25).
		p.conf.tell("leave", "participant-leave", p, p.leaving("participant_add_failed"))
		p.conf.uninvite(p)
	}
	if p := c.participant; p != nil {
		reason := "participant_hung_up"
		if why == "redirected" {
			reason = "participant_updated_via_api"
		}
		p.leave(reason, reason == "participant_hung_up")
	}
}

// answer connects a call that rings.
func (c *call) answer() {
	c.x.mu.Lock()
	first := !c.status.Final() && c.answered.IsZero()
	if first {
		c.answered = time.Now()
		c.x.trialLimit(c)
		c.setStatus(InProgress)
	}
	c.x.mu.Unlock()
	if first {
		c.party.Answer()
	}
}

func (c *call) setWhere(s string) {
	c.x.mu.Lock()
	defer c.x.mu.Unlock()
	if !c.status.Final() {
		c.where = s
	}
}

// base are the parameters of every request about a call; mu is held.
func (c *call) base() url.Values {
	v := url.Values{
		"CallSid": {c.sid}, "AccountSid": {c.x.account.Sid}, "From": {c.from}, "To": {c.to},
		"Caller": {c.from}, "Called": {c.to}, "CallStatus": {string(c.status)},
		"Direction": {string(c.direction)}, "ApiVersion": {"2010-04-01"},
	}
	said := map[string]string{"CallerName": c.callerName, "ApplicationSid": c.applicationSid, "ParentCallSid": c.parent, "AnsweredBy": c.answeredBy}
	if c.direction == Inbound {
		said["StirVerstat"] = stir(c.from)
	}
	for k, s := range said {
		if s != "" {
			v.Set(k, s)
		}
	}
	place(v, "From", c.from)
	place(v, "To", c.to)
	return v
}

func (c *call) params(extra url.Values) url.Values {
	c.x.mu.Lock()
	defer c.x.mu.Unlock()
	v := c.base()
	for k, s := range extra {
		v[k] = s
	}
	return v
}
