package call

// FactKind is the kind of thing that a Fact says has happened.
type FactKind string

const (
	// Arrived: a call rang in. Number, Name and Area.
	Arrived FactKind = "arrived"
	// Began: a move of the call to Place was decided; its number is this
	// fact's Seq. By is the operation.
	Began FactKind = "began"
	// Placed: Twilio says that the call is in Place.
	Placed FactKind = "placed"
	// Failed: move Move did not happen; Code names the reason (a Code), Message
	// says it.
	Failed FactKind = "failed"
	// Ended: the call itself is over; Code is its CallStatus. It may be a phone's.
	Ended FactKind = "ended"
	// Noted: somebody typed Name, Location, Topic, Notes or Language, or gave a Rating.
	Noted FactKind = "noted"
	// LockSet: somebody locked (On) or unlocked the card.
	LockSet FactKind = "lock"
	// Ordered: the call's Rank in its queue was set; Code is the Ordering.
	Ordered FactKind = "ordered"
	// ShowSet: the show's ShowState is Code and its queues' sids are Queues; or,
	// with a Message, something keeps it from there, and Code names that.
	ShowSet FactKind = "show"
	// Dialled: softphone Call asks for desk line Line; a telephone asks by its right
	// PinTyped. Who asked last has the line, as far as Callin heard of it in turn.
	Dialled FactKind = "dialled"
	// TalkbackSet: leg Call of desk Desk speaks to the host alone on Line (On), or does
	// not any more.
	TalkbackSet FactKind = "talkback"
	// ReserveSet: phone Call of desk Desk is in reserve on Line, whose conference is
	// Conference (On), or is not any more.
	ReserveSet FactKind = "reserve"
	// PhoneSet: phone Call has the desk line Line (On) or has left it; Code is its
	// PhoneMode.
	PhoneSet FactKind = "phone"
	// PinTyped: telephone Call, which calls from Number, typed a PIN, the right one
	// (On) or not. Earlier Callins did not keep the number.
	PinTyped FactKind = "pin"
	// PinUnlocked: somebody at a desk let telephones try again.
	PinUnlocked FactKind = "pin-unlocked"
	// Exported: the facts from Show to before Until were saved as File, which
	// Callin cannot change.
	Exported FactKind = "exported"
	// Forgotten: somebody had all data of a person deleted; it does not say whose.
	// Files may hold it still.
	Forgotten FactKind = "forgotten"
	// Left: the call left its Twilio queue; Code is the QueueResult.
	Left FactKind = "left"
	// Recorded: the caller left a message, Recording, of Seconds; Number and Name.
	Recorded FactKind = "recorded"
	// Unrecorded: the message Recording was deleted.
	Unrecorded FactKind = "unrecorded"
	// Chatted: a desk said Message to the others of its studio; On: no host may miss it.
	// ChatSeen: a host has seen the one that is numbered Move.
	Chatted  FactKind = "chatted"
	ChatSeen FactKind = "chat-seen"
	// Texted: Number was sent a text; Code is the TextReason.
	Texted FactKind = "texted"
	// OptedOut: Number wants no texts (On), or wants them again.
	OptedOut FactKind = "opted-out"
	// ClockSet: the station's clock was put by Step, which is no time that has
	// passed; Twilio is what Twilio's showed.
	ClockSet FactKind = "clock"
	// TracksSet: isolated tracks are recorded into the folder File (On), or not, as Message
	// says; without both, callers are told from now on that they may be recorded. It is for
	// the record only, too.
	TracksSet FactKind = "tracks"
	// Troubled: a Trouble, Code, has begun (On), as Message says, or is over after
	// Seconds. It is for the record only: nothing follows from it.
	Troubled FactKind = "trouble"
)

