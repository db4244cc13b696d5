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
	// its leg, Code "direct" when it takes callers without a line.
	PhoneSet FactKind = "phone"
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
}
