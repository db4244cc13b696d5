package exchange

import (
	"time"

	"callin/app/rehearsal/media"
)

// A Party is the telephone or softphone at the far end of a call. Its methods
// return at once and do not call the exchange. Ringing, Answer and HungUp come
// in this order from one goroutine; Heard and the Port's methods from others.
type Party interface {
	media.Port
	// NeedsAudio reports whether the party must be sent what it hears alone,
	// frame by frame. To one that need not, Heard alone tells of it; in a
	// bridge or a conference its Port is used all the same.
	NeedsAudio() bool
	Ringing(callSid string)
	Answer()
	// HungUp says that the call has ended, whoever ended it.
	HungUp(final Status)
	Heard(Event)
}

// Passer is a Party that another of its kind can hear without the exchange, in
// the codec that both speak. What it says is pulled as well.
type Passer interface {
	// Pass lets to hear this party, where it can, until the end is called.
	Pass(to Party) (end func())
}

// Dialler is a Party that is told more of the call that it makes.
type Dialler interface {
	// Alerted says that somebody whom it calls has been told of the call.
	Alerted()
	// Refused says why nobody answered, before HungUp, as SIP does: 480 nobody is
	// there, 486 rejected, 487 not answered, 603 cannot be put through.
	Refused(response int)
}

// Event is something that a party begins to hear.
type Event struct {
	Kind string  // "say", "play", "digits" or "beep"; "understood" is what a Talker itself says
	Text string  // of say, digits and understood; what is played when it has no URL
	URL  string  // of play
	Hz   float64 // of Twilio's default music
	At   time.Time
}
