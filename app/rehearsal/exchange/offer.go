package exchange

import (
	"context"
	"net/url"
	"strings"
	"time"

	"callin/app/rehearsal/media"
)

// Offer is a call to the softphones of an identity.
type Offer struct {
	CallSid, AccountSid string
	From, To            string // To is client:identity
	Identity            string
	Parameters          url.Values // the application's own
	StirStatus          string     // what is said of From; empty is nothing
}

// callee is who is called, and what happens when it is rung.
type callee struct {
	// answers is empty for a party that answers by Accept and Refuse.
	answers Answers
	nobody  bool            // no softphone is registered
	told    chan<- struct{} // by those of one Dial, when they have been told; nil for others
	refusal int             // SIP's response by which it did not answer
}

// tell lets a Dial know that one of its own has been told of the call.
func (e *callee) tell() {
	select {
	case e.told <- struct{}{}:
	default: // another has, or nobody waits for it
	}
}

// Rings says that somebody has been told of a call that rings softphones.
func (x *Exchange) Rings(callSid string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if c := x.calls[callSid]; c != nil {
		c.callee.tell()
	}
}

// newOutgoing makes a call to a telephone, or to client:identity with the
// parameters that come after a question mark (Twilio docs: Call, To); mu is held.
func (x *Exchange) newOutgoing(from, to string, d Direction, parameters url.Values) *call {
	address, query, _ := strings.Cut(to, "?")
	identity, client := strings.CutPrefix(address, "client:")
	if !client {
		c := x.newCall(nobody{}, from, to, d)
		if p := x.newTrunk(from, to); p != nil {
			c.setParty(p)
			return c
		}
		c.callee.answers = AnswersNo
		if x.opt.Telephone != nil {
			if p, answers := x.opt.Telephone(to); p != nil {
				c.setParty(p)
				c.callee.answers = answers
			}
		}
		return c
	}
	if more, err := url.ParseQuery(query); err == nil {
		parameters = merge(more, parameters)
	}
	c := x.newCall(nobody{}, from, address, d)
	c.callee.nobody = true
	if x.opt.Softphone != nil {
		if p := x.opt.Softphone(Offer{c.sid, x.account.Sid, from, address, identity, parameters, stir(from)}); p != nil {
			c.setParty(p)
			c.callee.nobody = false
		}
	}
	return c
}

// setParty gives a call that nobody has heard of yet its far end.
func (c *call) setParty(p Party) { c.party, c.wire = p, &wire{party: p} }

// Accept answers a call that rings a softphone, and reports whether it could:
// somebody else may have answered, or the caller given up.
func (x *Exchange) Accept(callSid string) bool { return x.decide(callSid, InProgress) }

// Refuse ends a call that rings a softphone: with Busy when the person rejects
// it, NoAnswer when nobody is there, Failed when it cannot be put through.
func (x *Exchange) Refuse(callSid string, how Status) bool { return x.decide(callSid, how) }

func (x *Exchange) decide(callSid string, s Status) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	c := x.calls[callSid]
	if c == nil || c.status != Ringing || c.direction == Inbound {
		return false
	}
	select {
	case c.decision <- s:
		return true
	default:
		return false // it has decided already
	}
}

// ring rings who is called and reports whether it was answered and claim, if
// there is one, let it be. If not, the call has ended as it should.
func (c *call) ring(ctx context.Context, timeout time.Duration, claim func() bool) bool {
	c.x.mu.Lock()
	if !c.status.Final() {
		c.setStatus(Queued)
		c.setStatus(Ringing)
	}
	c.x.mu.Unlock()
	c.party.Ringing(c.sid)
	if c.callee.answers != "" {
		c.callee.tell()
	}
	s, response := c.decided(ctx, timeout)
	if s == InProgress && ctx.Err() == nil && (claim == nil || claim()) {
		c.answer()
		return ctx.Err() == nil
	}
	c.x.mu.Lock()
	defer c.x.mu.Unlock()
	if c.pending == nil {
		if s == InProgress {
			s = Canceled
		}
		c.callee.refusal = response
		c.x.end(c, s)
	}
	return false
}

// SIP's responses for a call that is not answered (RFC 3261, 21.4 and 21.6).
const (
	unavailable = 480
	busyHere    = 486
	terminated  = 487
	declined    = 603
)

// decided is what becomes of a call that rings, and SIP's response if it is not
// answered.
func (c *call) decided(ctx context.Context, timeout time.Duration) (s Status, response int) {
	switch {
	case c.callee.nobody:
		return NoAnswer, unavailable // at once, which is inferred
	case c.callee.answers == AnswersYes:
		return InProgress, 0
	case c.callee.answers == AnswersBusy:
		return Busy, busyHere
	}
	t := time.NewTimer(timeout)
	defer t.Stop()
	select {
	case s := <-c.decision:
		return s, map[Status]int{Busy: busyHere, NoAnswer: unavailable, Failed: declined}[s]
	case <-t.C:
		return NoAnswer, terminated
	case <-ctx.Done():
		return Canceled, terminated
	}
}

// nobody is the far end of a call that reaches no one.
type nobody struct{}

func (nobody) Pull(f *media.Frame) bool { clear(f[:]); return false }
func (nobody) Push(*media.Frame)        {}
func (nobody) NeedsAudio() bool         { return false }
func (nobody) Ringing(string)           {}
func (nobody) Answer()                  {}
func (nobody) HungUp(Status)            {}
func (nobody) Heard(Event)              {}
