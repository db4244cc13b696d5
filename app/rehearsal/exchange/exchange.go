// Package exchange is the telephone exchange of a rehearsal: Twilio's accounts,
// calls, queues and conferences, and the engine that fetches TwiML for a call
// and follows it. It knows calls by the Party at their far end and nothing of
// how a party's audio or signalling travels, nor of REST.
package exchange

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Options is what an exchange is made with.
type Options struct {
	// ListenersNumber and DialInNumber are the two numbers that the account
	// owns, E.164.
	ListenersNumber, DialInNumber string
	// Telephone returns the telephone that answers a number, for calls going
	// out to one that is not the account's own. Nil, or a nil Party, is a number that nobody answers.
	Telephone func(number string) (Party, Answers)
	// Softphone returns whom a call to a client rings: the softphones of its
	// identity, as one Party. They answer by Accept and Refuse, and are told by
	// HungUp that the call is not, or no longer, theirs. Its Ringing comes once
	// they may ring, and Rings answers it when the first of them has been told. Nil, or a nil Party, is an identity that nobody has
	// registered. It is called under the exchange's lock and calls nothing.
	Softphone func(Offer) Party
	// UserMessage gives the page of a softphone's call a message, by its Sid, and
	// reports whether there is one.
	UserMessage func(callSid, sid, content string) bool
	// Callback says how the next status callback is to be sent: after how long,
	// and so how often; or held until the next of its call or conference has
	// been sent. Nil is at once.
	Callback func() (after []time.Duration, held bool)
	// ClockAhead is how far Twilio's clock is ahead of this computer's; nil is
	// not at all.
	ClockAhead func() time.Duration
	// Pace is how many times as fast as usual the exchange speaks, 1 if 0. Files,
	// tones and pauses last as long as ever.
	Pace int
}

// Answers is what a telephone does when it is rung.
type Answers string

// What a telephone can do.
const (
	AnswersYes  Answers = "yes"
	AnswersBusy Answers = "busy"
	AnswersNo   Answers = "no" // rings until the caller's timeout
)

// Limits of Twilio's, and of this stand-in.
const (
	// keptCalls bounds the ended calls that REST still shows.
	keptCalls  = 10000
	keptRooms  = 1000 // ended conferences
	keptAlerts = 1000
)

// Exchange holds every call of one account. All its state is guarded by mu,
// except where a field says otherwise; nothing that blocks happens under mu.
type Exchange struct {
	opt      Options
	account  Account
	client   *http.Client
	clips    *clips
	cookies  cookies
	life     context.Context
	stop     context.CancelFunc
	running  sync.WaitGroup // calls and callbacks under way
	mu       sync.Mutex
	closed   bool
	switches Switches

	calls  map[string]*call
	order  []*call // oldest first
	queues map[string]*queue
	byName map[string]*queue
	confs  map[string]*conference
	rooms  map[string]*conference // those that have not ended, by name
	ended  []*conference          // oldest first

	trunks     int // calls to the account's own numbers
	numbers    []*Number
	apps       []*Application
	keys       []*Key
	profiles   []*Profile
	sales      []Sale             // beside the stocks
	prices     map[string]float64 // of numbers a month, by country and kind
	barred     map[string]bool    // countries that no call may go to
	textless   map[string]bool    // countries that no text may go to
	messages   []*Message
	optedOut   map[texters]bool // those of which the telephone replied STOP
	texts      outbox
	usage      map[string]map[string]*Tally // by day and category
	recordings []*recording                 // oldest first
	events     events
	alerts     []Alert
}

// Switches choose between behaviours where it is not known what Twilio does.
type Switches struct {
	// EndOnWaitFailure ends a call whose wait request failed; otherwise it
	// goes on waiting in silence and the request is made again.
	EndOnWaitFailure bool `json:"end_on_wait_failure"`
	// Trial makes the account one of type Trial, with its limits.
	Trial bool `json:"trial"`
	// Verified are the numbers that a trial account's calls may be with.
	Verified []string `json:"verified,omitempty"`
	// RESTConcurrency is how many REST requests may be under way at once before
	// one is refused with 20429; 0 is any number.
	RESTConcurrency int `json:"rest_concurrency"`
}

