package picture

import "callin/app/call"

// Tracks is how the recording of a studio's isolated tracks stands. It is no fact: it holds as
// long as sound comes.
type Tracks struct {
	Studio call.Studio `json:"studio"`
	// On is whether sound is written now.
	On bool `json:"on"`
	// Since is when the recording of this show began; 0 while there is none.
	Since int64 `json:"since"`
	// Folder is where its files are, which the record says.
	Folder string `json:"-"`
	// Host is whether there is a track of the host.
	Host bool `json:"host"`
	// Trouble is why nothing is written although somebody records; nil for no reason.
	Trouble *Trouble `json:"trouble,omitempty"`
}
