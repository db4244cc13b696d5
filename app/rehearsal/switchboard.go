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
	return s.Exchange.Connect(accountSid, applicationSid, identity, params, softphone{p})
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
	other, ok := to.(softphone)
	if !ok {
		return func() {}
	}
	return signal.Pass(p.Phone, other.Phone)
}

// The codes by which the Voice SDK tells why a call did not come about.
const (
	unavailable = 31480
	busyHere    = 31486
	declined    = 31603
)

func (p softphone) HungUp(final exchange.Status) {
	switch final {
	case exchange.Busy:
		p.Phone.HungUp(busyHere, "busy")
	case exchange.NoAnswer:
		p.Phone.HungUp(unavailable, "nobody answers")
	case exchange.Failed:
		p.Phone.HungUp(declined, "the call cannot be put through")
	default:
		p.Phone.HungUp(0, "")
	}
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
