// Package picture is what is known of a station, as a fold over facts: State
// changes by Apply and by nothing else. It has no lock, no clock and no
// goroutine; who uses it sees to it that one fact comes after the other.
package picture

import "callin/app/call"

// Picture is all that a desk sees, as of fact Seq. Times are milliseconds since
// 1970, UTC; Now lets a page correct its own clock.
type Picture struct {
	Seq     int64   `json:"seq"`
	Now     int64   `json:"now"`
	Station Station `json:"station"`
	// Studios are the station's, the first one first.
	Studios []Studio `json:"studios"`
	Lines   []Line   `json:"lines"`
	Cards   []Card   `json:"cards"`
	// Desks are the station's, the one on its own computer first.
	Desks []Desk `json:"desks"`
	// Voicemail are the messages that callers have left, oldest first.
	Voicemail []Voicemail `json:"voicemail"`
	// Disk is what is wrong with keeping facts, and since when.
	Disk *Trouble `json:"disk,omitempty"`
	// Check is what is said of comparing with Twilio.
	Check Check `json:"check"`
	// WayIn is why Twilio does not reach Callin.
	WayIn *Trouble `json:"wayIn,omitempty"`
	// You is the desk that this is shown to.
	You call.DeskID `json:"you"`
	// Chat is what desks said to one another last, oldest first.
	Chat []Said `json:"chat"`
	// Microphones are those of the phones on the lines of which something is said.
	Microphones []Microphone `json:"microphones,omitempty"`
	// Costs are what the shows come to; nil at a desk that is not told.
	Costs *Costs `json:"costs,omitempty"`
	// Tracks are the isolated tracks that are recorded, one for each studio that has some.
	Tracks []Tracks `json:"tracks,omitempty"`
}

// Station says what a desk is attached to.
type Station struct {
	Name      string `json:"name"`
	Rehearsal bool   `json:"rehearsal"`
	// Connected is whether it runs on an account that was set up here: a stand-in's in a
	// rehearsal.
	Connected bool `json:"connected,omitempty"`
	// Telephone is whether a telephone can take callers: there is a PIN.
	Telephone bool `json:"telephone"`
	// Pin is shown in a rehearsal only.
	Pin string `json:"pin,omitempty"`
	// Version says which Callin this is.
	Version string `json:"version"`
	// Warnings are sentences about how this Callin runs, from its start on.
	Warnings []string `json:"warnings,omitempty"`
	// Log is the path of Callin's log, empty when it is not on disk.
	Log string `json:"log,omitempty"`
	// Policy are the names of the settings that this computer's policy has.
	Policy []string `json:"policy,omitempty"`
}

// Studio is where a show is on air.
type Studio struct {
	ID     call.Studio `json:"id"`
	Name   string      `json:"name"`
	Number string      `json:"number"` // the listeners' number, E.164
	DialIn string      `json:"dialIn"` // the DJ's dial-in number, E.164
	Line   string      `json:"line"`   // the name of the one that goes to air: the first lane's
	// Lanes are the lines of all its lanes. One is shared by all who are on air; of more
	// each has one caller, but the last one several where SharedLane is.
	Lanes      []string `json:"lanes"`
	SharedLane bool     `json:"sharedLane,omitempty"`
	// Talkback is the line on which the host is talked to alone where there are several
	// lanes; with one it is that one's.
	Talkback string `json:"talkback,omitempty"`
	Show     Show   `json:"show"`
	// Next is the call that Next would take, empty when there is none.
	Next call.Sid `json:"next"`
}

// Called is the studio that is reached by a number, E.164; the first one when it is
// none's, as a browser calls none.
func Called(studios []Studio, number string) call.Studio {
	for _, st := range studios {
		if number != "" && (number == st.Number || number == st.DialIn) {
			return st.ID
		}
	}
	return ""
}

// Desk is a desk as the others see it.
type Desk struct {
	ID      call.DeskID   `json:"id"`
	Name    string        `json:"name"`
	Roles   call.Roles    `json:"roles"`
	Studios []call.Studio `json:"studios"`
	// Here is whether somebody has it open.
	Here bool `json:"here"`
	// CutOff is whether nobody has, although its page is there and its phone carries sound.
	CutOff bool `json:"cutOff,omitempty"`
}

