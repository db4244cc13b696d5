package call

// FactKind is the kind of thing that a Fact says has happened.
type FactKind string

const (
	// Arrived: a call rang in. Number, Name and Place (its first queue).
	Arrived FactKind = "arrived"
	// Began: a move of the call to Place was decided; its number is this
	// fact's Seq. By is the operation.
	Began FactKind = "began"
	// Placed: Twilio says that the call is in Place.
	Placed FactKind = "placed"
	// Failed: move Move did not happen; Code and Message say why.
	Failed FactKind = "failed"
	// Ended: the call itself is over; Code is its final CallStatus.
	Ended FactKind = "ended"
	// Noted: somebody typed Name, Location or Topic.
	Noted FactKind = "noted"
	// LockSet: somebody locked (On) or unlocked the card.
	LockSet FactKind = "lock"
	// Ordered: the call's Rank in its queue was set.
	Ordered FactKind = "ordered"
	// ShowSet: the show's state is Code, its queues' sids are Queues.
	ShowSet FactKind = "show"
	// PhoneSet: the softphone of desk line Line is there (On) or not; Call is
	// its leg, Code "direct" when it takes callers without a line, "telephone"
	// when it is no softphone and does so. Code "replaced" is that one which
	// another has replaced before has ended.
	PhoneSet FactKind = "phone"
	// PinTyped: telephone Call typed a PIN, the right one (On) or not.
	PinTyped FactKind = "pin"
	// PinUnlocked: somebody at a desk let telephones try again.
	PinUnlocked FactKind = "pin-unlocked"
	// Forgotten: somebody had all data of a person deleted; it does not say whose.
	Forgotten FactKind = "forgotten"
	// Left: the call left its Twilio queue; Code is Twilio's QueueResult.
	Left FactKind = "left"
	// Recorded: the caller left a message, Recording, of Seconds; Number and Name.
	Recorded FactKind = "recorded"
	// Unrecorded: the message Recording was deleted.
	Unrecorded FactKind = "unrecorded"
	// Texted: Number was sent a text; Code is why.
	Texted FactKind = "texted"
	// OptedOut: Number wants no texts (On), or wants them again.
	OptedOut FactKind = "opted-out"
)

// Fact is our own numbered record that something happened. Facts are never
// changed; the studio's state is a fold over them.
type Fact struct {
	Seq  int64    `json:"-"`
	At   int64    `json:"-"` // milliseconds since 1970, UTC
	Kind FactKind `json:"-"`
	Call Sid      `json:"-"`

	Number   *string           `json:"number,omitempty"`
	Name     *string           `json:"name,omitempty"`
	Location *string           `json:"location,omitempty"`
	Topic    *string           `json:"topic,omitempty"`
	Place    *Place            `json:"place,omitempty"`
	By       Op                `json:"by,omitempty"`
	Move     int64             `json:"move,omitempty"`
	On       bool              `json:"on,omitempty"`
	Rank     float64           `json:"rank,omitempty"`
	Line     string            `json:"line,omitempty"`
	Code     string            `json:"code,omitempty"`
	Message  string            `json:"message,omitempty"`
	Queues   map[string]string `json:"queues,omitempty"` // name to QueueSid
	// Conference is the ConferenceSid of the line the call is on.
	Conference string `json:"conference,omitempty"`
	// Leg is the desk's call that the call is bridged with.
	Leg Sid `json:"leg,omitempty"`
	// Mended is whether Callin found it out by comparing with Twilio, having not
	// been told of it.
	Mended bool `json:"mended,omitempty"`
	// Recording is a RecordingSid.
	Recording string `json:"recording,omitempty"`
	Seconds   int64  `json:"seconds,omitempty"`
}

// Whole reports whether f says all that a fact of its kind must say. A fold may
// rely on it.
func (f Fact) Whole() bool {
	switch f.Kind {
	case Arrived, Ended, Failed, Noted, LockSet, Ordered:
		return f.Call != ""
	case Began, Placed:
		return f.Call != "" && f.Place != nil && f.Place.Kind != ""
	}
	return f.Kind != ""
}

// Nameless is f without anything that tells who the caller is. What was known
// becomes an empty text, so that the fold over it is of the same shape.
func (f Fact) Nameless() Fact {
	for _, told := range []**string{&f.Number, &f.Name, &f.Location, &f.Topic} {
		if *told != nil {
			*told = new(string)
		}
	}
	return f
}
