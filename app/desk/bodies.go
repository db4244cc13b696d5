package desk

import (
	"callin/app/call"
	"callin/app/picture"
	"callin/app/station"
)

// What operations take, as decode reads it.

// Empty is the body of an operation that needs nothing, and the result of one
// that says no more than that it was done.
type Empty struct{}

// CallBody names one call.
type CallBody struct {
	Call call.Sid `json:"call" need:"yes"`
}

// DeedBody names one call, and where the page showed it: elsewhere it is left alone.
type DeedBody struct {
	Call call.Sid    `json:"call" need:"yes"`
	At   *call.Place `json:"at"`
	// Over takes the caller from another desk that has them.
	Over bool `json:"over"`
}

func (b DeedBody) deed(op call.Op) station.Deed {
	return station.Deed{Op: op, Call: b.Call, From: places(b.At), Over: b.Over}
}

// TakeBody is a DeedBody that can choose a lane.
type TakeBody struct {
	Call call.Sid    `json:"call" need:"yes"`
	At   *call.Place `json:"at"`
	Over bool        `json:"over"`
	// Lane is the line of the lane that the caller is to come onto; empty for a free one.
	Lane string `json:"lane" max:"16"`
}

func (b TakeBody) deed(op call.Op) station.Deed {
	return station.Deed{Op: op, Call: b.Call, From: places(b.At), Over: b.Over, Lane: b.Lane}
}

// DropBody is a DeedBody that says what the caller is told at the end.
type DropBody struct {
	Call     call.Sid      `json:"call" need:"yes"`
	At       *call.Place   `json:"at"`
	Over     bool          `json:"over"`
	Farewell call.Farewell `json:"farewell" max:"10"`
}

// BackBody is a DeedBody that says why the caller waits again.
type BackBody struct {
	Call   call.Sid    `json:"call" need:"yes"`
	At     *call.Place `json:"at"`
	Over   bool        `json:"over"`
	Reason string      `json:"reason" max:"80"`
}

// GiveBody is a DeedBody that names another studio.
type GiveBody struct {
	Call   call.Sid    `json:"call" need:"yes"`
	At     *call.Place `json:"at"`
	Over   bool        `json:"over"`
	Studio call.Studio `json:"studio" max:"20"`
}

// SayBody is something that a desk says to the others.
type SayBody struct {
	Text   string `json:"text" need:"yes" max:"200"`
	ToHost bool   `json:"toHost"`
}

// SeenBody names something that was said by its number.
type SeenBody struct {
	Seq int64 `json:"seq" need:"yes"`
}

func places(at *call.Place) []call.Place {
	if at == nil {
		return nil
	}
	return []call.Place{*at}
}

// NextBody says whom the page showed as the next, and as those who are dropped:
// nobody else is. Lane is as in TakeBody.
type NextBody struct {
	Expect call.Sid   `json:"expect"`
	Drops  []call.Sid `json:"drops"`
	Lane   string     `json:"lane" max:"64"`
}

// MoveBody sends a call to a queue.
type MoveBody struct {
	Call  call.Sid    `json:"call" need:"yes"`
	Queue string      `json:"queue" need:"yes" max:"64"`
	At    *call.Place `json:"at"`
}

// TakeLanesBody has a desk in reserve take the lanes over: because somebody pressed, or by itself.
type TakeLanesBody struct {
	ByItself bool `json:"byItself" need:"yes"`
}

// LineBody names a desk's line.
type LineBody struct {
	Line string `json:"line" need:"yes" max:"40"`
}

// LockBody locks a card, or unlocks it.
type LockBody struct {
	Call call.Sid `json:"call" need:"yes"`
	On   bool     `json:"on" need:"yes"`
}

// MicrophoneBody says what is sent of the microphone of a page's phone, and which
// request of another page that page did last.
type MicrophoneBody struct {
	Call   call.Sid      `json:"call" need:"yes"`
	Muted  bool          `json:"muted" need:"yes"`
	Sound  picture.Sound `json:"sound" need:"yes" max:"10"`
	Obeyed int64         `json:"obeyed"`
}

// MuteBody asks the page that has a phone to mute it, or to unmute it.
type MuteBody struct {
	Call call.Sid `json:"call" need:"yes"`
	On   bool     `json:"on" need:"yes"`
}

// SameWordsBody says whether the words of a certificate are those on the station's screen.
type SameWordsBody struct {
	Same bool `json:"same" need:"yes"`
}

// OrderBody puts a call before another one of its queue, or at the end.
type OrderBody struct {
	Call   call.Sid `json:"call" need:"yes"`
	Before call.Sid `json:"before"`
}

// NoteBody is what was typed into a card; what is not there stays as it is.
type NoteBody struct {
	Call     call.Sid `json:"call" need:"yes"`
	Name     *string  `json:"name" max:"80"`
	Location *string  `json:"location" max:"80"`
	Topic    *string  `json:"topic" max:"200"`
	Notes    *string  `json:"notes" max:"500"`
	Language *string  `json:"language" max:"40"`
	Rating   *int     `json:"rating"` // 1 to 5, 0 for none
}

// NoteKept is the number of the fact that has what was typed: whose picture has come so
// far sees it, or what was typed over it since.
type NoteKept struct {
	Seq int64 `json:"seq"`
}

// RecordBody asks for the page of a show's record before a line, or the first; with
// Failed, of what something failed in.
type RecordBody struct {
	Show   int64  `json:"show" need:"yes"`
	Search string `json:"search" max:"80"`
	Failed bool   `json:"failed"`
	Before int64  `json:"before"`
}

// ShowBody names a show by the number that opened it.
type ShowBody struct {
	Show int64 `json:"show" need:"yes"`
}

// SaveBody asks for a file of a show's record.
type SaveBody struct {
	Show   int64  `json:"show" need:"yes"`
	Format Format `json:"format" need:"yes" max:"4"`
}

// ForgetBody names a person by their number.
type ForgetBody struct {
	Number string `json:"number" need:"yes" max:"24"`
}

// VoicemailBody names a message by its RecordingSid.
type VoicemailBody struct {
	Recording string `json:"recording" need:"yes" max:"34"`
}

// SpeakBody is a sentence to be spoken.
type SpeakBody struct {
	Text string `json:"text" need:"yes" max:"300"`
}

// RingBody makes callers up.
type RingBody struct {
	Count  int    `json:"count" need:"yes"`
	Name   string `json:"name" max:"80"`
	Number string `json:"number" max:"16"`
}

// TroubleBody lets something go wrong for a while.
type TroubleBody struct {
	Kind    StageTrouble `json:"kind" need:"yes" max:"20"`
	Seconds int          `json:"seconds" need:"yes"`
}

// What operations give, beside station.Begun, Softphone and Page.

// Shows are those that there is a record of, the last one first.
type Shows struct {
	Shows []call.Edition `json:"shows"`
}

// Spoken is a sentence as a WAVE file, in base 64.
type Spoken struct {
	Wave string `json:"wave"`
}

// Saved says where a record was saved.
type Saved struct {
	Path string `json:"path"`
}

// Forgotten says of how many calls a person's data was blanked, and which saved
// files and damaged journals may have it too.
type Forgotten struct {
	Calls int              `json:"calls"`
	Files []call.SavedFile `json:"files"`
	Aside []string         `json:"aside"`
}