// New makes an exchange with an account of its own.
func New(opt Options) *Exchange {
	life, stop := context.WithCancel(context.Background())
	x := &Exchange{
		opt: opt, account: newAccount(), life: life, stop: stop,
		calls: map[string]*call{}, queues: map[string]*queue{}, byName: map[string]*queue{},
		confs: map[string]*conference{}, rooms: map[string]*conference{}, optedOut: map[texters]bool{},
		usage: map[string]map[string]*Tally{}, prices: map[string]float64{}, barred: map[string]bool{}, textless: map[string]bool{},
	}
	x.client = newHTTPClient()
	x.clips = newClips(x)
	x.numbers = []*Number{newNumber(opt.ListenersNumber, "Listeners"), newNumber(opt.DialInNumber, "Dial-in")}
	return x
}

// Close ends every call and waits until nothing runs any more.
func (x *Exchange) Close() {
	x.mu.Lock()
	x.closed = true
	for _, c := range x.calls {
		x.end(c, Completed)
	}
	x.mu.Unlock()
	x.stop()
	x.running.Wait()
	x.client.CloseIdleConnections()
}

// Switches returns the switches.
func (x *Exchange) Switches() Switches {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.switches
}

// SetSwitches replaces the switches.
func (x *Exchange) SetSwitches(s Switches) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.switches = s
}

// Ring begins an inbound call from a telephone to one of the account's numbers.
func (x *Exchange) Ring(from, to, callerName string, p Party) (callSid string, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	var n *Number
	for _, have := range x.numbers {
		if have.PhoneNumber == to {
			n = have
		}
	}
	if n == nil {
		return "", &Fault{21404, "nobody has the number " + to}
	}
	c := x.newCall(p, from, to, Inbound)
	c.callerName, c.numberSid = callerName, n.Sid
	r := n.route(x.apps)
	c.take(r)
	return c.sid, x.begin(c, firstStep(r, nil))
}

// Connect begins a call from a softphone to an application. Its identity may be
// empty.
func (x *Exchange) Connect(accountSid, applicationSid, identity string, params url.Values, p Party) (callSid string, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	app := find(x.apps, func(a *Application) bool { return a.Sid == applicationSid })
	if app == nil || accountSid != x.account.Sid {
		return "", &Fault{21218, "no application " + applicationSid}
	}
	c := x.newCall(p, "client:"+or(identity, anonymous), params.Get("To"), Inbound)
	c.applicationSid = app.Sid
	extra := url.Values{}
	for k, v := range params {
		if !reserved[k] {
			extra[k] = v
		}
	}
	r := app.route()
	c.take(r)
	return c.sid, x.begin(c, firstStep(r, extra))
}

// anonymous is who calls with a token that names nobody, which is inferred from
// the Capability Tokens of old.
const anonymous = "Anonymous"

// reserved are the parameters that a softphone cannot set.
var reserved = map[string]bool{
	"CallSid": true, "AccountSid": true, "From": true, "Caller": true, "Called": true, "To": true,
	"CallStatus": true, "Direction": true, "ApiVersion": true, "ApplicationSid": true,
}

// HangUp ends a call because the person at its far end did. Ending a call that
// has ended, or never was, does nothing.
func (x *Exchange) HangUp(callSid string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	c := x.calls[callSid]
	if c == nil {
		return
	}
	status := Completed
	if c.status == Ringing || c.status == Queued {
		status = NoAnswer
	}
	x.end(c, status)
}

// Digits presses keys on a call: 0-9 * # are heard, all else is not.
func (x *Exchange) Digits(callSid, digits string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	c := x.calls[callSid]
	if c == nil {
		return
	}
	for _, d := range []byte(digits) {
		if strings.IndexByte("0123456789*#", d) < 0 {
			continue
		}
		select {
		case c.keys <- d:
		default: // nobody has listened for 64 keys
		}
	}
}