// Fact is our own numbered record that something happened. Facts are never
// changed; the picture is a fold over them.
type Fact struct {
	Seq  int64    `json:"-"`
	At   int64    `json:"-"` // milliseconds since 1970, UTC
	Kind FactKind `json:"-"`
	Call Sid      `json:"-"`
	// Studio is whose show, caller or telephone the fact is about; what is about the
	// station as a whole has that of the first one.
	Studio Studio `json:"-"`
	// Desk is where it was decided, if a person did.
	Desk DeskID `json:"desk,omitempty"`

	Number   *string `json:"number,omitempty"`
	Name     *string `json:"name,omitempty"`
	Location *string `json:"location,omitempty"`
	Topic    *string `json:"topic,omitempty"`
	Area     *string `json:"area,omitempty"` // where Number is from, as Twilio looks it up
	Notes    *string `json:"notes,omitempty"`
	Language *string `json:"language,omitempty"`
	Rating   *int    `json:"rating,omitempty"` // 1 to 5, 0 for none
	// Reason is why a caller was sent back to wait, in somebody's words.
	Reason *string `json:"reason,omitempty"`
	Place  *Place  `json:"place,omitempty"`
	By     Op      `json:"by,omitempty"`
	Move   int64   `json:"move,omitempty"`
	On     bool    `json:"on,omitempty"`
	Rank   float64 `json:"rank,omitempty"`
	Line   string  `json:"line,omitempty"`
	// Code is, by Kind, of one of the types below; a drop's is the Farewell.
	Code    string            `json:"code,omitempty"`
	Message string            `json:"message,omitempty"`
	Queues  map[string]string `json:"queues,omitempty"` // name to QueueSid
	// Conference is the ConferenceSid of the line the call is on.
	Conference string `json:"conference,omitempty"`
	// Next is, of a caller who is dropped by a Next, the one whom that Next takes.
	Next Sid `json:"next,omitempty"`
	// Leg is the desk's call that the call is bridged with.
	Leg Sid `json:"leg,omitempty"`
	// Mended is whether Callin found it out by comparing with Twilio, having not
	// been told of it.
	Mended bool `json:"mended,omitempty"`
	// Recording is a RecordingSid.
	Recording string `json:"recording,omitempty"`
	Seconds   int64  `json:"seconds,omitempty"`
	// Step is how far the clock was put forward, or back, in milliseconds, and
	// Twilio a time in milliseconds since 1970; 0 is not known.
	Step   int64 `json:"step,omitempty"`
	Twilio int64 `json:"twilio,omitempty"`
	// File is a file's path, or its name alone where a browser chose the folder.
	File  string      `json:"file,omitempty"`
	Show  int64       `json:"show,omitempty"`  // an Edition's
	Until int64       `json:"until,omitempty"` // the number of a fact
	Files []SavedFile `json:"files,omitempty"`
	// Whose is the number of who was forgotten. It is never written: a journal
	// that is read again has nothing of theirs left.
	Whose string `json:"-"`
}

// CallStatus is Twilio's word for how a call stands.
type CallStatus string

// StatusGone stands for the final CallStatus of a call that Twilio does not
// know any more.
const StatusGone CallStatus = "gone"

// Over reports whether a CallStatus is final.
func (s CallStatus) Over() bool {
	switch s {
	case "completed", "busy", "failed", "no-answer", "canceled", StatusGone:
		return true
	}
	return false
}

// EndedAs says that a call is over, by its final CallStatus.
func EndedAs(sid Sid, status CallStatus) Fact {
	return Fact{Kind: Ended, Call: sid, Code: string(status)}
}

// ShowState is whether a show takes callers.
type ShowState string

const (
	ShowClosed  ShowState = "closed"
	ShowOpening ShowState = "opening" // its queues are being made
	ShowOpen    ShowState = "open"
	// ShowStopping: nobody new is let in, and who waits still does; it can be taken
	// back for as long as a drop.
	ShowStopping ShowState = "stopping"
	ShowClosing  ShowState = "closing" // those who wait hear the closing words
)

// ShowIs says that the show has come to a state; queues may be nil for those of
// before.
func ShowIs(state ShowState, queues map[string]string) Fact {
	return Fact{Kind: ShowSet, Code: string(state), Queues: queues}
}

// ShowTrouble says what keeps the show from the state that somebody asked for.
func ShowTrouble(why Code, message string) Fact {
	return Fact{Kind: ShowSet, Code: why.String(), Message: message}
}

// PhoneMode is how a phone takes callers.
type PhoneMode string

