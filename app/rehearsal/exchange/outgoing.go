package exchange

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Outgoing is a call that REST makes.
type Outgoing struct {
	From, To, CallerID, ApplicationSid string
	Change
	StatusCallbackEvents []string
	Timeout              time.Duration // of ringing; 0 is Twilio's minute
	SendDigits           string        // once it is answered
	DetectMachine        bool          // say who answered: here always a human
	Record               *RecordingOptions
}

// endpoint is whom a call can go to or come from (Twilio docs: Call).
var endpoint = regexp.MustCompile(`^(\+[1-9]\d{1,14}|client:.+|sip:.+@.+)$`)

// check refuses a call that cannot be made. Its From is a number of the
// account's, or a client.
func (x *Exchange) check(o Outgoing) error {
	switch number := func(s string) bool { return strings.HasPrefix(s, "+") }; {
	case o.To == "":
		return &Fault{21201, "No 'To' number is specified"}
	case o.From == "":
		return &Fault{21213, "No 'From' number is specified"}
	case !endpoint.MatchString(o.To):
		return &Fault{21211, "Invalid 'To' Phone Number: " + o.To}
	case !endpoint.MatchString(o.From):
		return &Fault{21212, "Invalid 'From' Number: " + o.From}
	case number(o.From) && find(x.numbers, func(n *Number) bool { return n.PhoneNumber == o.From }) == nil:
		return &Fault{21210, "'From' is not a number of this account: " + o.From}
	case number(o.To) && x.barred[townOf(o.To).country]:
		return &Fault{21215, "Account not authorized to call " + o.To}
	case number(o.To) && !number(o.From):
		return &Fault{21212, "A call to a telephone comes from a telephone number"}
	}
	if o.Record != nil {
		if err := CheckURL(o.Record.url); err != nil {
			return err
		}
	}
	return o.Change.check()
}

// Call makes an outgoing call.
func (x *Exchange) Call(o Outgoing) (CallInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.check(o); err != nil {
		return CallInfo{}, err
	}
	r := Route{VoiceURL: o.URL, VoiceMethod: or(o.Method, "POST"), FallbackURL: o.FallbackURL, FallbackMethod: or(o.FallbackMethod, "POST")}
	app := find(x.apps, func(a *Application) bool { return a.Sid == o.ApplicationSid })
	switch {
	case o.ApplicationSid != "" && app == nil:
		return CallInfo{}, &Fault{21218, "Invalid ApplicationSid " + o.ApplicationSid}
	case app != nil:
		// All else of the request's is ignored (Twilio docs: Call).
		r, o.Twiml, o.StatusCallback = app.Route, "", ""
	case o.URL == "" && o.Twiml == "":
		return CallInfo{}, &Fault{21205, "Url parameter is required"}
	}
	c, ring := x.newCallOut(o)
	cb := c.callback
	c.take(r)
	if app == nil {
		c.callback = cb
	}
	then := firstStep(r, nil)
	then.twiml = o.Twiml
	err := x.begin(c, &step{do: ring(then)})
	return c.info(), err
}

// newCallOut makes a call, and what it does until it is answered; mu is held.
func (x *Exchange) newCallOut(o Outgoing) (c *call, ring func(then *step) func(context.Context) *step) {
	c = x.newOutgoing(or(o.CallerID, o.From), o.To, OutboundAPI, nil)
	c.callback = callback{o.StatusCallback, or(o.StatusCallbackMethod, "POST"), o.StatusCallbackEvents}
	if seconds, err := strconv.Atoi(o.TimeLimit); err == nil && seconds > 0 {
		x.limit(c, seconds)
	}
	if o.Timeout <= 0 {
		o.Timeout = time.Minute
	}
	return c, func(then *step) func(context.Context) *step {
		return func(ctx context.Context) *step {
			if !c.ring(ctx, o.Timeout, nil) {
				return nil
			}
			c.answeredAs(ctx, o)
			return then
		}
	}
}

// answeredAs does what was wanted of the call's answer.
func (c *call) answeredAs(ctx context.Context, o Outgoing) {
	c.x.mu.Lock()
	if o.DetectMachine {
		c.answeredBy = "human"
	}
	if o.Record != nil && !c.status.Final() {
		c.x.recordCall(c, *o.Record, "OutboundAPI")
	}
	c.x.mu.Unlock()
	if o.SendDigits != "" {
		c.sendDigits(ctx, o.SendDigits, c.direct)
	}
}
