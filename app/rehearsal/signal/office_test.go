package signal

import (
	"errors"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"callin/app/rehearsal/media"
)

const (
	testAccount = "AC0123456789abcdef0123456789abcdef"
	testKey     = "SK0123456789abcdef0123456789abcdef"
	testSecret  = "a secret of the test"
	testApp     = "AP0123456789abcdef0123456789abcdef"
)

// office is an exchange in which every call is answered and hears a tone.
type office struct {
	calls  chan *officeCall
	events chan string // "hangup CA…", "digits CA… 5"
	rung   chan string // CallSids that Devices have been told of
	mixer  *media.Mixer
	mu     sync.Mutex
	count  int
	gone   atomic.Bool // callers give up
	silent atomic.Bool // calls do not ring
}

type officeCall struct {
	sid, identity, application string
	params                     url.Values
	phone                      Phone
	ear                        *listener
}

func newOffice(t *testing.T) *office {
	o := &office{calls: make(chan *officeCall, 10), events: make(chan string, 10), rung: make(chan string, 100), mixer: media.NewMixer()}
	t.Cleanup(o.mixer.Close)
	return o
}

func (o *office) KeySecret(key string) (string, string, bool) {
	return testAccount, testSecret, key == testKey
}

func (o *office) Connect(_, application, identity string, params url.Values, phone Phone) (string, error) {
	if application != testApp {
		return "", errors.New("no such application")
	}
	o.mu.Lock()
	o.count++
	sid := "CA" + strings.Repeat(string(rune('0'+o.count)), 32)
	o.mu.Unlock()
	c := &officeCall{sid, identity, application, params, phone, newListener()}
	if !o.silent.Load() {
		phone.Ringing()
	}
	o.calls <- c
	return sid, nil
}

func (o *office) HangUp(sid string)         { o.events <- "hangup " + sid }
func (o *office) Digits(sid, digits string) { o.events <- "digits " + sid + " " + digits }

func (o *office) Rings(sid string)  { o.rung <- sid }
func (o *office) Refuse(sid string) { o.events <- "refused " + sid }
func (o *office) Fail(sid string)   { o.events <- "failed " + sid }
func (o *office) UserMessage(callSid, sid, content string) {
	o.events <- "message " + callSid + " " + sid + " " + content
}

func (o *office) Accept(sid string) bool {
	o.events <- "accepted " + sid
	return !o.gone.Load()
}

func (o *office) event(t *testing.T) string {
	t.Helper()
	select {
	case e := <-o.events:
		return e
	case <-time.After(patience):
		t.Fatal("the exchange was told nothing")
	}
	panic("unreachable")
}

// pick answers the next call: it hears hz, and its ear what the peer says.
func (o *office) pick(t *testing.T, hz float64) *officeCall {
	t.Helper()
	var c *officeCall
	select {
	case c = <-o.calls:
	case <-time.After(patience):
		t.Fatal("no call")
	}
	tone := media.NewTone(hz, -15)
	o.mixer.Join(c.sid, c.phone)
	o.mixer.PlayTo(c.sid, tone.Pull)
	o.mixer.Join("ear of "+c.sid, earPort{c.ear})
	c.phone.Answer()
	return c
}

// earPort is a member of a conference that only listens.
type earPort struct{ *listener }

func (earPort) Pull(*media.Frame) bool { return false }
