// Package signal speaks the Voice SDK's signalling protocol (pstream 1.6) over
// a WebSocket and carries each softphone's audio over WebRTC. It knows nothing
// of TwiML: what a call does is the Exchange's business.
package signal

import (
	"net/url"

	"callin/app/rehearsal/media"
)

// Exchange is what the signalling asks of the telephone exchange.
type Exchange interface {
	// KeySecret returns the account an API key belongs to and the key's
	// secret, for verifying an access token's issuer and signature.
	KeySecret(keySid string) (accountSid, secret string, ok bool)
	// Connect begins a call from a softphone to a TwiML application. The
	// exchange calls phone's methods from then on, from any goroutine. It
	// returns the new CallSid; an unknown application is an error.
	Connect(accountSid, applicationSid, identity string, params url.Values, phone Phone) (callSid string, err error)
	// HangUp ends a call because the person at the softphone did, or because
	// the softphone was lost. Ending an ended call does nothing.
	HangUp(callSid string)
	// Digits gives the exchange keys pressed on the softphone: 0-9 * #.
	Digits(callSid, digits string)
	// Rings says that a Device has been told of a call that rings Devices.
	Rings(callSid string)
	// Accept answers a call that rings Devices, because a person picked up. It
	// is false when the caller has gone.
	Accept(callSid string) bool
	// Refuse ends a call that rings Devices, because no person wants it.
	Refuse(callSid string)
	// Fail ends a call that rings Devices, because none of them can take it.
	Fail(callSid string)
	// UserMessage gives the exchange a message that a page sent in a call, by
	// the Sid that the page gave it.
	UserMessage(callSid, sid, content string)
}

// Phone is what the exchange does to a softphone's leg. Its methods return at once.
type Phone interface {
	media.Port
	Ringing()
	// Answer connects the audio: TwiML that speaks or bridges has begun.
	Answer()
	// HungUp tells the softphone that the exchange ended the call. A code of 0
	// is an ordinary end; another is one of Twilio's error codes.
	HungUp(code int, message string)
}