// Said is something that a desk said to the others of a studio.
type Said struct {
	Seq    int64       `json:"seq"`
	At     int64       `json:"at"`
	Studio call.Studio `json:"studio"`
	Desk   call.DeskID `json:"desk"`
	Text   string      `json:"text"`
	// ToHost is whether no host may miss it.
	ToHost bool `json:"toHost,omitempty"`
	// Seen is whether a host has said that it was seen.
	Seen bool `json:"seen,omitempty"`
}

// Show is the programme.
type Show struct {
	Name    string         `json:"name"`
	State   call.ShowState `json:"state"`
	Screens bool           `json:"screens"`
	// Queues are the show's queues by name, the one that feeds the air first.
	Queues []string `json:"queues"`
	// ParkMs is how long a drop, a Next and the show's closing can be taken back, and
	// Since when the show came to its state.
	ParkMs int64 `json:"parkMs"`
	// ProducersAir is whether producers may take callers to air, and hold, resume and
	// drop them there, as hosts may.
	ProducersAir bool `json:"producersAir"`
	// Tracks is whether isolated tracks are recorded while somebody is on air; callers are
	// told so.
	Tracks bool  `json:"tracks,omitempty"`
	Since  int64 `json:"since"`
	// Trouble is why the show is not in the state somebody asked for.
	Trouble *Trouble `json:"trouble,omitempty"`
}

// Line is a desk's own conference.
type Line struct {
	Name string `json:"name"`
	// Phone is whether the desk's softphone is on the line.
	Phone bool `json:"phone"`
	// Leg is the phone's call; that of the last one while there is none. A page
	// knows by it whether the phone is its own.
	Leg call.Sid `json:"leg"`
	// Direct is whether the desk's softphone is in direct mode: it takes
	// callers straight from the queue, and * brings the next.
	Direct bool `json:"direct"`
	// Telephone is whether that phone is no softphone but a telephone that
	// dialled in; it is then direct too.
	Telephone bool `json:"telephone"`
	// PinLocked is whether wrong PINs have locked the telephone way for all but those
	// that typed the right one lately.
	PinLocked bool `json:"pinLocked"`
	// LockedTelephones are the numbers (E.164) that are locked by their own wrong
	// PINs; an empty one is every withheld number.
	LockedTelephones []string `json:"lockedTelephones"`
	// Desk is whose phone that is, or was last.
	Desk call.DeskID `json:"desk"`
	// Since is when the softphone joined, or was lost.
	Since int64 `json:"since"`
	// ByHand is whether a person took off the phone that left the line last: it was
	// not lost.
	ByHand bool `json:"byHand"`
	// Talkback are the desks that speak to the host alone, each as often as it does.
	Talkback []call.DeskID `json:"talkback"`
	// Reserve are the desks whose phones are on the line in reserve.
	Reserve []call.DeskID `json:"reserve,omitempty"`
	// Lost are the calls that were held because the softphone left.
	Lost []call.Sid `json:"lost"`
}

// Card is one caller's call.
type Card struct {
	Call call.Sid `json:"call"`
	// Studio is the one that was called, or that the caller was given to since.
	Studio   call.Studio `json:"studio"`
	Number   string      `json:"number"` // E.164; empty when withheld
	Name     string      `json:"name"`
	Location string      `json:"location"` // where the caller says they are
	Topic    string      `json:"topic"`
	Area     string      `json:"area,omitempty"` // where the number is from, for want of a location
	Notes    string      `json:"notes,omitempty"`
	Language string      `json:"language,omitempty"`
	Rating   int         `json:"rating,omitempty"` // 1 to 5
	// Reason is why the caller was sent back to wait, and NotNow whether after the others.
	Reason string `json:"reason,omitempty"`
	NotNow bool   `json:"notNow,omitempty"`
	// Ordered is who put the caller where they are in the queue and what they meant,
	// until they leave it.
	Ordered *Ordered   `json:"ordered,omitempty"`
	Arrived int64      `json:"arrived"`
	Place   call.Place `json:"place"`
	Since   int64      `json:"since"` // when it came to this place
	// FromHold is the line of the studio's lane on which the caller, to whom a desk talks off
	// air, was on hold and goes back to hold.
	FromHold string `json:"fromHold,omitempty"`
	// Rank orders the calls of one queue: lowest first.
	Rank   float64 `json:"rank"`
	Locked bool    `json:"locked"`
	// AirMs is how long the call has been on air before Since, in
	// milliseconds; while it is on air, the time since Since comes on top.
	AirMs int64 `json:"airMs"`
	// Move is the one move under way.
	Move *Moving `json:"move,omitempty"`
	// Was is where a parked call goes back to by Undo, and Next whom the Next took
	// that dropped it.
	Was  *call.Place `json:"was,omitempty"`
	Next call.Sid    `json:"next,omitempty"`
	// Taken is when a Next was pressed that took this caller, until something else is
	// done with the call; 0 for none.
	Taken int64 `json:"taken,omitempty"`
	// Before is what was typed of this number's earlier call in this show.
	Before *Typed `json:"before,omitempty"`
	// Trouble is why the last move did not succeed, until the next one.
	Trouble *Trouble `json:"trouble,omitempty"`
}