const (
	PhoneOnLine    PhoneMode = ""          // a softphone, in the line's conference
	PhoneDirect    PhoneMode = "direct"    // a softphone, straight from the queue
	PhoneTelephone PhoneMode = "telephone" // a telephone that dialled in, straight from the queue

	// PhoneOlder, of a phone that has not the line: it dialled before the one that
	// has it, and was heard of later.
	PhoneOlder PhoneMode = "older"
	// PhoneByHand, of a phone that is on the line: a person takes it off at its
	// page, and it leaves next.
	PhoneByHand PhoneMode = "by_hand"
	// PhoneSilent, of a phone that has not the line any more: its page is gone and no sound
	// passes, though Twilio keeps its call.
	PhoneSilent PhoneMode = "silent"
	// PhoneReplaced, in the journals of earlier Callins: a phone that was replaced
	// has ended.
	PhoneReplaced PhoneMode = "replaced"
)

// PhoneHas says that a phone has a desk's line.
func PhoneHas(line string, leg Sid, mode PhoneMode) Fact {
	return Fact{Kind: PhoneSet, Call: leg, Line: line, On: true, Code: string(mode)}
}

// PhoneHasNot says that a phone has left a desk's line, will leave it (PhoneByHand), comes
// too late for it (PhoneOlder), or is there in Twilio's eyes only (PhoneSilent).
func PhoneHasNot(line string, leg Sid, mode PhoneMode) Fact {
	return Fact{Kind: PhoneSet, Call: leg, Line: line, Code: string(mode)}
}

// QueueResult is Twilio's word for why a call has left a queue.
type QueueResult string

const (
	QueueBridged               QueueResult = "bridged"
	QueueBridging              QueueResult = "bridging-in-process"
	QueueError                 QueueResult = "error"
	QueueSystemError           QueueResult = "system-error"
	QueueFull                  QueueResult = "queue-full"
	QueueHangup                QueueResult = "hangup"
	QueueRedirectedFromBridged QueueResult = "redirected-from-bridged"
)

// LeftAs says that a call has left its queue, by Twilio's QueueResult.
func LeftAs(sid Sid, result QueueResult) Fact {
	return Fact{Kind: Left, Call: sid, Code: string(result)}
}

// Trouble is something that goes wrong for a while, with no caller's call alone.
type Trouble string

const (
	TroubleWayIn     Trouble = "way_in"     // Twilio does not reach Callin
	TroubleTakenOver Trouble = "taken_over" // another Callin has the calls
	TroubleTwilio    Trouble = "twilio"     // Twilio does not answer
	TroubleSlow      Trouble = "slow"       // Twilio answers late, or that it is too busy
	TroubleSound     Trouble = "sound"      // the desk's phone is on its line without sound
)

// NotDone says why a move did not happen.
func NotDone(sid Sid, move int64, why Code, message string) Fact {
	return Fact{Kind: Failed, Call: sid, Move: move, Code: why.String(), Message: message}
}

// TextReason is why a caller was sent a text.
type TextReason string

const (
	WaitedTooLong  TextReason = "waited"
	FoundQueueFull TextReason = "full"
)

// TextedFor says that a number was sent a text.
func TextedFor(sid Sid, number string, why TextReason) Fact {
	return Fact{Kind: Texted, Call: sid, Number: &number, Code: string(why)}
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
	for _, told := range []**string{&f.Number, &f.Name, &f.Location, &f.Topic, &f.Area, &f.Notes, &f.Language, &f.Reason} {
		if *told != nil {
			*told = new(string)
		}
	}
	return f
}

// Farewell is what a caller who is dropped is told, a Dropped Began's Code.
type Farewell string

// What a caller can be told at the end.
const (
	FarewellThanks Farewell = ""        // thank you for calling
	FarewellFull   Farewell = "full"    // no time left for more callers
	FarewellTopic  Farewell = "topic"   // not what the show is about today
	FarewellAgain  Farewell = "another" // please call again another day
)

// Known reports whether f is one of these.
func (f Farewell) Known() bool {
	switch f {
	case FarewellThanks, FarewellFull, FarewellTopic, FarewellAgain:
		return true
	}
	return false
}

// Ordering is what somebody meant by an order, an Ordered's Code.
type Ordering string

// What somebody can mean.
const (
	OrderPlace    Ordering = ""         // this place in the queue
	OrderNext     Ordering = "next"     // a host's own next
	OrderProposed Ordering = "proposed" // a producer proposes who is next
	OrderNotNow   Ordering = "not-now"  // to the end of those who wait to be screened
)
