package exchange

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// texters are a telephone and the account's number that it texts with.
type texters struct{ telephone, number string }

// Message is a text message that the account sent or received.
type Message struct {
	Sid, From, To, Body, ServiceSid string
	Direction, Status               string
	Created, Sent                   time.Time
}

// telephoneNumber is E.164's form.
var telephoneNumber = regexp.MustCompile(`^\+[1-9]\d{1,14}$`)

// AddMessage takes a message to be sent and tells a URL, unless it is empty, or
// else that of an application, what becomes of it. It goes nowhere, and is
// delivered at once. Who has replied STOP to a number gets none from it: 21610.
func (x *Exchange) AddMessage(m Message, callback, applicationSid string) (Message, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case !telephoneNumber.MatchString(m.To):
		return m, &Fault{21211, "Invalid 'To' Phone Number: " + m.To}
	case m.From != "" && !telephoneNumber.MatchString(m.From):
		return m, &Fault{21212, "Invalid 'From' Number: " + m.From}
	case m.From != "" && find(x.numbers, func(n *Number) bool { return n.PhoneNumber == m.From }) == nil:
		return m, &Fault{21606, "The 'From' phone number provided is not a valid message-capable Twilio phone number for this account: " + m.From}
	case x.textless[townOf(m.To).country]: // Twilio errors: 21408
		return m, &Fault{21408, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: " + m.To}
	case x.optedOut[texters{m.To, m.From}]:
		return m, &Fault{21610, "Attempt to send to unsubscribed recipient"}
	}
	if app := find(x.apps, func(a *Application) bool { return a.Sid == applicationSid }); app != nil {
		callback = or(callback, app.MessageStatusCallback)
	}
	m.Sid, m.Direction, m.Created = newSid("SM"), "outbound-api", time.Now()
	// The status that it is made with is not called back (Twilio docs: Outbound
	// Message Status in Status Callbacks).
	next := []string{"sent", "delivered"}
	if m.Status = "queued"; m.ServiceSid != "" {
		m.Status, next = "accepted", append([]string{"queued"}, next...)
	}
	made := m
	x.messages = append(x.messages, &m)
	m.Sent = time.Now()
	for progress := new(outbox); len(next) > 0; next = next[1:] {
		if m.Status = next[0]; callback != "" {
			x.tell(progress, "", callback, "POST", x.progressOf(m))
		}
	}
	return made, nil
}

// progressOf is what a message's status callback is told.
func (x *Exchange) progressOf(m Message) url.Values {
	v := url.Values{
		"MessageSid": {m.Sid}, "SmsSid": {m.Sid}, "MessageStatus": {m.Status}, "SmsStatus": {m.Status},
		"AccountSid": {x.account.Sid}, "To": {m.To}, "ApiVersion": {"2010-04-01"},
	}
	for name, s := range map[string]string{"From": m.From, "MessagingServiceSid": m.ServiceSid} {
		if s != "" {
			v.Set(name, s)
		}
	}
	return v
}

// Messages returns the messages, those from and to a number only if given.
func (x *Exchange) Messages(from, to string) []Message {
	return list(x, &x.messages, func(m *Message) bool {
		return (from == "" || m.From == from) && (to == "" || m.To == to)
	})
}

// The words that Twilio itself acts on, whatever the application does.
var (
	stopWords  = []string{"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"}
	startWords = []string{"START", "YES", "UNSTOP"}
)

// Receive takes a text from a telephone to one of the account's numbers and
// tells the number's SmsUrl or that of its application. What that answers is not followed.
func (x *Exchange) Receive(from, to, body string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	i := slices.IndexFunc(x.numbers, func(n *Number) bool { return n.PhoneNumber == to })
	if i < 0 {
		return &Fault{21606, "This is none of the account's numbers."}
	}
	switch word := strings.ToUpper(strings.TrimSpace(body)); {
	case slices.Contains(stopWords, word):
		x.optedOut[texters{from, to}] = true
	case slices.Contains(startWords, word):
		delete(x.optedOut, texters{from, to})
	}
	sid := newSid("SM")
	now := time.Now()
	x.messages = append(x.messages, &Message{
		Sid: sid, From: from, To: to, Body: body, Direction: "inbound", Status: "received", Created: now, Sent: now,
	})
	r := x.numbers[i].smsRoute(x.apps)
	if r.SmsURL == "" {
		return nil
	}
	v := url.Values{
		"MessageSid": {sid}, "SmsMessageSid": {sid}, "SmsSid": {sid}, "AccountSid": {x.account.Sid}, "From": {from}, "To": {to},
		"Body": {body}, "NumMedia": {"0"}, "NumSegments": {"1"}, "SmsStatus": {"received"}, "ApiVersion": {"2010-04-01"},
	}
	x.tell(&x.texts, "", r.SmsURL, r.SmsMethod, v)
	return nil
}

// Message lets f, unless it is nil, change a message and returns it; false if
// there is none.
func (x *Exchange) Message(sid string, f func(*Message)) (Message, bool) {
	return change(x, &x.messages, func(m *Message) bool { return m.Sid == sid }, func(m *Message) {
		if f != nil {
			f(m)
		}
	})
}

// DeleteMessage forgets a message and reports whether there was one.
func (x *Exchange) DeleteMessage(sid string) bool {
	return remove(x, &x.messages, func(m *Message) bool { return m.Sid == sid })
}