// Ordered is an order of somebody's.
type Ordered struct {
	Desk call.DeskID   `json:"desk"`
	As   call.Ordering `json:"as"`
}

// Typed is what somebody typed of a caller.
type Typed struct {
	Name     string `json:"name"`
	Location string `json:"location"`
	Topic    string `json:"topic"`
}

// Voicemail is a message that a caller has left.
type Voicemail struct {
	Recording string      `json:"recording"` // RecordingSid
	Studio    call.Studio `json:"studio"`
	Call      call.Sid    `json:"call"`
	Number    string      `json:"number"` // E.164; empty when withheld
	Name      string      `json:"name"`
	At        int64       `json:"at"`
	Seconds   int64       `json:"seconds"`
}

// Check is what is said of comparing with Twilio. Like the disk's state it is no
// fact: the latest is what counts.
type Check struct {
	// Now is whether Twilio is being asked where everybody is, after a gap: at
	// the start, or when it takes long.
	Now bool `json:"now"`
	// LostAt is when Twilio ceased to answer; 0 while it answers.
	LostAt int64 `json:"lostAt"`
	// Mended is how many callers were elsewhere than the desk showed, or gone,
	// the last time that there were any, and MendedAt when that was.
	Mended   int64 `json:"mended"`
	MendedAt int64 `json:"mendedAt"`
}

// Moving is a move under way.
type Moving struct {
	Number int64      `json:"number"`
	To     call.Place `json:"to"`
	Began  int64      `json:"began"`
	// Desk is where it was decided, if somebody did.
	Desk call.DeskID `json:"desk,omitempty"`
}

// Trouble is something that did not work, in words for the person at the desk.
type Trouble struct {
	Code    call.Code `json:"code"`
	Message string    `json:"message"`
	At      int64     `json:"at"`
}

// Change is what one or more facts changed in the picture, up to and including
// fact Seq. A nil part is unchanged.
type Change struct {
	Seq int64 `json:"seq"`
	// Now is told when the station's clock was put, so that a page puts its own.
	Now     int64      `json:"now,omitempty"`
	Studios []Studio   `json:"studios,omitempty"` // those that changed
	Lines   []Line     `json:"lines,omitempty"`   // those that changed
	Cards   []Card     `json:"cards,omitempty"`   // those that are new or changed
	Gone    []call.Sid `json:"gone,omitempty"`    // those to remove
	// Voicemail are all messages, when one came or was deleted.
	Voicemail *[]Voicemail `json:"voicemail,omitempty"`
	// Chat is what was said since.
	Chat []Said `json:"chat,omitempty"`
	// Desks are all, whenever they change, and no facts.
	Desks *[]Desk `json:"desks,omitempty"`
	// Disk is told whenever it changes; without a code, the disk works again.
	// Like a notice it is no fact.
	Disk *Trouble `json:"disk,omitempty"`
	// Check is told whenever it changes, and is no fact either.
	Check *Check `json:"check,omitempty"`
	// WayIn is told whenever it changes; without a code, Twilio reaches Callin. It is
	// no fact either.
	WayIn *Trouble `json:"wayIn,omitempty"`
	// Microphones are those of which something else is said, and no facts either.
	Microphones []Microphone `json:"microphones,omitempty"`
	// Costs are told whenever they change, and are no facts either.
	Costs *Costs `json:"costs,omitempty"`
	// Tracks are told of a studio whenever they change, and are no facts either.
	Tracks []Tracks `json:"tracks,omitempty"`
	// Look is a question to the pages that are open now: what they find of themselves is
	// answered by it. It is no fact either.
	Look string `json:"look,omitempty"`
	// Notice is a sentence for whoever is at a desk now, such as "Ana had
	// already hung up. Ben is next."
	Notice *Trouble `json:"notice,omitempty"`
	// NoticeTo is the studio whose desks a notice is for; nil for those of all.
	NoticeTo *call.Studio `json:"-"`
}
