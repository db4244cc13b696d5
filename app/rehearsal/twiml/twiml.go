// Package twiml reads TwiML documents: the instructions that a telephone
// exchange follows for one call. It knows the verbs that a telephone call can
// meet, what each attribute may be and what it defaults to; it does nothing
// itself.
package twiml

// A Document is a sequence of verbs and what was wrong with it without making
// it unreadable.
type Document struct {
	Verbs    []Verb
	Problems []Problem
}

// A Problem is something wrong in a document, by the code of Twilio's error
// dictionary. What it is about was passed over or has its default.
type Problem struct {
	Code int
	Text string
}

// NotDone is the code of what Twilio does and this stand-in does not: Twilio has
// none for it.
const NotDone = 0

// OfEnqueue reports whether it is an error in an Enqueue, which that verb's action
// is told (Twilio docs: Enqueue, QueueResult error): the document goes on.
func (p Problem) OfEnqueue() bool { return p.Code >= 14201 && p.Code <= 14206 }

// A Verb is one instruction: Say, Play, Pause, Gather, Record, Redirect, Reject,
// Hangup, Enqueue, Leave, Start or Dial.
type Verb interface{ verb() }

// Say speaks Text, Loop times. A Loop of 0 is for ever.
type Say struct {
	Text            string
	Voice, Language string // empty when not given
	Loop            int
}

// Play plays the audio at URL, Loop times (0 is for ever), or Digits as DTMF.
type Play struct {
	URL    string
	Digits string // 0-9 A-D * # and w, W for pauses
	Loop   int
}

// Pause is silence for Length seconds.
type Pause struct{ Length int }

// Gather collects keys or speech while its Prompts are heard.
type Gather struct {
	Prompts             []Verb
	DTMF, Speech        bool
	NumDigits           int    // 0 is no limit
	FinishOnKey         string // "" is none
	Timeout             int    // seconds after the last key or the prompts' end
	Action, Method      string
	ActionOnEmptyResult bool
	BargeIn             bool // whether input ends the prompts
	SpeechTimeout       int  // seconds of silence after speech; 0 is as Timeout
}

// SpeechTimeoutAuto is a Gather's SpeechTimeout of "auto": a pause in speech ends it.
const SpeechTimeoutAuto = -1

// RecordingCallback is who is told of a recording.
type RecordingCallback struct {
	URL, Method string
	Events      []string // in-progress completed absent
}

// Record records the caller and goes on with Action, the current document when
// empty.
type Record struct {
	Action, Method string
	Timeout        int // seconds of silence that end it
	MaxLength      int // seconds
	FinishOnKey    string
	PlayBeep       bool
	Trim           bool // takes silence off both ends
	Transcribe     bool
	Callback       RecordingCallback
}

// Redirect goes on with another document. An empty URL is the current one.
type Redirect struct{ URL, Method string }

// Reject refuses a call that has not been answered. Reason is "rejected" or "busy".
type Reject struct{ Reason string }

// Hangup ends the call.
type Hangup struct{}

// Enqueue puts the call into the queue Name.
type Enqueue struct {
	Name                   string
	Action, Method         string
	WaitURL, WaitURLMethod string
	// Wait tells an absent waitUrl, which is Twilio's own music, from an
	// empty one, which is silence.
	Wait         bool
	MaxQueueSize int // 0 leaves the queue's own size
	WorkflowSid  string
	Invalid      bool // one of its URLs or methods is an error: nobody is enqueued
}

// Start begins what goes on beside the verbs that follow.
type Start struct{ Transcriptions []Transcription }

// Transcription tells StatusCallback what is said in the call.
type Transcription struct {
	Name, StatusCallback, Method string
	Language, Engine             string
	Track                        string // both_tracks, inbound_track, outbound_track
	InboundLabel, OutboundLabel  string
	PartialResults               bool
}

// Leave takes the call out of the queue that it waits in.
type Leave struct{}

// Dial connects the call to exactly one of Queue, Conference and Parties.
type Dial struct {
	Action, Method string
	AnswerOnBridge bool
	CallerID       string
	HangupOnStar   bool
	TimeLimit      int    // seconds
	Timeout        int    // seconds
	Record         string // do-not-record, record-from-answer, record-from-ringing, and both with -dual
	RecordingTrack string // both, inbound, outbound
	Trim           bool
	Callback       RecordingCallback
	Sequential     bool
	RingTone       string
	Queue          *Queue
	Conference     *Conference
	Parties        []Party
	Absent         bool // it has another noun of Twilio's, which is not done here
}

// Queue is the noun of a Dial that takes the front member of a queue. URL is
// what that member hears before it is connected.
type Queue struct{ Name, URL, Method, ReservationSid string }

// Conference is the noun of a Dial that joins the conference Name.
type Conference struct {
	Name                 string
	Muted                bool
	Beep                 string // true, false, onEnter, onExit
	StartOnEnter         bool
	EndOnExit            bool
	WaitURL, WaitMethod  string
	Wait                 bool // whether waitUrl was given, if only as ""
	MaxParticipants      int
	Label                string
	Coach                string
	StatusCallback       string
	StatusCallbackMethod string
	StatusCallbackEvents []string // start end join leave mute hold modify speaker announcement
	JitterBufferSize     string
	Record, Trim         bool
	Region               string
	Callback             RecordingCallback
	EventCallbackURL     string
}

// Party is the noun of a Dial that rings a telephone, a Number, or the softphones
// of an Identity, a Client: one of the two is empty.
type Party struct {
	Number, Identity     string
	URL, Method          string
	SendDigits           string
	StatusCallback       string
	StatusCallbackMethod string
	StatusCallbackEvents []string // initiated ringing answered completed
	Parameters           []Parameter
}

// Parameter is told to a Client that is rung.
type Parameter struct{ Name, Value string }

func (Say) verb()      {}
func (Play) verb()     {}
func (Pause) verb()    {}
func (Gather) verb()   {}
func (Record) verb()   {}
func (Redirect) verb() {}
func (Reject) verb()   {}
func (Hangup) verb()   {}
func (Enqueue) verb()  {}
func (Start) verb()    {}
func (Leave) verb()    {}
func (Dial) verb()     {}
