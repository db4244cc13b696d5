package rehearsal

import (
	"net/url"

	"callin/app/rehearsal/exchange"
	"callin/app/rehearsal/signal"
)

// switchboard puts softphones through to the exchange.
type switchboard struct{ *exchange.Exchange }

// Connect begins a softphone's call.
func (s switchboard) Connect(accountSid, applicationSid, identity string, params url.Values, p signal.Phone) (string, error) {
	return s.Exchange.Connect(accountSid, applicationSid, identity, params, &dialler{softphone: softphone{p}})
}

// Refuse is a person's word that nobody here takes the call.
func (s switchboard) Refuse(callSid string) { s.Exchange.Refuse(callSid, exchange.Busy) }

// Fail is the news that no Device can take the call.
func (s switchboard) Fail(callSid string) { s.Exchange.Refuse(callSid, exchange.Failed) }

// softphone is a Phone as the exchange sees it: one that hears everything.
type softphone struct{ signal.Phone }

func (softphone) NeedsAudio() bool     { return true }
func (p softphone) Ringing(string)     { p.Phone.Ringing() }
func (softphone) Heard(exchange.Event) {}

// Pass implements exchange.Passer.
func (p softphone) Pass(to exchange.Party) (end func()) {
	switch other := to.(type) {
	case softphone:
		return signal.Pass(p.Phone, other.Phone)
	case *dialler:
		return signal.Pass(p.Phone, other.Phone)
	}
	return func() {}
}

// sipErrors is added to SIP's response to make the Voice SDK's code
// (@twilio/voice-sdk, errors/generated.js: 31480, 31486, 31603; Twilio docs:
// error 31487).
const sipErrors = 31000

func (p softphone) HungUp(final exchange.Status) {
	switch final {
	case exchange.Busy:
		p.Phone.HungUp(sipErrors+486, "busy")
	case exchange.NoAnswer:
		p.Phone.HungUp(sipErrors+480, "nobody answers")
	case exchange.Failed:
		p.Phone.HungUp(sipErrors+603, "the call cannot be put through")
	default:
		p.Phone.HungUp(0, "")
	}
}

// dialler is a softphone that calls. It implements exchange.Dialler.
type dialler struct {
	softphone
	refused int
}

// Ringing is told to a page when its callee rings (@twilio/voice-sdk, call.js:
// the event ringing), not when its call begins.
func (*dialler) Ringing(string) {}
func (d *dialler) Alerted()     { d.Phone.Ringing() }

func (d *dialler) Answer() {
	d.Phone.Ringing()
	d.Phone.Answer()
}

func (d *dialler) Refused(response int) { d.refused = response }

func (d *dialler) HungUp(final exchange.Status) {
	if d.refused == 0 {
		d.softphone.HungUp(final)
		return
	}
	d.Phone.HungUp(sipErrors+d.refused, map[int]string{
		480: "nobody is there", 486: "the call was rejected", 487: "nobody answers", 603: "the call cannot be put through",
	}[d.refused])
}

// rings is whom a call to a client rings; nil when nobody is registered.
func rings(server *signal.Server, o exchange.Offer) exchange.Party {
	phone := server.Ring(signal.Offer{
		CallSid: o.CallSid, AccountSid: o.AccountSid, Identity: o.Identity, From: o.From, To: o.To, Parameters: o.Parameters, StirStatus: o.StirStatus,
	})
	if phone == nil {
		return nil
	}
	return softphone{phone}
}
