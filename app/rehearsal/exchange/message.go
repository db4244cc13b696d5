package exchange

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// texters are a telephone and the account's number that it texts with.
type texters struct{ telephone, number string }

// AddMessage takes a message to be sent; it goes nowhere. Who has replied STOP to
// a number gets none from it: 21610.
func (x *Exchange) AddMessage(m Message) (Message, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	m.Sid, m.Created = newSid("SM"), time.Now()
	if x.optedOut[texters{m.To, m.From}] {
		return m, &Fault{21610, "Attempt to send to unsubscribed recipient"}
	}
	x.messages = append(x.messages, &m)
	return m, nil
}

// The words that Twilio itself acts on, whatever the application does.
var (
	stopWords  = []string{"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"}
	startWords = []string{"START", "YES", "UNSTOP"}
)

// Receive takes a text from a telephone to one of the account's numbers and
// tells the number's SmsUrl. What that answers is not followed.
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
	n := x.numbers[i]
	if n.SmsURL == "" {
		return nil
	}
	sid := newSid("SM")
	v := url.Values{
		"MessageSid": {sid}, "SmsMessageSid": {sid}, "SmsSid": {sid}, "AccountSid": {x.account.Sid}, "From": {from}, "To": {to},
		"Body": {body}, "NumMedia": {"0"}, "NumSegments": {"1"}, "SmsStatus": {"received"}, "ApiVersion": {"2010-04-01"},
	}
	x.tell(&x.texts, "", n.SmsURL, n.SmsMethod, v)
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
