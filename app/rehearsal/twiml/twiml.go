// Package twiml reads TwiML documents: the instructions that a telephone
// exchange follows for one call. It knows the verbs that Callin uses and what
// each attribute defaults to; it does nothing itself.
package twiml

// A Document is a sequence of verbs and what was wrong with it without making
// it unreadable.
type Document struct {
	Verbs    []Verb
	Warnings []string
}

// A Verb is one instruction: Say, Play, Pause, Gather, Redirect, Reject,
// Hangup, Enqueue, Leave or Dial.
type Verb interface{ verb() }

// Say speaks Text, Loop times. A Loop of 0 is for ever.
type Say struct {
	Text string
	Loop int
}

// Play plays the audio at URL, Loop times (0 is for ever), or Digits as DTMF.
type Play struct {
	URL    string
	Digits string
	Loop   int
}

// Pause is silence for Length seconds.
type Pause struct{ Length int }

// Gather collects keys while its Prompts are heard.
type Gather struct {
	Prompts             []Verb
	NumDigits           int    // 0 is no limit
	FinishOnKey         string // "" is none
	Timeout             int    // seconds after the last key or the prompts' end
	Action, Method      string
	ActionOnEmptyResult bool
}

// Record records the caller and goes on with Action, the current document when
// empty.
type Record struct {
	Action, Method string
	Timeout        int // seconds of silence that end it
	MaxLength      int // seconds
	FinishOnKey    string
	PlayBeep       bool
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
}

// Leave takes the call out of the queue that it waits in.
type Leave struct{}

// Dial connects the call to exactly one of Queue, Conference and Numbers.
type Dial struct {
	Action, Method string
	AnswerOnBridge bool
	CallerID       string
	HangupOnStar   bool
	TimeLimit      int // seconds
	Timeout        int // seconds
	Queue          *Queue
	Conference     *Conference
	Numbers        []Number
}

// Queue is the noun of a Dial that takes the front member of a queue. URL is
// what that member hears before it is connected.
type Queue struct{ Name, URL, Method string }

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
	Record, Region, Trim string
}

// Number is the noun of a Dial that rings another telephone.
type Number struct {
	Number, URL, Method  string
	StatusCallback       string
	StatusCallbackMethod string
	StatusCallbackEvents []string // initiated ringing answered completed
}

func (Say) verb()      {}
func (Play) verb()     {}
func (Pause) verb()    {}
func (Gather) verb()   {}
func (Record) verb()   {}
func (Redirect) verb() {}
func (Reject) verb()   {}
func (Hangup) verb()   {}
func (Enqueue) verb()  {}
func (Leave) verb()    {}
func (Dial) verb()     {}
