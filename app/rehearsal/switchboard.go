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

// softphone is a Phone as the exchange sees it: one that hears everything.
type softphone struct{ signal.Phone }

func (softphone) NeedsAudio() bool         { return true }
func (p softphone) Ringing(string)         { p.Phone.Ringing() }
func (p softphone) HungUp(exchange.Status) { p.Phone.HungUp(0, "") }
func (softphone) Heard(exchange.Event)     {}
