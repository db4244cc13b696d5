package exchange

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"callin/app/rehearsal/twiml"
)

// The limits of an account of type Trial (Twilio docs: Trial account, Try out
// Twilio Voice). Where those say only that something is replaced, what replaces
// it is inferred.
const (
	trialCalls = 5 // at once
	trialCall  = 10 * time.Minute
	trialFetch = 5 * time.Second
	trialHops  = 10 // documents of one call, wait documents too
)

const trialNotice = "This is not to be had with a trial account."

// trialRefuses refuses a call that a trial account cannot have; mu is held.
func (x *Exchange) trialRefuses(c *call) error {
	if !x.switches.Trial {
		return nil
	}
	live := 0
	for _, o := range x.order {
		if !o.status.Final() {
			live++
		}
	}
	number := c.to
	if c.direction == Inbound {
		number = c.from
	}
	switch {
	case live >= trialCalls:
		return &Fault{10004, "Call concurrency limit exceeded: a trial account has 5 calls at once"}
	case strings.HasPrefix(number, "+") && !x.isVerified(number):
		return &Fault{21219, "The number " + number + " is not verified: a trial account's calls are with verified numbers only"}
	}
	return nil
}

func (x *Exchange) isVerified(number string) bool {
	return slices.Contains(x.switches.Verified, number) ||
		find(x.numbers, func(n *Number) bool { return n.PhoneNumber == number }) != nil
}

// trialLimit ends an answered call of a trial account in time; mu is held.
func (x *Exchange) trialLimit(c *call) {
	if x.switches.Trial && c.timeLimit == nil {
		x.limit(c, int(trialCall/time.Second))
	}
}

// trialHop counts a document that a call fetches; mu is held.
func (c *call) trialHop() *fetchError {
	if c.x.switches.Trial {
		if c.hops++; c.hops > trialHops {
			return &fetchError{11215, errors.New("a trial account's call fetches ten documents at most"), nil}
		}
	}
	return nil
}

// trialQueue and trialRoom are the names that a trial account's queues and
// conferences get; mu is held.
func (x *Exchange) trialQueue(name string) string {
	if x.switches.Trial && name != "" {
		return name + "-" + x.account.Sid
	}
	return name
}

func (x *Exchange) trialRoom(name string) string {
	if x.switches.Trial && name != "" {
		return "Trial-" + x.account.Sid
	}
	return name
}

// trialReplaces tells a caller instead of following a verb that a trial account
// does not have.
func (c *call) trialReplaces(ctx context.Context, v twiml.Verb) bool {
	if !c.x.Switches().Trial {
		return false
	}
	switch v := v.(type) {
	case twiml.Record:
	case twiml.Dial:
		if v.Queue != nil || v.Conference != nil {
			return false
		}
	default:
		return false
	}
	c.answer()
	_ = c.direct(ctx, c.x.speech(trialNotice))
	return true
}
