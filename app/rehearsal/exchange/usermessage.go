package exchange

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Subscription wants to be told what the page of a softphone says in a call
// (Twilio docs: UserDefinedMessageSubscription).
type Subscription struct {
	Sid, CallSid string
	Created      time.Time
	url, method  string
}

// UserMessage takes what a page says in its call. Each subscription is told of
// it by the Sid that the page gave it, which the SDK's sendMessage returned
// (twilio-voice.js, tests/integration/callMessage).
func (x *Exchange) UserMessage(callSid, sid, content string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	c := x.calls[callSid]
	if c == nil || c.status.Final() {
		return
	}
	c.said++
	for _, to := range slices.Sorted(maps.Keys(c.subscribed)) {
		s := c.subscribed[to]
		x.tell(&c.outbox, c.sid, s.url, s.method, url.Values{
			"Sid": {sid}, "AccountSid": {x.account.Sid}, "CallSid": {c.sid}, "Content": {content},
			"ContentType": {"application/json"}, "SequenceNumber": {strconv.Itoa(c.said)},
		})
	}
}

// Subscribe lets a URL be told what the page of a call says.
func (x *Exchange) Subscribe(callSid, to, method string) (Subscription, error) {
	if err := CheckURL(to); err != nil {
		return Subscription{}, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	c, err := x.live(callSid)
	if err != nil {
		return Subscription{}, err
	}
	s := Subscription{newSid("ZY"), callSid, time.Now(), to, or(method, "POST")}
	if c.subscribed == nil {
		c.subscribed = map[string]Subscription{}
	}
	c.subscribed[s.Sid] = s
	return s, nil
}

// live is a call that goes on; mu is held.
func (x *Exchange) live(sid string) (*call, error) {
	c := x.calls[sid]
	switch {
	case c == nil:
		return nil, NotFound("/Calls/" + sid + ".json")
	case c.status.Final():
		return nil, &Fault{21220, "Call is not in-progress."}
	}
	return c, nil
}

// Unsubscribe reports whether there was such a subscription.
func (x *Exchange) Unsubscribe(callSid, sid string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	c := x.calls[callSid]
	if c == nil {
		return false
	}
	_, there := c.subscribed[sid]
	delete(c.subscribed, sid)
	return there
}

// TellPage gives the page of a softphone's call a message of the application's
// and returns its Sid.
func (x *Exchange) TellPage(callSid, content string) (string, error) {
	x.mu.Lock()
	_, err := x.live(callSid)
	tell := x.opt.UserMessage
	x.mu.Unlock()
	sid := newSid("KX")
	switch {
	case err != nil:
		return "", err
	case tell == nil || !tell(callSid, sid, content):
		return "", &Fault{21220, "This call has no page to be told"}
	}
	return sid, nil
}
