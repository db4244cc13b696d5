package picture

import "callin/app/call"

// Microphone is what the page that has a phone says of its microphone, as that
// page reads it off what is sent. It is no fact: nothing of it holds any more
// when Callin starts again, until the page has said it anew.
type Microphone struct {
	Line  string   `json:"line"`
	Call  call.Sid `json:"call"` // the phone's
	Muted bool     `json:"muted"`
	Sound Sound    `json:"sound"`
	// Asked is what another page asks of the microphone, until it was done.
	Asked *MuteAsked `json:"asked,omitempty"`
}

// MuteAsked asks the page that has the phone to mute its microphone (On), or to
// unmute it. No two have the same At, in milliseconds since 1970.
type MuteAsked struct {
	On bool  `json:"on"`
	At int64 `json:"at"`
}

// Sound is what passes between a phone and its line.
type Sound string

// What a page hears of its phone's call.
const (
	SoundWaits      Sound = "waits"      // nothing yet
	SoundFlows      Sound = "flows"      // both ways
	SoundUnplugged  Sound = "unplugged"  // the microphone has gone
	SoundDead       Sound = "dead"       // the microphone gives nothing
	SoundNotSent    Sound = "notSent"    // nothing goes out
	SoundSilentLine Sound = "silentLine" // nothing comes in
)

// Carries reports whether sound passes both ways, be it silence.
func (s Sound) Carries() bool { return s == SoundFlows || s == SoundUnplugged || s == SoundDead }

// Known reports whether s is one of these.
func (s Sound) Known() bool {
	switch s {
	case SoundWaits, SoundFlows, SoundUnplugged, SoundDead, SoundNotSent, SoundSilentLine:
		return true
	}
	return false
}
