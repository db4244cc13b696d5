// Package call is the domain of a call-in show: a caller's call, the places it
// can be in, and the moves between them. It imports nothing but the standard
// library and knows nothing of Twilio's requests, of disks or of screens.
package call

// Sid is Twilio's CallSid: one telephone call.
type Sid string

// Kind is the kind of place that a call is in. A call is in exactly one.
type Kind string

const (
	Arriving Kind = "arriving" // has rung and hears the greeting
	Queue    Kind = "queue"    // waits in the queue Name
	Line     Kind = "line"     // is on the line Name: talking, held or on deck
	Bridge   Kind = "bridge"   // talks to the DJ in direct mode, without a line
	Park     Kind = "park"     // was dropped; can be taken back for a few seconds
	// Voicemail: leaves a message.
	Voicemail Kind = "voicemail"

	Closing Kind = "closing" // hears the closing words, then is gone
	Gone    Kind = "gone"    // has ended
)

// State is how a call stands on a line.
type State string

const (
	Talking State = "talking" // hears and is heard
	Held    State = "held"    // hears the hold audio and is not heard
	Deck    State = "deck"    // hears the programme and is not heard
)

// Place is where a call is. Name is the queue's or the line's; State is set on
// a line only.
type Place struct {
	Kind  Kind   `json:"kind"`
	Name  string `json:"name,omitempty"`
	State State  `json:"state,omitempty"`
}

// InQueue is the place of a call that waits in the queue name.
func InQueue(name string) Place { return Place{Kind: Queue, Name: name} }

// OnLine is the place of a call on the line name.
func OnLine(name string, s State) Place { return Place{Kind: Line, Name: name, State: s} }

// OnAir reports whether a call in this place can be heard by listeners: a desk's own
// line does not go to air.
func (p Place) OnAir() bool {
	if p.Kind == Bridge {
		return true
	}
	_, own := DeskOf(p.Name)
	return p.Kind == Line && p.State == Talking && !own
}
